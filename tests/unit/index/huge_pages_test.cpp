// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <utility>
#include <xacthuc/index/huge_pages.hpp>

using namespace xacthuc;

TEST_CASE("memory is zeroed, aligned, movable and rounded up to whole pages") {
    auto region = huge_pages::allocate(3 * huge_pages::page_bytes - 100);
    REQUIRE(region.has_value());
    CHECK(region->size() == 3 * huge_pages::page_bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(region->data()) % huge_pages::page_bytes == 0);
    CHECK(region->data()[region->size() - 1] == std::byte{0});
    region->data()[5] = std::byte{5};
    const huge_pages moved = std::move(*region);
    CHECK(moved.data()[5] == std::byte{5});
}

TEST_CASE("discarded pages read as zeros, their neighbours stay") {
    auto region = huge_pages::allocate(4 * huge_pages::page_bytes);
    REQUIRE(region.has_value());
    for (std::size_t page = 0; page < 4; ++page) region->data()[page * huge_pages::page_bytes] = std::byte{1};
    region->discard(1, 3 * huge_pages::page_bytes);
    CHECK(region->data()[0] == std::byte{1});
    CHECK(region->data()[huge_pages::page_bytes] == std::byte{0});
    CHECK(region->data()[2 * huge_pages::page_bytes] == std::byte{0});
    CHECK(region->data()[3 * huge_pages::page_bytes] == std::byte{1});
}

TEST_CASE("more memory than there is is refused before it is touched") {
    const auto refused = huge_pages::allocate(std::size_t{1} << 46);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::out_of_memory);
    CHECK(refused.error().message().find("available") != std::string::npos);
}
