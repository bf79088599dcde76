// SPDX-License-Identifier: Apache-2.0
// Proofs in files: read and written the same, believed for the entry that they are of, and changed anywhere for
// nothing.
#include <doctest/doctest.h>

#include <xacthuc/ledger/tlog_proof.hpp>

#include "unit/ledger/log_signer.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

struct proved_entry {
    log_signer signer;
    std::vector<tree_hash> leaves;
    tlog_proof proof;

    proved_entry(std::uint64_t index, std::uint64_t size) {
        for (std::uint64_t i = 0; i < size; ++i) leaves.push_back(tree_leaf(made_entry(i)));
        proof.index = index;
        proof.hashes = prove_inclusion(leaves, index);
        proof.note.text = checkpoint{signer.origin(), size, tree_root(leaves), {}}.text();
        REQUIRE(sign_note(proof.note, signer.verifier(), signer.identity().signer).has_value());
    }
    [[nodiscard]] result<checkpoint> check(const tlog_proof& of, std::uint64_t index) const {
        return check_tlog_proof(of, leaves[index], signer.origin(), signer.verifier());
    }
};

}  // namespace

TEST_CASE("a proof is read as it was written, and shows its entry and no other") {
    for (const auto& [index, size] : {std::pair{0, 1}, std::pair{0, 2}, std::pair{6, 7}, std::pair{300, 1000}}) {
        proved_entry of{static_cast<std::uint64_t>(index), static_cast<std::uint64_t>(size)};
        for (const auto& extra : {std::vector<std::byte>{}, made_entry(5)}) {
            of.proof.extra = extra;
            const auto text = of.proof.encode();
            CHECK(
                text.starts_with(extra.empty() ? "c2sp.org/tlog-proof@v1\nindex " : "c2sp.org/tlog-proof@v1\nextra "));
            const auto read = parse_tlog_proof(text).value();
            CHECK(read == of.proof);
            CHECK(of.check(read, of.proof.index).value().size == of.leaves.size());
            if (size > 1)
                CHECK(of.check(read, (of.proof.index + 1) % of.leaves.size()).error() == errc::log_proof_syntax);
        }
    }
}

TEST_CASE("a proof that was changed anywhere shows nothing, but for the extra bytes that nothing vouches for") {
    const proved_entry of{300, 1000};
    const auto text = of.proof.encode();
    for (std::size_t at = 0; at < text.size(); ++at)
        for (const int bit : {1, 2, 16}) {
            auto changed = text;
            changed[at] = static_cast<char>(changed[at] ^ bit);
            const auto read = parse_tlog_proof(changed);
            if (read) CHECK(of.check(*read, 300).has_error());
        }
    for (std::size_t size = 0; size < text.size(); ++size) CHECK(parse_tlog_proof(text.substr(0, size)).has_error());
    const auto other = log_signer{2};
    CHECK(check_tlog_proof(of.proof, of.leaves[300], of.signer.origin(), other.verifier()).error() ==
          errc::bad_signature);
    CHECK(check_tlog_proof(of.proof, of.leaves[300], "example.com/x", of.signer.verifier()).error() ==
          errc::checkpoint_syntax);
}
