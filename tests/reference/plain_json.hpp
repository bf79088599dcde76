// SPDX-License-Identifier: Apache-2.0
// JSON as a tree, slow and obvious, by the grammar of RFC 8259. Texts are UTF-8 (section 8.1), and surrogates come in
// pairs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xacthuc::tests {

struct plain_json {
    enum class kinds : std::uint8_t { null, boolean, number, text, array, object };

    kinds kind = kinds::null;
    std::string text;  // of a text, what it says; of a number, as it is written
    std::vector<plain_json> items;
    std::vector<std::string> names;  // of an object's items, in their order
};

// None: the text is no JSON, or deeper than 100.
[[nodiscard]] std::optional<plain_json> read_plain_json(std::string_view text);

// Whether the text is UTF-8, by the table of RFC 3629, section 4.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace xacthuc::tests
