// SPDX-License-Identifier: Apache-2.0
// From the messages of pgoutput to changes of a register, transaction by transaction. Knows no connection.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/registry/change.hpp>

#include "sources/postgres/pgoutput.hpp"
#include "sources/row_changes.hpp"
#include "sources/table_mapping.hpp"

namespace xacthuc::inline v0_1::postgres {

// How the texts of a type's values are to be read.
[[nodiscard]] sources::cell_form form_of_type(std::uint32_t type_oid) noexcept;

// The prefix of the messages by which a follower hears itself.
inline constexpr std::string_view heartbeat_prefix = "xacthuc";

class transaction_reader {
  public:
    // Told of a row that cannot be read; it is then left out, and its citizen removed, so that nothing old is said of
    // her. Without it such a row is an error.
    using leave_out = std::function<void(log_position commit, const sources::row_problem& why)>;

    // Requires: mapping and key outlive this. `table` is the oid of the table that the register was made of.
    transaction_reader(const sources::table_mapping& mapping, const digest_key& digests, std::uint32_t table,
                       leave_out leaves_out = {});

    // Takes the next message, and appends the changes that it means. Throws source_error, with the table's name: a row
    // that cannot be read; a table that was emptied, renamed, replaced, or lost a column; messages out of order.
    void take(const message& next, std::vector<change>& into);

    // The last transaction that ended.
    [[nodiscard]] log_position end_position() const noexcept { return end_position_; }
    [[nodiscard]] std::int64_t commit_time_us() const noexcept { return commit_time_us_; }
    [[nodiscard]] std::uint64_t transactions() const noexcept { return transactions_; }
    [[nodiscard]] bool is_in_transaction() const noexcept { return is_open_; }
    // The last message of our own prefix in a transaction that ended.
    [[nodiscard]] const std::string& heard() const noexcept { return heard_; }

  private:
    [[noreturn]] void stop(const std::string& why) const;
    void describe(const message& relation);
    void put(const message& next, std::vector<change>& into);
    void take_row(const message& next, std::vector<change>& into);

    const sources::table_mapping& mapping_;
    const digest_key& digests_;
    std::uint32_t table_;
    leave_out leaves_out_;
    sources::row_changes rows_;
    bool is_described_ = false;
    bool is_open_ = false;
    log_position commit_position_ = 0;
    log_position end_position_ = 0;
    std::int64_t commit_time_us_ = 0;
    std::uint64_t transactions_ = 0;
    std::string saying_;
    std::string heard_;
};

}  // namespace xacthuc::inline v0_1::postgres
