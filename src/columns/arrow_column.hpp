// SPDX-License-Identifier: Apache-2.0
// One column of an Arrow table, read where it lies.
//
// What comes through the C data interface is a stranger's: everything that can be checked is. The structures' counts
// and pointers are checked once a batch; an offset, a dictionary index or a view is checked when the row that it
// belongs to is read, against what the column itself says that it has. What nobody can check: buffers come without
// their sizes, so the last offset of a column of text, the number of rows, and that a pointer points to anything, must
// be believed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "columns/arrow_abi.hpp"

namespace xacthuc::inline v0_1::columns {

// What a column's values are, by the schema. Of a dictionary-encoded column, its dictionary's values.
struct column_type {
    enum class storage : std::uint8_t {
        other,  // what we have no use for: floats, lists, structs, …
        null,   // no values at all
        boolean,
        integer,
        text_32,  // string: 32-bit offsets
        text_64,  // large_string
        text_view,
        binary_32,
        binary_64,
        binary_view,
        binary_fixed,
        date_days,
        date_ms,
        timestamp,
    };

    storage values = storage::other;
    bool is_signed = false;
    bool has_time_zone = false;
    std::uint32_t bytes = 0;         // of an integer or a fixed-size value
    std::int64_t units_per_day = 1;  // of a timestamp
    std::uint32_t index_bytes = 0;   // of a dictionary's indices; 0 when there is no dictionary
    bool index_is_signed = false;
    std::string words;  // "int64", "timestamp[us, tz=UTC]", "dictionary<string>": for messages

    [[nodiscard]] bool is_text() const noexcept {
        return values == storage::text_32 || values == storage::text_64 || values == storage::text_view;
    }
    [[nodiscard]] bool is_binary() const noexcept {
        return values >= storage::binary_32 && values <= storage::binary_fixed;
    }
    [[nodiscard]] bool is_date() const noexcept { return values >= storage::date_days; }

    // Throws arrow_error when the schema has no format or a dictionary with indices that are no integers.
    [[nodiscard]] static column_type of(const ArrowSchema& schema);
};

// A column of one batch. Borrows the batch.
// Concurrency: any thread may read any row.
class arrow_column {
  public:
    // Throws arrow_error, naming the column, when the array is not one of this type with at least rows_end rows.
    arrow_column(const column_type& type, const ArrowArray& array, std::int64_t rows_end, std::string name);

    // Each throws arrow_error, naming column and row, when the row's place in the buffers cannot be right.
    // Nothing, when the row is null. Requires: row < rows_end, and a type that fits.
    // text() is for binary columns as well.
    [[nodiscard]] std::optional<std::string_view> text(std::int64_t row) const {
        if (is_plain_large_) return text_between<std::int64_t>(offset_ + row, row);
        if (is_plain_) return text_between<std::int32_t>(offset_ + row, row);
        return any_text(row);
    }
    [[nodiscard]] std::optional<std::int64_t> days(std::int64_t row) const;  // after 1970-01-01
    struct number {
        bool is_negative;
        std::uint64_t magnitude;
    };
    [[nodiscard]] std::optional<number> integer(std::int64_t row) const;
    [[nodiscard]] std::optional<bool> boolean(std::int64_t row) const;

    [[nodiscard]] const column_type& type() const noexcept { return *type_; }
    [[nodiscard]] bool is_text() const noexcept { return is_text_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

  private:
    void take_layer(const ArrowArray& array, std::int64_t rows_end, bool is_index);
    void take_text(const ArrowArray& array);
    void take_views(const ArrowArray& array);
    // Where the row's value lies; negative for null.
    [[nodiscard]] std::int64_t place(std::int64_t row) const;
    [[nodiscard]] std::optional<std::string_view> any_text(std::int64_t row) const;
    template <class Offset>
    [[nodiscard]] std::string_view text_between(std::int64_t at, std::int64_t row) const {
        std::array<Offset, 2> offsets;  // not aligned, where a stranger's buffer is not
        std::memcpy(&offsets, values_ + at * static_cast<std::int64_t>(sizeof(Offset)), sizeof offsets);
        const auto [begin, end] = offsets;
        if (begin < 0 || begin > end || end > data_end_) [[unlikely]]
            fail_offsets(begin, end, row);
        return {data_ + begin, static_cast<std::size_t>(end - begin)};
    }
    [[noreturn]] void fail_offsets(std::int64_t begin, std::int64_t end, std::int64_t row) const;
    [[nodiscard]] std::string_view text_of_view(std::int64_t at, std::int64_t row) const;
    [[noreturn]] void fail(const std::string& what) const;
    [[noreturn]] void fail(const std::string& what, std::int64_t row) const;

    // What nearly every row of nearly every column needs comes first: one cache line.
    const column_type* type_;
    const std::byte* values_ = nullptr;  // offsets, views, or the values themselves
    const char* data_ = nullptr;         // what offsets point into
    std::int64_t offset_ = 0;
    std::int64_t data_end_ = 0;  // the last offset
    bool is_text_ = false;
    bool is_plain_ = false;  // string without nulls or a dictionary
    bool is_plain_large_ = false;
    const std::byte* validity_ = nullptr;
    std::int64_t length_ = 0;
    // The indices of a dictionary-encoded column.
    const std::byte* index_validity_ = nullptr;
    const std::byte* index_ = nullptr;
    std::int64_t index_offset_ = 0;
    // The buffers that views point into.
    const void* const* view_buffers_ = nullptr;
    const std::byte* view_sizes_ = nullptr;
    std::int64_t view_buffer_count_ = 0;
    std::string name_;
};

}  // namespace xacthuc::inline v0_1::columns
