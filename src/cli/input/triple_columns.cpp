// SPDX-License-Identifier: Apache-2.0
#include "cli/input/triple_columns.hpp"

#include <array>

#include "cli/input/hex_text.hpp"
#include "columns/csv/cells.hpp"

namespace xacthuc::cli {
namespace {

constexpr std::array<csv::column, 5> known_triple_columns{{
    {"public_key", "key khoa_cong_khai", "64 hexadecimal digits; required"},
    {"signature", "chu_ky chu_ky_so", "128 hexadecimal digits; required"},
    {"message", "thong_diep", "two hexadecimal digits a byte, perhaps none; required"},
    {"reference", "ref ma_ho_so", "your own text, given back with the verdict"},
    {"expected", "", "valid, invalid, or empty"},
}};

[[nodiscard]] csv::row_problem problem(triple_column column, const char* reason) {
    return {known_triple_columns.at(static_cast<std::size_t>(column)).name, reason};
}

}  // namespace

std::span<const csv::column> triple_columns() noexcept {
    return known_triple_columns;
}

triple_parser::triple_parser(std::span<const std::string_view> header, const std::string& file)
    : columns_{csv::match_header(header, known_triple_columns, csv::unknown_columns::refused, file)} {
    for (std::size_t required = 0; required <= static_cast<std::size_t>(triple_column::message); ++required)
        csv::require_column(columns_, required, known_triple_columns.at(required).name, file);
}

std::optional<csv::row_problem> triple_parser::parse(std::span<const std::string_view> fields, triple_row& into,
                                                     std::vector<std::byte>& store) const {
    if (fields.size() != columns_.size())
        return csv::row_problem{"", csv::wrong_field_count(fields.size(), columns_.size())};
    into = {};
    std::optional<csv::row_problem> wrong;
    for (std::size_t i = 0; i < fields.size() && !wrong; ++i) {
        const auto text = fields[i];
        const auto column = static_cast<triple_column>(columns_[i]);
        switch (column) {
            case triple_column::public_key:
                if (text.size() != 2 * into.key.bytes.size() || !parse_hex(text, into.key.bytes))
                    wrong = problem(column, "a public key has 64 hexadecimal digits");
                break;
            case triple_column::signature:
                if (text.size() != 2 * into.signature.bytes.size() || !parse_hex(text, into.signature.bytes))
                    wrong = problem(column, "a signature has 128 hexadecimal digits");
                break;
            case triple_column::message:
                into.message_begin = store.size();
                into.message_size = text.size() / 2;
                if (!parse_hex(text, store)) wrong = problem(column, "a message has two hexadecimal digits a byte");
                break;
            case triple_column::reference:
                if (!csv::is_utf8(text)) wrong = problem(column, "the text is not UTF-8");
                into.reference = text;
                break;
            case triple_column::expected:
                if (text == "valid" || text == "invalid")
                    into.expected = text == "valid";
                else if (!text.empty())
                    wrong = problem(column, "wanted valid, invalid or nothing");
                break;
        }
    }
    return wrong;
}

void triple_parser::append_header(std::string& to) {
    to += "public_key,signature,message\n";
}

void triple_parser::append_row(std::string& to, const public_key& key, const ed25519::signature& signature,
                               std::span<const std::byte> message) {
    append_hex(to, key.bytes);
    to += ',';
    append_hex(to, signature.bytes);
    to += ',';
    append_hex(to, message);
    to += '\n';
}

}  // namespace xacthuc::cli
