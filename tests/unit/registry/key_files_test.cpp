// SPDX-License-Identifier: Apache-2.0
// Key files: where they lie unless somebody says, and that keys which are there are never replaced.
#include <doctest/doctest.h>

#include <filesystem>
#include <xacthuc/registry/key_files.hpp>

#include "unit/registry/outcome.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

TEST_CASE("keys lie beside the snapshot, and an authority's public key beside its secret one") {
    const auto all = key_files{}.beside("npd/snapshot.xts");
    CHECK(all.digest_key == "npd/digest.key");
    CHECK(all.authority_key == "npd/authority.key");
    CHECK(all.authority_public == "npd/authority.pub");
    CHECK(key_files{"", "safe/ministry.key", ""}.beside("snapshot.xts").authority_public == "safe/ministry.pub");
    CHECK(key_files{"my.key", "", ""}.beside("npd/snapshot.xts").digest_key == "my.key");
}

TEST_CASE("keys that are missing are made, keys that are there are used") {
    const scratch_directory folder;
    const auto files = key_files{}.beside(folder / "snapshot.xts");
    const auto made = load_or_make_keys(files);
    REQUIRE(ok(made));
    CHECK(made->made_digest_key);
    CHECK(made->made_authority);
    const auto loaded = load_or_make_keys(files);
    REQUIRE(ok(loaded));
    CHECK_FALSE(loaded->made_digest_key);
    CHECK_FALSE(loaded->made_authority);
    CHECK(loaded->digests.fingerprint() == made->digests.fingerprint());
    CHECK(loaded->authority.public_key() == made->authority.public_key());
    const auto trusted = authority_public_key::load(files.authority_public);
    REQUIRE(ok(trusted));
    CHECK(*trusted == made->authority.public_key());
}

TEST_CASE("a lost public key is written again, a lost secret one is not made anew") {
    const scratch_directory folder;
    const auto files = key_files{}.beside(folder / "snapshot.xts");
    REQUIRE(ok(load_or_make_keys(files)));
    std::filesystem::remove(files.authority_public);
    REQUIRE(ok(load_or_make_keys(files)));
    CHECK(std::filesystem::exists(files.authority_public));
    std::filesystem::remove(files.authority_key);
    const auto refused = load_or_make_keys(files);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::not_found);
    CHECK(refused.error().context.find("authority.pub") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(files.authority_key));
}
