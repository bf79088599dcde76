// SPDX-License-Identifier: Apache-2.0
// Follows a registry's changes from another process. Each comes once, in order, checked, soon after it is durable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/registry/change.hpp>

namespace xacthuc::inline v0_1 {

// How a feed tells that the end of the log is missing.
struct change_feed_options {
    // As open_registry_options has them.
    std::filesystem::path mark_file{};
    std::uint64_t at_least_sequence = 0;
};

// Reads the log through a connection of its own, and writes nothing.
// Concurrency: single thread.
class change_feed {
  public:
    // Begins with the change of this number; without one, with the first that is still in the log. The registry's
    // digest key is what the log is sealed with.
    // Errors: not_a_registry; changes_trimmed when it is no longer there; sequence_gap when the log ends before the one
    // before it, before its mark or before at_least_sequence; damaged_changes; newer_version; older_version;
    // unsuitable_sqlite; forked; io.
    [[nodiscard]] XACTHUC_API static detailed_result<change_feed> open(const std::filesystem::path& directory,
                                                                       const digest_key& digests,
                                                                       std::optional<std::uint64_t> from_sequence = {},
                                                                       const change_feed_options& how = {});
    XACTHUC_API change_feed(change_feed&&) noexcept;
    XACTHUC_API change_feed& operator=(change_feed&&) noexcept;
    XACTHUC_API ~change_feed();

    // Appends the next changes, whole batches of them, about count_max at most; none when there are none yet.
    // Returns how many.
    // Errors: changes_trimmed when a checkpoint has overtaken the feed; sequence_gap; damaged_changes; io.
    [[nodiscard]] XACTHUC_API detailed_result<std::size_t> next(std::vector<change>& into,
                                                                std::size_t count_max = 10'000);

    // The number that the next change will have.
    [[nodiscard]] XACTHUC_API std::uint64_t position() const noexcept;

  private:
    struct state;
    explicit change_feed(std::unique_ptr<state> s) noexcept;
    std::unique_ptr<state> state_;
};

}  // namespace xacthuc::inline v0_1
