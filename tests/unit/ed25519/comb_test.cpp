// SPDX-License-Identifier: Apache-2.0
// Combs: each width gives the verdicts of the generic path, damage is found, and no damaged entry ever makes a wrong
// verdict.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "unit/ed25519/all_paths.hpp"

using namespace xacthuc;
using namespace xacthuc::ed25519;

namespace {

TEST_CASE("combs of every width against the generic path, for keys of prime and of mixed order") {
    std::mt19937 rng(1);
    triple_maker maker([&rng] { return static_cast<std::uint32_t>(rng()); });
    for (unsigned bits = comb_bits_min; bits <= comb_bits_max; ++bits) {
        std::vector<triple> triples;
        std::vector<verifying_key> keys;
        std::vector<batch_item> items, raw;
        for (unsigned i = 0; i < 40; ++i) {
            triples.push_back(maker.make_signed(i % 5 == 0 ? i % 8 : 0, i % 7 == 0 ? i % 8 : 0));
        }
        keys.reserve(triples.size());
        const auto expected = std::make_unique<bool[]>(triples.size());
        for (std::size_t i = 0; i < triples.size(); ++i) {
            keys.push_back(verifying_key::make(triples[i].key)->with_comb(bits));
            CHECK(keys.back().comb_bits() == bits);
            CHECK(keys.back().comb_is_sound());
            raw.push_back(raw_item(triples[i]));
            items.push_back(raw.back());
            items.back().raw_key = nullptr;
            items.back().key = &keys.back();
            expected[i] = verify_with(portable::kernel_table, raw[i]);
        }
        for (const kernel* const kernel : kernels_under_test()) {
            check_batch(*kernel, triples, items, {expected.get(), items.size()});
            check_batch(*kernel, triples, raw, {expected.get(), items.size()});
        }
    }
}

// The comb of a key, writable.
std::uint64_t* words_of(const verifying_key& key) {
    return const_cast<comb_table*>(comb_access::comb_of(key))->words();
}

TEST_CASE("a flipped bit anywhere in a comb is found, and no verdict changes") {
    std::mt19937 rng(2);
    triple_maker maker([&rng] { return static_cast<std::uint32_t>(rng()); });
    std::vector<triple> triples;
    for (int i = 0; i < 24; ++i) {
        triples.push_back(maker.make_signed(0, 0));
        triples.back().key = triples.front().key;
        triples.push_back(triples.front());
        if (i % 2 == 0) {
            triples.back().signature.bytes[40] ^= std::byte{1};
        }
    }
    const verifying_key key = verifying_key::make(triples.front().key)->with_comb(5);
    std::vector<batch_item> items;
    const auto expected = std::make_unique<bool[]>(triples.size());
    for (std::size_t i = 0; i < triples.size(); ++i) {
        items.push_back(
            {.message = triples[i].message, .signature = &triples[i].signature, .raw_key = nullptr, .key = &key});
        expected[i] = libsodium_verdict(triples[i]);
    }
    std::uint64_t* const words = words_of(key);
    const std::size_t word_count = comb_bytes(5) / sizeof(std::uint64_t);
    for (int flip = 0; flip < 100; ++flip) {
        const std::size_t word = rng() % word_count;
        const std::uint64_t bit = std::uint64_t{1} << (rng() % 64);
        words[word] ^= bit;
        CHECK_FALSE(key.comb_is_sound());
        for (const kernel* const kernel : kernels_under_test()) {
            if (kernel->name != "avx512ifma_emulated" || flip % 10 == 0) {
                check_batch(*kernel, triples, items, {expected.get(), items.size()});
                CHECK(verify_with(*kernel, items[1]) == expected[1]);
                CHECK(verify_with(*kernel, items[3]) == expected[3]);
            }
        }
        words[word] ^= bit;
    }
    CHECK(key.comb_is_sound());
}

TEST_CASE(
    "a comb overwritten with zeros, with noise, or with the comb of another key: noticed as damage or as another "
    "table") {
    std::mt19937 rng(3);
    triple_maker maker([&rng] { return static_cast<std::uint32_t>(rng()); });
    const triple valid = maker.make_signed(0, 0);
    for (const kernel* const kernel : kernels_under_test()) {
        const verifying_key key = verifying_key::make(valid.key)->with_comb(6);
        const batch_item item = {
            .message = valid.message, .signature = &valid.signature, .raw_key = nullptr, .key = &key};
        CHECK(verify_with(*kernel, item));
        std::memset(words_of(key), 0, comb_bytes(6));
        CHECK(verify_with(*kernel, item));
        CHECK_FALSE(key.comb_is_sound());
        for (std::size_t i = 0; i < comb_bytes(6) / sizeof(std::uint64_t); ++i) {
            words_of(key)[i] = (std::uint64_t{rng()} << 32) | rng();
        }
        CHECK(verify_with(*kernel, item));
        CHECK_FALSE(key.comb_is_sound());
    }
}

TEST_CASE("entries that have changed places, or are another key's, change no verdict") {
    std::mt19937 rng(6);
    triple_maker maker([&rng] { return static_cast<std::uint32_t>(rng()); });
    const triple valid = maker.make_signed(0, 0);
    triple of_another = maker.make_signed(0, 0);
    while (of_another.key == valid.key) {
        of_another = maker.make_signed(0, 0);
    }
    const auto another = verifying_key::make(of_another.key)->with_comb(5);
    const std::size_t entry_count = comb_word_count(5) / entry_words;
    const std::size_t in_row = 16;
    for (const kernel* const kernel : kernels_under_test()) {
        const auto key = verifying_key::make(valid.key)->with_comb(5);
        const batch_item item = {
            .message = valid.message, .signature = &valid.signature, .raw_key = nullptr, .key = &key};
        const auto is_right = [&] {
            bool verdict = false;
            verify_batch_with(*kernel, {&item, 1}, {&verdict, 1});
            return verdict && verify_with(*kernel, item);
        };
        std::uint64_t* const words = words_of(key);
        const auto swap_all = [&](std::size_t distance) {
            for (std::size_t i = 0; i + distance < entry_count; i += 2 * distance) {
                for (std::size_t k = i; k < i + distance && k + distance < entry_count; ++k) {
                    std::swap_ranges(words + k * entry_words, words + (k + 1) * entry_words,
                                     words + (k + distance) * entry_words);
                }
            }
        };
        for (const std::size_t distance : {std::size_t{1}, std::size_t{3}, in_row, 5 * in_row}) {
            swap_all(distance);
            CHECK_FALSE(key.comb_is_sound());
            CHECK(is_right());
            swap_all(distance);
            CHECK(key.comb_is_sound());
        }
        // One whole row of another key's table, and then all of it.
        std::memcpy(words, words_of(another), in_row * entry_words * sizeof *words);
        CHECK(is_right());
        std::memcpy(words, words_of(another), comb_bytes(5));
        CHECK(is_right());
        // The neutral entry everywhere.
        for (std::size_t i = 0; i < entry_count; ++i) {
            std::memcpy(words + i * entry_words, neutral_entry, sizeof neutral_entry);
        }
        CHECK(is_right());
    }
}

TEST_CASE("the comb of the base point: damage is found and changes no verdict") {
    std::mt19937 rng(4);
    triple_maker maker([&rng] { return static_cast<std::uint32_t>(rng()); });
    std::vector<triple> triples;
    std::vector<batch_item> items;
    for (int i = 0; i < 40; ++i) {
        triples.push_back(maker.make());
    }
    const auto expected = std::make_unique<bool[]>(triples.size());
    for (std::size_t i = 0; i < triples.size(); ++i) {
        items.push_back(raw_item(triples[i]));
        expected[i] = libsodium_verdict(triples[i]);
    }
    std::uint64_t* const words = base_comb().words();
    // One bit in every entry of the first window: every scalar that does not end in a zero byte meets it.
    const auto damage = [&] {
        for (std::size_t entry = 0; entry < 128; ++entry) {
            words[entry * entry_words + entry % 16] ^= std::uint64_t{1} << (entry % 51);
        }
    };
    CHECK(base_comb_is_sound());
    damage();
    CHECK_FALSE(base_comb_is_sound());
    for (const kernel* const kernel : kernels_under_test()) {
        check_batch(*kernel, triples, items, {expected.get(), items.size()});
        for (std::size_t i = 0; i < items.size(); ++i) {
            CHECK(verify_with(*kernel, items[i]) == expected[i]);
        }
    }
    damage();
    CHECK(base_comb_is_sound());
}

TEST_CASE("sizes of combs are those that the header states") {
    CHECK(comb_bytes(5) == 104'448);
    CHECK(comb_bytes(6) == 176'128);
    CHECK(comb_bytes(7) == 303'104);
    CHECK(comb_bytes(8) == 524'288);
}

TEST_CASE("combs of every size share blocks without overlapping, and a block goes when its last comb does") {
    std::mt19937 rng(5);
    static_cast<void>(base_comb());
    const std::size_t before = comb_block_count();
    struct piece {
        std::uint64_t* words;
        std::size_t bytes;
        std::uint64_t mark;
    };
    std::vector<piece> pieces;
    const auto holds_its_mark = [](const piece& it) {
        return std::all_of(it.words, it.words + it.bytes / 8, [&](std::uint64_t word) { return word == it.mark; });
    };
    for (unsigned step = 0; step < 300; ++step) {
        if (pieces.size() < 40 && rng() % 5 != 0) {
            const std::size_t bytes = comb_bytes(5 + static_cast<unsigned>(rng() % 4));
            pieces.push_back({allocate_comb(bytes), bytes, step});
            CHECK(reinterpret_cast<std::uintptr_t>(pieces.back().words) % comb_page_bytes == 0);
            std::fill_n(pieces.back().words, bytes / 8, step);
        } else if (!pieces.empty()) {
            std::swap(pieces[rng() % pieces.size()], pieces.back());
            CHECK(holds_its_mark(pieces.back()));
            release_comb(pieces.back().words, pieces.back().bytes);
            pieces.pop_back();
        }
    }
    CHECK(comb_block_count() > before);
    for (const piece& it : pieces) {
        CHECK(holds_its_mark(it));
        release_comb(it.words, it.bytes);
    }
    CHECK(comb_block_count() == before);
}

}  // namespace
