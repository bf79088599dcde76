// SPDX-License-Identifier: Apache-2.0
#include <xacthuc/ledger/checkpoint.hpp>

#include "ledger/hash_line.hpp"

namespace xacthuc::inline v0_1 {

std::string checkpoint::text() const {
    return origin + '\n' + std::to_string(size) + '\n' + base64_of_hash(root) + '\n' + extensions;
}

result<checkpoint> parse_checkpoint(std::string_view text) {
    const auto origin = take_line(text);
    const auto size_line = origin ? take_line(text) : std::nullopt;
    const auto root_line = size_line ? take_line(text) : std::nullopt;
    if (!root_line || origin->empty()) return errc::checkpoint_syntax;
    const auto size = number_of_decimal(*size_line);
    const auto root = hash_of_base64(*root_line);
    if (!size || !root) return errc::checkpoint_syntax;
    checkpoint read{std::string{*origin}, *size, *root, std::string{text}};
    while (!text.empty())
        if (const auto line = take_line(text); !line || line->empty()) return errc::checkpoint_syntax;
    return read;
}

result<checkpoint> open_checkpoint(std::string_view note, std::string_view origin, const note_verifier& log) {
    const auto parsed = parse_note(note);
    if (!parsed) return parsed.error();
    auto read = parse_checkpoint(parsed->text);
    if (!read) return read.error();
    if (read->origin != origin) return errc::checkpoint_syntax;
    if (!parsed->is_signed_by(log)) return errc::bad_signature;
    return read;
}

}  // namespace xacthuc::inline v0_1
