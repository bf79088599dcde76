// SPDX-License-Identifier: Apache-2.0
// A good file made hostile by what a fuzzer says.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace xacthuc::tests {

// Writes runs of "offset (2 bytes), length (1 byte), bytes" over the file.
inline void lay_over(std::vector<std::byte>& file, std::span<const std::uint8_t> input) {
    while (input.size() > 3) {
        const std::size_t offset = (std::size_t{input[0]} | std::size_t{input[1]} << 8) % file.size();
        const auto size = std::min({std::size_t{input[2]} % 80 + 1, input.size() - 3, file.size() - offset});
        std::memcpy(file.data() + offset, input.data() + 3, size);
        input = input.subspan(3 + size);
    }
}

}  // namespace xacthuc::tests
