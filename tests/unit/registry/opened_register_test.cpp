// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <xacthuc/registry/opened_register.hpp>

#include "unit/registry/outcome.hpp"
#include "unit/registry/small_registry.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// The same register as a snapshot and as a directory, the directory some changes further on.
struct two_places {
    two_places() {
        REQUIRE(succeeded(at.create()));
        REQUIRE(succeeded(save_snapshot(*at.first, snapshot, at.authority)));
        auto writer = at.open();
        REQUIRE(succeeded(writer));
        REQUIRE(succeeded(writer->apply(at.next_changes(5))));
        REQUIRE(succeeded(at.digests.save(key_file)));
    }
    [[nodiscard]] detailed_result<opened_register> open(const std::filesystem::path& path,
                                                        std::uint64_t at_least = 0) const {
        open_registry_options how;
        how.how = open_registry_options::access::read;
        how.digest_key_file = key_file;
        how.at_least_sequence = at_least;
        return opened_register::open(path, at.authority.public_key(), how);
    }

    small_registry at;
    std::filesystem::path snapshot = at.place / "alone.xts";
    std::filesystem::path key_file = at.place / "names.key";
};

}  // namespace

TEST_CASE("a path is opened as what is there, with the same options") {
    const two_places there;
    const auto file = there.open(there.snapshot);
    REQUIRE(succeeded(file));
    CHECK(file->on_disk() == nullptr);
    CHECK(file->index().as_of().sequence == 7);
    CHECK(file->digests()->fingerprint() == there.at.digests.fingerprint());
    const auto folder = there.open(there.at.directory);
    REQUIRE(succeeded(folder));
    REQUIRE(folder->on_disk() != nullptr);
    CHECK(&folder->index() == &folder->on_disk()->index());
    CHECK(folder->index().as_of().sequence == 12);
    CHECK(folder->digests()->fingerprint() == there.at.digests.fingerprint());
    CHECK(read_register(folder->index(), small_registry::number_end) == there.at.expected);
}

TEST_CASE("either is refused when it is older than the register is known to be") {
    const two_places there;
    CHECK(succeeded(there.open(there.snapshot, 7)));
    CHECK(code_of(there.open(there.snapshot, 8)) == errc::sequence_gap);
    CHECK(succeeded(there.open(there.at.directory, 12)));
    CHECK(code_of(there.open(there.at.directory, 13)) == errc::sequence_gap);
}

TEST_CASE("a snapshot needs no key, but refuses another's") {
    const two_places there;
    const auto trusted = there.at.authority.public_key();
    auto without = opened_register::open_snapshot(there.snapshot, trusted, {});
    REQUIRE(succeeded(without));
    CHECK(!without->digests());
    CHECK(std::move(*without).take_index().citizens() == small_registry::first_count);
    open_registry_options how;
    how.digests = digest_key::generate();
    CHECK(code_of(opened_register::open_snapshot(there.snapshot, trusted, how)) == errc::foreign_digest_key);
    how.digests.reset();
    how.digest_key_file = there.at.place / "nowhere.key";
    CHECK(code_of(opened_register::open_snapshot(there.snapshot, trusted, how)) == errc::not_found);
}

TEST_CASE("a snapshot can be mapped, a directory cannot") {
    const two_places there;
    const auto trusted = there.at.authority.public_key();
    open_registry_options how;
    how.how = open_registry_options::access::read;
    const auto mapped =
        opened_register::open(there.snapshot, trusted, how, {.map = true, .check = snapshot_check::damage});
    REQUIRE(succeeded(mapped));
    CHECK(mapped->index().facts().read_only);
    CHECK(code_of(opened_register::open(there.at.directory, trusted, how, {.map = true})) == errc::not_a_snapshot);
}
