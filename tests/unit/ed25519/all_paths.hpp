// SPDX-License-Identifier: Apache-2.0
// Asks every kernel, by every path, for the verdicts on a list of triples, and compares them with libsodium's.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>
#include <xacthuc/ed25519/verify.hpp>

#include "ed25519/batch.hpp"
#include "unit/ed25519/kernels_under_test.hpp"
#include "unit/ed25519/triples.hpp"

namespace xacthuc::ed25519 {

// Checked keys, made once for each key; with a comb from the third time on that a key is asked for, since combs take
// time to build.
class registered_keys {
  public:
    // Null when the key is refused.
    const verifying_key* find(const public_key& key, unsigned comb_bits) {
        slot& it = keys_[key];
        ++it.uses;
        if (it.uses == 1) {
            const auto checked = verifying_key::make(key);
            if (checked) {
                it.plain = std::make_unique<verifying_key>(*checked);
            }
        }
        if (it.uses == 3 && it.plain) {
            it.combed = std::make_unique<verifying_key>(it.plain->with_comb(comb_bits));
        }
        return it.combed ? it.combed.get() : it.plain.get();
    }

  private:
    struct slot {
        unsigned uses = 0;
        std::unique_ptr<verifying_key> plain;
        std::unique_ptr<verifying_key> combed;
    };
    std::map<public_key, slot> keys_;
};

inline batch_item raw_item(const triple& it) {
    return {.message = it.message, .signature = &it.signature, .raw_key = &it.key, .key = nullptr};
}

inline std::string described(const triple& it) {
    const auto hex = [](std::span<const std::byte> bytes) {
        std::string text;
        for (const auto each : bytes) {
            const auto byte = std::to_integer<unsigned>(each);
            text += "0123456789abcdef"[byte >> 4];
            text += "0123456789abcdef"[byte & 15];
        }
        return text;
    };
    return "key " + hex(it.key.bytes) + " signature " + hex(it.signature.bytes) + " message " + hex(it.message);
}

// One batch with this kernel: every verdict, and the count, must be libsodium's.
inline void check_batch(const kernel& kernel, std::span<const triple> triples, std::span<const batch_item> items,
                        std::span<const bool> expected) {
    const auto verdicts = std::make_unique<bool[]>(items.size() + 1);
    const std::size_t count = verify_batch_with(kernel, items, {verdicts.get(), items.size()});
    std::size_t expected_count = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        expected_count += expected[i] ? 1 : 0;
        if (verdicts[i] != expected[i]) {
            FAIL_CHECK("kernel " << kernel.name << ", place " << i << " of " << items.size() << ", expected "
                                 << expected[i] << ": " << described(triples[i]));
        }
    }
    CHECK(count == expected_count);
}

// All kernels; generic batch, comb batch, mixed batch, and each triple alone with raw and with registered key.
inline void check_all_paths(std::span<const triple> triples, registered_keys& keys, bool emulated_too = true) {
    const auto expected = std::make_unique<bool[]>(triples.size());
    std::vector<batch_item> raw, registered, mixed;
    std::vector<std::size_t> registered_places;
    for (std::size_t i = 0; i < triples.size(); ++i) {
        expected[i] = libsodium_verdict(triples[i]);
        raw.push_back(raw_item(triples[i]));
        const verifying_key* const key =
            keys.find(triples[i].key, 5 + std::to_integer<unsigned>(triples[i].key.bytes[1]) % 4);
        mixed.push_back(raw.back());
        if (key != nullptr && i % 3 != 0) {
            mixed.back().raw_key = nullptr;
            mixed.back().key = key;
        }
        if (key != nullptr) {
            registered.push_back(
                {.message = triples[i].message, .signature = &triples[i].signature, .raw_key = nullptr, .key = key});
            registered_places.push_back(i);
        } else {
            CHECK_FALSE(expected[i]);
        }
    }
    std::vector<triple> registered_triples;
    const auto registered_expected = std::make_unique<bool[]>(registered.size());
    for (std::size_t i = 0; i < registered.size(); ++i) {
        registered_triples.push_back(triples[registered_places[i]]);
        registered_expected[i] = expected[registered_places[i]];
    }
    for (const kernel* const kernel : kernels_under_test()) {
        if (!emulated_too && kernel->name == "avx512ifma_emulated") {
            continue;
        }
        check_batch(*kernel, triples, raw, {expected.get(), triples.size()});
        check_batch(*kernel, triples, mixed, {expected.get(), triples.size()});
        check_batch(*kernel, registered_triples, registered, {registered_expected.get(), registered.size()});
        for (std::size_t i = 0; i < triples.size(); ++i) {
            if (i % 4 == 0 && kernel->name == "portable" && verify_with(*kernel, raw[i]) != expected[i]) {
                FAIL_CHECK("alone, kernel " << kernel->name << ": " << described(triples[i]));
            }
        }
        for (std::size_t i = 0; i < registered.size(); ++i) {
            if (verify_with(*kernel, registered[i]) != registered_expected[i]) {
                FAIL_CHECK("alone with a comb, kernel " << kernel->name << ": " << described(registered_triples[i]));
            }
        }
    }
}

}  // namespace xacthuc::ed25519
