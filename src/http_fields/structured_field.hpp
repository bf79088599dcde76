// SPDX-License-Identifier: Apache-2.0
// Structured fields of HTTP as signatures and digests have them: dictionaries whose values are byte sequences, or lists
// of texts with parameters. Read strictly: what RFC 8941 lets a parser take in two ways, or twice, is refused.
// Source: RFC 8941, section 4.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace xacthuc::inline v0_1 {

// Reads one thing after the other. Whatever returns nothing has found something else, and ends the reading.
class field_cursor {
  public:
    explicit field_cursor(std::string_view text) noexcept : rest_{text} {}

    [[nodiscard]] bool is_at_end() const noexcept { return rest_.empty(); }
    [[nodiscard]] bool take(char wanted) noexcept;
    void skip_blanks() noexcept;  // spaces
    // The comma between two members, with blanks and tabs around it.
    [[nodiscard]] bool take_comma() noexcept;
    // Lower-case letters, digits, _ - . *
    [[nodiscard]] std::optional<std::string_view> take_key() noexcept;
    // What is between the quotes, with its escapes: there is one way to write each text.
    [[nodiscard]] std::optional<std::string_view> take_text() noexcept;
    [[nodiscard]] std::optional<std::int64_t> take_integer() noexcept;
    // What is between the colons. Whether it is base64 is for who decodes it.
    [[nodiscard]] std::optional<std::string_view> take_base64() noexcept;

  private:
    std::string_view rest_;
};

}  // namespace xacthuc::inline v0_1
