// SPDX-License-Identifier: Apache-2.0
// A log is read while it is written: what a reader has opened stays what it was, and its proofs are good.
#include <doctest/doctest.h>

#include <xacthuc/ledger/log_reader.hpp>

#include "ledger/tile_log.hpp"
#include "unit/ledger/log_signer.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

TEST_CASE("readers of every size read on while the log grows, and prove to who has its key") {
    const scratch_directory scratch{scratch_directory::quick_place()};
    const log_signer signer;
    const auto at = scratch.path() / "log";
    auto log = tile_log::open(system_file_calls(), at, signer.identity()).value();
    std::vector<log_reader> readers;
    for (const auto count : std::initializer_list<std::size_t>{1, 100, 154, 1, 1, 600, 40}) {
        append_made(log, count);
        REQUIRE(log.integrate().has_value());
        readers.push_back(log_reader::open(at, signer.origin(), signer.verifier()).value());
    }
    for (auto& reader : readers) {
        const auto size = reader.head().size;
        for (std::uint64_t index = 0; index < size; index += 7) {
            CHECK(reader.entry(index).value() == made_entry(index));
            const auto proof = parse_tlog_proof(reader.prove(index).value().encode()).value();
            CHECK(check_tlog_proof(proof, tree_leaf(made_entry(index)), signer.origin(), signer.verifier()).value() ==
                  reader.head());
        }
        for (const auto& older : readers) {
            const auto from = older.head().size;
            if (from > size) break;
            CHECK(is_consistent(from, older.head().root, size, reader.head().root,
                                reader.prove_consistency(from).value()));
        }
    }
    CHECK(readers.back().note().encode() == log.published());
    CHECK(log_reader::open(at, signer.origin(), log_signer{2}.verifier()).error().code == errc::bad_signature);
    CHECK(log_reader::open(scratch.path() / "none", signer.origin(), signer.verifier()).error().code ==
          errc::not_found);
}

TEST_CASE("a reader that comes between a checkpoint and its narrow tiles going finds the full ones") {
    const scratch_directory scratch{scratch_directory::quick_place()};
    const log_signer signer;
    const auto at = scratch.path() / "log";
    auto log = tile_log::open(system_file_calls(), at, signer.identity()).value();
    append_made(log, 200);
    REQUIRE(log.integrate().has_value());
    std::filesystem::copy(at / "checkpoint", at / "kept");
    append_made(log, 200);
    REQUIRE(log.integrate().has_value());
    std::filesystem::rename(at / "kept", at / "checkpoint");
    auto reader = log_reader::open(at, signer.origin(), signer.verifier()).value();
    CHECK(reader.head().size == 200);
    CHECK(reader.entry(199).value() == made_entry(199));
}
