// SPDX-License-Identifier: Apache-2.0
#include "byte_rows.hpp"

#include "errors.hpp"

namespace xacthuc::python {
namespace {

// An empty run is not a missing one, even where its owner has no memory for it.
[[nodiscard]] std::span<const std::byte> present(const void* data, std::size_t size) {
    static constexpr std::byte nothing{};
    return {size == 0 ? &nothing : static_cast<const std::byte*>(data), size};
}

[[nodiscard]] std::span<const std::byte> bytes_of(nb::handle what) {
    const auto bytes = nb::borrow<nb::bytes>(what);
    return present(bytes.c_str(), bytes.size());
}

}  // namespace

byte_rows::byte_rows(nb::handle from, const std::string& name) {
    if (nb::isinstance<nb::bytes>(from)) {
        held_ = nb::borrow(from);
        is_for_all_ = true;
        rows_.push_back(bytes_of(from));
    } else if (speaks_arrow(from)) {
        take_column(from, name);
    } else if (nb::try_cast(from, array_, false)) {
        for (std::size_t row = 0; row < array_.shape(0); ++row)
            rows_.push_back(present(array_.data() + row * array_.shape(1), array_.shape(1)));
    } else if (nb::isinstance<nb::list>(from) || nb::isinstance<nb::tuple>(from)) {
        take_sequence(from, name);
    } else {
        throw column_error{name +
                           ": wanted a column of bytes, a list of bytes, bytes, or an array of uint8 with a row "
                           "each (contiguous), not " +
                           std::string{nb::type_name(from.type()).c_str()}};
    }
}

void byte_rows::take_column(nb::handle from, const std::string& name) {
    column_ = std::make_unique<arrow_series>(from, name);
    if (!column_->type().is_binary() && !column_->type().is_text())
        throw column_error{name + ": is " + column_->type().words + ", wanted bytes"};
    rows_.reserve(static_cast<std::size_t>(column_->rows()));
    for (const auto& chunk : column_->chunks()) {
        for (std::int64_t row = 0; row < chunk.rows; ++row) {
            const auto text = chunk.cells.text(row);
            rows_.push_back(text ? present(text->data(), text->size()) : std::span<const std::byte>{});
        }
    }
}

void byte_rows::take_sequence(nb::handle from, const std::string& name) {
    held_ = nb::tuple(nb::borrow(from));  // the caller's list may change
    for (const auto one : held_) {
        if (!nb::isinstance<nb::bytes>(one))
            throw column_error{name + ": row " + std::to_string(rows_.size()) + " is no bytes object"};
        rows_.push_back(bytes_of(one));
    }
}

}  // namespace xacthuc::python
