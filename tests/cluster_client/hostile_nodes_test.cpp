// SPDX-License-Identifier: Apache-2.0
// The client against something that listens, knows a little of the protocol, and answers what it likes: no verdict
// comes of it, and never a `not_found`.
#include <doctest/doctest.h>

#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/cluster_client/cluster_client.hpp>

#include "broken_contract.hpp"
#include "client/raw_servers.hpp"
#include "cluster_client/module_format.hpp"

using namespace xacthuc;
using namespace xacthuc::cluster;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t seed = 4711;
const std::string facts =
    "*6\r\n$15\r\npartitions_held\r\n:16384\r\n$14\r\nplacement_seed\r\n:4711\r\n$22\r\ndigest_key_fingerprint\r\n:"
    "99\r\n";
const std::string no_cluster = "-ERR This instance has cluster support disabled\r\n";

// A server that answers by the name of the command. Of XT.VERIFY it says what the test says.
class scripted_node {
  public:
    using say = std::function<std::string(std::string_view command)>;
    explicit scripted_node(say to_verify, std::string info = facts)
        : serving_{[to_verify = std::move(to_verify), info = std::move(info)](const tests::socket_of_test& one) {
              for (auto asked = one.some(); !asked.empty(); asked = one.some()) {
                  std::string said;
                  if (asked.find("CLUSTER") != std::string::npos) said = no_cluster;
                  if (asked.find("XT.INFO") != std::string::npos) said = info;
                  if (asked.find("XT.VERIFY") != std::string::npos) said = to_verify(asked);
                  if (said == "close") return;
                  if (!one.send(said)) return;
              }
          }} {}
    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(serving_.port()); }
    [[nodiscard]] int taken() const { return serving_.taken(); }

  private:
    tests::serving serving_;
};

[[nodiscard]] cluster_options quick() {
    cluster_options how;
    how.timeout = 250ms;
    how.silence_max = 100ms;
    return how;
}

[[nodiscard]] std::vector<request> some_requests() {
    std::vector<request> all(8);
    for (std::size_t i = 0; i < all.size(); ++i) all[i].words[0] = 1'199'000'001 + i;
    return all;
}

[[nodiscard]] std::string bulk(std::string_view bytes) {
    return "$" + std::to_string(bytes.size()) + "\r\n" + std::string{bytes} + "\r\n";
}

[[nodiscard]] std::string answers(const std::vector<verdict>& verdicts, const std::vector<partition_freshness>& fresh) {
    return "*2\r\n" + bulk({reinterpret_cast<const char*>(verdicts.data()), verdicts.size() * sizeof(verdict)}) +
           bulk({reinterpret_cast<const char*>(fresh.data()), fresh.size() * sizeof(partition_freshness)});
}

[[nodiscard]] std::vector<partition_freshness> right_partitions() {
    std::vector<partition_freshness> fresh;
    for (const auto& one : some_requests()) fresh.push_back({partition_of(placement_hash(one.id(), seed)), 5, 6});
    return fresh;
}

const std::vector<verdict> all_not_found(8, verdict{outcome::not_found, 0, 0, 0});

// What comes of a call: nothing, and it does not take longer than it may.
void check_nothing_comes(const scripted_node& node, const std::string& why) {
    auto opened = cluster_client::open(node.address(), quick());
    REQUIRE_MESSAGE(opened.has_value(), opened.error().message());
    std::vector<verdict> verdicts(8);
    const auto began = std::chrono::steady_clock::now();
    const auto report = opened->verify(some_requests(), verdicts);
    CHECK(std::chrono::steady_clock::now() - began < 2s);
    REQUIRE_MESSAGE(report.has_value(), why);
    CHECK_MESSAGE(report->unanswered == 8, why);
    REQUIRE_MESSAGE(report->failures.size() == 1, why);
    CHECK(report->failures[0].node == node.address());
    for (const auto& one : verdicts) CHECK_MESSAGE(one.outcome() == outcome::elsewhere, why);
}

}  // namespace

TEST_CASE("the script answers: then its answers are taken") {
    const scripted_node node{[](auto) { return answers(all_not_found, right_partitions()); }};
    auto opened = cluster_client::open(node.address(), quick());
    REQUIRE(opened.has_value());
    CHECK(opened->identity() == register_identity{seed, 99});
    std::vector<verdict> verdicts(8);
    const auto report = opened->verify(some_requests(), verdicts);
    REQUIRE(report.has_value());
    CHECK(report->unanswered == 0);
    CHECK(report->rounds == 1);
    CHECK(report->oldest.sequence == 5);
    CHECK(verdicts == all_not_found);
    // The connection is kept.
    CHECK(opened->verify(some_requests(), verdicts)->unanswered == 0);
    CHECK(node.taken() == 1);
    CHECK(opened->verify({}, {})->unanswered == 0);
}

TEST_CASE("what does not fit is asked of no node") {
    const scripted_node node{[](auto) { return answers(all_not_found, right_partitions()); }};
    auto opened = cluster_client::open(node.address(), quick());
    REQUIRE(opened.has_value());
    std::vector<verdict> verdicts(9, verdict{outcome::malformed, 1, 2, 4});
    const auto before = verdicts;
    CHECK_REFUSED("cluster_client::verify: 7 verdicts for 8 requests",
                  opened->verify(some_requests(), std::span{verdicts}.first(7)).has_value());
    CHECK_REFUSED("cluster_client::verify: 9 verdicts for 8 requests",
                  opened->verify(some_requests(), verdicts).has_value());
    CHECK(verdicts == before);
    const std::array<cluster::partition_copy, 1> beyond{{{partition_count, {}}}};
    CHECK_REFUSED("cluster_client::load: partition 16384 is not in [0, 16384)", opened->load(beyond).has_value());
    CHECK(opened->verify(some_requests(), std::span{verdicts}.first(8))->unanswered == 0);
}

TEST_CASE("a node is asked by its name too") {
    const scripted_node node{[](auto) { return answers(all_not_found, right_partitions()); }};
    auto opened = cluster_client::open("localhost" + node.address().substr(node.address().find(':')), {});
    REQUIRE_MESSAGE(opened.has_value(), opened.error().message());
    std::vector<verdict> verdicts(8);
    CHECK(opened->verify(some_requests(), verdicts)->unanswered == 0);
    CHECK(verdicts == all_not_found);
}

TEST_CASE("nothing comes of what is no answer") {
    auto others = right_partitions();
    others.back().partition = (others.back().partition + 1) % 16'384;
    auto far = right_partitions();
    far.push_back({16'384, 1, 1});
    const std::string right = answers(all_not_found, right_partitions());
    const std::pair<const char*, std::string> all[] = {
        {"garbage", "HTTP/1.1 400 Bad Request\r\n\r\n"},
        {"closed", "close"},
        {"silent", ""},
        {"half", right.substr(0, right.size() / 2)},
        {"another kind", "+OK\r\n"},
        {"too few verdicts", answers(std::vector<verdict>(7, all_not_found[0]), right_partitions())},
        {"too many verdicts", answers(std::vector<verdict>(9, all_not_found[0]), right_partitions())},
        {"no partitions", answers(all_not_found, {})},
        {"other partitions", answers(all_not_found, others)},
        {"partitions there are not", answers(all_not_found, far)},
        {"partitions cut", "*2\r\n" + bulk(std::string(64, '\0')) + bulk("short")},
        {"integers", "*2\r\n:1\r\n:2\r\n"},
        {"a passing error", "-CLUSTERDOWN The cluster is down\r\n"},
        {"an error", "-ERR nothing of the sort\r\n"},
        {"huge", "*2\r\n$2000000000\r\n"},
        {"wide", "*2000000000\r\n"},
    };
    for (const auto& [why, said] : all) check_nothing_comes(scripted_node{[text = said](auto) { return text; }}, why);
}

TEST_CASE("answers before the question, and more than were asked for, are no answers to the next") {
    const auto right = answers(all_not_found, right_partitions());
    const std::vector<verdict> all_verified(8, verdict{outcome::verified, 1, 0, 0});
    const auto next = answers(all_verified, right_partitions());
    for (const auto& more : {right, right.substr(0, 3), right.substr(0, right.size() - 5)}) {
        int asked = 0;
        const scripted_node node{[&](auto) { return ++asked == 1 ? right + more : next; }};
        auto opened = cluster_client::open(node.address(), quick());
        REQUIRE(opened.has_value());
        std::vector<verdict> verdicts(8);
        CHECK(opened->verify(some_requests(), verdicts)->unanswered == 0);
        CHECK(verdicts == all_not_found);
        CHECK(opened->verify(some_requests(), verdicts)->unanswered == 0);
        CHECK(verdicts == all_verified);
        CHECK(node.taken() == 2);
    }
}

TEST_CASE("a node of another register is an error of the call, and nothing comes of it") {
    const scripted_node node{[](auto) { return std::string{"-OTHERREGISTER the register here has another seed\r\n"}; }};
    auto opened = cluster_client::open(node.address(), quick());
    REQUIRE(opened.has_value());
    std::vector<verdict> verdicts(8);
    const auto report = opened->verify(some_requests(), verdicts);
    REQUIRE_FALSE(report.has_value());
    CHECK(report.error().code == errc::foreign_partition);
    for (const auto& one : verdicts) CHECK(one.outcome() == outcome::elsewhere);
}

TEST_CASE("opening says what is wrong") {
    const auto code_of = [](std::string_view nodes, const cluster_options& how) {
        const auto opened = cluster_client::open(nodes, how);
        REQUIRE_FALSE(opened.has_value());
        return opened.error().code;
    };
    using namespace boost::system::errc;
    for (const auto* const wrong : {"", "host", ":7000", "127.0.0.1:7000,", "127.0.0.1:x"})
        CHECK(code_of(wrong, quick()) == invalid_argument);
    auto none = quick();
    none.questions_a_command = 0;
    CHECK(code_of("127.0.0.1:7000", none) == invalid_argument);
    const auto nothing = [](auto) { return std::string{}; };
    const auto gone = scripted_node{nothing}.address();
    CHECK(code_of(gone, quick()) == connection_refused);
    const scripted_node without{nothing, "-ERR unknown command 'XT.INFO', with args beginning with: \r\n"};
    CHECK(code_of(without.address(), quick()) == function_not_supported);
    const scripted_node closed{nothing, "-NOAUTH Authentication required.\r\n"};
    CHECK(code_of(closed.address(), quick()) == permission_denied);
    const scripted_node silent{nothing, ""};
    CHECK(code_of(silent.address(), quick()) == timed_out);
}
