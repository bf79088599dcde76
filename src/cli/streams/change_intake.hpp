// SPDX-License-Identifier: Apache-2.0
// Changes on their way from the rows of a file into a registry: what the apply subcommand does between its options and
// its report. They wait until they are a batch; those that are refused go to the rejects file, the others are made.
//
// A change with a sequence number comes from the feed of another registry, and this one is to be its copy: change n
// there is change n here. A number that is passed over is an error, one that is here already has to be the same change
// and is not made again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/registry/change_feed.hpp>
#include <xacthuc/registry/registry.hpp>

#include "cli/output/output_file.hpp"

namespace xacthuc::cli {

struct intake_totals {
    std::uint64_t rows = 0;
    std::uint64_t applied = 0;
    std::uint64_t repeated = 0;  // of a feed, here already
    std::uint64_t rejected = 0;
    std::uint64_t batches = 0;
    // Every row up to this line is made, rejected or repeated: an input that was cut short goes on after it.
    std::uint64_t through_line = 0;
};

class change_intake {
  public:
    struct options {
        std::string input;  // for messages
        std::size_t batch_size = 1000;
        bool renumber = false;  // sequence numbers of a feed mean nothing
    };

    // Requires: both outlive the intake.
    change_intake(registry& into, output_file& rejects, options how);

    // Throw command_error: not_trusted for a gap in a feed, or a change of it that is another one here or cannot be
    // made; what a failing registry says. What was added before is made or not, as totals() tell.
    void add(const change& what, std::uint64_t line);
    void reject(std::uint64_t line, std::string_view column, std::string_view reason);
    // Makes what waits.
    void flush();

    [[nodiscard]] const intake_totals& totals() const noexcept { return totals_; }

  private:
    struct origin {
        std::uint64_t line;
        bool from_feed;
    };

    [[nodiscard]] bool is_repeated(const change& what, std::uint64_t line);
    [[nodiscard]] const change& own_change(std::uint64_t sequence, std::uint64_t line);
    [[nodiscard]] std::string at(std::uint64_t line) const;
    void write_reject(std::uint64_t line, std::string_view column, std::string_view reason);
    void leave_out(const std::vector<refused_change>& refused);
    [[noreturn]] void stop_feed_at(const refused_change& refused);
    void make();

    registry& into_;
    output_file& rejects_;
    options how_;
    intake_totals totals_;
    std::uint64_t taken_line_ = 0;  // the last row that was added or rejected
    std::vector<change> changes_;
    std::vector<origin> origins_;  // of each of them
    std::optional<change_feed> own_feed_;
    std::vector<change> own_;  // a part of this registry's log, for comparison
};

}  // namespace xacthuc::cli
