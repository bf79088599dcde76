// SPDX-License-Identifier: Apache-2.0
// A place in a server's log is read back as it was kept, and is short enough for a register.
#include "sources/postgres/log_place.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <span>
#include <string>
#include <xacthuc/registry/registry.hpp>

using namespace xacthuc;
using postgres::log_place;

TEST_CASE("positions are written as PostgreSQL writes them") {
    CHECK(postgres::position_text(0x16'B374D848) == "16/B374D848");
    CHECK(postgres::position_text(0x1'00000000) == "1/0");
    CHECK(postgres::parse_position("16/B374D848") == 0x16'B374D848);
    CHECK(postgres::parse_position("ffffffff/FFFFFFFF") == std::numeric_limits<std::uint64_t>::max());
    for (const auto* const wrong : {"", "/", "1", "1/", "/1", "1/g", "1/100000000", "1/1/1", " 1/1"})
        CHECK_FALSE(postgres::parse_position(wrong).has_value());
}

TEST_CASE("a place is read back, and nothing else is one") {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    const log_place widest{most, 0xffffffff, 0xffffffff, most, std::string(63, 's')};
    const auto bytes = widest.bytes();
    CHECK(bytes.size() <= source_position_bytes_max);
    CHECK(log_place::parse(bytes) == widest);
    for (std::size_t size = 0; size < bytes.size() - 8; ++size)
        CHECK_FALSE(log_place::parse(std::span{bytes}.first(size)).has_value());
    for (const std::string wrong : {"", "postgresql 2 1 1 1 s 1/1", "mysql 1 1 1 1 s 1/1", "postgresql 1 -1 1 1 s 1/1",
                                    "postgresql 1 1 1 1 s", "postgresql 1 1 1 1  1/1", "postgresql 1 1 1 1 s 1/1 x"})
        CHECK_FALSE(log_place::parse(std::as_bytes(std::span{wrong})).has_value());
}
