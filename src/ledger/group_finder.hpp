// SPDX-License-Identifier: Apache-2.0
// Finds the rows of entries in a ledger's folder that somebody else writes: which hour an entry is in by the first
// entry of some, and where it is in that hour by hour_places.hpp. Both are remembered from one question to the next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>
#include <xacthuc/domain/error.hpp>

#include "ledger/day_key.hpp"
#include "ledger/hour_places.hpp"
#include "ledger/id_permutation.hpp"

namespace xacthuc::inline v0_1 {

// Concurrency: single thread.
class group_finder {
  public:
    // Errors: those of files and secrets; not_found.
    [[nodiscard]] static detailed_result<group_finder> open(const file_calls& calls,
                                                            const std::filesystem::path& directory);

    // Reads the group of an entry. Requires: it is published.
    // Complexity: as hour_places::read_group(); where the hour is not known yet, also a listing of the folder and a
    // head of as many hours as halving takes. Errors: not_found, where it was pruned or its key is destroyed; those of
    // rows; ledger_damaged (it is missing).
    [[nodiscard]] detailed_result<row_group> read_group(std::uint64_t entry);
    // Errors: not_found, where it was destroyed.
    [[nodiscard]] detailed_result<day_key> key_of(std::int64_t day) const;
    [[nodiscard]] const id_permutation& ids() const noexcept { return ids_; }

  private:
    struct known_hour {
        ledger_hour hour;
        std::optional<std::uint64_t> first_leaf{};
        hour_places places{};
    };

    group_finder(const file_calls& calls, std::filesystem::path directory, id_permutation ids)
        : calls_{calls}, directory_{std::move(directory)}, ids_{std::move(ids)} {}

    [[nodiscard]] std::filesystem::path rows_folder() const { return directory_ / "rows"; }
    [[nodiscard]] detailed_result<void> list();
    [[nodiscard]] detailed_result<row_group> read_known(std::uint64_t entry);
    // The last hour whose first entry is not behind this one; null where there is none.
    [[nodiscard]] detailed_result<known_hour*> hour_of(std::uint64_t entry);
    // False: the hour has no groups yet, or is gone.
    [[nodiscard]] detailed_result<bool> load_first(known_hour& of) const;
    void forget_some();

    const file_calls& calls_;
    std::filesystem::path directory_;
    id_permutation ids_;
    std::vector<known_hour> hours_;  // in their order
};

}  // namespace xacthuc::inline v0_1
