// SPDX-License-Identifier: Apache-2.0
// Many short runs of bytes, however Python holds them: a column of bytes or text, an array of bytes with a row each, a
// sequence of bytes, or one bytes object for all. Nothing is copied.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "arrow_table.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

class byte_rows {
  public:
    // Throws column_error, naming it, when it is none of the above; arrow_error.
    byte_rows(nb::handle from, const std::string& name);

    // Whether one value stands for all rows; then there is one.
    [[nodiscard]] bool is_for_all() const noexcept { return is_for_all_; }
    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    // Of a null, a run without a pointer.
    [[nodiscard]] std::span<const std::byte> operator[](std::size_t row) const noexcept {
        return rows_[is_for_all_ ? 0 : row];
    }

  private:
    using matrix = nb::ndarray<const std::uint8_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

    void take_column(nb::handle from, const std::string& name);
    void take_sequence(nb::handle from, const std::string& name);

    std::vector<std::span<const std::byte>> rows_;
    bool is_for_all_ = false;
    // What the rows are views of.
    nb::object held_;
    matrix array_;
    std::unique_ptr<arrow_series> column_;
};

}  // namespace xacthuc::python
