// SPDX-License-Identifier: Apache-2.0
#include "ed25519/self_check.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <vector>
#include <xacthuc/ed25519/verifying_key.hpp>

#include "ed25519/batch.hpp"
#include "ed25519/self_check_vectors.hpp"

namespace xacthuc::inline v0_1::ed25519 {
namespace {

constexpr std::size_t vector_count = std::size(self_check_vectors);

template <std::size_t Size>
std::array<std::byte, Size> bytes_of(std::string_view digits) {
    const auto value_of = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
    std::array<std::byte, Size> bytes;
    for (std::size_t i = 0; i < Size; ++i) {
        bytes[i] = static_cast<std::byte>(16 * value_of(digits[2 * i]) + value_of(digits[2 * i + 1]));
    }
    return bytes;
}

struct prepared_vectors {
    std::array<public_key, vector_count> keys;
    std::array<signature, vector_count> signatures;
    std::array<std::vector<std::byte>, vector_count> messages;
    std::map<public_key, std::optional<verifying_key>> checked;  // none for what is refused

    prepared_vectors() {
        for (std::size_t i = 0; i < vector_count; ++i) {
            const self_check_vector& it = self_check_vectors[i];
            keys[i].bytes = bytes_of<public_key_bytes>(it.key);
            signatures[i].bytes = bytes_of<signature_bytes>(it.signature);
            for (unsigned k = 0; k < it.message_bytes; ++k) {
                messages[i].push_back(static_cast<std::byte>(it.first_byte + k));
            }
            if (checked.contains(keys[i])) {
                continue;
            }
            const auto made = verifying_key::make(keys[i]);
            checked[keys[i]] = made ? std::optional(made->with_comb(comb_bits_min)) : std::nullopt;
        }
    }
};

bool as_they_should(const kernel& kernel, std::span<const batch_item> items, std::span<const bool> expected) {
    std::array<bool, vector_count> verdicts;
    verify_batch_with(kernel, items, std::span(verdicts).first(items.size()));
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (verdicts[i] != expected[i] || verify_with(kernel, items[i]) != expected[i]) {
            return false;
        }
    }
    return true;
}

}  // namespace

const kernel refusing_kernel = {.name = "none",
                                .lane_count = 1,
                                .generic_group_min = 1,
                                .comb_group_min = 1,
                                .runs_here = [] { return true; },
                                .hash = nullptr,
                                .solve_with_comb = nullptr,
                                .solve_one_with_comb = nullptr,
                                .solve_generic = nullptr,
                                .refuses_all = true};

bool passes_self_check(const kernel& kernel) {
    const auto vectors = std::make_unique<const prepared_vectors>();
    std::vector<batch_item> raw, registered;
    std::array<bool, vector_count> expected, expected_of_registered;
    for (std::size_t i = 0; i < vector_count; ++i) {
        expected[i] = self_check_vectors[i].is_valid;
        raw.push_back({.message = vectors->messages[i],
                       .signature = &vectors->signatures[i],
                       .raw_key = &vectors->keys[i],
                       .key = nullptr});
        const auto& key = vectors->checked.at(vectors->keys[i]);
        if (key) {
            expected_of_registered[registered.size()] = expected[i];
            registered.push_back(raw.back());
            registered.back().raw_key = nullptr;
            registered.back().key = &*key;
        } else if (expected[i]) {
            return false;
        }
    }
    return as_they_should(kernel, raw, expected) &&
           as_they_should(kernel, registered, std::span(expected_of_registered).first(registered.size()));
}

kernel_choice choose_kernel(std::span<const kernel* const> kernels, const char* wanted, bool (*passes)(const kernel&)) {
    if (wanted != nullptr) {
        for (std::size_t i = 0; i < kernels.size(); ++i) {
            if (kernels[i]->name == wanted && kernels[i]->runs_here()) {
                kernels = kernels.first(i + 1);
                break;
            }
        }
    }
    kernel_choice choice{&refusing_kernel, {}};
    for (std::size_t i = kernels.size(); i-- > 0;) {
        if (!kernels[i]->runs_here()) {
            continue;
        }
        if (passes(*kernels[i])) {
            choice.chosen = kernels[i];
            break;
        }
        choice.rejected += choice.rejected.empty() ? "" : " ";
        choice.rejected += kernels[i]->name;
    }
    return choice;
}

}  // namespace xacthuc::inline v0_1::ed25519
