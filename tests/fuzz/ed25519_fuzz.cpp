// SPDX-License-Identifier: Apache-2.0
// Differential fuzzing: the input is a stream of choices for the maker of triples, then raw triples; every kernel that
// this CPU has, and every path, must give libsodium's verdict.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "ed25519/batch.hpp"
#include "unit/ed25519/kernels_under_test.hpp"
#include "unit/ed25519/triples.hpp"

using namespace xacthuc::ed25519;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<triple> triples;
    for (std::size_t at = 0; at + 97 <= size && triples.size() < 4; at += 97 + data[at + 96]) {
        triple raw;
        std::memcpy(raw.key.bytes.data(), data + at, 32);
        std::memcpy(raw.signature.bytes.data(), data + at + 32, 64);
        const std::size_t bytes = std::min<std::size_t>(data[at + 96], size - at - 97);
        raw.message.resize(bytes);
        if (bytes != 0) std::memcpy(raw.message.data(), data + at + 97, bytes);
        triples.push_back(raw);
    }
    std::size_t used = 0;
    static triple_maker* maker = nullptr;
    static const std::uint8_t* stream;
    static std::size_t stream_left;
    static std::size_t* stream_used;
    stream = data;
    stream_left = size;
    stream_used = &used;
    if (maker == nullptr) {
        maker = new triple_maker([] {
            const std::size_t i = (*stream_used)++;
            return i < stream_left ? std::uint32_t{stream[i]} * 0x01010101u ^ static_cast<std::uint32_t>(i) : 0u;
        });
    }
    while (used < size && triples.size() < 12) {
        triples.push_back(maker->make());
    }
    std::vector<batch_item> items;
    std::vector<std::unique_ptr<verifying_key>> keys;
    for (std::size_t i = 0; i < triples.size(); ++i) {
        const auto checked = verifying_key::make(triples[i].key);
        const bool is_expected = libsodium_verdict(triples[i]);
        if (!checked && is_expected) {
            std::abort();
        }
        batch_item item = {.message = triples[i].message,
                           .signature = &triples[i].signature,
                           .raw_key = &triples[i].key,
                           .key = nullptr};
        if (checked && i == 0) {
            keys.push_back(std::make_unique<verifying_key>(checked->with_comb(5)));
            item.raw_key = nullptr;
            item.key = keys.back().get();
        }
        items.push_back(item);
    }
    for (const kernel* const kernel : kernels_under_test()) {
        bool verdicts[16];
        verify_batch_with(*kernel, items, {verdicts, items.size()});
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (verdicts[i] != libsodium_verdict(triples[i]) || verify_with(*kernel, items[i]) != verdicts[i]) {
                std::abort();
            }
        }
    }
    return 0;
}
