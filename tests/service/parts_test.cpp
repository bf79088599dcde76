// SPDX-License-Identifier: Apache-2.0
// What the service puts together: it follows the register, asks policy and guards, answers nothing that the ledger does
// not have, reloads without losing a client, and ends without losing a request.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <thread>
#include <xacthuc/registry/ledger_folder.hpp>

#include "sanitized.hpp"
#include "service/answer_text.hpp"
#include "service/problem.hpp"
#include "service/question_text.hpp"
#include "service/service_at_work.hpp"
#include "unit/ledger/http_witness.hpp"
#include "unit/ledger/log_signer.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;
using std::chrono::milliseconds;

namespace {

[[nodiscard]] personal_id new_id(std::uint64_t number) {
    return personal_id::from_trusted(96'299'000'000 + number);
}

[[nodiscard]] std::string question_about(personal_id id, const std::string& more = "") {
    const auto digits = id.digits();
    return "{\"id\":\"" + std::string{digits.data(), digits.size()} + "\",\"name\":\"Nguyễn An\"" + more + "}";
}

[[nodiscard]] int outcome_of(const std::optional<http_answer>& answer) {
    if (!answer || answer->status != 200) return -1;
    return static_cast<int>(boost::json::parse(answer->body).as_object().at("outcome").as_int64());
}
[[nodiscard]] int problem_of(const std::optional<http_answer>& answer) {
    if (!answer || answer->status < 400) return -1;
    return static_cast<int>(boost::json::parse(answer->body).as_object().at("code").as_int64());
}

// What /readyz says, which is a problem; the reasons with commas between them.
[[nodiscard]] std::string reasons_not_to_ask(raw_client& by) {
    const auto answer = by.ask(get("/readyz"));
    if (problem_of(answer) != 1300) return "no problem";
    const auto all = boost::json::parse(answer->body).as_object();
    CHECK(!all.at("detail").as_string().empty());
    std::string words;
    for (const auto& each : all.at("reasons").as_array()) {
        if (!words.empty()) words += ',';
        words += std::string_view{each.as_string()};
    }
    return words;
}

[[nodiscard]] std::string framework_of(const std::string& rule, std::uint16_t agency) {
    return "framework = \"vn\"\nversion = 1\n[procedure.p]\nnumber = 1\ntitle = { vi = \"a\", en = \"b\" }\n"
           "purpose = \"x\"\nlaw = \"y\"\nmust_ask = [\"name\"]\nproof = [\"agency\"]\n" +
           rule + "[agency.a]\nnumber = " + std::to_string(agency) +
           "\ntitle = { vi = \"a\", en = \"b\" }\nmay = [\"p\"]\n";
}
const std::string per_claim = "may_ask = [\"name\", \"sex\"]\nanswer = \"per_claim\"\n";

void write(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path} << text;
}

// A ledger of its own, which asks this witness at that place.
[[nodiscard]] auto with_witness_at(const http_witness& witness, const std::string& url) {
    return [key = witness.who().text(), url](service::settings& with) {
        with.ledger = with.register_path.parent_path() / "ledger";
        with.ledger_origin = "example.com/ledger";
        std::array<std::byte, 32> seed;
        seed.fill(std::byte{1});
        std::filesystem::create_directories(with.ledger);
        REQUIRE(authority_key::from_seed(seed).save(with.ledger / "ledger.key").has_value());
        write(with.ledger / "witnesses.toml",
              "quorum = 1\ntimeout_ms = 3000\n[[witness]]\nkey = \"" + key + "\"\nurl = \"" + url + "\"\n");
    };
}

}  // namespace

TEST_CASE("a change that is committed to the registry is soon in answers") {
    const service_at_work at{300};
    open_registry_options how;
    how.authority = at.on.authority;
    auto writer = registry::open(at.on.folder, at.on.authority.public_key(), how);
    REQUIRE(writer.has_value());
    auto client = at.client();
    std::vector<milliseconds> waits;
    for (std::uint64_t k = 0; k < 11; ++k) {
        const auto asked = post_question(question_about(new_id(k)));
        REQUIRE(outcome_of(client.ask(asked)) == 200);
        const auto made = change::upsert(make_record({.id = new_id(k), .name = "Nguyễn An"}, test_key()).value());
        REQUIRE(writer->apply({&made, 1}).has_value());
        const auto begun = std::chrono::steady_clock::now();
        REQUIRE(comes_true([&] { return outcome_of(client.ask(asked)) == 0; }));
        waits.push_back(std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun));
    }
    std::ranges::sort(waits);
#if !XACTHUC_TEST_SANITIZED
    CHECK(waits[waits.size() / 2] < milliseconds{100});
#endif
    const auto facts = boost::json::parse(client.ask(get("/v1/register"))->body).as_object();
    CHECK(facts.at("sequence").as_int64() == 12);
    CHECK(facts.at("citizens").as_int64() == 311);
    CHECK(facts.at("age_ms").as_int64() < 5000);
    CHECK(outcome_of(client.ask(post_question(question_about(new_id(0), ",\"max_age_ms\":10000")))) == 0);
}

TEST_CASE("a question that wants a fresher register than there is gets a problem, and not a verdict") {
    const service_at_work at{300, [](service::settings& with) { with.register_path /= "snapshot-1.xts"; }};
    auto client = at.client();
    CHECK(client.ask(get("/readyz"))->status == 200);
    const auto old = boost::json::parse(client.ask(get("/v1/register"))->body).as_object().at("age_ms").as_int64();
    CHECK(outcome_of(client.ask(
              post_question(question_about(new_id(0), ",\"max_age_ms\":" + std::to_string(old + 1'000'000))))) == 200);
    if (old > 1000)
        CHECK(problem_of(client.ask(post_question(question_about(new_id(0), ",\"max_age_ms\":1000")))) == 1301);
}

TEST_CASE("while there is no register, questions get a problem and readiness is false") {
    const service_at_work at{300, [](service::settings& with) { with.register_path /= "nothing"; }, false};
    CHECK(comes_true([&] { return at.told().find("failed:") != std::string::npos; }));
    auto client = at.client();
    CHECK(client.ask(get("/livez"))->status == 200);
    CHECK(reasons_not_to_ask(client) == "loading");
    CHECK(at.metric("xacthuc_not_ready{reason=\"loading\"}") == 1);
    CHECK(problem_of(client.ask(get("/v1/register"))) == 1300);
    CHECK(problem_of(client.ask(post_question(question_about(new_id(0))))) == 1300);
    CHECK(problem_of(client.ask(post_lines(question_about(new_id(0))))) == 1300);
}

TEST_CASE("policy knows the asker by the listener; askers of one tick are kept apart; a reload keeps connections") {
    service_at_work at{300, [](service::settings& with) {
                           with.threads = 1;
                           with.policy = with.register_path.parent_path() / "policy";
                           write(with.policy / "vn.toml", framework_of(per_claim, 12));
                           with.listeners[0].agency = 12;
                           with.listeners[1].agency = 13;
                       }};
    const auto asked = [](const std::string& more) { return post_question(question_about(new_id(0), more)); };
    auto known = at.client();
    auto stranger = at.unix_client();
    CHECK(outcome_of(known.ask(asked(",\"procedure\":1"))) == 200);
    CHECK(outcome_of(known.ask(asked(",\"procedure\":1,\"agency\":13"))) == 302);
    CHECK(outcome_of(known.ask(asked(",\"procedure\":2"))) == 301);
    CHECK(outcome_of(known.ask(asked(",\"procedure\":1,\"life\":\"alive\""))) == 303);
    CHECK(outcome_of(stranger.ask(asked(",\"procedure\":1"))) == 300);
    for (int round = 0; round < 20; ++round) {
        for (int k = 0; k < 30; ++k) {
            REQUIRE(known.send(asked(",\"procedure\":1,\"officer\":" + std::to_string(k % 3))));
            REQUIRE(stranger.send(asked(",\"procedure\":1")));
        }
        for (int k = 0; k < 30; ++k) {
            CHECK(outcome_of(known.read()) == 200);
            CHECK(outcome_of(stranger.read()) == 300);
        }
    }
    CHECK(at.metric("xacthuc_tick_batch_questions_bucket{le=\"1\"}") <
          at.metric("xacthuc_tick_batch_questions_bucket{le=\"+Inf\"}"));
    write(at.with.policy / "vn.toml", framework_of("may_ask = [\"name\"]\nanswer = \"one_bit\"\n", 12));
    REQUIRE(at.running->reload(at.with).has_value());
    CHECK(outcome_of(known.ask(asked(",\"procedure\":1"))) == 299);
    write(at.with.policy / "vn.toml", "nonsense");
    CHECK_FALSE(at.running->reload(at.with).has_value());
    CHECK(outcome_of(known.ask(asked(",\"procedure\":1"))) == 299);
}

TEST_CASE("guards refuse what is used up, and remember it over a restart") {
    service_at_work at{300, [](service::settings& with) {
                           with.policy = with.register_path.parent_path() / "policy";
                           with.guards = with.register_path.parent_path() / "guards";
                           write(with.policy / "vn.toml", framework_of(per_claim + "quota = { per_day = 3 }\n", 12));
                           with.listeners[0].agency = 12;
                       }};
    const auto asked = post_question(question_about(new_id(0), ",\"procedure\":1"));
    auto client = at.client();
    CHECK(outcome_of(client.ask(asked)) == 200);
    CHECK(comes_true([&] { return outcome_of(client.ask(asked)) == 410; }));
    at.running.reset();
    at.start();
    REQUIRE(comes_true([&] { return at.running->is_ready(); }));
    auto again = at.client();
    CHECK(outcome_of(again.ask(asked)) == 410);
}

TEST_CASE("every answer has its row in the ledger; where the ledger fails there is a problem, and never a verdict") {
    service_at_work at{300, [](service::settings& with) {
                           with.ledger = with.register_path.parent_path() / "ledger";
                           with.ledger_origin = "example.vn/ledger";
                       }};
    const auto asked = question_about(new_id(0));
    auto client = at.client();
    for (int k = 0; k < 20; ++k) CHECK(outcome_of(client.ask(post_question(asked))) == 200);
    std::string pipelined;
    for (int k = 0; k < 300; ++k) pipelined += post_question(asked);
    REQUIRE(client.send(pipelined));
    for (int k = 0; k < 300; ++k) CHECK(outcome_of(client.read()) == 200);
    std::string lines;
    for (int k = 0; k < 1000; ++k) lines += asked + "\n";
    CHECK(client.ask_reading(post_lines(lines))->status == 200);
    at.running.reset();
    {
        auto opened = ledger::open(at.with.ledger, ledger_options_in(at.with.ledger, "").value());
        REQUIRE(opened.has_value());
        const auto checked = opened->check();
        REQUIRE(checked.has_value());
        // Small groups are filled up, so there may be more.
        CHECK(checked->rows >= 1320);
    }
    at.start();
    REQUIRE(comes_true([&] { return at.running->is_ready(); }));
    auto first = at.client();
    auto second = at.unix_client();
    CHECK(outcome_of(first.ask(post_question(asked))) == 200);
    std::filesystem::remove_all(at.with.ledger);
    // What is asked now cannot be made durable. Whatever comes, it is no verdict.
    CHECK(comes_true([&] {
        auto any = at.client();
        return problem_of(any.ask(post_question(asked))) == 1302;
    }));
    for (int k = 0; k < 5; ++k) {
        auto any = at.client();
        CHECK(problem_of(any.ask(post_question(asked))) == 1302);
    }
    CHECK(reasons_not_to_ask(second) == "ledger_stopped");
    const auto batch = second.ask(post_lines(asked));
    REQUIRE(batch);
    CHECK(batch->body.find("outcome") == std::string::npos);
    CHECK(batch->body.find("1302") != std::string::npos);
    CHECK(at.told().find("the ledger has stopped") != std::string::npos);
}

TEST_CASE("a ledger with witnesses answers while they cosign, and not otherwise") {
    const log_signer signer{1, "example.com/ledger"};
    http_witness witness{"w.example", 7, signer};
    using namespace std::chrono;
    witness.time_s = static_cast<std::uint64_t>(duration_cast<seconds>(system_clock::now().time_since_epoch()).count());
    {
        const service_at_work at{300, with_witness_at(witness, witness.url())};
        auto client = at.client();
        CHECK(comes_true([&] { return outcome_of(client.ask(post_question(question_about(new_id(0))))) == 200; }));
    }
    const service_at_work alone{300, with_witness_at(witness, "http://127.0.0.1:1/"), false};
    CHECK(comes_true([&] { return alone.told().find("the ledger is not witnessed") != std::string::npos; }));
    CHECK(comes_true([&] { return alone.told().find("the register is loaded") != std::string::npos; }));
    auto client = alone.client();
    CHECK(problem_of(client.ask(post_question(question_about(new_id(0))))) == 1302);
    CHECK(reasons_not_to_ask(client) == "not_witnessed");
}

TEST_CASE("a ledger that is not witnessed and has failed gives both as reasons") {
    const log_signer signer{1, "example.com/ledger"};
    http_witness witness{"w.example", 7, signer};
    using namespace std::chrono;
    witness.time_s = static_cast<std::uint64_t>(duration_cast<seconds>(system_clock::now().time_since_epoch()).count());
    std::atomic<bool> is_there{false};
    witness.instead([&](const http_witness::reply& right) {
        return is_there ? right : http_witness::reply{503, "not now"};
    });
    const service_at_work at{300, with_witness_at(witness, witness.url()), false};
    auto client = at.client();
    CHECK(comes_true([&] { return reasons_not_to_ask(client) == "not_witnessed"; }));
    // Its cosignature cannot be kept.
    std::filesystem::remove_all(at.with.ledger / "log");
    is_there = true;
    CHECK(comes_true([&] { return reasons_not_to_ask(client) == "ledger_stopped,not_witnessed"; }));
    CHECK(at.metric("xacthuc_not_ready{reason=\"ledger_stopped\"}") == 1);
    CHECK(at.metric("xacthuc_not_ready{reason=\"not_witnessed\"}") == 1);
}

TEST_CASE("a register that is not seen to be current for too long is a reason not to ask") {
    const service_at_work at{300, [](service::settings& with) { with.most.stale = milliseconds{-1}; }, false};
    auto client = at.client();
    CHECK(comes_true([&] { return reasons_not_to_ask(client) == "stale"; }));
    CHECK(at.metric("xacthuc_ready") == 0);
    CHECK(at.metric("xacthuc_not_ready{reason=\"stale\"}") == 1);
    CHECK(at.metric("xacthuc_not_ready{reason=\"draining\"}") == 0);
}

TEST_CASE("an end is told, answers what is on its way, and takes no more") {
    service_at_work at{300, [](service::settings& with) {
                           with.most.drain_notice = milliseconds{300};
                           with.most.drain = milliseconds{8000};
                       }};
    auto idle = at.client();
    CHECK(idle.ask(get("/livez"))->status == 200);
    auto half = at.unix_client();
    const auto question = post_question(question_about(new_id(0)));
    REQUIRE(half.send(question.substr(0, 30)));
    auto watching = at.client();
    CHECK(watching.ask(get("/readyz"))->status == 200);
    const auto port = at.port();
    std::thread ending{[&] { at.running->end(); }};
    CHECK(comes_true([&] {
        try {
            raw_client any{port};
            const auto answer = any.ask(get("/readyz"));
            return answer && answer->status == 503 && answer->header("connection") == "close" &&
                   answer->body.find("\"reasons\":[\"draining\"]") != std::string::npos;
        } catch (const std::exception&) {
            return false;
        }
    }));
    CHECK(idle.ends());
    CHECK(comes_true([&] {
        try {
            const raw_client any{port};
            return false;
        } catch (const std::exception&) {
            return true;
        }
    }));
    REQUIRE(half.send(question.substr(30)));
    const auto answer = half.read();
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->header("connection") == "close");
    CHECK(half.ends());
    ending.join();
    CHECK_FALSE(std::filesystem::exists(at.on.place / "socket"));
}

TEST_CASE("every problem is told with its own status") {
    for (std::size_t place = 1; place < service::problem_count; ++place) {
        const auto& each = service::problem_at(place);
        CAPTURE(each.title);
        std::string text;
        service::append_head(text, {.status = each.status}, service::http_date(0));
        CHECK(text.starts_with("HTTP/1.1 " + std::to_string(each.status) + ' '));
    }
}
