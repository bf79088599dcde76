// SPDX-License-Identifier: Apache-2.0
#include "ledger/group_hash.hpp"

#include <algorithm>
#include <array>

#include "hash/sha256.hpp"
#include "ledger/little_endian.hpp"

namespace xacthuc::inline v0_1 {
namespace {

void append(std::vector<std::byte>& to, std::uint64_t value, std::size_t size) {
    std::array<std::byte, 8> bytes;
    store_little(value, bytes.data(), size);
    to.insert(to.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
}

// Walks over the calls of rows that come in order.
class call_walk {
  public:
    call_walk(const row_group& group, const row_call& begin) noexcept : group_{group}, at_{begin} {}
    [[nodiscard]] const row_call& of(std::size_t row) noexcept {
        while (row >= at_.first_row + group_.calls[at_.call].rows) at_.first_row += group_.calls[at_.call++].rows;
        return at_;
    }

  private:
    const row_group& group_;
    row_call at_;
};

[[nodiscard]] tree_hash contexts_hash(const row_group& group, const day_key& key) {
    const auto secret = key.context_secret(group.first_place);
    std::vector<std::byte> message{secret.begin(), secret.end()};
    message.reserve(message.size() + 20 * group.calls.size());
    std::size_t row = 0;
    for (const auto& call : group.calls) {
        auto first = group.kind(row);
        for (const auto end = row + call.rows; row < end; ++row) {
            const auto& kind = group.kind(row);
            if (kind.agency != first.agency) first.agency = 0;
            if (kind.procedure != first.procedure) first.procedure = 0;
        }
        append(message, first.agency, 2);
        append(message, first.procedure, 2);
        append(message, call.officer, 8);
        append(message, call.rows, 8);
    }
    return sha256(message);
}

[[nodiscard]] tree_hash signatures_hash(const row_group& group) {
    std::vector<std::byte> message;
    for (std::size_t k = 0; k < group.calls.size(); ++k) {
        if (!group.calls[k].is_signed) continue;
        append(message, k, 8);
        const auto& signature = group.calls[k].signature;
        message.insert(message.end(), signature.begin(), signature.end());
    }
    return sha256(message);
}

// Of the states of the register that calls were answered from; 0 where there are no calls.
[[nodiscard]] std::uint64_t oldest_sequence(const row_group& group) noexcept {
    if (group.calls.empty()) return 0;
    return std::ranges::min_element(group.calls, {}, &group_call::register_sequence)->register_sequence;
}

}  // namespace

row_content content_of(const row_group& group, const group_call& of, std::size_t row,
                       const id_permutation& ids) noexcept {
    const auto& kind = group.kind(row);
    return {ids.reveal(group.hidden_ids[row]),
            kind.agency,
            kind.procedure,
            kind.claims,
            kind.verdict_bits,
            of.time_unix_ms,
            of.officer};
}

group_leaf leaf_of(const row_group& group, const std::array<std::byte, 32>& policy, const tree_hash& rows_root,
                   const day_key& key) {
    return {.time_unix_ms = group.time_unix_ms,
            .rows = group.tree_rows,
            .register_sequence = oldest_sequence(group),
            .policy = policy,
            .rows_root = rows_root,
            .contexts = contexts_hash(group, key),
            .signatures = signatures_hash(group)};
}

hashed_group hash_group(const row_group& group, const std::array<std::byte, 32>& policy, const day_key& key,
                        const id_permutation& ids) {
    row_hashing here;
    rows_tree tree{key, group.first_place, here};
    std::size_t row = 0;
    for (const auto& call : group.calls)
        for (const auto end = row + call.rows; row < end; ++row) tree.add(content_of(group, call, row, ids));
    while (tree.rows() < group.tree_rows) tree.add({});
    hashed_group done;
    done.tree = tree.finish();
    done.leaf = leaf_of(group, policy, done.tree.root(), key);
    return done;
}

row_call find_call(const row_group& group, std::size_t row) noexcept {
    return call_walk{group, {}}.of(row);
}

row_proof prove_row(const row_group& group, std::size_t row, const row_call& begin, const chunk_tree& tree,
                    const day_key& key, const id_permutation& ids) {
    const auto chunk = row / row_batch::chunk_rows;
    const auto first = chunk * row_batch::chunk_rows;
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(row_batch::chunk_rows, group.tree_rows - first));
    std::vector<std::byte> salts(count * row_salt_bytes);
    key.salts(group.first_place + first, salts);
    std::vector<std::byte> rows(count * row_bytes);
    call_walk calls{group, begin};
    row_proof proof;
    for (std::size_t k = 0; k < count; ++k) {
        ledger_row one;
        std::copy_n(salts.begin() + static_cast<std::ptrdiff_t>(k * row_salt_bytes), row_salt_bytes, one.salt.begin());
        if (first + k < group.rows()) {
            const auto content = content_of(group, group.calls[calls.of(first + k).call], first + k, ids);
            one = {one.salt,       content.id,           content.agency,       content.procedure,
                   content.claims, content.verdict_bits, content.time_unix_ms, content.officer};
        }
        encode_row(one, std::span{rows}.subspan(k * row_bytes).first<row_bytes>());
        if (first + k == row) proof.row = one;
    }
    std::vector<sha256_hash> leaves(count);
    sha256_leaves(rows.data(), row_bytes, row_bytes, leaves);
    proof.path = prove_inclusion(leaves, row - first);
    const auto above = tree.prove(chunk);
    proof.path.insert(proof.path.end(), above.begin(), above.end());
    return proof;
}

}  // namespace xacthuc::inline v0_1
