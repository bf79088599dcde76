// SPDX-License-Identifier: Apache-2.0
// Structured mutants: every kernel and path against libsodium, and so against each other, in batches of 0 to 70 in
// which every triple comes to stand in every lane.
#include <doctest/doctest.h>

#include <random>

#include "unit/ed25519/all_paths.hpp"

using namespace xacthuc;
using namespace xacthuc::ed25519;

namespace {

void check_mutants(std::uint32_t seed, std::size_t mutant_count, std::size_t emulated_share) {
    std::mt19937 rng(seed);
    triple_maker maker([&rng] { return static_cast<std::uint32_t>(rng()); });
    registered_keys keys;
    std::size_t batch_count = 0;
    for (std::size_t done = 0; done < mutant_count;) {
        std::vector<triple> triples(rng() % 71);
        for (auto& it : triples) {
            it = maker.make();
        }
        done += triples.size();
        check_all_paths(triples, keys, batch_count++ % emulated_share == 0);
    }
}

TEST_CASE("batches of every size from 0 to 70, all kernels") {
    std::mt19937 rng(7);
    triple_maker maker([&rng] { return static_cast<std::uint32_t>(rng()); });
    std::vector<triple> all(70);
    for (auto& it : all) {
        it = maker.make();
    }
    const auto expected = std::make_unique<bool[]>(all.size());
    std::vector<batch_item> items;
    for (std::size_t i = 0; i < all.size(); ++i) {
        items.push_back(raw_item(all[i]));
        expected[i] = libsodium_verdict(all[i]);
    }
    for (const kernel* const kernel : kernels_under_test()) {
        const std::size_t step = kernel->name == "avx512ifma_emulated" ? 9 : 1;
        for (std::size_t size = 0; size <= all.size(); size += size < 17 ? 1 : step) {
            check_batch(*kernel, all, std::span(items).first(size), {expected.get(), size});
        }
    }
}

TEST_CASE("one valid signature among invalid ones, and one invalid among valid ones, in every place of a batch of 17") {
    std::mt19937 rng(8);
    triple_maker maker([&rng] { return static_cast<std::uint32_t>(rng()); });
    registered_keys keys;
    for (const bool odd_is_valid : {true, false}) {
        for (std::size_t place = 0; place < 17; ++place) {
            std::vector<triple> triples(17);
            for (std::size_t i = 0; i < 17; ++i) {
                triples[i] = maker.make_signed(0, 0);
                if ((i == place) != odd_is_valid) {
                    triples[i].signature.bytes[rng() % 63] ^= std::byte{4};
                }
            }
            check_all_paths(triples, keys, place % 4 == 0);
        }
    }
}

TEST_CASE("twenty thousand mutants") {
    check_mutants(9, 20'000, 60);
}

TEST_CASE("a million mutants" * doctest::test_suite("slow")) {
    check_mutants(10, 1'000'000, 128);
}

TEST_CASE("messages and signatures at every alignment") {
    std::mt19937 rng(11);
    triple_maker maker([&rng] { return static_cast<std::uint32_t>(rng()); });
    triple valid = maker.make_signed(0, 0);
    while (valid.message.empty()) valid = maker.make_signed(0, 0);
    std::vector<std::byte> memory(4096);
    for (const kernel* const kernel : kernels_under_test()) {
        for (std::size_t offset = 0; offset < 16; ++offset) {
            std::byte* const at = memory.data() + offset;
            std::memcpy(at, valid.signature.bytes.data(), 64);
            std::memcpy(at + 65, valid.key.bytes.data(), 32);
            std::memcpy(at + 99, valid.message.data(), valid.message.size());
            const batch_item item = {.message = {at + 99, valid.message.size()},
                                     .signature = reinterpret_cast<const signature*>(at),
                                     .raw_key = reinterpret_cast<const public_key*>(at + 65),
                                     .key = nullptr};
            const std::vector<batch_item> items(9, item);
            bool verdicts[9];
            CHECK(verify_batch_with(*kernel, items, verdicts) == 9);
            CHECK(verify_with(*kernel, item));
        }
    }
}

}  // namespace
