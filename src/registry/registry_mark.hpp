// SPDX-License-Identifier: Apache-2.0
// The high-water mark: a small file beside the log, or wherever its owner wants it, that says how far the log has come.
// What the log alone cannot show, that its end is missing, shows when it ends before its mark.
//
//   two slots of 104 bytes, at offsets 0 and 4,096: magic 8 · registry 16 · sequence 8 · time 8 · seal 32 · proof 32
//
// The seal is the log's at that number, the proof is keyed with the registry's sealing key. The slots are written in
// turn, so that one is whole at every moment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/index/citizen_index.hpp>
#include <xacthuc/registry/snapshot.hpp>

#include "files/file.hpp"
#include "registry/change_batch.hpp"

namespace xacthuc::inline v0_1 {

// What was durable in a registry's log at some moment.
struct high_water {
    registry_id registry{};
    freshness at{};
    change_seal sealed{};
};

// Held by the process that writes the log. Concurrency: single thread.
class registry_mark {
  public:
    // The higher of the slots that are whole. Errors: not_found; damaged_changes when neither is; io.
    [[nodiscard]] static detailed_result<high_water> read(const file_calls& calls, const std::filesystem::path& path,
                                                          const sealing_key& key);
    // A new file in the place of any other, synced with its directory. Errors: io; disk_full.
    [[nodiscard]] static detailed_result<void> create(const file_calls& calls, const std::filesystem::path& path,
                                                      const sealing_key& key, const high_water& what);
    // Errors: not_found; io.
    [[nodiscard]] static detailed_result<registry_mark> open(const file_calls& calls, const std::filesystem::path& path,
                                                             const sealing_key& key);

    // Writes it down, without a sync: it outlives the process at once, and a power cut when it is synced. Requires: the
    // log has it, synced. Errors: io; disk_full.
    [[nodiscard]] detailed_result<void> note(const high_water& what);
    // Nothing to be done when nothing was noted since the last. Errors: io.
    [[nodiscard]] detailed_result<void> sync();

  private:
    registry_mark(open_file file, const sealing_key& key) : file_{std::move(file)}, key_{key} {}

    open_file file_;
    sealing_key key_;
    std::uint64_t slot_ = 0;
    bool unsynced_ = false;
};

}  // namespace xacthuc::inline v0_1
