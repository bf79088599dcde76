// SPDX-License-Identifier: Apache-2.0
// Holders' proofs in batches of lines: each line gets the answer that the same question gets when it is asked by
// itself, for proofs of every kind, wherever the stream is cut.
#include <doctest/doctest.h>

#include <array>
#include <boost/json.hpp>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <xacthuc/registry/change.hpp>
#include <xacthuc/registry/signing_key.hpp>

#include "bytes_of.hpp"
#include "sanitized.hpp"
#include "service/question_text.hpp"
#include "service/service_at_work.hpp"
#include "service/wall_clock.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// Until then what was signed may have been used before the start.
constexpr std::chrono::milliseconds ahead_max{50};

enum class proof_kind : std::uint8_t {
    right,
    by_another,
    too_old,
    from_the_future,
    repeated,
    of_other_claims,
    of_who_has_no_key,
    of_nobody,
    left_out,
    not_hexadecimal,
    count
};

// A service with guards and a ledger, and citizens who have keys.
class proved_service {
  public:
    static constexpr std::uint64_t with_keys = 40;

    explicit proved_service(bool with_guards = true)
        : at{300,
             [&](service::settings& with) {
                 const auto place = with.register_path.parent_path();
                 if (with_guards) with.guards = place / "guards";
                 with.ledger = place / "ledger";
                 with.ledger_origin = "example.vn/ledger";
                 with.signatures.max_ahead = ahead_max;
                 with.listeners[0].agency = 12;
             },
             true, true} {
        open_registry_options how;
        how.authority = at.on.authority;
        auto writer = registry::open(at.on.folder, at.on.authority.public_key(), how);
        REQUIRE(writer.has_value());
        std::vector<change> changes;
        for (std::uint64_t k = 0; k < with_keys; ++k) {
            keys.push_back(signing_key::generate());
            const auto half = keys.back().public_key();
            changes.push_back(change::set_key(citizen(k), half));
        }
        REQUIRE(writer->apply(changes).has_value());
        // Guards that have no state yet take no proofs.
        at.running.reset();
        at.start();
        REQUIRE(comes_true([&] { return at.running->is_ready(); }));
        std::this_thread::sleep_for(ahead_max);
    }

    [[nodiscard]] personal_id citizen(std::uint64_t number) const {
        name_text text;
        return at.on.nation.people().citizen_at(number, text).id;
    }

    service_at_work at;
    std::vector<signing_key> keys;
};

// The same questions twice, with proofs of other nonces: to be asked singly, and to be asked together.
class twin_questions {
  public:
    twin_questions(const proved_service& of, std::size_t count) : of_{of} {
        for (std::size_t k = 0; k < count; ++k) add();
    }
    [[nodiscard]] const std::vector<std::string>& texts(std::size_t twin) const { return texts_[twin]; }
    [[nodiscard]] proof_kind kind(std::size_t k) const { return kinds_[k]; }

  private:
    void add() {
        const auto k = kinds_.size();
        auto kind = static_cast<proof_kind>(random_() % static_cast<unsigned>(proof_kind::count));
        if (kind == proof_kind::repeated && !last_right_) kind = proof_kind::right;
        kinds_.push_back(kind);
        if (kind == proof_kind::repeated) {
            for (auto& twin : texts_) twin.push_back(std::string{twin[*last_right_]});
            return;
        }
        if (kind == proof_kind::right) last_right_ = k;
        auto who = random_() % proved_service::with_keys;
        claim_set claims;
        claims.id = of_.citizen(who);
        if (kind == proof_kind::of_who_has_no_key) claims.id = of_.citizen(proved_service::with_keys + who);
        if (kind == proof_kind::of_nobody) claims.id = personal_id::from_trusted(96'299'999'999);
        claims.sex = random_() % 2 == 0 ? sex::female : sex::male;
        if (random_() % 4 == 0) claims.birth_date = date::parse("1990").value();
        claims.agency = 12;
        claims.procedure = 7;
        const bool wants_names = random_() % 2 == 0;
        const auto signed_for =
            prepare(with_other_sex(claims, kind == proof_kind::of_other_claims), test_key()).value();
        for (std::size_t twin = 0; twin < 2; ++twin) {
            auto text = question_text(claims, wants_names);
            if (kind != proof_kind::left_out) {
                text.pop_back();
                text += ",\"holder_proof\":" + proof(signed_for, kind, who, k, twin) + '}';
            }
            texts_[twin].push_back(std::move(text));
        }
    }
    [[nodiscard]] static claim_set with_other_sex(claim_set of, bool is_other) {
        if (is_other) of.sex = *of.sex == sex::female ? sex::male : sex::female;
        return of;
    }
    [[nodiscard]] std::string proof(const request& about, proof_kind kind, std::size_t who, std::size_t k,
                                    std::size_t twin) const {
        auto issued = service::unix_ms_now();
        if (kind == proof_kind::too_old) issued -= 400'000;
        if (kind == proof_kind::from_the_future) issued += 400'000;
        proof_nonce nonce{};
        nonce[0] = static_cast<std::byte>(k);
        nonce[1] = static_cast<std::byte>(k >> 8);
        nonce[2] = static_cast<std::byte>(twin);
        const auto message = message_for_holder(about, test_key().fingerprint(), issued, nonce);
        if (kind == proof_kind::by_another) who = (who + 1) % proved_service::with_keys;
        const auto digits = hex_of_bytes(of_.keys[who].sign(message).bytes);
        return "{\"issued_at_unix_ms\":" + std::to_string(issued) + ",\"nonce\":\"" + hex_of_bytes(nonce) +
               "\",\"signature\":\"" + (kind == proof_kind::not_hexadecimal ? "x" + digits.substr(1) : digits) + "\"}";
    }

    const proved_service& of_;
    std::mt19937 random_{5};
    std::vector<proof_kind> kinds_;
    std::array<std::vector<std::string>, 2> texts_;
    std::optional<std::size_t> last_right_;
};

// What an answer says beyond the state of the register, its receipt, and its form as a document.
[[nodiscard]] boost::json::object said(std::string_view text) {
    auto all = boost::json::parse({text.data(), text.size()}).as_object();
    for (const auto* const each : {"sequence", "as_of_unix_ms", "receipt", "type", "status"}) all.erase(each);
    return all;
}

// Sent in two pieces, so that what comes together differs.
[[nodiscard]] std::vector<boost::json::object> ask_together(raw_client by, const std::vector<std::string>& questions,
                                                            std::size_t cut) {
    std::string body;
    for (const auto& each : questions) body += each + '\n';
    const auto all = post_lines(body);
    std::thread sending{[&] {
        (void)by.send(std::string_view{all}.substr(0, cut));
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        (void)by.send(std::string_view{all}.substr(cut));
    }};
    const auto answer = by.read();
    sending.join();
    REQUIRE(answer);
    REQUIRE(answer->status == 200);
    std::vector<boost::json::object> lines;
    std::istringstream text{answer->body};
    for (std::string line; std::getline(text, line);) lines.push_back(said(line));
    return lines;
}

[[nodiscard]] int number_in(const boost::json::object& of) {
    return static_cast<int>(of.at(of.contains("outcome") ? "outcome" : "code").as_int64());
}

}  // namespace

TEST_CASE("a line with a holder's proof is answered as the question by itself is, for proofs of every kind") {
    proved_service with;
    constexpr std::size_t count = XACTHUC_TEST_SANITIZED ? 400 : 1200;
    const twin_questions asked{with, count};
    std::vector<boost::json::object> singly;
    auto client = with.at.client();
    for (const auto& each : asked.texts(0)) singly.push_back(said(client.ask(post_question(each))->body));
    const auto together = ask_together(with.at.client(), asked.texts(1), 40'321);
    REQUIRE(together.size() == count);
    std::map<proof_kind, std::set<int>> seen;
    for (std::size_t k = 0; k < count; ++k) {
        CAPTURE(asked.texts(1)[k]);
        CHECK(together[k] == singly[k]);
        seen[asked.kind(k)].insert(number_in(together[k]));
    }
    CHECK(seen[proof_kind::right].contains(0));
    CHECK(seen[proof_kind::right].contains(103));
    CHECK(seen[proof_kind::too_old] == std::set{400});
    CHECK(seen[proof_kind::from_the_future] == std::set{401});
    CHECK(seen[proof_kind::of_nobody] == std::set{200});
    CHECK(seen[proof_kind::not_hexadecimal] == std::set{1203});
    CHECK(seen[proof_kind::by_another].contains(500));
    CHECK(seen[proof_kind::of_other_claims].contains(500));
    CHECK(seen[proof_kind::of_who_has_no_key].contains(501));
    CHECK(seen[proof_kind::repeated].contains(402));
    for (const auto kind :
         {proof_kind::by_another, proof_kind::of_other_claims, proof_kind::of_who_has_no_key, proof_kind::repeated})
        CHECK_FALSE(seen[kind].contains(0));
}

TEST_CASE("a proof is taken once, however it is asked, and none without guards") {
    {
        proved_service with;
        const twin_questions asked{with, 60};
        for (const bool lines_first : {true, false}) {
            const std::vector<std::string> all = asked.texts(lines_first ? 0 : 1);
            auto client = with.at.client();
            const auto ask_singly = [&] {
                std::vector<boost::json::object> made;
                for (const auto& each : all) made.push_back(said(client.ask(post_question(each))->body));
                return made;
            };
            const auto first = lines_first ? ask_together(with.at.client(), all, 99) : ask_singly();
            const auto second = lines_first ? ask_singly() : ask_together(with.at.client(), all, 99);
            std::size_t taken = 0;
            for (std::size_t k = 0; k < all.size(); ++k) {
                if (asked.kind(k) != proof_kind::right) continue;
                const auto before = number_in(first[k]);
                taken += before == 0 || before == 103 ? 1 : 0;
                if (before < 200) CHECK(number_in(second[k]) == 402);
            }
            CHECK(taken > 0);
        }
    }
    proved_service without{false};
    const twin_questions asked{without, 40};
    const auto lines = ask_together(without.at.client(), asked.texts(0), 99);
    for (std::size_t k = 0; k < lines.size(); ++k) {
        if (asked.kind(k) == proof_kind::left_out) {
            CHECK(lines[k].contains("outcome"));
        } else if (asked.kind(k) != proof_kind::not_hexadecimal) {
            CHECK(number_in(lines[k]) == 1615);
            CHECK(lines[k].at("member") == "holder_proof");
        }
    }
}
