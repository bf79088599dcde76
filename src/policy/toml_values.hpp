// SPDX-License-Identifier: Apache-2.0
// Values of a TOML document as frameworks have them, each with the line that it stands in; what does not fit becomes a
// fault and not an exception, so that a reader of frameworks is told of all faults at once.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/policy/framework.hpp>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace xacthuc::inline v0_1 {

// The document, or the fault for which it is none.
[[nodiscard]] policy_result<toml::table> parse_toml(std::string_view text, const std::string& file);

class toml_values {
  public:
    toml_values(std::string file, policy_faults& faults) : file_{std::move(file)}, faults_{faults} {}

    void fault(std::uint32_t line, std::string what) { faults_.push_back({{file_, line}, std::move(what)}); }
    [[nodiscard]] const std::string& file() const noexcept { return file_; }

    // A text that is not empty.
    [[nodiscard]] std::optional<std::string> text(std::string_view key, const toml::node& value);
    [[nodiscard]] std::optional<std::uint32_t> number(std::string_view key, const toml::node& value,
                                                      std::uint32_t least, std::uint32_t most);
    [[nodiscard]] std::optional<bool> yes_or_no(std::string_view key, const toml::node& value);
    [[nodiscard]] std::optional<std::uint16_t> day(std::string_view key, const toml::node& value);
    // The place in `words` of a text.
    [[nodiscard]] std::optional<std::size_t> word(std::string_view key, const toml::node& value,
                                                  std::span<const std::string_view> words);
    // The places in `words` of a list of texts, as bits.
    [[nodiscard]] std::optional<std::uint32_t> words(std::string_view key, const toml::node& value,
                                                     std::span<const std::string_view> words);
    [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key, const toml::node& value);
    [[nodiscard]] const toml::table* table(std::string_view key, const toml::node& value);

    // Calls take(key, value, line) for each key; where it returns false the key is not known there.
    template <class Take>
    void each_key(std::string_view where, const toml::table& in, const Take& take) {
        for (const auto& [key, value] : in) {
            const auto line = static_cast<std::uint32_t>(key.source().begin.line);
            if (!take(key.str(), value, line))
                fault(line, "unknown key " + quoted(key.str()) + " in " + std::string{where});
        }
    }

    [[nodiscard]] static std::string quoted(std::string_view word) { return '"' + std::string{word} + '"'; }
    [[nodiscard]] static std::uint32_t line_of(const toml::node& value) noexcept {
        return static_cast<std::uint32_t>(value.source().begin.line);
    }

  private:
    void wrong_type(std::string_view key, const toml::node& value, std::string_view wanted);

    std::string file_;
    policy_faults& faults_;
};

}  // namespace xacthuc::inline v0_1
