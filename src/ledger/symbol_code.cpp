// SPDX-License-Identifier: Apache-2.0
#include "ledger/symbol_code.hpp"

#include <algorithm>
#include <limits>
#include <queue>
#include <utility>

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::size_t no_symbol = std::numeric_limits<std::size_t>::max();

// The lengths of a tree that joins the two rarest, again and again. Requires: two symbols or more.
[[nodiscard]] std::vector<unsigned> tree_depths(const std::vector<std::uint64_t>& counts) {
    const auto leaves = counts.size();
    std::vector<std::size_t> parents(2 * leaves - 1, no_symbol);
    using weighed = std::pair<std::uint64_t, std::size_t>;
    std::priority_queue<weighed, std::vector<weighed>, std::greater<>> open;
    for (std::size_t i = 0; i < leaves; ++i) open.emplace(counts[i], i);
    for (auto node = leaves; node < parents.size(); ++node) {
        const auto one = open.top();
        open.pop();
        const auto other = open.top();
        open.pop();
        parents[one.second] = parents[other.second] = node;
        open.emplace(one.first + other.first, node);
    }
    std::vector<unsigned> depths(parents.size());
    for (auto node = parents.size() - 1; node-- > 0;) depths[node] = depths[parents[node]] + 1;
    depths.resize(leaves);
    return depths;
}

// Of each length how many words there are.
[[nodiscard]] std::array<std::uint32_t, code_length_max + 2> counts_of(std::span<const std::uint8_t> lengths) noexcept {
    std::array<std::uint32_t, code_length_max + 2> counts{};
    for (const auto each : lengths)
        if (each != 0 && each <= code_length_max) ++counts[each];
    return counts;
}

// The first word of each length: words count on, and a zero is added with each longer one.
[[nodiscard]] std::array<std::uint32_t, code_length_max + 2> first_words(
    const std::array<std::uint32_t, code_length_max + 2>& counts) noexcept {
    std::array<std::uint32_t, code_length_max + 2> words{};
    for (unsigned length = 1; length <= code_length_max; ++length)
        words[length + 1] = (words[length] + counts[length]) << 1;
    return words;
}

}  // namespace

std::vector<std::uint8_t> code_lengths(std::span<const std::uint64_t> counts) {
    std::vector<std::uint8_t> lengths(counts.size());
    std::vector<std::size_t> symbols;
    std::vector<std::uint64_t> weights;
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] != 0) {
            symbols.push_back(i);
            weights.push_back(counts[i]);
        }
    if (symbols.empty()) return lengths;
    if (symbols.size() == 1) {
        lengths[symbols[0]] = code_of_the_only;
        return lengths;
    }
    auto depths = tree_depths(weights);
    while (*std::ranges::max_element(depths) > code_length_max) {
        // The rare ones count for more, until the tree is flat enough.
        for (auto& each : weights) each = each / 2 + 1;
        depths = tree_depths(weights);
    }
    for (std::size_t i = 0; i < symbols.size(); ++i) lengths[symbols[i]] = static_cast<std::uint8_t>(depths[i]);
    return lengths;
}

symbol_writer::symbol_writer(std::span<const std::uint8_t> lengths) : words_(lengths.size()) {
    auto next = first_words(counts_of(lengths));
    for (std::size_t i = 0; i < lengths.size(); ++i)
        if (lengths[i] != 0 && lengths[i] != code_of_the_only) words_[i] = {next[lengths[i]]++, lengths[i]};
}

std::optional<symbol_reader> symbol_reader::make(std::span<const std::uint8_t> lengths) {
    symbol_reader made;
    std::uint64_t room = 0;  // in words of the greatest length
    std::size_t in_use = 0;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        if (lengths[i] == 0) continue;
        ++in_use;
        if (lengths[i] == code_of_the_only)
            made.only_ = i;
        else if (lengths[i] > code_length_max)
            return std::nullopt;
        else
            room += std::uint64_t{1} << (code_length_max - lengths[i]);
    }
    if (made.only_) return in_use == 1 ? std::optional{made} : std::nullopt;
    // A code that is not full would leave words without a symbol. Of no symbols nothing is ever read.
    if (in_use != 0 && room != std::uint64_t{1} << code_length_max) return std::nullopt;
    made.count_ = counts_of(lengths);
    made.first_word_ = first_words(made.count_);
    for (unsigned length = 1; length <= code_length_max; ++length)
        made.first_symbol_[length + 1] = made.first_symbol_[length] + made.count_[length];
    made.symbols_.resize(in_use);
    made.quick_.resize(std::size_t{1} << quick_bits);
    auto place = made.first_symbol_;
    auto word = made.first_word_;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        const auto length = lengths[i];
        if (length == 0) continue;
        made.symbols_[place[length]++] = static_cast<std::uint32_t>(i);
        const auto mine = word[length]++;
        if (length > quick_bits) continue;
        const auto first = static_cast<std::size_t>(mine) << (quick_bits - length);
        for (auto k = first; k < first + (std::size_t{1} << (quick_bits - length)); ++k)
            made.quick_[k] = {static_cast<std::uint32_t>(i), length};
    }
    return made;
}

std::size_t symbol_reader::get_long(bit_reader& from) const noexcept {
    for (auto length = quick_bits + 1; length <= code_length_max; ++length) {
        const auto word = static_cast<std::uint32_t>(from.look(length));
        if (word >= first_word_[length] && word - first_word_[length] < count_[length]) {
            from.skip(length);
            return symbols_[first_symbol_[length] + (word - first_word_[length])];
        }
    }
    return no_symbol;
}

void put_rest(std::uint64_t value, bit_writer& to) {
    auto left = static_cast<unsigned>(magnitude(value));
    if (left <= 1) return;
    --left;
    if (left > 32) {
        to.put(value >> 32 & ((std::uint64_t{1} << (left - 32)) - 1), left - 32);
        left = 32;
    }
    to.put(value & ((std::uint64_t{1} << left) - 1), left);
}

std::uint64_t get_rest(std::size_t magnitude, bit_reader& from) noexcept {
    if (magnitude <= 1) return magnitude;
    std::uint64_t value = 1;
    auto left = static_cast<unsigned>(magnitude) - 1;
    if (left > 32) {
        value = value << (left - 32) | from.get(left - 32);
        left = 32;
    }
    return value << left | from.get(left);
}

}  // namespace xacthuc::inline v0_1
