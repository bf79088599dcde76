// SPDX-License-Identifier: Apache-2.0
#include "cli/input/change_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <iterator>
#include <xacthuc/domain/word.hpp>

#include "cli/input/hex_text.hpp"
#include "columns/made_row.hpp"

namespace xacthuc::cli {
namespace {

constexpr std::array<csv::column, 3> own_columns{{
    {"change", "kind bien_dong loai_bien_dong", "upsert (or empty), erase, set_key"},
    {"key", "public_key khoa_cong_khai", "Ed25519 public key, 64 hexadecimal digits; none for \"none\""},
    {"record", "ban_ghi", "64 hexadecimal digits as follow prints them, in place of the columns of a citizen"},
}};
constexpr std::size_t change_place = 0;
constexpr std::size_t key_place = 1;
constexpr std::size_t record_place = 2;

[[nodiscard]] const std::vector<csv::column>& all_columns() {
    static const auto all = [] {
        std::vector<csv::column> columns{own_columns.begin(), own_columns.end()};
        columns.insert(columns.end(), csv::citizen_columns().begin(), csv::citizen_columns().end());
        return columns;
    }();
    return all;
}

[[nodiscard]] bool read_hex(std::string_view text, std::span<std::byte> into) {
    return text.size() == 2 * into.size() && parse_hex(text, into);
}

[[nodiscard]] bool is_none(std::string_view key) {
    static constexpr std::array<std::string_view, 1> words{"none"};
    return find_word(words, key) == 0;
}
// A change being put together from one text a column.
struct change_text {
    std::string_view kind;
    std::string_view key;
    std::string_view record_digits;
    citizen who;
    bool describes_citizen = false;

    [[nodiscard]] std::optional<csv::row_problem> put(std::size_t column, std::string_view text) {
        if (column == change_place) kind = text;
        if (column == key_place) key = text;
        if (column == record_place) record_digits = text;
        if (column < own_columns.size()) return {};
        const auto field = static_cast<citizen_field>(column - own_columns.size());
        describes_citizen |= field != citizen_field::id && !text.empty();
        if (const auto why = columns::put_text(field, text, who)) return csv::row_problem::of(why);
        return {};
    }

    [[nodiscard]] std::optional<csv::row_problem> finish(const digest_key& digests, change& into) const;

  private:
    [[nodiscard]] std::optional<csv::row_problem> make_record_of(const digest_key& digests, record& into) const;
};

std::optional<csv::row_problem> change_text::make_record_of(const digest_key& digests, record& into) const {
    if (!record_digits.empty()) {
        if (describes_citizen) return csv::row_problem{"record", "a record has all of the citizen already"};
        if (!read_hex(record_digits, std::as_writable_bytes(std::span{into.words})))
            return csv::row_problem{"record", "a record has 64 hexadecimal digits"};
        if (who.id.value() != 0 && who.id.value() != layout::id.get(into.words[0]))
            return csv::row_problem{"record", "it is another citizen's than the id says"};
        return {};
    }
    if (const auto why = columns::make_record(who, digests, into)) return csv::row_problem::of(why);
    return {};
}

std::optional<csv::row_problem> change_text::finish(const digest_key& digests, change& into) const {
    public_key given;
    if (!key.empty() && !is_none(key) && !read_hex(key, given.bytes))
        return csv::row_problem{"key", "a key has 64 hexadecimal digits, or is none"};
    static constexpr std::array<std::string_view, 4> kinds{"", "upsert", "erase", "set_key"};
    const auto place = find_word(kinds, kind);
    if (place == kinds.size()) return csv::row_problem{"change", "wanted upsert, erase or set_key"};
    if (place < 2) {
        record made;
        if (auto problem = make_record_of(digests, made)) return problem;
        into = key.empty() ? change::upsert(made) : change::upsert(made, given);
        return {};
    }
    if (who.id.value() == 0) return csv::row_problem{"id", make_error_code(errc::personal_id_length).message()};
    if (place == 2) {
        into = change::erase(who.id);
        return {};
    }
    if (key.empty()) return csv::row_problem{"key", "set_key wants a key, or none"};
    into = change::set_key(who.id, given);
    return {};
}

// A member's value as the text that a CSV file would have.
[[nodiscard]] bool text_of(const boost::json::value& value, std::string& into) {
    into.clear();
    if (value.is_string())
        into.assign(value.get_string().data(), value.get_string().size());
    else if (value.is_int64())
        into = std::to_string(value.get_int64());
    else if (value.is_bool())
        into = value.get_bool() ? "yes" : "no";
    else if (!value.is_null())
        return false;
    return true;
}

[[nodiscard]] bool read_sequence(const boost::json::value& value, std::uint64_t& into) {
    boost::json::error_code error;
    const auto number = value.to_number<std::uint64_t>(error);
    if (error || !value.is_number() || value.is_double() || number == 0) return false;
    into = number;
    return true;
}

}  // namespace

std::span<const csv::column> change_columns() noexcept {
    return all_columns();
}

change_parser::change_parser(const digest_key& key, std::span<const std::string_view> header, bool ignore_unknown,
                             const std::string& file)
    : key_{key}, columns_{csv::match_header(header, change_columns(), csv::unknown_columns_of(ignore_unknown), file)} {
    has_records_ = std::ranges::count(columns_, record_place) != 0;
    if (!has_records_) csv::require_column(columns_, own_columns.size(), csv::id_column_name, file);
}

std::optional<csv::row_problem> change_parser::parse_fields(std::span<const std::string_view> fields,
                                                            change& into) const {
    if (fields.size() != columns_.size())
        return csv::row_problem{"", csv::wrong_field_count(fields.size(), columns_.size())};
    change_text text;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (columns_[i] == csv::ignored_column) continue;
        // A record has the id too.
        if (has_records_ && columns_[i] == own_columns.size() && fields[i].empty()) continue;
        if (auto problem = text.put(columns_[i], fields[i])) return problem;
    }
    return text.finish(key_, into);
}

std::optional<csv::row_problem> change_parser::parse_json(std::string_view line, change& into) const {
    boost::json::error_code error;
    const auto parsed = boost::json::parse({line.data(), line.size()}, error);
    if (error || !parsed.is_object()) return csv::row_problem{"", "not a JSON object: " + error.message()};
    change_text text;
    std::vector<std::string> texts;  // the views in `text` are of these
    texts.reserve(parsed.get_object().size());
    std::uint64_t sequence = 0;
    std::size_t member_number = 0;
    for (const auto& member : parsed.get_object()) {
        ++member_number;
        const std::string_view name{member.key().data(), member.key().size()};
        if (name == "time_unix_ms") continue;
        if (name == "sequence") {
            if (!read_sequence(member.value(), sequence))
                return csv::row_problem{"sequence", "a sequence number is a whole number from 1 on"};
            continue;
        }
        const auto column = std::ranges::find(all_columns(), name, &csv::column::name);
        // Not by its name, which may be anything, a person's too.
        if (column == all_columns().end())
            return csv::row_problem{"", fmt::format("the object's member {} has an unknown name", member_number)};
        if (!text_of(member.value(), texts.emplace_back()))
            return csv::row_problem{column->name, "wanted a text, a whole number, true, false or null"};
        const auto place = static_cast<std::size_t>(column - all_columns().begin());
        if (auto problem = text.put(place, texts.back())) return problem;
    }
    auto problem = text.finish(key_, into);
    into.sequence = sequence;
    return problem;
}

}  // namespace xacthuc::cli
