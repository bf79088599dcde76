// SPDX-License-Identifier: Apache-2.0
// The table of citizens as it was when the slot was made: every change before is in it, every change after comes by the
// slot. The slot is made first and exports the snapshot of that moment, in which the table is then read by COPY.
//
// A slot keeps the server's log until somebody reads it. So the register's folder says in a file, first-copy, that a
// slot was made for it: a first copy that was cut short is begun anew and drops the slot of the last attempt.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/index/index_builder.hpp>

#include "sources/postgres/live_table.hpp"
#include "sources/postgres/log_place.hpp"
#include "sources/postgres/session.hpp"
#include "sources/row_changes.hpp"
#include "sources/table_mapping.hpp"

namespace xacthuc::inline v0_1::postgres {

struct first_copy_settings {
    std::string conninfo;
    std::string publication;
    std::string slot;
    std::filesystem::path folder;  // of the register to be; made where it is not there
    // Read, each over a connection of its own, where the table can be divided: 8 at most.
    unsigned threads = 1;
    // Told of a row that is left out, by one thread at a time. Without it such a row is an error at the end.
    std::function<void(const sources::row_problem& why)> leaves_out{};
    // By any thread: rows that one has read since it last said so.
    std::function<void(std::uint64_t rows)> advance{};
    std::function<bool()> stopped{};  // asked by any thread
};

struct copied_table {
    log_place place;
    std::uint64_t rows = 0;
    std::uint64_t left_out = 0;
};

class first_copy {
  public:
    // Connects, and holds table and mapping against each other, and the codes of the first rows too.
    // Requires: the mapping outlives this.
    // Exceptions: source_error.
    first_copy(first_copy_settings how, const sources::table_mapping& mapping);

    [[nodiscard]] std::uint64_t rows_estimated() const noexcept;
    [[nodiscard]] const live_table& table() const noexcept { return table_; }

    // Makes the slot and gives the builder a record for each row. After an error the slot is dropped. A row with a code
    // that has no word is one, unfit, with all such codes.
    // Exceptions: source_error; those of the builder, as source_error, refused; interrupted by stopped(), with nothing
    // but an empty `place.slot`.
    [[nodiscard]] copied_table run(const digest_key& digests, index_builder& into);

    // The register is made: the slot is its own from now on.
    void keep_slot();

  private:
    [[nodiscard]] log_place make_slot(std::string& snapshot);
    [[nodiscard]] std::filesystem::path claim() const { return how_.folder / "first-copy"; }
    void drop_slot() noexcept;
    void check_all_codes() const;

    first_copy_settings how_;
    const sources::table_mapping& mapping_;
    session queries_;
    session replication_;
    live_table table_;
};

}  // namespace xacthuc::inline v0_1::postgres
