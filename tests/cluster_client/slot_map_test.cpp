// SPDX-License-Identifier: Apache-2.0
#include "cluster_client/slot_map.hpp"

#include <doctest/doctest.h>

#include <string>

#include "cluster_client/server_errors.hpp"

using namespace xacthuc::cluster;

namespace {

const node_address asked{"10.0.0.9", 7009};

[[nodiscard]] std::optional<slot_map> map_of(const std::string& bytes) {
    reply_reader reader;
    reader.feed(bytes);
    const auto said = reader.next();
    REQUIRE(said);
    return slot_map::parse(*said, asked);
}

}  // namespace

TEST_CASE("a map says who owns each slot, replicas own none, and addresses that are left out are the asked one's") {
    const auto map = map_of(
        "*3\r\n"
        "*4\r\n:0\r\n:5460\r\n*3\r\n$8\r\n10.0.0.1\r\n:7001\r\n$1\r\na\r\n*3\r\n$8\r\n10.0.0.4\r\n:7004\r\n$1\r\nd\r\n"
        "*3\r\n:5461\r\n:5461\r\n*4\r\n$0\r\n\r\n:7002\r\n$1\r\nb\r\n*0\r\n"
        "*3\r\n:16383\r\n:16383\r\n*3\r\n$-1\r\n:7001\r\n$1\r\nc\r\n");
    REQUIRE(map);
    const auto at = [&](std::size_t slot) { return map->nodes[map->owner[slot]].text(); };
    CHECK(at(0) == "10.0.0.1:7001");
    CHECK(at(5460) == "10.0.0.1:7001");
    CHECK(at(5461) == "10.0.0.9:7002");
    CHECK(map->owner[5462] == slot_map::nobody);
    CHECK(at(16383) == "10.0.0.9:7001");
    CHECK(map->nodes.size() == 4);
}

TEST_CASE("what is no map is none") {
    const std::string node = "*3\r\n$1\r\nh\r\n:7001\r\n$1\r\na\r\n";
    for (const std::string& wrong :
         {std::string{"+OK\r\n"}, std::string{":1\r\n"}, std::string{"*1\r\n:1\r\n"}, std::string{"*1\r\n*0\r\n"},
          "*1\r\n*3\r\n:-1\r\n:5\r\n" + node, "*1\r\n*3\r\n:0\r\n:16384\r\n" + node, "*1\r\n*3\r\n:6\r\n:5\r\n" + node,
          "*1\r\n*3\r\n:0\r\n$1\r\n5\r\n" + node, std::string{"*1\r\n*3\r\n:0\r\n:5\r\n+h\r\n"},
          std::string{"*1\r\n*3\r\n:0\r\n:5\r\n*2\r\n$1\r\nh\r\n:65536\r\n"},
          std::string{"*1\r\n*3\r\n:0\r\n:5\r\n*2\r\n:1\r\n:7001\r\n"}})
        CHECK_MESSAGE(!map_of(wrong), wrong);
    CHECK(map_of("*0\r\n")->nodes.empty());
}

TEST_CASE("addresses, and where errors point to") {
    CHECK(node_address::parse("[::1]:7000")->host == "::1");
    CHECK(node_address::parse("[::1]:7000")->text() == "[::1]:7000");
    CHECK(node_address::parse("host:65535")->port == 65535);
    for (const auto* const wrong : {"", "host", "host:", "host:0", "host:65536", "host:7x", "host: 7", "host:-1"})
        CHECK_MESSAGE(!node_address::parse(wrong), wrong);
    CHECK(pointed_to("ASK 3999 127.0.0.1:6381", asked)->text() == "127.0.0.1:6381");
    CHECK(pointed_to("MOVED 3999 :6381", asked)->text() == "10.0.0.9:6381");
    CHECK_FALSE(pointed_to("MOVED", asked));
    CHECK_FALSE(pointed_to("MOVED 3999 nowhere", asked));
}

TEST_CASE("errors that pass are asked again, and others are not") {
    for (const auto* const passes :
         {"MOVED 1 h:1", "ASK 1 h:1", "TRYAGAIN x", "CLUSTERDOWN x", "LOADING x", "READONLY x"})
        CHECK_MESSAGE(!is_final(code_of_error(passes)), passes);
    for (const auto* const stays : {"NOAUTH x", "WRONGPASS x", "NOPERM x", "ERR unknown command 'XT.VERIFY'", "OOM x",
                                    "OTHERREGISTER x", "ERR anything", ""})
        CHECK_MESSAGE(is_final(code_of_error(stays)), stays);
}
