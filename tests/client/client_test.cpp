// SPDX-License-Identifier: Apache-2.0
// The client asks the real service, over TCP, Unix sockets and TLS: each operation answers what the library would, and
// what is wrong has the service's number.
#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <thread>
#include <vector>
#include <xacthuc/client/client.hpp>
#include <xacthuc/engine/engine.hpp>

#include "client/client_at_work.hpp"
#include "client/service_url.hpp"
#include "population/planting.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;
using client::no_answer_kind;

TEST_CASE("a question is answered over TCP, Unix sockets and TLS") {
    const tls_at_work of;
    const auto her = ordinary(*of.at);
    std::vector<client::blocking_client> all;
    all.push_back(opened(url_of(*of.at)));
    all.push_back(opened(socket_of(*of.at)));
    all.push_back(opened(of.url(), of.as("health")));
    all.push_back(opened(of.url("localhost"), of.as("health")));
    for (auto& each : all) {
        auto asked = her.asked();
        for (int k = 0; k < 3; ++k) {
            const auto got =
                each.verify(asked, {.officer = 5, .max_age = std::chrono::minutes{1}, .correlator = "c-1"});
            REQUIRE_MESSAGE(got.has_value(), got.error().message());
            CHECK(*got);
            CHECK(got->said.name_grade() == name_grade::exact);
            CHECK(client::says(got->said, claim::birth_date) == true);
            CHECK(client::says(got->said, claim::sex) == std::nullopt);
            CHECK(got->sequence >= 1);
            CHECK(got->receipt.empty());
        }
        asked.sex = her.who.sex == sex::male ? sex::female : sex::male;
        const auto wrong = each.verify(asked);
        REQUIRE(wrong.has_value());
        CHECK(!*wrong);
        CHECK(client::says(wrong->said, claim::sex) == false);
        const auto state = each.register_state();
        REQUIRE(state.has_value());
        CHECK(state->citizens == 300);
        CHECK(state->digest_key == test_key().fingerprint());
    }
}

TEST_CASE("what is wrong is named: here before it is sent, and by the service") {
    const service_at_work at{50};
    const auto her = ordinary(at);
    auto by = opened(url_of(at));
    auto nothing = claim_set{.id = her.who.id};
    CHECK(by.verify(nothing).error().code == static_cast<int>(errc::claims_missing));
    auto empty = her.asked();
    empty.name = "";
    const auto unnamed = by.verify(empty);
    REQUIRE(!unnamed.has_value());
    CHECK(unnamed.error().kind == no_answer_kind::argument);
    CHECK(unnamed.error().member == "name");
    auto unknown = her.asked();
    unknown.sex = sex::unknown;
    CHECK(by.verify(unknown).error().kind == no_answer_kind::argument);
    CHECK(by.verify(unknown).error().code == static_cast<int>(errc::code_range));
    CHECK(by.verify(her.asked(), {.correlator = "a\r\nb: c"}).error().kind == no_answer_kind::argument);
    CHECK(by.receipt("1-2/../x").error().kind == no_answer_kind::argument);

    const auto none = by.receipt("1-2");
    REQUIRE(!none.has_value());
    CHECK(none.error().kind == no_answer_kind::problem);
    CHECK(none.error().code == 1600);
    CHECK(none.error().status == 404);
    CHECK(!none.error().title.empty());
    const auto refused = by.verify(her.asked(), {.proof = holder_proof{}});
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == 1615);
    CHECK_THROWS_AS((void)refused.value(), boost::system::system_error);
    client::question_lines lines;
    lines.add(her.asked());
    CHECK(!lines.has_proofs());
    lines.add(her.asked(), holder_proof{});
    CHECK(lines.has_proofs());
    const auto rows = by.verify_rows(lines);
    REQUIRE(rows.has_value());
    CHECK((*rows)[0].has_value());
    REQUIRE(!(*rows)[1].has_value());
    CHECK((*rows)[1].error().code == 1615);
    CHECK((*rows)[1].error().member == "holder_proof");

    for (const auto* const url :
         {"", "ftp://x", "http://", "http://a b", "http://x:0", "http://x:99999", "http://[::1", "http://x/path",
          "unix:", "http://x:80:80", "https://u@x", "http://x:8080", "http://10.0.0.1", "http://localhost.example"})
        CHECK_MESSAGE(!client::blocking_client::open(url).has_value(), url);
    for (const auto* const url : {"http://[::1]:80", "https://x.example", "http://localhost:8080/"})
        CHECK_MESSAGE(client::blocking_client::open(url).has_value(), url);
}

TEST_CASE("addresses of services are read as they are written, and nothing else is one") {
    struct read_as {
        std::string_view text;
        bool with_tls;
        std::string_view host, port, path, authority;
    };
    for (const auto& each : {read_as{"https://x.example", true, "x.example", "443", "", "x.example"},
                             read_as{"http://a-b_c.1:8080/", false, "a-b_c.1", "8080", "", "a-b_c.1:8080"},
                             read_as{"https://[2001:db8::1]", true, "2001:db8::1", "443", "", "[2001:db8::1]"},
                             read_as{"http://[::1]:000080", false, "::1", "000080", "", "[::1]:000080"},
                             read_as{"unix:/run/x.sock", false, "", "", "/run/x.sock", "localhost"}}) {
        CAPTURE(each.text);
        const auto read = client::service_url::parse(each.text);
        REQUIRE(read.has_value());
        CHECK(read->with_tls == each.with_tls);
        CHECK(read->host == each.host);
        CHECK(read->port == each.port);
        CHECK(read->path == each.path);
        CHECK(read->authority == each.authority);
    }
    for (const auto* const none :
         {"http://x//", "http://x/y", "http://:80", "http://[]", "http://[x]", "http://[::1]80", "http://[::1]/y",
          "http://x:", "http://x:0", "http://x:00000", "http://x:65536", "http://x:+80", "http://x:-1", "http://x?y",
          "HTTP://x", "http://x\xc3\xa9"})
        CHECK_MESSAGE(!client::service_url::parse(none).has_value(), none);
}

TEST_CASE("rows and prepared requests are answered as the library does, each fault in its place") {
    service_at_work at{300};
    auto by = opened(socket_of(at));
    std::vector<somebody> people;
    people.reserve(300);
    for (std::uint64_t k = 0; k < 300; ++k) people.emplace_back(at, k);
    std::vector<claim_set> questions;
    std::vector<request> requests;
    for (std::size_t k = 0; k < 2600; ++k) {
        auto asked = people[k % 300].asked();
        asked.name = people[(k + k % 3) % 300].who.name;
        asked.name_exact = k % 7 == 0;
        asked.sex = k % 2 == 0 ? sex::male : sex::female;
        asked.ward = people[k % 300].who.residence.ward == 0 ? 1 : people[k % 300].who.residence.ward;
        requests.push_back(prepare(asked, test_key()).value());
        questions.push_back(asked);
    }
    std::vector<verdict> wanted(requests.size());
    engine{at.on.nation.index()}.verify(requests, wanted);

    const auto prepared = by.verify_prepared(requests, test_key().fingerprint());
    REQUIRE_MESSAGE(prepared.has_value(), prepared.error().message());
    CHECK(prepared->said == wanted);
    CHECK(prepared->sequence >= 1);
    CHECK(by.verify_prepared(requests, 7).error().code == 1207);

    for (std::size_t k = 0; k < questions.size(); k += 10) questions[k].name = "\x01";
    std::size_t taken = 0;
    std::size_t answers = 0;
    std::size_t ahead_max = 0;
    const auto given = by.verify_many(
        [&](claim_set& next) {
            if (taken == questions.size()) return false;
            next = questions[taken++];
            ahead_max = std::max(ahead_max, taken - answers);
            return true;
        },
        [&](const client::answered<verdict>& got) {
            const auto k = answers++;
            if (k % 10 == 0) {
                CHECK(got.error().code == static_cast<int>(errc::name_control_character));
            } else {
                CHECK(got.value() == wanted[k]);
            }
            return true;
        });
    REQUIRE(given.has_value());
    CHECK(*given == questions.size());
    CHECK(ahead_max <= 500);
    CHECK(by.verify_many([](claim_set&) { return false; }, [](const auto&) { return true; }).value() == 0);
}

TEST_CASE("who shows no good certificate, or meets a stranger, is told so") {
    const tls_at_work of;
    const auto her = ordinary(*of.at);
    CHECK(opened(of.url(), of.as("")).verify(her.asked()).error().code == 1400);
    CHECK(opened(of.url(), of.as("expired")).verify(her.asked()).error().code == 1401);
    auto other = of.as("health");
    other.authorities = of.place / "agencies.pem";
    const auto strange = opened(of.url(), other).verify(her.asked());
    REQUIRE(!strange.has_value());
    CHECK(strange.error().kind == no_answer_kind::not_sent);
    other.authorities = of.place / "none.pem";
    CHECK(client::blocking_client::open(of.url(), other).error().code == errc::io);
}

TEST_CASE("many calls at once, of several threads, share few connections") {
    const service_at_work at{100};
    const auto her = ordinary(at);
    boost::asio::thread_pool pool{2};
    client::client_options how;
    how.connections_max = 3;
    auto by = client::client::open(pool.get_executor(), url_of(at), how).value();
    std::atomic<int> right = 0;
    std::vector<std::thread> askers;
    for (int k = 0; k < 3; ++k)
        askers.emplace_back([&] {
            for (int n = 0; n < 100; ++n)
                by.async_verify(her.asked(), {}, [&](const client::answered<client::answer>& got) {
                    if (got.has_value() && *got) ++right;
                });
        });
    for (auto& each : askers) each.join();
    CHECK(by.async_register_state(boost::asio::use_future).get().value().citizens == 100);
    pool.join();
    CHECK(right == 300);
    CHECK(at.metric("xacthuc_connections_total") <= 4);
}

TEST_CASE("a call ends at its deadline and when it is told to, and a connection broken so is not used again") {
    // A listener that answers nobody.
    boost::asio::io_context loop;
    boost::asio::ip::tcp::acceptor silent{loop, {boost::asio::ip::address_v4::loopback(), 0}};
    const auto url = "http://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    auto by = client::client::open(loop.get_executor(), url).value();
    const claim_set asked{.id = personal_id::from_trusted(1), .sex = sex::male};
    std::optional<client::answered<client::answer>> late;
    by.async_verify(asked, {.timeout = std::chrono::milliseconds{50}}, [&](auto got) { late = got; });
    std::optional<client::answered<client::answer>> stopped;
    boost::asio::cancellation_signal signal;
    by.async_verify(asked, {}, boost::asio::bind_cancellation_slot(signal.slot(), [&](auto got) { stopped = got; }));
    while (!late) loop.run_one();
    CHECK(late->error().kind == no_answer_kind::unanswered);
    CHECK(late->error().cause == boost::asio::error::timed_out);
    CHECK(!stopped);
    signal.emit(boost::asio::cancellation_type::terminal);
    while (!stopped) loop.run_one();
    CHECK(stopped->error().kind == no_answer_kind::unanswered);
    CHECK(stopped->error().cause == boost::asio::error::operation_aborted);
    CHECK(loop.poll() == 0);
}

// clang 14 makes no object of a coroutine under its sanitizer of calls.
#if defined(BOOST_ASIO_HAS_CO_AWAIT) && !defined(__clang__)
TEST_CASE("a coroutine waits for answers") {
    const service_at_work at{100};
    const auto her = ordinary(at);
    boost::asio::io_context loop;
    auto by = client::client::open(loop.get_executor(), url_of(at)).value();
    bool is_right = false;
    boost::asio::co_spawn(
        loop,
        [&]() -> boost::asio::awaitable<void> {
            const auto got = co_await by.async_verify(her.asked(), client::asking{}, boost::asio::use_awaitable);
            is_right = got.has_value() && static_cast<bool>(*got);
        },
        [](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
        });
    loop.run();
    CHECK(is_right);
}
#endif
