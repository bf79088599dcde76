// SPDX-License-Identifier: Apache-2.0
// Inputs of a fuzzer that begin with texts that are nearly right, so that it need not find the words of a format by
// chance.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "service/mutated_text.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

namespace xacthuc::tests {

// For LLVMFuzzerCustomMutator: now and then a new text behind the bytes that say how it is used, else libFuzzer's own
// change.
[[nodiscard]] inline std::size_t mutate_or_begin(mutated_text& texts, std::size_t bytes_in_front, std::uint8_t* data,
                                                 std::size_t size, std::size_t size_max, unsigned seed) {
    const bool begins = seed % 8 == 0 || size <= bytes_in_front;
    if (!begins || size_max <= bytes_in_front) return LLVMFuzzerMutate(data, size, size_max);
    const auto text = texts.next();
    const auto taken = std::min(text.size(), size_max - bytes_in_front);
    for (std::size_t k = size; k < bytes_in_front; ++k) data[k] = static_cast<std::uint8_t>(texts.below(256));
    std::copy_n(text.begin(), taken, data + bytes_in_front);
    return bytes_in_front + taken;
}

}  // namespace xacthuc::tests
