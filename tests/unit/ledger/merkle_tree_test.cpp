// SPDX-License-Identifier: Apache-2.0
// Roots that others published, proofs held to the definition read slowly, and no proof of anything else.
#include <doctest/doctest.h>
#include <sodium.h>

#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <xacthuc/ledger/merkle_tree.hpp>

using namespace xacthuc;

namespace {

using hashes = std::vector<tree_hash>;

[[nodiscard]] std::vector<std::byte> bytes_of(std::string_view digits) {
    std::vector<std::byte> bytes(digits.size() / 2);
    if (bytes.empty()) return bytes;  // it has no place that libsodium would take
    REQUIRE(sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), digits.data(), digits.size(),
                           nullptr, nullptr, nullptr) == 0);
    return bytes;
}

[[nodiscard]] std::string digits_of(const tree_hash& hash) {
    std::string digits(2 * hash.size() + 1, '\0');
    sodium_bin2hex(digits.data(), digits.size(), reinterpret_cast<const unsigned char*>(hash.data()), hash.size());
    digits.pop_back();
    return digits;
}

[[nodiscard]] tree_hash slow_hash(std::string_view message) {
    tree_hash hash;
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                       reinterpret_cast<const unsigned char*>(message.data()), message.size());
    return hash;
}

[[nodiscard]] tree_hash slow_node(const tree_hash& left, const tree_hash& right) {
    std::string message{'\1'};
    message.append(reinterpret_cast<const char*>(left.data()), left.size());
    message.append(reinterpret_cast<const char*>(right.data()), right.size());
    return slow_hash(message);
}

[[nodiscard]] std::size_t slow_split(std::size_t size) {
    std::size_t split = 1;
    while (2 * split < size) split *= 2;
    return split;
}

// RFC 6962, sections 2.1, 2.1.1 and 2.1.2, word by word.
[[nodiscard]] tree_hash slow_root(std::span<const tree_hash> d) {
    if (d.empty()) return slow_hash("");
    if (d.size() == 1) return d.front();
    const auto k = slow_split(d.size());
    return slow_node(slow_root(d.first(k)), slow_root(d.subspan(k)));
}
[[nodiscard]] hashes slow_path(std::size_t m, std::span<const tree_hash> d) {
    if (d.size() == 1) return {};
    const auto k = slow_split(d.size());
    auto path = m < k ? slow_path(m, d.first(k)) : slow_path(m - k, d.subspan(k));
    path.push_back(slow_root(m < k ? d.subspan(k) : d.first(k)));
    return path;
}
[[nodiscard]] hashes slow_subproof(std::size_t m, std::span<const tree_hash> d, bool is_whole) {
    if (m == d.size()) return is_whole ? hashes{} : hashes{slow_root(d)};
    const auto k = slow_split(d.size());
    auto proof = m <= k ? slow_subproof(m, d.first(k), is_whole) : slow_subproof(m - k, d.subspan(k), false);
    proof.push_back(slow_root(m <= k ? d.subspan(k) : d.first(k)));
    return proof;
}

[[nodiscard]] hashes made_leaves(std::size_t count) {
    hashes leaves;
    for (std::size_t i = 0; i < count; ++i) leaves.push_back(slow_hash(std::to_string(i)));
    return leaves;
}

// Every proof that is this one changed in one place, or shorter or longer by one.
[[nodiscard]] std::vector<hashes> spoiled(const hashes& proof, std::mt19937& random) {
    std::vector<hashes> all;
    for (std::size_t i = 0; i < proof.size(); ++i) {
        all.push_back(proof);
        all.back()[i][random() % 32] ^= std::byte{1};
        all.push_back(proof);
        all.back().erase(all.back().begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (std::size_t i = 0; i <= proof.size(); ++i) {
        all.push_back(proof);
        all.back().insert(all.back().begin() + static_cast<std::ptrdiff_t>(i),
                          i < proof.size() ? proof[i] : tree_hash{});
    }
    return all;
}

}  // namespace

TEST_CASE("the roots are those that implementations of Certificate Transparency test themselves by") {
    const std::array<std::string_view, 8> entries{
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
    const std::array<std::string_view, 9> roots{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    hashes leaves;
    CHECK(digits_of(tree_root(leaves)) == roots[0]);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        leaves.push_back(tree_leaf(bytes_of(entries[i])));
        CHECK(digits_of(tree_root(leaves)) == roots[i + 1]);
        auto spent = leaves;
        CHECK(digits_of(tree_root_in_place(spent)) == roots[i + 1]);
    }
}

TEST_CASE("leaves of every length and nodes are hashed with their marks") {
    std::string entry;
    for (std::size_t size = 0; size <= 300; ++size) {
        REQUIRE(tree_leaf(std::as_bytes(std::span{entry})) == slow_hash('\0' + entry));
        entry += static_cast<char>(size);
    }
    const auto leaves = made_leaves(2);
    CHECK(tree_node(leaves[0], leaves[1]) == slow_node(leaves[0], leaves[1]));
}

TEST_CASE("every root and every inclusion proof up to 150 leaves is the RFC's, and is believed of its own leaf alone") {
    const auto all = made_leaves(150);
    std::mt19937 random{1};
    for (std::size_t size = 1; size <= all.size(); ++size) {
        const std::span leaves{all.data(), size};
        const auto root = slow_root(leaves);
        REQUIRE(tree_root(leaves) == root);
        for (std::size_t index = 0; index < size; ++index) {
            const auto proof = prove_inclusion(leaves, index);
            REQUIRE(proof == slow_path(index, leaves));
            REQUIRE(included_root(leaves[index], index, size, proof) == root);
            REQUIRE(included_root(all[(index + 1) % all.size()], index, size, proof) != root);
            if (index + 1 < size) REQUIRE(included_root(leaves[index], index + 1, size, proof) != root);
            if (index % 8 != 0) continue;
            for (const auto& wrong : spoiled(proof, random))
                REQUIRE(included_root(leaves[index], index, size, wrong) != root);
        }
        REQUIRE_FALSE(included_root(leaves[0], size, size, prove_inclusion(leaves, 0)));
    }
}

TEST_CASE("every consistency proof up to 150 leaves is the RFC's, and is believed of its own two trees alone") {
    const auto all = made_leaves(150);
    std::mt19937 random{2};
    hashes roots;
    for (std::size_t size = 0; size <= all.size(); ++size) roots.push_back(slow_root({all.data(), size}));
    for (std::size_t to = 1; to <= all.size(); ++to)
        for (std::size_t from = 1; from <= to; ++from) {
            const auto proof = prove_consistency({all.data(), to}, from);
            REQUIRE(proof == slow_subproof(from, {all.data(), to}, true));
            REQUIRE(is_consistent(from, roots[from], to, roots[to], proof));
            REQUIRE_FALSE(is_consistent(from, roots[from - 1], to, roots[to], proof));
            REQUIRE_FALSE(is_consistent(from, roots[from], to, roots[to - 1], proof));
            if (from < to) REQUIRE_FALSE(is_consistent(to, roots[to], from, roots[from], proof));
            if ((from + to) % 8 != 0) continue;
            for (const auto& wrong : spoiled(proof, random))
                REQUIRE_FALSE(is_consistent(from, roots[from], to, roots[to], wrong));
        }
}

TEST_CASE("every tree continues the empty one, which has one root and needs no proof") {
    const auto leaves = made_leaves(3);
    const auto empty = tree_root({});
    CHECK(is_consistent(0, empty, 3, tree_root(leaves), {}));
    CHECK(is_consistent(0, empty, 0, empty, {}));
    CHECK_FALSE(is_consistent(0, empty, 0, leaves[0], {}));
    CHECK_FALSE(is_consistent(0, leaves[0], 3, tree_root(leaves), {}));
    CHECK_FALSE(is_consistent(0, empty, 3, tree_root(leaves), leaves));
    CHECK_FALSE(is_consistent(3, tree_root(leaves), 0, empty, {}));
}

TEST_CASE("proofs in trees of any size are as long as their ranges say") {
    std::mt19937_64 random{3};
    for (int i = 0; i < 20000; ++i) {
        const auto size = random() >> (random() % 64) | 1;
        const auto index = random() % size;
        const auto ranges = inclusion_ranges(index, size);
        std::uint64_t covered = 1;
        for (const auto& range : ranges) covered += range.end - range.begin;
        REQUIRE(covered == size);
        REQUIRE(included_root({}, index, size, hashes(ranges.size())));
        REQUIRE_FALSE(included_root({}, index, size, hashes(ranges.size() + 1)));
        const auto from = random() % size + 1;
        const auto added = consistency_ranges(from, size);
        REQUIRE(added.size() <= 65);
        (void)is_consistent(from, {}, size, {}, hashes(added.size()));
    }
}
