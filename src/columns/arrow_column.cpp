// SPDX-License-Identifier: Apache-2.0
#include "columns/arrow_column.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "columns/table_error.hpp"

namespace xacthuc::inline v0_1::columns {
namespace {

using storage = column_type::storage;

// So that no sum or product of two of them leaves 64 bits.
constexpr std::int64_t rows_max = std::int64_t{1} << 48;
// More kinds of buffer than a column of views can need: 2^31 of them would be 4 EiB of text.
constexpr std::int64_t buffers_max = std::int64_t{1} << 31;

// Buffers of strangers need not be aligned.
template <class T>
[[nodiscard]] T load(const std::byte* from, std::int64_t position) noexcept {
    T value;
    std::memcpy(&value, from + position * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
    return value;
}

[[nodiscard]] bool bit(const std::byte* from, std::int64_t position) noexcept {
    return (std::to_integer<unsigned>(from[position >> 3]) >> (position & 7) & 1U) != 0;
}

// An integer of 1 to 8 bytes, sign-extended or not.
[[nodiscard]] std::int64_t load_integer(const std::byte* from, std::int64_t position, std::uint32_t bytes,
                                        bool is_signed) noexcept {
    switch (bytes) {
        case 1:
            return is_signed ? load<std::int8_t>(from, position) : std::int64_t{load<std::uint8_t>(from, position)};
        case 2:
            return is_signed ? load<std::int16_t>(from, position) : std::int64_t{load<std::uint16_t>(from, position)};
        case 4:
            return is_signed ? load<std::int32_t>(from, position) : std::int64_t{load<std::uint32_t>(from, position)};
        default:
            return load<std::int64_t>(from, position);
    }
}

[[nodiscard]] std::int64_t floor_divide(std::int64_t value, std::int64_t by) noexcept {
    return value / by - (value % by < 0 ? 1 : 0);
}

struct plain_format {
    std::string_view format;
    storage values;
    std::uint32_t bytes;
    bool is_signed;
    std::string_view words;
};
constexpr std::array<plain_format, 19> plain_formats{{
    {"n", storage::null, 0, false, "null"},
    {"b", storage::boolean, 0, false, "bool"},
    {"c", storage::integer, 1, true, "int8"},
    {"C", storage::integer, 1, false, "uint8"},
    {"s", storage::integer, 2, true, "int16"},
    {"S", storage::integer, 2, false, "uint16"},
    {"i", storage::integer, 4, true, "int32"},
    {"I", storage::integer, 4, false, "uint32"},
    {"l", storage::integer, 8, true, "int64"},
    {"L", storage::integer, 8, false, "uint64"},
    {"u", storage::text_32, 0, false, "string"},
    {"U", storage::text_64, 0, false, "large_string"},
    {"vu", storage::text_view, 0, false, "string_view"},
    {"z", storage::binary_32, 0, false, "binary"},
    {"Z", storage::binary_64, 0, false, "large_binary"},
    {"vz", storage::binary_view, 0, false, "binary_view"},
    {"tdD", storage::date_days, 4, true, "date32"},
    {"tdm", storage::date_ms, 8, true, "date64"},
    {"g", storage::other, 0, false, "double"},
}};

void read_timestamp(std::string_view format, column_type& into) {
    static constexpr std::array<std::pair<char, std::int64_t>, 4> units{
        {{'s', 86'400}, {'m', 86'400'000}, {'u', 86'400'000'000}, {'n', 86'400'000'000'000}}};
    for (const auto& [letter, per_day] : units) {
        if (format[2] != letter) continue;
        into.values = storage::timestamp;
        into.bytes = 8;
        into.units_per_day = per_day;
        const auto zone = format.substr(4);
        into.has_time_zone = !zone.empty();
        into.words = std::string{"timestamp["} + letter + (letter == 's' ? "" : "s") +
                     (zone.empty() ? "" : ", tz=" + std::string{zone}) + "]";
    }
}

void read_format(std::string_view format, column_type& into) {
    for (const auto& one : plain_formats) {
        if (one.format != format) continue;
        into.values = one.values;
        into.bytes = one.bytes;
        into.is_signed = one.is_signed;
        into.words = one.words;
        return;
    }
    into.words = "Arrow format '" + std::string{format.substr(0, 64)} + "'";
    if (format.starts_with("ts") && format.size() >= 4 && format[3] == ':') {
        read_timestamp(format, into);
    } else if (format.starts_with("w:")) {
        const auto digits = format.substr(2);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), into.bytes);
        if (error == std::errc{} && end == digits.data() + digits.size() && into.bytes <= 1U << 20) {
            into.values = storage::binary_fixed;
            into.words = "fixed_size_binary[" + std::string{digits} + "]";
        }
    }
}

}  // namespace

column_type column_type::of(const ArrowSchema& schema) {
    if (schema.format == nullptr) throw arrow_error{"a column's schema has no format"};
    column_type type;
    if (schema.dictionary == nullptr) {
        read_format(schema.format, type);
        return type;
    }
    column_type index;
    read_format(schema.format, index);
    if (index.values != storage::integer) throw arrow_error{"a dictionary's indices are no integers: " + index.words};
    if (schema.dictionary->format == nullptr) throw arrow_error{"a dictionary's schema has no format"};
    read_format(schema.dictionary->format, type);
    if (schema.dictionary->dictionary != nullptr) {
        type.values = storage::other;
        type.words = "dictionary<" + type.words + ">";
    }
    type.index_bytes = index.bytes;
    type.index_is_signed = index.is_signed;
    type.words = "dictionary<" + type.words + ">";
    return type;
}

arrow_column::arrow_column(const column_type& type, const ArrowArray& array, std::int64_t rows_end, std::string name)
    : type_{&type}, is_text_{type.is_text()}, name_{std::move(name)} {
    if (type.index_bytes == 0) {
        take_layer(array, rows_end, false);
        return;
    }
    take_layer(array, rows_end, true);
    if (array.dictionary == nullptr) fail("there is no dictionary to its indices");
    take_layer(*array.dictionary, 0, false);
}

void arrow_column::take_layer(const ArrowArray& array, std::int64_t rows_end, bool is_index) {
    if (array.release == nullptr) fail("the array has been released already");
    if (array.length < 0 || array.length > rows_max) fail("the length " + std::to_string(array.length));
    if (array.offset < 0 || array.offset > rows_max) fail("the offset " + std::to_string(array.offset));
    if (array.null_count < -1 || array.null_count > array.length)
        fail("the null count " + std::to_string(array.null_count));
    if (array.length < rows_end) fail("it has fewer rows than the table");
    const bool is_bare = !is_index && (type_->values == storage::null || type_->values == storage::other);
    if (!is_bare && (array.n_buffers < 2 || array.n_buffers > buffers_max || array.buffers == nullptr))
        fail(std::to_string(array.n_buffers) + " buffers");
    if (is_bare) {
        length_ = array.length;
        return;
    }
    const auto* const validity = static_cast<const std::byte*>(array.buffers[0]);
    const auto* const values = static_cast<const std::byte*>(array.buffers[1]);
    if (validity == nullptr && array.null_count > 0) fail("it counts nulls but has no validity bitmap");
    if (values == nullptr && array.length > 0) fail("its buffer of values or offsets is missing");
    if (is_index) {
        index_validity_ = validity;
        index_ = values;
        index_offset_ = array.offset;
        return;
    }
    validity_ = validity;
    values_ = values;
    offset_ = array.offset;
    length_ = array.length;
    const bool has_views = type_->values == storage::text_view || type_->values == storage::binary_view;
    const bool has_offsets = !has_views && type_->values >= storage::text_32 && type_->values <= storage::binary_64;
    if (has_offsets) take_text(array);
    if (has_views) take_views(array);
    if (!has_offsets && !has_views && array.n_buffers != 2) fail(std::to_string(array.n_buffers) + " buffers");
}

void arrow_column::take_text(const ArrowArray& array) {
    if (array.n_buffers != 3) fail(std::to_string(array.n_buffers) + " buffers");
    data_ = static_cast<const char*>(array.buffers[2]);
    if (length_ == 0) return;
    const bool is_wide = type_->values == storage::text_64 || type_->values == storage::binary_64;
    data_end_ =
        is_wide ? load<std::int64_t>(values_, offset_ + length_) : load<std::int32_t>(values_, offset_ + length_);
    if (data_end_ < 0) fail("its last offset is " + std::to_string(data_end_));
    if (data_end_ > 0 && data_ == nullptr) fail("its text is missing");
    const bool is_plain = validity_ == nullptr && type_->index_bytes == 0 && type_->is_text();
    is_plain_ = is_plain && !is_wide;
    is_plain_large_ = is_plain && is_wide;
}

void arrow_column::take_views(const ArrowArray& array) {
    if (array.n_buffers < 3) fail(std::to_string(array.n_buffers) + " buffers");
    view_buffers_ = array.buffers + 2;
    view_buffer_count_ = array.n_buffers - 3;
    view_sizes_ = static_cast<const std::byte*>(array.buffers[array.n_buffers - 1]);
    if (view_buffer_count_ > 0 && view_sizes_ == nullptr) fail("the sizes of its buffers are missing");
}

std::int64_t arrow_column::place(std::int64_t row) const {
    if (type_->index_bytes != 0) {
        const auto at = index_offset_ + row;
        if (index_validity_ != nullptr && !bit(index_validity_, at)) return -1;
        const auto index = load_integer(index_, at, type_->index_bytes, type_->index_is_signed);
        if (index < 0 || index >= length_)
            fail("a dictionary of " + std::to_string(length_) + " has no entry " + std::to_string(index), row);
        row = index;
    }
    if (type_->values == storage::null) return -1;
    const auto at = offset_ + row;
    return validity_ != nullptr && !bit(validity_, at) ? -1 : at;
}

void arrow_column::fail_offsets(std::int64_t begin, std::int64_t end, std::int64_t row) const {
    fail("offsets " + std::to_string(begin) + " to " + std::to_string(end) + " of " + std::to_string(data_end_), row);
}

std::string_view arrow_column::text_of_view(std::int64_t at, std::int64_t row) const {
    constexpr std::int32_t inline_max = 12;
    const auto* const view = values_ + at * 16;
    const auto size = load<std::int32_t>(view, 0);
    if (size < 0) fail("a view of " + std::to_string(size) + " bytes", row);
    if (size <= inline_max) return {reinterpret_cast<const char*>(view + 4), static_cast<std::size_t>(size)};
    const auto buffer = load<std::int32_t>(view, 2);
    const auto begin = load<std::int32_t>(view, 3);
    if (buffer < 0 || buffer >= view_buffer_count_ || view_buffers_[buffer] == nullptr)
        fail("a view into buffer " + std::to_string(buffer) + " of " + std::to_string(view_buffer_count_), row);
    const auto buffer_size = load<std::int64_t>(view_sizes_, buffer);
    if (begin < 0 || std::int64_t{begin} + size > buffer_size)
        fail("a view of " + std::to_string(size) + " bytes at " + std::to_string(begin) + " of " +
                 std::to_string(buffer_size),
             row);
    return {static_cast<const char*>(view_buffers_[buffer]) + begin, static_cast<std::size_t>(size)};
}

std::optional<std::string_view> arrow_column::any_text(std::int64_t row) const {
    const auto at = place(row);
    if (at < 0) return {};
    switch (type_->values) {
        case storage::text_32:
        case storage::binary_32:
            return text_between<std::int32_t>(at, row);
        case storage::text_64:
        case storage::binary_64:
            return text_between<std::int64_t>(at, row);
        case storage::text_view:
        case storage::binary_view:
            return text_of_view(at, row);
        default:
            return std::string_view{reinterpret_cast<const char*>(values_) + at * type_->bytes, type_->bytes};
    }
}

std::optional<std::int64_t> arrow_column::days(std::int64_t row) const {
    constexpr std::int64_t ms_per_day = 86'400'000;
    const auto at = place(row);
    if (at < 0) return {};
    if (type_->values == storage::date_days) return load<std::int32_t>(values_, at);
    return floor_divide(load<std::int64_t>(values_, at),
                        type_->values == storage::date_ms ? ms_per_day : type_->units_per_day);
}

std::optional<arrow_column::number> arrow_column::integer(std::int64_t row) const {
    const auto at = place(row);
    if (at < 0) return {};
    const auto value = load_integer(values_, at, type_->bytes, type_->is_signed);
    const bool is_negative = type_->is_signed && value < 0;
    const auto bits = static_cast<std::uint64_t>(value);
    return number{is_negative, is_negative ? ~bits + 1 : bits};
}

std::optional<bool> arrow_column::boolean(std::int64_t row) const {
    const auto at = place(row);
    if (at < 0) return {};
    return bit(values_, at);
}

void arrow_column::fail(const std::string& what) const {
    throw arrow_error{"column '" + name_ + "' (" + type_->words + ") is not what Arrow says it should be: " + what};
}

void arrow_column::fail(const std::string& what, std::int64_t row) const {
    fail(what + ", row " + std::to_string(row) + " of its batch");
}

}  // namespace xacthuc::inline v0_1::columns
