// SPDX-License-Identifier: Apache-2.0
// One framework file: what the nation, a ministry or a province lays down about who may ask what. Here it is read and
// checked by itself; policy_tree.hpp puts frameworks together. The format is in docs/policy.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/note/signed_note.hpp>
#include <xacthuc/policy/rule.hpp>
#include <xacthuc/policy/rule_field.hpp>

namespace xacthuc::inline v0_1 {

// Where something stands.
struct source_place {
    std::string file;
    std::uint32_t line = 0;  // from 1; 0 is the file as a whole

    // "<file>:<line>"
    [[nodiscard]] XACTHUC_API std::string text() const;
    friend bool operator==(const source_place&, const source_place&) = default;
};

// What is wrong with frameworks, for whoever wrote them.
struct policy_fault {
    source_place at;
    std::string what;  // with both values, where two do not fit together

    // "<file>:<line>: <what>"
    [[nodiscard]] XACTHUC_API std::string message() const;
};
using policy_faults = std::vector<policy_fault>;
// A value, or everything that is wrong: never an empty list.
template <class T>
using policy_result = boost::system::result<T, policy_faults>;
// What value() does when a policy_result has none: it throws std::runtime_error with all the messages.
[[noreturn]] XACTHUC_API void throw_exception_from_error(const policy_faults& faults,
                                                         const boost::source_location& where);

// All of them, a line each, as one error of this code.
[[nodiscard]] XACTHUC_API failure failure_of_faults(const policy_faults& faults, errc code);

inline constexpr std::size_t sha256_bytes = 32;
using sha256_digest = std::array<std::byte, sha256_bytes>;
// 64 hexadecimal digits, of 0 to 9 and a to f.
[[nodiscard]] XACTHUC_API std::string hex_of(const sha256_digest& digest);

// A name for people, in both languages.
struct bilingual_text {
    std::string vi;
    std::string en;
    friend bool operator==(const bilingual_text&, const bilingual_text&) = default;
};

// The fields of a rule that a text states, and the line of each.
struct stated_fields {
    rule values = widest_rule;                            // fields that are not stated are as in the widest rule
    std::array<std::uint32_t, rule_field_count> lines{};  // 0: not stated

    [[nodiscard]] bool states(rule_field field) const noexcept { return lines[static_cast<std::size_t>(field)] != 0; }
};

// What a nation lays down of a procedure.
struct procedure_text {
    std::string name;
    std::uint16_t number = 0;
    bilingual_text title;
    std::string purpose;  // a term of the W3C Data Privacy Vocabulary
    std::string law;
    stated_fields asks;
    std::uint32_t line = 0;
};

// Who asks, and on whose behalf.
struct agency_text {
    std::string name;  // "health", "health/48"
    std::uint16_t number = 0;
    bilingual_text title;
    std::optional<note_verifier> key;  // signs the agency's own framework
    std::string parent;                // empty: none
    std::uint32_t parent_line = 0;
    std::optional<std::vector<std::string>> may;  // procedures, in the order of their names; none: all of its parent's
    std::uint32_t may_line = 0;
    std::uint8_t delegate_depth = 0;
    std::uint32_t delegate_depth_line = 0;
    bool suspended = false;
    std::uint32_t line = 0;
};

// What an agency narrows of a procedure, for itself and all below it.
struct tailoring {
    std::string procedure;
    stated_fields asks;
    std::uint32_t line = 0;
};

// What a framework is built on.
struct framework_base {
    std::string framework;
    std::uint32_t version = 0;
    sha256_digest sha256{};  // of the bytes of its TOML text
    std::uint32_t line = 0;
};

// A file, read.
struct framework {
    std::string file;
    std::string name;  // "vn", "vn/health", "vn/health/48"
    std::uint32_t version = 0;
    bilingual_text title;
    stated_fields valid;                 // the two days only
    std::optional<framework_base> base;  // none in the national one
    std::vector<procedure_text> procedures;
    std::vector<agency_text> agencies;
    std::vector<tailoring> tailorings;
    sha256_digest sha256{};           // of the bytes of the text
    std::optional<signed_note> note;  // the note that it came in
    std::uint32_t line = 0;           // of the framework's name
};

// Reads a framework from the text of its TOML file. `file` is only for messages.
// Complexity: linear.
// Errors: TOML that is not well-formed, keys and words that are not known, values of the wrong type or out of range,
// what is required and missing, a list with a word twice, a set that is not there.
// Exceptions: std::bad_alloc.
[[nodiscard]] XACTHUC_API policy_result<framework> parse_framework(std::string_view text, std::string file);

// Reads one file: a TOML text, or with the ending .note a signed note around one.
// Errors: those of the file system and of parse_framework(); not a note.
[[nodiscard]] XACTHUC_API policy_result<framework> load_framework(const std::filesystem::path& file);
// Reads every *.toml and *.note below a folder, or the one file. Where a text and a note have the same name but for the
// ending, the note counts and has to be of the same text.
// Returns them in the order of their paths.
// Errors: those of load_framework(); none is found; a text that is not its note's.
[[nodiscard]] XACTHUC_API policy_result<std::vector<framework>> load_frameworks(const std::filesystem::path& from);

}  // namespace xacthuc::inline v0_1
