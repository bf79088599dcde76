// SPDX-License-Identifier: Apache-2.0
// From the rows of a table of citizens to changes of a register. Knows no database: whoever reads a feed of changes
// gives it rows as cells.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/citizen.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/registry/change.hpp>

#include "sources/row_cell.hpp"
#include "sources/table_mapping.hpp"

namespace xacthuc::inline v0_1::sources {

// A column of the table as it is now.
struct source_column {
    std::string name;
    cell_form form = cell_form::text;
};

// Why a row is no citizen. The value is there only where it is a code of a list; what is of one person is never shown.
struct row_problem {
    std::string_view column;
    std::string reason;
    std::string_view value{};
    bool is_unchanged = false;  // the value was not sent, and no old row has it

    // "column sex: … (the value is "9")"
    [[nodiscard]] std::string text() const;
};

// A mapping bound to the columns of a table.
// Concurrency: any thread.
class row_changes {
  public:
    using row = std::span<const row_cell>;

    // Finds the fields' columns. Returns what is wrong, each with the name of the column, or nothing.
    // Requires: the mapping outlives this.
    [[nodiscard]] std::vector<std::string> bind(const table_mapping& mapping, std::span<const source_column> columns);

    // The record of a row. Views in a problem are of the row and of this.
    [[nodiscard]] std::optional<row_problem> read(row after, const digest_key& digests, record& into) const;

    // Appends what a row's insertion or update means: the removal of the citizen that the row was, if its id was
    // another one, and the citizen that it is. `before` is empty, or of the same columns: the key's alone, or all.
    [[nodiscard]] std::optional<row_problem> append_put(row before, row after, const digest_key& digests,
                                                        std::vector<change>& into) const;
    // Appends what a row's removal means. Of a row that was never taken: nothing.
    [[nodiscard]] std::optional<row_problem> append_erase(row before, std::vector<change>& into) const;

    // Whether a value of a field's column means something.
    // Requires: place_of(field).
    [[nodiscard]] std::optional<row_problem> check(citizen_field field, const row_cell& value) const;

    // The citizen of a row, where it can be read.
    [[nodiscard]] std::optional<personal_id> id_of(row of) const;

    // The place of a field's column; none where the table has none.
    [[nodiscard]] std::optional<std::size_t> place_of(citizen_field field) const noexcept;
    [[nodiscard]] std::size_t columns() const noexcept { return forms_.size(); }
    [[nodiscard]] const std::string& name_of(std::size_t column) const noexcept { return names_[column]; }

  private:
    struct binding {
        citizen_field field;
        std::size_t column;
        const field_mapping* how;
    };

    [[nodiscard]] std::optional<row_problem> put(const binding& one, const row_cell& cell, citizen& into) const;
    [[nodiscard]] std::optional<row_problem> make(row after, const digest_key& digests, record& into) const;

    std::vector<binding> bindings_;
    std::vector<cell_form> forms_;
    std::vector<std::string> names_;
    std::size_t id_column_ = 0;
};

}  // namespace xacthuc::inline v0_1::sources
