// SPDX-License-Identifier: Apache-2.0
// Who asked about a citizen, and what of it she is shown herself: not before a day that a law may set, and nothing that
// is another person's business.
//
// The rules are a dated file:
//
//   from = 2027-01-01
//   visible_after_days = 0          what holds for procedures that are not named below
//
//   [[procedure]]
//   number = 7
//   visible_after_days = 90         counted from the moment of the access
//   visible_from = 2028-01-01       and not before this day, whichever comes later
//   shows = "agency"                that somebody asked, and not in which matter: for procedures in which a citizen is
//                                   asked about because of a relative. Else "all"
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/policy/framework.hpp>

namespace xacthuc::inline v0_1 {

// One access, as somebody is shown it.
struct history_entry {
    std::int64_t time_unix_s = 0;
    std::uint16_t agency = 0;
    std::uint16_t procedure = 0;  // 0 where it is withheld
    claim_mask claims = 0;        // likewise
    xacthuc::verdict verdict{};   // likewise
    std::uint64_t officer = 0;    // 0 where it is withheld
    bool is_withheld = false;     // something is

    friend bool operator==(const history_entry&, const history_entry&) = default;
};

enum class history_viewer : std::uint8_t {
    holder,     // the citizen herself, to whom nothing is shown but what the rules let her see, and never the officer
    inspector,  // who may see all
};

// What viewers are shown of which procedures, and when.
class history_rules {
  public:
    struct rule {
        std::uint32_t visible_after_days = 0;
        std::int64_t visible_from_unix_s = 0;
        bool shows_matter = true;
        friend bool operator==(const rule&, const rule&) = default;
    };

    // Everything is shown at once.
    history_rules() = default;
    // Errors: all that is wrong with the text, each with its line.
    [[nodiscard]] XACTHUC_API static policy_result<history_rules> parse(std::string_view text, std::string file);
    // Errors: likewise, and that it cannot be read.
    [[nodiscard]] XACTHUC_API static policy_result<history_rules> load(const std::filesystem::path& file);

    // The rule of a procedure.
    [[nodiscard]] XACTHUC_API const rule& of(std::uint16_t procedure) const noexcept;
    // What this viewer is shown of an access, if anything. `all` has nothing withheld.
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API std::optional<history_entry> shown(const history_entry& all, history_viewer to,
                                                                 std::int64_t now_unix_s) const noexcept;

  private:
    rule usual_{};
    std::vector<std::pair<std::uint16_t, rule>> procedures_;  // in the order of numbers
};

// Reads the histories of a ledger in a directory, also while it is written. It keeps the days' keys that it has read.
class ledger_history {
  public:
    // Opens what is there.
    // Errors: not_found; io; file_permissions; damaged_header; those of damaged files.
    // Exceptions: std::bad_alloc.
    [[nodiscard]] XACTHUC_API static detailed_result<ledger_history> open(const std::filesystem::path& directory,
                                                                          history_rules rules = {});
    XACTHUC_API ledger_history(ledger_history&&) noexcept;
    XACTHUC_API ledger_history& operator=(ledger_history&&) noexcept;
    XACTHUC_API ~ledger_history();

    // The accesses to this citizen that the viewer is shown, in the order of time. That the viewer is whom he says is
    // for the caller to know.
    // Complexity: one read for each month; rows of days that update_histories() has not seen are read whole.
    // Concurrency: single thread.
    // Errors: io; truncated; checksum_mismatch; those of rows.
    [[nodiscard]] XACTHUC_API detailed_result<std::vector<history_entry>> of(personal_id id, history_viewer viewer,
                                                                             std::int64_t now_unix_s) const;

  private:
    struct impl;
    explicit ledger_history(std::unique_ptr<impl> of) noexcept;

    std::unique_ptr<impl> impl_;
};

// Sorts the accesses of days that are over by citizen, so that histories are found quickly: after midnight in Vietnam,
// once the day's last hour and the first of the next are sealed.
// Returns how many files were written.
// Concurrency: one thread of one process for a ledger.
// Errors: io; disk_full; those of rows.
[[nodiscard]] XACTHUC_API detailed_result<std::size_t> update_histories(const std::filesystem::path& directory,
                                                                        std::int64_t now_unix_s);
// Takes what there is of a day out of the sorted accesses, after the day's key was destroyed: until then it shows that
// something was asked about somebody, though not what and by whom.
// Errors: date_syntax; io; disk_full; those of rows.
[[nodiscard]] XACTHUC_API detailed_result<void> forget_histories(const std::filesystem::path& directory,
                                                                 std::string_view day);

}  // namespace xacthuc::inline v0_1
