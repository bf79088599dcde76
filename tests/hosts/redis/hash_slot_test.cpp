// SPDX-License-Identifier: Apache-2.0
// Slots and their tags, by themselves; that servers agree is for the tests with servers.
#include "cluster_client/hash_slot.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace xacthuc::cluster;

TEST_CASE("the slot of a tag is what the specification's check value says") {
    CHECK(slot_of_tag("123456789") == 0x31c3 % slot_count);
    CHECK(slot_of_tag("") == 0);
}

TEST_CASE("each slot has a tag of its own, and only that tag's key is a partition's") {
    const auto& tags = all_slot_tags();
    std::set<std::string> seen;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        const std::string tag{tags.tag_of(slot)};
        CHECK(slot_of_tag(tag) == slot);
        CHECK(seen.insert(tag).second);
        CHECK(tags.key_of(slot) == "xt:{" + tag + "}");
        CHECK(tags.slot_of_key(tags.key_of(slot)) == slot);
        // No other text of the same length or shorter was there before it in the order.
        CHECK(tag.size() <= 4);
    }
    // Of one letter each is the first of its slot.
    for (const char letter : std::string{"09az"}) CHECK(seen.contains(std::string{letter}));
    for (const auto* const key : {"", "xt:", "xt:{}", "xt:{", "xt:}", "XT:{0}", "xt:{0} ", " xt:{0}", "xt:{00000}",
                                  "xt:{A}", "xt:{0}{1}", "xt:{{0}}", "xt:0"})
        CHECK_MESSAGE(!tags.slot_of_key(key), key);
    const std::string with_zero{"xt:{0\0}", 7};
    CHECK_FALSE(tags.slot_of_key(with_zero));
}
