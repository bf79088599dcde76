// SPDX-License-Identifier: Apache-2.0
// A signature makes an agency the asker, on any connection; each that is not right gets its own problem and no verdict.
#include <doctest/doctest.h>

#include <fstream>
#include <thread>

#include "domain/octets.hpp"
#include "service/contract.hpp"
#include "service/contract_check.hpp"
#include "service/made_certificates.hpp"
#include "service/question_text.hpp"
#include "service/service_at_work.hpp"
#include "service/signature_headers.hpp"
#include "service/signed_text.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

const std::string question = R"({"id":"001199000001","sex":"male","procedure":1})";

// A service that knows the keys of agencies 12 and 13, and of 14, which is revoked.
struct signed_service {
    explicit signed_service(const service_at_work::change& further = [](service::settings&) {})
        : at{300, [&](service::settings& with) {
                 health.save_public(place / "agencies/12.pub");
                 taxes.save_public(place / "agencies/13.pub");
                 gone.save_public(place / "agencies/14.pub");
                 own.save_secret(place / "service.key");
                 with.signatures.agencies = place / "agencies";
                 with.signatures.revoked = {14};
                 with.signatures.max_ahead = std::chrono::milliseconds{0};
                 with.policy = place / "vn.toml";
                 std::ofstream{with.policy}
                     << "framework = \"vn\"\nversion = 1\n[procedure.p]\nnumber = 1\ntitle = { vi = \"a\", en = \"b\" "
                        "}\npurpose = \"x\"\nlaw = \"y\"\nmay_ask = [\"sex\"]\nanswer = \"per_claim\"\nproof = "
                        "[\"agency\"]\n[agency.a]\nnumber = 12\ntitle = { vi = \"a\", en = \"b\" }\nmay = [\"p\"]\n";
                 with.listeners.push_back({.address = "127.0.0.1:0", .host = "127.0.0.1", .is_signed = true});
                 with.listeners.push_back({.address = "127.0.0.1:0", .host = "127.0.0.1", .agency = std::uint16_t{13}});
                 further(with);
             }} {
        // What was signed up to the start could have been used before it.
        const auto started = seconds_now();
        while (seconds_now() == started) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }

    [[nodiscard]] signed_text ask() const { return {.by = &health, .body = question}; }

    scratch_directory place;
    signer health;
    signer taxes;
    signer gone;
    signer own;
    service_at_work at;
};

[[nodiscard]] int outcome_in(const std::optional<http_answer>& answer) {
    if (!answer || answer->status != 200) return -1;
    return static_cast<int>(boost::json::parse(answer->body).as_object().at("outcome").as_int64());
}
[[nodiscard]] int code_of(const std::optional<http_answer>& answer) {
    if (!answer || answer->status < 400) return answer ? static_cast<int>(answer->status) : -1;
    return static_cast<int>(boost::json::parse(answer->body).as_object().at("code").as_int64());
}

}  // namespace

TEST_CASE("a signature is the agency's proof; who does not sign is told 305, and who names another 302") {
    const signed_service of;
    auto client = of.at.client();
    for (int k = 0; k < 20; ++k) CHECK(outcome_in(client.ask(of.ask().bytes())) == 200);
    CHECK(outcome_in(client.ask(post_question(question))) == 300);
    CHECK(outcome_in(client.ask(post_question(R"({"id":"001199000001","sex":"male","procedure":1,"agency":12})"))) ==
          305);
    auto other = of.ask();
    other.body = R"({"id":"001199000001","sex":"male","procedure":1,"agency":13})";
    CHECK(outcome_in(client.ask(other.bytes())) == 302);
}

TEST_CASE("what a signature may cover and how it is written is free within the standard") {
    const signed_service of;
    auto client = of.at.client();
    std::vector<signed_text> all(10, of.ask());
    all[0].covers = {"content-digest", "@authority", "content-type", "@path", "@method"};
    all[1].covers = {"@method", "@authority", "@request-target", "content-type", "content-digest", "@scheme"};
    all[2].covers = {"@method", "@authority", "@path", "@query", "content-type", "content-digest"};
    all[2].path = "/v1/verify?a=b&c";
    all[3].digest = sha512_header(question);
    all[4].digest = "md5=:AAAA:, " + sha256_header(question) + ",\t" + sha512_header(question);
    all[5].fields = {{"xacthuc-officer", "7"}, {"date", "Tue, 20 Apr 2021 02:07:55 GMT"}};
    all[5].covers = {"@method", "@target-uri", "content-type", "content-digest", "xacthuc-officer", "date"};
    all[6].label = "*a-b_1.c";
    all[7].parameters += ";expires=" + std::to_string(seconds_now() + 60) + ";tag=\"t\\\"\"";
    all[8].covers = {"@method", "@target-uri", "@query", "content-type", "content-digest", "content-length"};
    all[9].host = "x:8080";
    for (auto& each : all) {
        each.parameters =
            signed_text::standard_parameters() + each.parameters.substr(each.parameters.find("\"ed25519\"") + 9);
        CAPTURE(each.bytes());
        const auto answer = client.ask(each.bytes());
        REQUIRE(answer);
        CAPTURE(answer->body);
        CHECK(outcome_in(answer) == 200);
    }
}

TEST_CASE("each thing that is wrong with a signature has its own problem, and never a verdict") {
    const signed_service of;
    const contract_check contract{service::contract()};
    struct wrong {
        std::string bytes;
        unsigned status;
        int code;
    };
    std::vector<wrong> all;
    const auto add = [&](unsigned status, int code, const auto& change) {
        auto made = of.ask();
        change(made);
        all.push_back({made.bytes(), status, code});
    };
    const auto covering = [&](std::vector<std::string> names) {
        return [names](signed_text& made) { made.covers = names; };
    };
    const auto saying = [&](const std::string& parameters) {
        return [parameters](signed_text& made) { made.parameters = parameters; };
    };
    const auto now = std::to_string(seconds_now());
    add(400, 1502, saying(";nonce=\"abc\";keyid=\"agency:12\""));
    add(400, 1502, saying(";created=" + now + ";keyid=\"agency:12\""));
    add(400, 1502, saying(";created=" + now + ";nonce=\"abc\""));
    add(400, 1502, saying(";created=" + now + ";nonce=\"\";keyid=\"agency:12\""));
    add(400, 1502, saying(";created=" + now + ";nonce=\"abc\";keyid=\"agency:12\";colour=\"red\""));
    add(400, 1502, saying(";created=-5;nonce=\"abc\";keyid=\"agency:12\""));
    add(400, 1502, saying(";created=" + now + ";nonce=\"" + std::string(129, 'a') + "\";keyid=\"agency:12\""));
    add(400, 1503, saying(";created=" + now + ";nonce=\"abc\";keyid=\"agency:12\";alg=\"hmac-sha256\""));
    add(400, 1504, covering({"@method", "@target-uri", "content-type", "content-digest", "@status"}));
    add(400, 1504, covering({"@method", "@target-uri", "content-type", "content-digest", "@query-param"}));
    add(400, 1504, covering({"@method", "@target-uri", "content-type", "content-digest", "x-none"}));
    add(400, 1504, covering({"@method", "@target-uri", "content-type", "content-digest", "Date"}));
    add(401, 1505, covering({}));
    add(401, 1505, covering({"@target-uri", "content-type", "content-digest"}));
    add(401, 1505, covering({"@method", "content-type", "content-digest"}));
    add(401, 1505, covering({"@method", "@path", "content-type", "content-digest"}));
    add(401, 1505, covering({"@method", "@target-uri", "content-digest"}));
    add(401, 1505, covering({"@method", "@target-uri", "content-type"}));
    add(401, 1505, [](signed_text& made) { made.fields["xacthuc-officer"] = "7"; });
    add(401, 1505, [](signed_text& made) { made.fields["xacthuc-digest-key"] = "7"; });
    add(401, 1505, [](signed_text& made) {
        made.path += "?a";
        made.covers = {"@method", "@authority", "@path", "content-type", "content-digest"};
    });
    add(400, 1506, [](signed_text& made) { made.sent_body = R"({"id":"001199000002","sex":"male","procedure":1})"; });
    for (const std::string& digest :
         {sha256_header("x"), std::string{"md5=:AAAA:"}, sha256_header(question) + ",",
          sha256_header(question) + ", " + sha512_header("x"), sha256_header(question) + ", " + sha256_header(question),
          std::string{"sha-256"}, std::string{"sha-256=:AA:"}})
        add(400, 1506, [&](signed_text& made) { made.digest = digest; });
    for (const std::string who : {"agency:15", "agency:012", "agency:0", "agency:99999", "12", "agency:12 ", "x"})
        add(401, 1507, saying(signed_text::standard_parameters(0, "n", who)));
    add(401, 1508, saying(signed_text::standard_parameters(0, "n", "agency:14")));
    add(401, 1510, saying(signed_text::standard_parameters(-302)));
    add(401, 1510, saying(signed_text::standard_parameters(-3600)));
    add(401, 1511, saying(signed_text::standard_parameters(3)));
    add(401, 1511, saying(signed_text::standard_parameters(3600)));
    add(401, 1512, saying(signed_text::standard_parameters() + ";expires=" + std::to_string(seconds_now() - 1)));
    add(401, 1513, [&](signed_text& made) { made.by = &of.taxes; });
    add(401, 1513, saying(signed_text::standard_parameters(0, "n", "agency:13")));
    add(401, 1513, [](signed_text& made) { made.signature = "sig=:" + std::string(85, 'A') + "A==:"; });
    auto client = of.at.client();
    for (const auto& each : all) {
        CAPTURE(each.bytes);
        const auto answer = client.ask(each.bytes);
        REQUIRE(answer);
        CAPTURE(answer->body);
        CHECK(code_of(answer) == each.code);
        CHECK(answer->status == each.status);
        CHECK(contract.wrong("/v1/verify", "post", *answer) == "");
        CHECK((answer->header("accept-signature").empty() == (each.status != 401)));
        CHECK(answer->body.find("outcome") == std::string::npos);
        CHECK(answer->body.find("001199000001") == std::string::npos);
    }
    // The clock is told by how much it is wrong.
    auto slow = of.ask();
    slow.parameters = signed_text::standard_parameters(-3600);
    CHECK(client.ask(slow.bytes())->body.find("created 360") != std::string::npos);
    CHECK(client.ask(of.ask().bytes())->status == 200);
}

TEST_CASE("headers that are not one signature are refused, however they are malformed") {
    const signed_service of;
    auto client = of.at.client();
    const auto good = of.ask().bytes();
    const auto at = [&](const std::string& name) { return good.find("\r\n" + name) + 2; };
    const auto input =
        good.substr(at("Signature-Input"), good.find("\r\n", at("Signature-Input")) + 2 - at("Signature-Input"));
    const auto signature = good.substr(at("Signature: "), good.find("\r\n", at("Signature: ")) + 2 - at("Signature: "));
    const std::string list = R"(("@method" "@target-uri" "content-type" "content-digest"))";
    const std::string rest = input.substr(input.find(");") + 1, input.size() - input.find(");") - 3);
    std::vector<std::string> inputs;
    for (const std::string& value : {std::string{"sig"},
                                     std::string{"sig="},
                                     "Sig=" + list + rest,
                                     "other=" + list + rest,
                                     list + rest,
                                     "sig=\"@method\"" + rest,
                                     "sig=(@method)" + rest,
                                     "sig=(\"@method\"\"@target-uri\")" + rest,
                                     "sig=(\"@method\",\"@target-uri\")" + rest,
                                     "sig=(\"@method\" \"@method\")" + rest,
                                     "sig=(\"@method\\x\")" + rest,
                                     "sig=" + list + ";created",
                                     "sig=" + list + ";created=?1",
                                     "sig=" + list + ";created=1.5",
                                     "sig=" + list + ";created=\"5\"",
                                     "sig=" + list + ";created=1234567890123456",
                                     "sig=" + list + rest + ";",
                                     "sig=" + list + rest + ";created=5",
                                     "sig=" + list + rest + ";alg=\"ed25519\"",
                                     "sig=" + list + rest + " ",
                                     "sig=" + list + rest + ",",
                                     "sig=" + list + rest + ", sig2=" + list + rest,
                                     "sig=" + list + ' ' + rest,
                                     "sig = " + list + rest,
                                     "sig=" + list + ";;created=5",
                                     "sig=" + list + ";nonce=abc" + rest,
                                     "sig=" + list + ";=5" + rest})
        if (!value.ends_with(' ')) inputs.push_back("Signature-Input: " + value + "\r\n");
    std::string many = "sig=(";
    for (int k = 0; k < 40; ++k) many += "\"host\" ";
    inputs.push_back("Signature-Input: " + many + ")" + rest + "\r\n");
    inputs.push_back("");
    inputs.push_back(input + input);
    const auto check = [&](const std::string& from, const std::string& to) {
        auto bytes = good;
        bytes.replace(bytes.find("\r\n" + from) + 2, from.size(), to);
        CAPTURE(bytes);
        const auto answer = client.ask(bytes);
        REQUIRE(answer);
        CHECK(code_of(answer) == 1501);
    };
    for (const auto& each : inputs) check(input, each);
    const auto value = signature.substr(11, signature.size() - 13);
    for (const std::string& text :
         {std::string{}, signature + signature, std::string{"Signature: sig\r\n"}, std::string{"Signature: sig=::\r\n"},
          std::string{"Signature: sig=:AAAA:\r\n"}, "Signature: " + value.substr(0, value.size() - 1) + "\r\n",
          "Signature: " + value + ";a=1\r\n", "Signature: " + value + ", b=:AAAA:\r\n",
          "Signature: sig=\"" + value.substr(5, 88) + "\"\r\n", "Signature: sig=:" + std::string(86, '-') + "==:\r\n",
          "Signature: sig=:" + value.substr(5, 86) + "B=:\r\n"})
        check(signature, text);
    // A component with a parameter is another component, and so is what a missing quote makes of one.
    auto bytes = good;
    bytes.replace(bytes.find("\"@method\""), 9, "\"@method");
    CHECK(code_of(client.ask(bytes)) == 1504);
    bytes = good;
    bytes.replace(bytes.find("\"@method\""), 9, "\"@method\";req");
    CHECK(code_of(client.ask(bytes)) == 1504);
    // Two values of a field that is covered could be read in two ways.
    bytes = good;
    bytes.insert(bytes.find("\"content-type\""), "\"x-a\" ");
    bytes.insert(bytes.find("content-type: "), "X-A: 1\r\nx-a: 2\r\n");
    CHECK(code_of(client.ask(bytes)) == 1504);
    CHECK(client.ask(good)->status == 200);
    // Of one that has one value no more is looked at.
    bytes = good;
    bytes.insert(bytes.find("content-type: "), "Content-Type: text/plain\r\n");
    CHECK(code_of(client.ask(bytes)) == 1014);
}

TEST_CASE("a nonce is taken once, by whichever thread and after a wrong signature too") {
    const signed_service of;
    auto client = of.at.client();
    const auto asked = of.ask().bytes();
    auto forged = asked;
    forged.replace(forged.find("Signature: sig=:") + 16, 4, "AAAA");
    CHECK(code_of(client.ask(forged)) == 1513);
    CHECK(outcome_in(client.ask(asked)) == 200);
    for (int k = 0; k < 20; ++k) {
        auto other = of.at.client();
        CHECK(code_of(other.ask(asked)) == 1514);
    }
    // The same nonce is another's to use; and one that came with a faulty question is used up.
    auto twice = of.ask();
    twice.body = "{";
    const auto faulty = twice.bytes();
    CHECK(code_of(client.ask(faulty)) == 1200);
    CHECK(code_of(client.ask(faulty)) == 1514);
    // Of several in one tick one is answered.
    const auto pipelined = of.ask().bytes();
    REQUIRE(client.send(pipelined + pipelined + of.ask().bytes() + pipelined));
    CHECK(outcome_in(client.read()) == 200);
    CHECK(code_of(client.read()) == 1514);
    CHECK(outcome_in(client.read()) == 200);
    CHECK(code_of(client.read()) == 1514);
}

TEST_CASE("right and wrong signatures of one tick are told apart, of all agencies") {
    const signed_service of;
    auto client = of.at.client();
    std::string all;
    for (int k = 0; k < 60; ++k) {
        auto made = of.ask();
        if (k % 5 == 1) made.by = &of.taxes;
        if (k % 5 == 2) made.parameters = signed_text::standard_parameters(0, signed_text::fresh_nonce(), "agency:13");
        if (k % 5 == 2) made.by = &of.taxes;
        if (k % 5 == 3) made.sent_body = question + " ";
        all += k % 5 == 4 ? post_question(question) : made.bytes();
    }
    REQUIRE(client.send(all));
    for (int k = 0; k < 60; ++k) {
        const auto answer = client.read();
        const auto got = answer->status == 200 ? outcome_in(answer) : code_of(answer);
        CHECK(got == std::array{200, 1513, 300, 1506, 300}[static_cast<std::size_t>(k % 5)]);
    }
}

TEST_CASE("where signatures are required nothing else is asked; another's connection is not taken") {
    const signed_service of;
    raw_client client{of.at.port(2)};
    const auto none = client.ask(post_question(question));
    CHECK(code_of(none) == 1500);
    CHECK(none->status == 401);
    CHECK_FALSE(none->header("www-authenticate").empty());
    CHECK(outcome_in(client.ask(of.ask().bytes())) == 200);
    CHECK(client.ask(get("/v1/register"))->status == 200);
    CHECK(code_of(client.ask(post("/v1/verify/batch", "application/vnd.xacthuc.requests", ""))) == 1500);
    CHECK(code_of(client.ask(post_lines(question))) == 1500);
    CHECK(client.ends());
    raw_client taxes{of.at.port(3)};
    CHECK(code_of(taxes.ask(of.ask().bytes())) == 1509);
    auto theirs = of.ask();
    theirs.by = &of.taxes;
    theirs.parameters = signed_text::standard_parameters(0, "n", "agency:13");
    CHECK(outcome_in(taxes.ask(theirs.bytes())) == 300);
}

TEST_CASE("batches and other paths are signed as questions are; a batch of lines is taken whole") {
    const signed_service of;
    auto client = of.at.client();
    auto lines = of.ask();
    lines.path = "/v1/verify/batch";
    lines.type = "application/x-ndjson";
    lines.body.clear();
    for (int k = 0; k < 2000; ++k) lines.body += question + '\n';
    const auto answer = client.ask(lines.bytes());
    REQUIRE(answer);
    CHECK(answer->status == 200);
    std::size_t right = 0;
    for (auto place = answer->body.find("\"outcome\":200"); place != std::string::npos;
         place = answer->body.find("\"outcome\":200", place + 1))
        ++right;
    CHECK(right == 2000);
    CHECK(code_of(client.ask(lines.bytes())) == 1514);
    lines.parameters = signed_text::standard_parameters();
    lines.sent_body = lines.body;
    lines.sent_body.back() = ' ';
    CHECK(code_of(client.ask(lines.bytes())) == 1506);
    auto prepared = of.ask();
    prepared.path = "/v1/verify/batch";
    prepared.type = "application/vnd.xacthuc.requests";
    prepared.body.assign(32, '\0');
    std::array<char, 17> key;
    std::snprintf(key.data(), key.size(), "%016llx", static_cast<unsigned long long>(test_key().fingerprint()));
    prepared.fields["xacthuc-digest-key"] = key.data();
    prepared.covers.push_back("xacthuc-digest-key");
    CHECK(client.ask(prepared.bytes())->status == 200);
    CHECK(code_of(client.ask(prepared.bytes())) == 1514);
    signed_text read{.by = &of.health, .method = "GET", .path = "/v1/register", .covers = {"@method", "@target-uri"}};
    CHECK(client.ask(read.bytes())->status == 200);
    CHECK(code_of(client.ask(read.bytes())) == 1514);
    // A digest alone is held against the body too.
    CHECK(code_of(client.ask(post_question(question, "Content-Digest: " + sha256_header("x") + "\r\n"))) == 1506);
    CHECK(outcome_in(client.ask(post_question(question, "Content-Digest: " + sha256_header(question) + "\r\n"))) ==
          300);
}

TEST_CASE("keys are taken anew while the service runs") {
    signed_service of;
    auto client = of.at.client();
    CHECK(outcome_in(client.ask(of.ask().bytes())) == 200);
    const signer next;
    std::filesystem::remove(of.place / "agencies/12.pub");
    next.save_public(of.place / "agencies/12.pub");
    REQUIRE(of.at.running->reload(of.at.with).has_value());
    CHECK(comes_true([&] { return code_of(client.ask(of.ask().bytes())) == 1513; }));
    auto made = of.ask();
    made.by = &next;
    CHECK(outcome_in(client.ask(made.bytes())) == 200);
    of.at.with.signatures.revoked = {12, 14};
    REQUIRE(of.at.running->reload(of.at.with).has_value());
    made.parameters = signed_text::standard_parameters();
    CHECK(comes_true([&] { return code_of(client.ask(made.bytes())) == 1508; }));
    std::ofstream{of.place / "agencies/x.pub"} << "x";
    CHECK_FALSE(of.at.running->reload(of.at.with).has_value());
    CHECK(code_of(client.ask(made.bytes())) == 1508);
}

TEST_CASE("a service that began without agencies' keys takes signatures when it is told of some") {
    signed_service of{[](service::settings& with) {
        with.signatures.agencies.clear();
        with.signatures.revoked.clear();
        with.listeners[2].is_signed = false;
    }};
    auto client = of.at.client();
    CHECK(code_of(client.ask(of.ask().bytes())) == 1507);
    const auto before = of.ask().bytes();
    of.at.with.signatures.agencies = of.place / "agencies";
    REQUIRE(of.at.running->reload(of.at.with).has_value());
    // What was signed before it remembers nonces may have been used.
    CHECK(comes_true([&] { return code_of(client.ask(before)) == 1515; }));
    CHECK(comes_true([&] { return outcome_in(client.ask(of.ask().bytes())) == 200; }));
}

TEST_CASE("with guards a nonce is remembered across an end and a start, and without them nothing older is taken") {
    signed_service of{[](service::settings& with) { with.guards = with.signatures.agencies.parent_path() / "guards"; }};
    // They are new, and know as little as none: for as long as max_ahead_ms says, and no longer.
    CHECK(of.at.told().find("what is signed is taken in 0 s") != std::string::npos);
    const auto asked = of.ask().bytes();
    {
        auto client = of.at.client();
        CHECK(outcome_in(client.ask(asked)) == 200);
    }
    of.at.running.reset();
    of.at.start();
    REQUIRE(comes_true([&] { return of.at.running->is_ready(); }));
    {
        auto client = of.at.client();
        CHECK(code_of(client.ask(asked)) == 1514);
        CHECK(outcome_in(client.ask(of.ask().bytes())) == 200);
    }
    const auto unused = of.ask().bytes();
    of.at.running.reset();
    of.at.with.guards.clear();
    of.at.start();
    REQUIRE(comes_true([&] { return of.at.running->is_ready(); }));
    auto client = of.at.client();
    const auto answer = client.ask(unused);
    CHECK(code_of(answer) == 1515);
    CHECK(answer->status == 503);
    // When to come again is told to the client, and to the operator from when on all is well.
    const auto wait_s = (of.at.with.signatures.max_ahead.count() + 999) / 1000 + 1;
    CHECK(answer->header("retry-after") == std::to_string(wait_s));
    CHECK(of.at.told().find("what is signed is taken in " + std::to_string(wait_s - 1) + " s") != std::string::npos);
    const auto lines = client.ask(of.ask().bytes());
    if (lines->status == 503) CHECK(lines->header("retry-after") == std::to_string(wait_s));
}

TEST_CASE("answers to who signed, or asks for it, are signed for the request that they answer") {
    for (const bool with_ledger : {false, true}) {
        CAPTURE(with_ledger);
        const scratch_directory folder;
        const signed_service of{[&](service::settings& with) {
            with.signatures.key = with.signatures.agencies.parent_path() / "service.key";
            if (!with_ledger) return;
            with.ledger = folder / "ledger";
            with.ledger_origin = "example.vn/ledger";
        }};
        auto client = of.at.client();
        for (int k = 0; k < 5; ++k) {
            auto asked = of.ask();
            if (k == 1) asked.parameters = signed_text::standard_parameters(-3600);
            if (k == 2) asked.by = &of.taxes;
            if (k == 3) asked.body = "{";
            const auto bytes = asked.bytes();
            const auto answer = client.ask(k == 4 ? post_question(question, "Accept-Signature: sig=()\r\n") : bytes);
            REQUIRE(answer);
            CAPTURE(answer->raw_head);
            CHECK((answer->body.find("\"receipt\"") != std::string::npos) == (with_ledger && answer->status == 200));
            CHECK(answer->header("content-digest") == sha256_header(answer->body));
            const auto input = answer->header("signature-input");
            REQUIRE(input.starts_with("sig=(\"@status\" "));
            // What could not be taken for the agency's is answered without its signature.
            const bool is_bound = k == 0 || k == 2 || k == 3;
            CHECK((input.find("\"signature\";req;key=\"sig\"") != std::string::npos) == is_bound);
            CHECK(input.find(";keyid=\"service\";alg=\"ed25519\"") != std::string::npos);
            auto base = "\"@status\": " + std::to_string(answer->status) +
                        "\n\"content-type\": " + answer->header("content-type") +
                        "\n\"content-digest\": " + answer->header("content-digest") +
                        "\n\"@method\";req: POST\n\"@path\";req: /v1/verify\n";
            if (is_bound) {
                const auto at = bytes.find("Signature: sig=") + 15;
                base += "\"signature\";req;key=\"sig\": " + bytes.substr(at, bytes.find("\r\n", at) - at) + '\n';
            }
            base += "\"@signature-params\": " + input.substr(4);
            const auto made = answer->header("signature");
            CHECK(of.own.verifies(base, made.substr(5, made.size() - 6)));
            base[12] = '9';
            CHECK_FALSE(of.own.verifies(base, made.substr(5, made.size() - 6)));
        }
        CHECK(client.ask(post_question(question))->header("signature").empty());
        auto read = of.ask();
        read.method = "GET";
        read.path = "/v1/register";
        read.body.clear();
        read.covers = {"@method", "@target-uri"};
        CHECK_FALSE(client.ask(read.bytes())->header("signature").empty());
    }
}

TEST_CASE("by the national policy a signed question gets a verdict over a plain connection") {
    signer ward;
    const scratch_directory place;
    ward.save_public(place / "agencies/20102.pub");
    const service_at_work at{1000, [&](service::settings& with) {
                                 with.policy = XACTHUC_POLICY;
                                 with.signatures.agencies = place / "agencies";
                                 with.signatures.max_ahead = std::chrono::milliseconds{0};
                             }};
    std::this_thread::sleep_for(std::chrono::milliseconds{1001});
    auto client = at.client();
    const planted_requests asked{at.on.nation.people(), 0, request_mix::right_basic};
    for (std::uint64_t j = 0; j < 50; ++j) {
        name_text text;
        auto claims = asked.at(j, text).claims;
        claims.sex.reset();
        claims.life.reset();
        claims.agency = 20'102;
        claims.procedure = 101;
        signed_text made{.by = &ward, .body = question_text(claims)};
        CHECK(outcome_in(client.ask(post_question(made.body))) == 305);
        made.parameters = signed_text::standard_parameters(0, signed_text::fresh_nonce(), "agency:20102");
        const auto answer = client.ask(made.bytes());
        REQUIRE(outcome_in(answer) == 0);
        CHECK(compact_verdict(answer->body).matched() != 0);
        CHECK(compact_verdict(answer->body).mismatched() == 0);
    }
}

TEST_CASE("the standard's own Ed25519 signature is over the text that is made of its request") {
    // RFC 9421, appendix B.2.6 and B.1.4, as far as there is no nonce in it.
    const std::string head =
        "POST /foo?param=Value&Pet=dog HTTP/1.1\r\nHost: example.com\r\nDate: Tue, 20 Apr 2021 02:07:55 GMT\r\n"
        "Content-Type: application/json\r\nContent-Length: 18\r\n"
        "Signature-Input: sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")"
        ";created=1618884473;keyid=\"test-key-ed25519\"\r\nSignature: sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jr"
        "nDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:\r\n\r\n";
    const auto read = service::read_head(head, {});
    REQUIRE(read.refused == service::problem::none);
    service::request_signature made;
    std::string base;
    // It has no nonce, which is found out after the text is made.
    CHECK(service::read_signature({read.head, false, true}, made, base).what == service::problem::signature_parameters);
    CHECK(made.label == "sig-b26");
    CHECK(made.key_id == "test-key-ed25519");
    CHECK(made.covered_count == 6);
    base +=
        "\"@signature-params\": (\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")"
        ";created=1618884473;keyid=\"test-key-ed25519\"";
    std::array<unsigned char, 32> key;
    std::size_t size = 0;
    REQUIRE(sodium_base642bin(key.data(), key.size(), "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs", 43, nullptr, &size,
                              nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0);
    CHECK(crypto_sign_verify_detached(octets(made.bytes.bytes), reinterpret_cast<const unsigned char*>(base.data()),
                                      base.size(), key.data()) == 0);
}
