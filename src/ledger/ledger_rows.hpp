// SPDX-License-Identifier: Apache-2.0
// The rows of a ledger as histories and bills read them: of every hour that is there, by keys that are kept.
#pragma once

#include <filesystem>

#include "ledger/access_history.hpp"
#include "ledger/row_store.hpp"

namespace xacthuc::inline v0_1 {

// Requires: the calls outlive it.
// Errors: those of row_store::look().
struct ledger_rows {
    id_permutation ids;
    access_rows rows;

    [[nodiscard]] static detailed_result<ledger_rows> look(const file_calls& calls,
                                                           const std::filesystem::path& directory);
};

// Where the sorted accesses of a ledger are.
[[nodiscard]] inline std::filesystem::path access_folder(const std::filesystem::path& directory) {
    return directory / "access";
}

}  // namespace xacthuc::inline v0_1
