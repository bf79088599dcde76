// SPDX-License-Identifier: Apache-2.0
// A log on disk: where its files stand and what is in them, proofs from them for every pair of sizes, and how it opens.
#include "ledger/tile_log.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include "bytes_of.hpp"
#include "unit/ledger/log_signer.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

[[nodiscard]] tile_log opened(const std::filesystem::path& at, const log_signer& signer) {
    return tile_log::open(system_file_calls(), at, signer.identity()).value();
}

[[nodiscard]] std::string contents(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    REQUIRE(in.good());
    return {std::istreambuf_iterator<char>{in}, {}};
}

[[nodiscard]] std::vector<tree_hash> made_leaves(std::uint64_t count) {
    std::vector<tree_hash> leaves;
    for (std::uint64_t i = 0; i < count; ++i) leaves.push_back(tree_leaf(made_entry(i)));
    return leaves;
}

[[nodiscard]] boost::system::error_code code_of(const detailed_result<tile_log>& tried) {
    return tried ? boost::system::error_code{} : tried.error().code;
}

}  // namespace

TEST_CASE("paths are those of the specification") {
    CHECK(tile_path(0, 1'234'067) == "tile/0/x001/x234/067");
    CHECK(tile_path(3, 0) == "tile/3/000");
    CHECK(tile_path(1, 999, 17) == "tile/1/999.p/17");
    CHECK(bundle_path(1000) == "tile/entries/x001/000");
    CHECK(bundle_path(273, 112) == "tile/entries/273.p/112");
}

TEST_CASE("a tree of 70,000 entries has the tiles that the specification lists, and the narrower ones are gone") {
    const scratch_directory scratch;
    const log_signer signer;
    auto log = opened(scratch.path() / "log", signer);
    for (const auto count : std::initializer_list<std::size_t>{1, 255, 44, 700, 69'000}) {
        const auto first = log.size();
        CHECK(append_made(log, count) == first);
        REQUIRE(log.integrate().has_value());
    }
    REQUIRE(log.head().size == 70'000);
    const auto leaves = made_leaves(70'000);
    CHECK(log.head().root == tree_root(leaves));
    const auto at = scratch.path() / "log";
    CHECK(contents(at / "tile/0/272").size() == 8192);
    CHECK(contents(at / "tile/0/273.p/112").size() == 112 * 32);
    CHECK(contents(at / "tile/1/000").size() == 8192);
    CHECK(contents(at / "tile/1/001.p/17").size() == 17 * 32);
    CHECK(contents(at / "tile/2/000.p/1").size() == 32);
    CHECK(std::memcmp(contents(at / "tile/0/100").data(), leaves.data() + 25'600, 8192) == 0);
    const auto first_entry = made_entry(0);
    CHECK(contents(at / "tile/entries/000")
              .starts_with(std::string{'\0', static_cast<char>(first_entry.size())} +
                           std::string{reinterpret_cast<const char*>(first_entry.data()), first_entry.size()}));
    for (const auto* const gone : {"tile/0/000.p", "tile/entries/000.p", "tile/0/003.p", "tile/1/000.p"})
        CHECK_FALSE(std::filesystem::exists(at / gone));
    CHECK(open_checkpoint(contents(at / "checkpoint"), signer.origin(), signer.verifier()).value() == log.head());
    std::mt19937_64 random{1};
    for (int i = 0; i < 200; ++i) {
        const auto size = random() % 70'000 + 1;
        const auto index = random() % size;
        CHECK(log.root_of(size).value() == tree_root({leaves.data(), size}));
        CHECK(included_root(leaves[index], index, size, log.prove_inclusion(index, size).value()) ==
              tree_root({leaves.data(), size}));
        CHECK(log.read_entry(index).value() == made_entry(index));
    }
}

TEST_CASE("proofs from tiles are those from leaves for every pair of sizes around the first full tiles") {
    const scratch_directory scratch;
    const log_signer signer;
    auto log = opened(scratch.path() / "log", signer);
    const auto leaves = made_leaves(600);
    while (log.size() < 600) {
        append_made(log, log.size() % 5 + 1);
        REQUIRE(log.integrate().has_value());
    }
    for (std::size_t to = 1; to <= 600; to += to < 240 || to > 530 ? 13 : 1) {
        const std::span tree{leaves.data(), to};
        for (std::size_t from = 1; from <= to; from += 17) {
            REQUIRE(log.prove_consistency(from, to).value() == prove_consistency(tree, from));
            REQUIRE(log.prove_inclusion(from - 1, to).value() == prove_inclusion(tree, from - 1));
        }
    }
}

TEST_CASE("a log goes on where it was, and what was not integrated was never in it") {
    const scratch_directory scratch;
    const log_signer signer;
    std::mt19937 random{2};
    std::uint64_t size = 0;
    for (int round = 0; round < 40; ++round) {
        auto log = opened(scratch.path() / "log", signer);
        REQUIRE(log.size() == size);
        REQUIRE(log.head().root == tree_root(made_leaves(size)));
        append_made(log, random() % 100);
        REQUIRE(log.integrate().has_value());
        size = log.size();
        append_made(log, random() % 400, 1);
        CHECK(log.head().size == size);
    }
    CHECK(size > 1500);
}

TEST_CASE("a log is opened once, by its own key and under its own name") {
    const scratch_directory scratch;
    const log_signer signer;
    const auto at = scratch.path() / "log";
    {
        auto log = opened(at, signer);
        append_made(log, 3);
        REQUIRE(log.integrate().has_value());
        CHECK(code_of(tile_log::open(system_file_calls(), at, signer.identity())) == errc::log_locked);
    }
    CHECK(code_of(tile_log::open(system_file_calls(), at, log_signer{2}.identity())) == errc::bad_signature);
    CHECK(code_of(tile_log::open(system_file_calls(), at, log_signer{1, "example.com/x"}.identity())) ==
          errc::damaged_log);
    CHECK(code_of(tile_log::open(system_file_calls(), scratch.path() / "none" / "log", signer.identity())) ==
          errc::not_found);
    CHECK(opened(at, signer).size() == 3);
    std::filesystem::remove(at / "intended");
    CHECK(code_of(tile_log::open(system_file_calls(), at, signer.identity())) == errc::damaged_log);
}

TEST_CASE("a signer whose signature is not the key's stops the log before anything is published") {
    const scratch_directory scratch;
    const log_signer signer;
    auto identity = signer.identity();
    const auto right = identity.signer;
    auto is_wrong = std::make_shared<bool>(false);
    identity.signer = [=](std::span<const std::byte> message) {
        auto made = right(message);
        if (*is_wrong) made.bytes[0] ^= std::byte{1};
        return made;
    };
    const auto at = scratch.path() / "log";
    {
        auto log = tile_log::open(system_file_calls(), at, identity).value();
        append_made(log, 3);
        *is_wrong = true;
        CHECK(log.integrate().error().code == errc::bad_signature);
        CHECK(log.is_stopped());
        CHECK(log.integrate().error().code == errc::log_stopped);
        CHECK(log.append(made_entry(3)).error().code == errc::log_stopped);
        CHECK(open_checkpoint(contents(at / "checkpoint"), signer.origin(), signer.verifier()).value().size == 0);
        CHECK(log.prove_inclusion(1, 3).has_value());
    }
    *is_wrong = false;
    // What was intended is what it goes on with.
    CHECK(tile_log::open(system_file_calls(), at, identity).value().head().size == 3);
}

TEST_CASE("cosignatures stand in the checkpoint until the next one") {
    const scratch_directory scratch;
    const log_signer signer;
    const auto at = scratch.path() / "log";
    auto log = opened(at, signer);
    append_made(log, 3);
    REQUIRE(log.integrate().has_value());
    const std::vector<note_signature> others{{"witness.example/a", 7, bytes_of_hex("010203")},
                                             {"witness.example/b", 8, bytes_of_hex("04")}};
    REQUIRE(log.cosign(others).has_value());
    REQUIRE(log.cosign({others.data(), 1}).has_value());
    CHECK(parse_note(contents(at / "checkpoint")).value().signatures.size() == 3);
    CHECK(log.published() == contents(at / "checkpoint"));
    append_made(log, 1);
    REQUIRE(log.integrate().has_value());
    CHECK(parse_note(contents(at / "checkpoint")).value().signatures.size() == 1);
}

TEST_CASE("a tile or bundle that was changed is not read as if it were the log's") {
    const scratch_directory scratch;
    const log_signer signer;
    const auto at = scratch.path() / "log";
    {
        auto log = opened(at, signer);
        append_made(log, 1000);
        REQUIRE(log.integrate().has_value());
    }
    const auto spoil = [&](const char* name) {
        auto bytes = contents(at / name);
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 64);
        std::ofstream{at / name, std::ios::binary} << bytes;
    };
    for (const auto* const name :
         {"tile/0/003.p/232", "tile/entries/003.p/232", "tile/1/000.p/3", "intended", "checkpoint"}) {
        CAPTURE(name);
        spoil(name);
        CHECK(code_of(tile_log::open(system_file_calls(), at, signer.identity())).failed());
        spoil(name);
    }
    auto log = opened(at, signer);
    spoil("tile/0/001");
    CHECK(log.prove_inclusion(300, 1000).error().code == errc::damaged_log);
    CHECK(log.prove_inclusion(100, 256).has_value());
    spoil("tile/entries/002");
    CHECK((log.read_entry(600).has_error() || log.read_entry(640).has_error()));
}
