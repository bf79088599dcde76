// SPDX-License-Identifier: Apache-2.0
// What the ledger's records say over HTTP: a citizen sees who asked about her, and nobody else does; an agency gets the
// receipts of its own questions; and everybody the public log.
#include <doctest/doctest.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>
#include <thread>
#include <xacthuc/domain/request_field.hpp>
#include <xacthuc/ledger/receipt.hpp>
#include <xacthuc/registry/ledger_folder.hpp>

#include "bytes_of.hpp"
#include "domain/octets.hpp"
#include "service/contract.hpp"
#include "service/contract_check.hpp"
#include "service/holder_gate.hpp"
#include "service/log_file_path.hpp"
#include "service/service_at_work.hpp"
#include "service/wall_clock.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::string_view log_origin = "example.vn/ledger";
// The service tells the time once a tick, so a client may be ahead of it.
constexpr std::chrono::milliseconds clocks_apart{50};

// The account of a citizen: a key made of a number.
class account_key_of {
  public:
    explicit account_key_of(std::uint8_t number) {
        std::array<std::uint8_t, 32> seed;
        seed.fill(number);
        key_.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
    }
    [[nodiscard]] public_key public_half() const {
        public_key made;
        auto size = sizeof made;
        REQUIRE(EVP_PKEY_get_raw_public_key(key_.get(), octets(made.bytes), &size) == 1);
        return made;
    }
    [[nodiscard]] std::string sign(std::span<const std::byte> message) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> with{EVP_MD_CTX_new(), EVP_MD_CTX_free};
        std::array<std::byte, 64> made;
        auto size = made.size();
        REQUIRE(EVP_DigestSignInit(with.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
        REQUIRE(EVP_DigestSign(with.get(), octets(made), &size, octets(message), message.size()) == 1);
        return hex_of_bytes(made);
    }

  private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{nullptr, EVP_PKEY_free};
};

class service_with_ledger {
  public:
    explicit service_with_ledger(const service_at_work::change& as = [](service::settings&) {})
        : at{300,
             [&](service::settings& with) {
                 with.ledger = with.register_path.parent_path() / "ledger";
                 with.ledger_origin = log_origin;
                 // What was signed until then may have been used before the start.
                 with.signatures.max_ahead = clocks_apart;
                 with.listeners[0].agency = 12;
                 with.listeners[1].agency = 13;
                 as(with);
             },
             true, true} {
        open_registry_options how;
        how.authority = at.on.authority;
        auto writer = registry::open(at.on.folder, at.on.authority.public_key(), how);
        REQUIRE(writer.has_value());
        const auto made = change::set_key(she(), key.public_half());
        REQUIRE(writer->apply({&made, 1}).has_value());
        REQUIRE(comes_true([&] {
            auto any = at.client();
            return boost::json::parse(any.ask(get("/v1/register"))->body).at("sequence").as_int64() >= 2;
        }));
        // What is signed from now on was not used before the start.
        std::this_thread::sleep_for(clocks_apart);
    }

    [[nodiscard]] personal_id citizen(std::uint64_t number) const {
        name_text text;
        return at.on.nation.people().citizen_at(number, text).id;
    }
    [[nodiscard]] personal_id she() const { return citizen(7); }
    [[nodiscard]] static std::string digits(personal_id id) {
        const auto text = id.digits();
        return {text.data(), text.size()};
    }
    [[nodiscard]] std::string question_about(personal_id id, const std::string& more = "") const {
        return "{\"id\":\"" + digits(id) + "\",\"name\":\"Nguyễn An\",\"procedure\":7" + more + "}";
    }
    [[nodiscard]] std::string proof_by(const account_key_of& signer, personal_id about, std::int64_t issued,
                                       std::uint8_t nonce) const {
        proof_nonce once;
        once.fill(static_cast<std::byte>(nonce));
        const auto message = message_for_holder(service::own_request(about), test_key().fingerprint(), issued, once);
        return "{\"issued_at_unix_ms\":" + std::to_string(issued) + ",\"nonce\":\"" + hex_of_bytes(once) +
               "\",\"signature\":\"" + signer.sign(message) + "\"}";
    }
    [[nodiscard]] std::string own_question(const std::string& more = "", std::int64_t later_ms = 0) {
        const auto issued = service::unix_ms_now() + later_ms;
        return post("/v1/my/accesses", "application/json",
                    "{\"id\":\"" + digits(she()) + "\",\"holder_proof\":" + proof_by(key, she(), issued, ++nonce_) +
                        more + "}");
    }
    [[nodiscard]] boost::json::object accesses(raw_client& by, const std::string& more = "") {
        const auto answer = by.ask(own_question(more));
        REQUIRE(answer);
        CAPTURE(answer->body);
        REQUIRE(answer->status == 200);
        CHECK(contract.wrong("/v1/my/accesses", "post", *answer) == "");
        return boost::json::parse(answer->body).as_object();
    }
    [[nodiscard]] int refusal(const std::string& asked, const std::string& path = "/v1/my/accesses",
                              const std::string& method = "post") const {
        auto any = at.client();
        const auto answer = any.ask(asked);
        REQUIRE(answer);
        CAPTURE(answer->body);
        CHECK(contract.wrong(path, method, *answer) == "");
        CHECK(answer->body.find(digits(she())) == std::string::npos);
        return answer->status < 400 ? 0 : static_cast<int>(boost::json::parse(answer->body).at("code").as_int64());
    }
    [[nodiscard]] std::string receipt_number(raw_client& by, const std::string& asked) const {
        const auto answer = by.ask(post_question(asked));
        REQUIRE(answer);
        REQUIRE(answer->status == 200);
        CHECK(contract.wrong("/v1/verify", "post", *answer) == "");
        return std::string{boost::json::parse(answer->body).at("receipt").as_string()};
    }

    service_at_work at;
    account_key_of key{42};
    contract_check contract{service::contract()};

  private:
    std::uint8_t nonce_ = 0;
};

[[nodiscard]] std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

TEST_CASE("a citizen sees who asked about her, a moment after it was answered, and nothing of others") {
    service_with_ledger with;
    auto client = with.at.client();
    auto other = with.at.unix_client();
    CHECK(with.accesses(client).at("total").as_int64() == 0);
    REQUIRE(client.ask(post_question(with.question_about(with.she(), ",\"officer\":987654321"))));
    REQUIRE(client.ask(post_question(with.question_about(with.citizen(8)))));
    REQUIRE(other.ask(post_question(with.question_about(with.she(), ",\"sex\":\"female\""))));
    const auto all = with.accesses(client);
    CHECK(all.at("total").as_int64() == 2);
    const auto& told = all.at("accesses").as_array();
    REQUIRE(told.size() == 2);
    CHECK(told[0].at("agency").as_int64() == 13);
    CHECK(told[0].at("claims") == boost::json::array{"name", "sex"});
    CHECK(told[1].at("agency").as_int64() == 12);
    CHECK(told[1].at("procedure").as_int64() == 7);
    CHECK(told[1].at("outcome").as_int64() == 100);
    CHECK(told[1].as_object().if_contains("officer") == nullptr);
    const auto text = boost::json::serialize(all);
    CHECK(text.find("987654321") == std::string::npos);
    CHECK(text.find("female") == std::string::npos);
    CHECK(text.find("Nguy") == std::string::npos);
}

TEST_CASE("her list comes in pages, the newest first, and of the days that she names") {
    service_with_ledger with;
    auto client = with.at.client();
    for (int k = 1; k <= 5; ++k)
        REQUIRE(client.ask(post("/v1/verify", "application/json",
                                "{\"id\":\"" + service_with_ledger::digits(with.she()) +
                                    "\",\"sex\":\"male\",\"procedure\":" + std::to_string(k) + "}")));
    const auto second = with.accesses(client, ",\"limit\":2,\"page\":1");
    CHECK(second.at("total").as_int64() == 5);
    REQUIRE(second.at("accesses").as_array().size() == 2);
    CHECK(with.accesses(client, ",\"limit\":2,\"page\":2").at("accesses").as_array().size() == 1);
    CHECK(with.accesses(client, ",\"limit\":2,\"page\":4294967295").at("accesses").as_array().empty());
    CHECK(with.accesses(client, ",\"from\":\"2020-01-01\",\"to\":\"2099-12-31\"").at("total").as_int64() == 5);
    CHECK(with.accesses(client, ",\"to\":\"2020-01-01\"").at("total").as_int64() == 0);
    CHECK(with.accesses(client, ",\"from\":\"2099-01-01\"").at("total").as_int64() == 0);
}

TEST_CASE("what the rules withhold is withheld: not before its day, and nothing of a relative's matter") {
    service_with_ledger with{[](service::settings& of) {
        of.ledger_histories = of.register_path.parent_path() / "histories.toml";
        std::ofstream{of.ledger_histories} << "from = 2020-01-01\n[[procedure]]\nnumber = 7\nshows = \"agency\"\n"
                                              "[[procedure]]\nnumber = 8\nvisible_after_days = 90\n";
    }};
    auto client = with.at.client();
    REQUIRE(client.ask(post_question(with.question_about(with.she()))));
    REQUIRE(client.ask(
        post("/v1/verify", "application/json",
             "{\"id\":\"" + service_with_ledger::digits(with.she()) + "\",\"sex\":\"male\",\"procedure\":8}")));
    const auto all = with.accesses(client);
    REQUIRE(all.at("accesses").as_array().size() == 1);
    const auto& told = all.at("accesses").as_array()[0].as_object();
    CHECK(told.at("withheld").as_bool());
    CHECK(told.if_contains("claims") == nullptr);
    CHECK(told.if_contains("procedure") == nullptr);
    CHECK(told.if_contains("outcome") == nullptr);
}

TEST_CASE("whoever is not proved to be her is told why, and never whether a number is anybody's") {
    service_with_ledger with;
    const auto now = service::unix_ms_now();
    const auto ask = [&](personal_id about, const std::string& proof) {
        return with.refusal(
            post("/v1/my/accesses", "application/json",
                 "{\"id\":\"" + service_with_ledger::digits(about) + "\",\"holder_proof\":" + proof + "}"));
    };
    const account_key_of stranger{43};
    CHECK(ask(with.she(), with.proof_by(stranger, with.she(), now, 1)) == 1613);
    CHECK(ask(with.citizen(8), with.proof_by(stranger, with.citizen(8), now, 2)) == 1613);
    const auto nobody = personal_id::from_trusted(96'299'999'999);
    CHECK(ask(nobody, with.proof_by(stranger, nobody, now, 3)) == 1613);
    CHECK(ask(with.citizen(8), with.proof_by(with.key, with.she(), now, 4)) == 1613);
    CHECK(with.refusal(with.own_question("", -400'000)) == 1610);
    CHECK(with.refusal(with.own_question("", 60'000)) == 1611);
    const auto once = with.own_question();
    CHECK(with.refusal(once) == 0);
    CHECK(with.refusal(once) == 1612);
    // A proof that was made for a question is none for this, nor the other way round.
    claim_set claims;
    claims.id = with.she();
    claims.sex = sex::female;
    proof_nonce nonce{};
    const auto message = message_for_holder(prepare(claims, test_key()).value(), test_key().fingerprint(), now, nonce);
    CHECK(ask(with.she(), "{\"issued_at_unix_ms\":" + std::to_string(now) + ",\"nonce\":\"" + std::string(32, '0') +
                              "\",\"signature\":\"" + with.key.sign(message) + "\"}") == 1613);
    CHECK(with.refusal(post("/v1/my/accesses", "application/json", "{}")) == 1204);
    CHECK(with.refusal(post("/v1/my/accesses", "application/json", "[]")) == 1200);
    CHECK(with.refusal(post("/v1/my/accesses", "application/json", "")) == 1200);
    CHECK(with.refusal(post("/v1/my/accesses", "application/json", "{\"id\":\"001099123457\"}")) == 1204);
    CHECK(with.refusal(post("/v1/my/accesses", "application/json", "{\"holder_proof\":7}")) == 1203);
    CHECK(with.refusal(post("/v1/my/accesses", "application/json", "{\"holder_proof\":{\"nonce\":\"00\"}}")) == 1203);
    CHECK(with.refusal(post("/v1/my/accesses", "application/json", "{\"limit\":0}")) == 1203);
    CHECK(with.refusal(post("/v1/my/accesses", "application/json", "{\"from\":\"2026-11\"}")) == 1203);
    CHECK(with.refusal(post("/v1/my/accesses", "application/json", "{\"from\":\"2026-02-30\"}")) == 4);
    CHECK(with.refusal(post("/v1/my/accesses", "text/plain", "{}")) == 1102);
}

TEST_CASE("a proof that was used stays used when the service starts anew, with guards and without") {
    for (const bool with_guards : {false, true}) {
        CAPTURE(with_guards);
        service_with_ledger with{[&](service::settings& of) {
            if (with_guards) of.guards = of.register_path.parent_path() / "guards";
        }};
        const auto start_anew = [&] {
            with.at.running.reset();
            with.at.start();
            REQUIRE(comes_true([&] { return with.at.running->is_ready(); }));
        };
        // Guards that have no state yet do not know what was used before them, and take nothing for half a minute.
        if (with_guards) start_anew();
        const auto once = with.own_question();
        CHECK(with.refusal(once) == 0);
        start_anew();
        const auto again = with.refusal(once);
        CHECK((again == 1515 || again == 1612));
    }
}

TEST_CASE(
    "without guards no proof is taken after a start that may have been used before it, also one ahead of its time") {
    service_with_ledger with{
        [](service::settings& of) { of.signatures.max_ahead = std::chrono::milliseconds{20'000}; }};
    CHECK(with.refusal(with.own_question()) == 1515);
    CHECK(with.refusal(with.own_question("", 15'000)) == 1515);
    CHECK(with.refusal(with.own_question("", 40'000)) == 1611);
}

TEST_CASE("a question may have its holder's proof, of this question, once, and where guards remember it") {
    service_with_ledger with{[](service::settings& of) { of.guards = of.register_path.parent_path() / "guards"; }};
    auto& at = with.at;
    // The first start does not know which proofs were used before it.
    at.running.reset();
    at.start();
    REQUIRE(comes_true([&] { return at.running->is_ready(); }));
    claim_set claims;
    const auto id = with.digits(with.she());
    REQUIRE(set_field(request_field::id, id, claims).has_value());
    REQUIRE(set_field(request_field::life, "alive", claims).has_value());
    claims.agency = 12;
    claims.procedure = 7;
    const auto prepared = prepare(claims, test_key()).value();
    std::uint8_t number = 100;
    const auto proof = [&](const account_key_of& by, std::int64_t later_ms = 0) {
        proof_nonce nonce;
        nonce.fill(static_cast<std::byte>(++number));
        const auto issued = service::unix_ms_now() + later_ms;
        const auto message = message_for_holder(prepared, test_key().fingerprint(), issued, nonce);
        return "{\"issued_at_unix_ms\":" + std::to_string(issued) + ",\"nonce\":\"" + hex_of_bytes(nonce) +
               "\",\"signature\":\"" + by.sign(message) + "\"}";
    };
    const auto ask = [&](const std::string& with_proof, const std::string& life = "alive",
                         const std::string& procedure = "7") {
        auto client = at.client();
        auto answer = client.ask(post_question("{\"id\":\"" + id + "\",\"holder_proof\":" + with_proof +
                                               ",\"life\":\"" + life + "\",\"procedure\":" + procedure + "}"));
        REQUIRE(answer);
        CAPTURE(answer->body);
        CHECK(with.contract.wrong("/v1/verify", "post", *answer) == "");
        const auto told = boost::json::parse(answer->body).as_object();
        return answer->status == 200 ? told.at("outcome").as_int64() : -told.at("code").as_int64();
    };
    const auto good = proof(with.key);
    const auto first = ask(good);
    CHECK(first < 300);
    CHECK(ask(good) == static_cast<int>(outcome::proof_repeated));
    CHECK(ask(proof(with.key)) == first);
    // Of another question, by another, too old, from the future.
    CHECK(ask(proof(with.key), "deceased") == static_cast<int>(outcome::bad_signature));
    CHECK(ask(proof(with.key), "alive", "8") == static_cast<int>(outcome::bad_signature));
    CHECK(ask(proof(account_key_of{43})) == static_cast<int>(outcome::bad_signature));
    CHECK(ask(proof(with.key, -400'000)) == static_cast<int>(outcome::proof_expired));
    CHECK(ask(proof(with.key, 60'000)) == static_cast<int>(outcome::proof_not_yet_valid));
    // What is no proof names the member.
    CHECK(ask("7") == -static_cast<int>(service::problem::member_type));
    CHECK(ask("{}") == -static_cast<int>(service::problem::member_missing));
    CHECK(ask("{\"nonce\":{}}") == -static_cast<int>(service::problem::member_type));
    CHECK(ask("{\"id\":1}") == -static_cast<int>(service::problem::unknown_member));
    CHECK(ask("{\"" + std::string(200, 'n') + "\":1}") == -static_cast<int>(service::problem::unknown_member));
    CHECK(ask("[]") == -static_cast<int>(service::problem::member_type));
    CHECK(ask(good + ",\"holder_proof\":" + good) == -static_cast<int>(service::problem::member_twice));
    // With others of its tick, who have none.
    std::string several;
    for (int k = 0; k < 8; ++k)
        several +=
            post_question(k % 2 == 0 ? "{\"id\":\"" + id + "\",\"life\":\"alive\",\"procedure\":7,\"holder_proof\":" +
                                           (k == 4 ? proof(account_key_of{43}) : proof(with.key)) + "}"
                                     : "{\"id\":\"" + id + "\",\"life\":\"alive\",\"procedure\":7}");
    auto client = at.client();
    REQUIRE(client.send(several));
    for (int k = 0; k < 8; ++k) {
        const auto answer = client.read();
        REQUIRE(answer);
        CHECK(boost::json::parse(answer->body).at("outcome").as_int64() ==
              (k == 4 ? static_cast<int>(outcome::bad_signature) : first));
    }
    at.running.reset();
    at.with.guards.clear();
    at.start();
    REQUIRE(comes_true([&] { return at.running->is_ready(); }));
    CHECK(ask(proof(with.key)) == -static_cast<int>(service::problem::holder_proof_not_taken));
}

TEST_CASE("an answer names its receipt, which its asker gets and can show to anybody, and another agency does not") {
    service_with_ledger with;
    auto client = with.at.client();
    auto other = with.at.unix_client();
    const auto log = ledger_verifier_in(with.at.with.ledger).value();
    std::vector<std::string> numbers;
    std::string pipelined;
    for (int k = 0; k < 100; ++k)
        pipelined += post_question(with.question_about(with.citizen(static_cast<unsigned>(k))));
    REQUIRE(client.send(pipelined));
    for (int k = 0; k < 100; ++k) {
        const auto answer = client.read();
        REQUIRE(answer);
        numbers.emplace_back(boost::json::parse(answer->body).at("receipt").as_string());
    }
    for (const int k : {0, 1, 50, 99}) {
        const auto given = client.ask(get("/v1/receipts/" + numbers[static_cast<std::size_t>(k)]));
        REQUIRE(given);
        CHECK(with.contract.wrong("/v1/receipts/{id}", "get", *given) == "");
        REQUIRE(given->status == 200);
        const auto shown = receipt::decode(given->body);
        REQUIRE(shown.has_value());
        CHECK(verify_receipt(*shown, log_origin, log).has_value());
        CHECK(shown->row.id == with.citizen(static_cast<unsigned>(k)).value());
        CHECK(shown->row.agency == 12);
    }
    const auto strange = other.ask(get("/v1/receipts/" + numbers[0]));
    const auto none = other.ask(get("/v1/receipts/999999-0"));
    REQUIRE(strange);
    REQUIRE(none);
    CHECK(strange->status == 404);
    CHECK(strange->body == none->body);
    // A group of few is filled up with rows that answer nobody.
    const auto alone = with.receipt_number(client, with.question_about(with.she()));
    const auto filling = alone.substr(0, alone.find('-')) + "-63";
    for (const auto& wrong :
         {filling, std::string{"x"}, std::string{"1"}, std::string{"-"}, std::string{"1-"}, std::string{"01-0"},
          std::string{"1-0-0"}, std::string{"../ledger.key"}, std::string{"18446744073709551616-0"}, std::string{}})
        CHECK(with.refusal(get("/v1/receipts/" + wrong), "/v1/receipts/{id}", "get") == 1601);
}

TEST_CASE("the public log is served as its files, and nothing else of the folder is") {
    service_with_ledger with;
    auto client = with.at.client();
    for (int k = 0; k < 3; ++k) REQUIRE(client.ask(post_question(with.question_about(with.she()))));
    const auto log = with.at.with.ledger / "log";
    const auto head = client.ask(get("/v1/ledger/checkpoint"));
    REQUIRE(head);
    CHECK(with.contract.wrong("/v1/ledger/checkpoint", "get", *head) == "");
    CHECK(head->status == 200);
    CHECK(head->header("cache-control") == "no-cache");
    CHECK(head->body.starts_with(std::string{log_origin} + "\n3\n"));
    const auto tile = client.ask(get("/v1/ledger/tile/entries/000.p/3"));
    REQUIRE(tile);
    CHECK(with.contract.wrong("/v1/ledger/tile/{tile}", "get", *tile) == "");
    CHECK(tile->body == bytes_of(log / "tile/entries/000.p/3"));
    CHECK_FALSE(tile->body.empty());
    CHECK(tile->header("cache-control").find("immutable") != std::string::npos);
    CHECK(client.ask(get("/v1/ledger/tile/0/000.p/3"))->body == bytes_of(log / "tile/0/000.p/3"));
    for (const auto* const wrong : {"tile/0/000",
                                    "tile/0/001",
                                    "tile/0/000.p/0",
                                    "tile/0/000.p/256",
                                    "tile/0/000.p/03",
                                    "tile/00/000.p/3",
                                    "tile/0/0",
                                    "tile/0/x000/000",
                                    "tile/0/../../../ids.key",
                                    "tile/entries/../checkpoint",
                                    "../ids.key",
                                    "../ledger.key",
                                    "checkpoint/",
                                    "checkpoint.lock",
                                    "",
                                    "tile",
                                    "tile/",
                                    "tile/8/000",
                                    "tile/0/%2e%2e",
                                    "tile/0/x99999999999999999999999",
                                    "/etc/passwd",
                                    "tile/0/000.p/3/"}) {
        CAPTURE(wrong);
        CHECK(with.refusal(get("/v1/ledger/" + std::string{wrong}), "/v1/ledger/tile/{tile}", "get") == 1100);
    }
}

TEST_CASE("the paths of a log's files are those of their grammar and no others") {
    using service::parse_log_file_path;
    for (const auto* const right :
         {"checkpoint", "tile/0/000", "tile/0/x001/000", "tile/0/x001/x234/067", "tile/entries/067.p/1",
          "tile/5/999.p/255", "tile/0/x018/x446/x744/x073/x709/551"}) {
        CAPTURE(right);
        const auto read = parse_log_file_path(right);
        REQUIRE(read.has_value());
        CHECK(read->path == right);
        CHECK(read->is_checkpoint == (std::string_view{right} == "checkpoint"));
    }
    CHECK_FALSE(parse_log_file_path("tile/0/x018/x446/x744/x073/x709/x551/x615/000").has_value());
    CHECK_FALSE(parse_log_file_path("tile/0/001/x000").has_value());
    CHECK_FALSE(parse_log_file_path("tile/0/00a").has_value());
    CHECK_FALSE(parse_log_file_path("tile/0/+01").has_value());
}

TEST_CASE("while an answer is awaited the other requests of the connection wait, and come in order") {
    service_with_ledger with;
    auto client = with.at.client();
    const auto question = post_question(with.question_about(with.she()), "x-correlator: q\r\n");
    std::string all;
    for (int k = 0; k < 40; ++k) all += question + with.own_question() + get("/livez") + get("/v1/ledger/checkpoint");
    all += get("/v1/ledger/checkpoint", "Connection: close\r\n");
    REQUIRE(client.send(all));
    for (int k = 0; k < 40; ++k) {
        CHECK(client.read()->header("x-correlator") == "q");
        const auto mine = client.read();
        REQUIRE(mine);
        // That of its own tick is not published yet.
        const auto total = boost::json::parse(mine->body).at("total").as_int64();
        CHECK((total == k || total == k + 1));
        CHECK(client.read()->body == "{\"live\":true}");
        CHECK(client.read()->body.starts_with(log_origin));
    }
    CHECK(client.read()->header("connection") == "close");
    CHECK(client.ends());
}

TEST_CASE("who leaves before the answer is there harms nobody, and the service ends while answers are awaited") {
    service_with_ledger with;
    for (int round = 0; round < 30; ++round) {
        auto leaving = with.at.client();
        REQUIRE(leaving.send(with.own_question() + get("/v1/receipts/0-0")));
    }
    CHECK(with.refusal(with.own_question()) == 0);
    auto last = with.at.client();
    REQUIRE(last.send(with.own_question()));
    with.at.running->end();
}

TEST_CASE("without a ledger there are no records, and answers name no receipt") {
    const service_at_work at;
    const contract_check contract{service::contract()};
    auto client = at.client();
    for (const auto& [path, bytes] :
         {std::pair{"/v1/receipts/{id}", get("/v1/receipts/0-0")},
          std::pair{"/v1/ledger/checkpoint", get("/v1/ledger/checkpoint")},
          std::pair{"/v1/my/accesses", post("/v1/my/accesses", "application/json", "{}")}}) {
        const auto answer = client.ask(bytes);
        REQUIRE(answer);
        CHECK(answer->status == 404);
        CHECK(boost::json::parse(answer->body).at("code").as_int64() == 1600);
        CHECK(contract.wrong(path, std::string_view{bytes}.starts_with("GET") ? "get" : "post", *answer) == "");
    }
    CHECK(client.ask(post_question("{\"id\":\"001099123457\",\"sex\":\"male\"}"))->body.find("receipt") ==
          std::string::npos);
}
