// SPDX-License-Identifier: Apache-2.0
// Witnesses over HTTP on this machine: what is honest is cosigned, forks and logs that were set back are not, and
// nothing that a server may answer is taken for a cosignature.
#include <doctest/doctest.h>

#include <boost/asio/write.hpp>
#include <filesystem>
#include <thread>
#include <xacthuc/ledger/witness.hpp>

#include "ledger/http_exchange.hpp"
#include "ledger/tile_log.hpp"
#include "unit/ledger/http_witness.hpp"
#include "unit/ledger/log_signer.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

struct witnessed_log {
    scratch_directory scratch;
    log_signer signer;
    tile_log log = tile_log::open(system_file_calls(), scratch.path() / "log", signer.identity()).value();

    void grow(std::size_t count, std::uint64_t salt = 0) {
        append_made(log, count, salt);
        REQUIRE(log.integrate().has_value());
    }
    [[nodiscard]] witness_round::prover prover() {
        return [this](std::uint64_t from, std::uint64_t to) { return log.prove_consistency(from, to); };
    }
    [[nodiscard]] witness_round::outcome ask(witness_round& round) {
        return round.run(log.published_note(), prover()).value();
    }
};

[[nodiscard]] witness_policy policy_of(const std::vector<const http_witness*>& witnesses, std::size_t quorum) {
    witness_policy policy;
    for (const auto* const one : witnesses) policy.witnesses.push_back({one->who(), one->url()});
    policy.quorum = quorum;
    policy.timeout = std::chrono::milliseconds{2000};
    return policy;
}

[[nodiscard]] bool tells(const witness_round::outcome& outcome, std::string_view what) {
    return outcome.cosignatures.empty() && outcome.failures.size() == 1 &&
           outcome.failures[0].code == errc::witness_refused &&
           outcome.failures[0].message().find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("witnesses cosign a log that grows, each from where it was, and the policy counts them") {
    witnessed_log at;
    http_witness a{"witness.example/a", 11, at.signer};
    http_witness b{"witness.example/b", 12, at.signer};
    http_witness c{"witness.example/c", 13, at.signer};
    a.time_s = 1000;
    b.time_s = 900;
    c.time_s = 800;
    witness_round round{policy_of({&a, &b, &c}, 2)};
    for (const auto count : std::initializer_list<std::size_t>{1, 5, 0, 300, 700}) {
        at.grow(count);
        const auto outcome = at.ask(round);
        CHECK(outcome.failures.empty());
        REQUIRE(outcome.cosignatures.size() == 3);
        REQUIRE(at.log.cosign(outcome.cosignatures).has_value());
        const auto note = parse_note(at.log.published()).value();
        CHECK(cosigned_at(note, b.who()) == 900);
        CHECK(round.policy().witnessed_at(note) == 900);
        CHECK(c.size() == at.log.size());
    }
    auto fresh = round.policy();
    fresh.staleness_max = std::chrono::seconds{100};
    const auto note = at.log.published_note();
    CHECK(fresh.is_fresh(note, 800));
    CHECK(fresh.is_fresh(note, 1000));
    CHECK_FALSE(fresh.is_fresh(note, 1001));
    fresh.quorum = 4;
    CHECK_FALSE(fresh.is_fresh(note, 900));
    fresh.quorum = 0;
    CHECK(fresh.is_fresh({note.text, {}}, 5000));
}

TEST_CASE("a log that knows nothing of its witnesses asks where they are, and goes on from there") {
    witnessed_log at;
    http_witness a{"witness.example/a", 11, at.signer};
    at.grow(10);
    witness_round before{policy_of({&a}, 1)};
    REQUIRE(at.ask(before).cosignatures.size() == 1);
    at.grow(10);
    witness_round after{policy_of({&a}, 1)};
    CHECK(at.ask(after).cosignatures.size() == 1);
    CHECK(a.size() == 20);
    // The same checkpoint again: the witness says it again, at its time.
    a.time_s = 1'800'000'000;
    CHECK(cosigned_at({at.log.published_note().text, at.ask(after).cosignatures}, a.who()) == 1'800'000'000);
}

TEST_CASE("a fork and a log that was set back are not cosigned, and the log is told so") {
    witnessed_log at;
    witnessed_log fork;  // of the same key
    http_witness a{"witness.example/a", 11, at.signer};
    at.grow(10);
    witness_round round{policy_of({&a}, 1)};
    REQUIRE(at.ask(round).cosignatures.size() == 1);
    fork.grow(9, 7);
    CHECK(tells(fork.ask(round), "set back"));
    fork.grow(1, 7);
    CHECK(tells(fork.ask(round), "another tree of 10 entries"));
    fork.grow(5, 7);
    CHECK(tells(fork.ask(round), "422"));
    witness_round forgetful{policy_of({&a}, 1)};
    CHECK(tells(fork.ask(forgetful), "422"));
    CHECK(a.size() == 10);
    at.grow(10);
    CHECK(at.ask(round).cosignatures.size() == 1);
}

TEST_CASE("what a witness answers is a cosignature by its key over this checkpoint, or nothing") {
    witnessed_log at;
    http_witness a{"witness.example/a", 11, at.signer};
    at.grow(3);
    witness_round round{policy_of({&a}, 1)};
    std::string right;
    a.instead([&](const http_witness::reply& made) {
        right = made.body;
        return http_witness::reply{200, ""};
    });
    CHECK(tells(at.ask(round), "no cosignature"));
    for (const auto& body : {right + "\n", "x" + right, right + right.substr(0, 20), at.log.published(),
                             right + "\n" + right, std::string(100'000, 'x')}) {
        a.instead([&](const http_witness::reply&) { return http_witness::reply{200, body}; });
        const auto outcome = at.ask(round);
        CHECK(outcome.cosignatures.empty());
        CHECK(outcome.failures.size() == 1);
    }
    for (std::size_t bit = 0; bit < 8 * right.size(); bit += 5) {
        auto changed = right;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
        const auto taken = round.take(at.log.published_note(), std::vector<witness_round::answer>{{0, 200, changed}});
        REQUIRE(taken.cosignatures.empty());
    }
    // Signatures of others beside it change nothing.
    const auto foreign = make_cosignature(at.log.published_note().text, cosigner::make("other.example", {}).value(), 5,
                                          [](auto) { return ed25519::signature{}; });
    const auto lines =
        signed_note{at.log.published_note().text, {foreign}}.encode().substr(at.log.published_note().text.size() + 1);
    CHECK(round.take(at.log.published_note(), std::vector<witness_round::answer>{{0, 200, lines + right}})
              .cosignatures.size() == 1);
    a.instead([](const http_witness::reply&) { return http_witness::reply{409, "x\x1b[31m\n"}; });
    CHECK(tells(at.ask(round), "x?[31m"));
    a.instead([](const http_witness::reply&) { return http_witness::reply{404, "unknown log\n"}; });
    CHECK(tells(at.ask(round), "HTTP 404: unknown log"));
}

TEST_CASE("a witness that is not there or does not answer is waited for no longer than was said") {
    witnessed_log at;
    at.grow(3);
    http_witness silent{"witness.example/a", 11, at.signer};
    silent.instead([](const http_witness::reply&) { return http_witness::reply{0, ""}; });
    auto policy = policy_of({&silent, &silent, &silent}, 1);
    policy.timeout = std::chrono::milliseconds{150};
    policy.witnesses[1].url = "http://127.0.0.1:1";
    policy.witnesses[2].url = "https://127.0.0.1/";
    witness_round round{policy};
    const auto began = std::chrono::steady_clock::now();
    const auto outcome = at.ask(round);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::milliseconds{1500});
    CHECK(outcome.cosignatures.empty());
    CHECK(outcome.failures.size() == 3);
}

TEST_CASE("however a reply in chunks is cut on its way, it is read") {
    boost::asio::io_context on;
    boost::asio::ip::tcp::acceptor acceptor{on, {boost::asio::ip::address_v4::loopback(), 0}};
    // What is made of a reply that comes so, and then the end.
    const auto read = [&](const std::string& head, const std::vector<std::string>& pieces) {
        std::thread server{[&] {
            auto socket = acceptor.accept();
            socket.set_option(boost::asio::ip::tcp::no_delay{true});
            boost::beast::flat_buffer buffer;
            boost::beast::http::request<boost::beast::http::string_body> request;
            boost::beast::http::read(socket, buffer, request);
            boost::asio::write(socket, boost::asio::buffer(head));
            for (const auto& piece : pieces) {
                std::this_thread::sleep_for(std::chrono::milliseconds{3});
                boost::asio::write(socket, boost::asio::buffer(piece));
            }
        }};
        const http_post post{{"127.0.0.1", std::to_string(acceptor.local_endpoint().port()), "/"}, "asked"};
        auto got = post_all(std::span{&post, 1}, std::chrono::milliseconds{5'000}).front();
        server.join();
        return got;
    };
    const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string body : {"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", "0\r\n\r\n"}) {
        const std::string said = body.size() > 5 ? "hello!" : "";
        for (std::size_t first = 0; first < body.size(); ++first) {
            for (std::size_t second = first + 1; second < std::min(first + 3, body.size()); ++second) {
                CAPTURE(first);
                CAPTURE(second);
                const auto got =
                    read(head + body.substr(0, first), {body.substr(first, second - first), body.substr(second)});
                CHECK(got.status == 200);
                CHECK(got.body == said);
            }
        }
        CHECK(read(head, {body.substr(0, body.size() - 1)}).status == 0);
        CHECK(read(head, {body.substr(0, 2)}).status == 0);
    }
    CHECK(read("HTTP/1.1 200 OK\r\n", {}).status == 0);
}

TEST_CASE("addresses of witnesses are read as they are written, and nothing else is one") {
    const auto whole = http_url::parse("http://witness.example:8080/a/b/").value();
    CHECK(whole.host == "witness.example");
    CHECK(whole.port == "8080");
    CHECK(whole.path == "/a/b");
    CHECK(http_url::parse("http://[::1]:7/").value().host == "::1");
    CHECK(http_url::parse("http://h").value().port == "80");
    CHECK(http_url::parse("http://h:00080/").value().port == "00080");
    CHECK(http_url::parse("http://[x]?y=/z").has_value() == false);
    CHECK(http_url::parse("http://h?y/z").value().host == "h?y");
    for (const auto* const none : {"",
                                   "h",
                                   "https://h",
                                   "http://",
                                   "http:///x",
                                   "http://h:",
                                   "http://h:x",
                                   "http://h:70000",
                                   "http://h:1 /x",
                                   "http://h/a b",
                                   "http://h/\r\nX: y",
                                   "http://[::1",
                                   "http://u@h/",
                                   "http://h/#f",
                                   "http://h:65536",
                                   "http://h:000080",
                                   "http://h:+80",
                                   "http://h:-1",
                                   "http://h:8:0",
                                   "http://:80",
                                   "http://[]:80",
                                   "http://[a/b]",
                                   "http://[::1]80",
                                   "http://h\xc3\xa9"})
        CHECK_FALSE(http_url::parse(none));
}
