// SPDX-License-Identifier: Apache-2.0
// The rows of one hour on the disk.
//
//   <hour>.xtr.open   while the hour is open: one record after the other (group_record.hpp), each synced before its
//   entry
//                     goes into the public log. What stands behind the last whole record was never acknowledged
//   <hour>.xtr        sealed: head 80, then blocks (row_block.hpp), each of whole groups
//
//     head    magic "xt-rows1" 8 · hour 8 · first leaf 8 · groups 8 · rows 8 · bytes of the file 8 · zeros 16 ·
//     XXH3-128 16 block   magic "xt-block" 8 · payload bytes 8 · groups 8 · nonce 24 · zeros 16 · XXH3-128 16, of the
//     hash before,
//             the head up to here and the payload · payload, encrypted with the day's key
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>
#include <vector>
#include <xacthuc/domain/error.hpp>

#include "files/file.hpp"
#include "hash/content_hash.hpp"
#include "ledger/day_key.hpp"
#include "ledger/group_record.hpp"
#include "ledger/hour.hpp"
#include "ledger/row_group.hpp"

namespace xacthuc::inline v0_1 {

[[nodiscard]] std::filesystem::path open_hour_path(const std::filesystem::path& folder, ledger_hour hour);
[[nodiscard]] std::filesystem::path sealed_hour_path(const std::filesystem::path& folder, ledger_hour hour);

// The hours of which a folder has files, in their order.
struct hour_in_folder {
    ledger_hour hour;
    bool is_open = false;
    bool is_sealed = false;
};
// Errors: not_found; io.
[[nodiscard]] detailed_result<std::vector<hour_in_folder>> list_hours(const file_calls& calls,
                                                                      const std::filesystem::path& folder);

// The hour that is being written.
class hour_writer {
  public:
    // A new file, which its directory knows. Errors: already_exists; not_found; io; disk_full.
    [[nodiscard]] static detailed_result<hour_writer> create(const file_calls& calls,
                                                             const std::filesystem::path& path);
    // Goes on behind the last whole record. Returns the heads of those that are there as well.
    // Errors: not_found; io.
    struct resumed;
    [[nodiscard]] static detailed_result<resumed> resume(const file_calls& calls, const std::filesystem::path& path,
                                                         bool may_write = true);

    // Writes a group, and syncs. Errors: io; disk_full: then what the disk has is not known.
    [[nodiscard]] detailed_result<void> append(const row_group& group, const group_entry& entry, const day_key& key);

  private:
    hour_writer(open_file file, std::uint64_t end, const damage_hash& last) noexcept
        : file_{std::move(file)}, end_{end}, last_{last} {}

    open_file file_;
    std::uint64_t end_;
    damage_hash last_;
};
struct hour_writer::resumed {
    hour_writer writer;
    std::vector<group_head> groups;
};

// What the head of a sealed hour says.
struct sealed_hour {
    ledger_hour hour;
    std::uint64_t first_leaf = 0;
    std::uint64_t groups = 0;
    std::uint64_t rows = 0;
    std::uint64_t file_bytes = 0;
    std::uint64_t end_place = 0;
};
// Errors: not_found; io; truncated; not_of_a_ledger; ledger_damaged (it is of another hour).
[[nodiscard]] detailed_result<sealed_hour> read_sealed_head(const file_calls& calls, const std::filesystem::path& path,
                                                            ledger_hour hour);

// Where a record of an open hour, or a block of a sealed one, begins; what its first entry is, and what its checksum
// goes on from.
struct row_place {
    std::uint64_t offset = 0;
    std::uint64_t first_leaf = 0;
    damage_hash before{};
};

// An hour's file, the sealed one where there are both, to be read from any place in it.
class hour_file {
  public:
    // Errors: not_found; io; of a sealed one also those of read_sealed_head().
    [[nodiscard]] static detailed_result<hour_file> open(const file_calls& calls, const std::filesystem::path& folder,
                                                         ledger_hour hour);
    [[nodiscard]] bool is_sealed() const noexcept { return head_.has_value(); }
    // Of a sealed one, what its head says.
    [[nodiscard]] const std::optional<sealed_hour>& head() const noexcept { return head_; }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return file_.path(); }

    // The first place, or none where nothing is there. Errors: io.
    [[nodiscard]] detailed_result<std::optional<row_place>> first() const;
    // The place behind another, by the head that stands there; it may be the end. None where there is no head, or what
    // it is of is not whole. Errors: io; ledger_damaged (other groups follow than the place says).
    [[nodiscard]] detailed_result<std::optional<row_place>> after(const row_place& at) const;
    // The groups at a place. Errors: io; not_of_a_ledger; checksum_mismatch.
    [[nodiscard]] detailed_result<std::vector<row_group>> read(const row_place& at, const day_key& key) const;

  private:
    hour_file(open_file file, std::uint64_t size, const std::optional<sealed_hour>& head) noexcept
        : file_{std::move(file)}, size_{size}, head_{head} {}

    [[nodiscard]] detailed_result<std::optional<group_head>> group_head_at(std::uint64_t offset) const;

    open_file file_;
    std::uint64_t size_;
    std::optional<sealed_hour> head_;
};

// Takes one group after the other; `entry` is there where the hour is open.
using group_taker = std::function<detailed_result<void>(row_group&& group, const group_entry* entry)>;

// Reads an open or a sealed hour. Of an open one all whole records.
// Errors: not_found; io; not_of_a_ledger; checksum_mismatch; truncated; trailing_bytes; those of `take`.
// Exceptions: std::bad_alloc.
[[nodiscard]] detailed_result<void> read_open_hour(const file_calls& calls, const std::filesystem::path& path,
                                                   const day_key& key, const group_taker& take);
[[nodiscard]] detailed_result<void> read_sealed_hour(const file_calls& calls, const std::filesystem::path& path,
                                                     ledger_hour hour, const day_key& key, const group_taker& take);
// Whichever the folder has; the sealed one where there are both.
[[nodiscard]] detailed_result<void> read_hour(const file_calls& calls, const std::filesystem::path& folder,
                                              ledger_hour hour, const day_key& key, const group_taker& take);

// Packs an hour that is open, puts it in its place and removes the open one. Whatever ends it on the way, one of the
// two is whole. Complexity: as much memory as a quarter of a million rows take, or the largest group. Errors: as
// read_open_hour(); disk_full.
[[nodiscard]] detailed_result<void> seal_hour(const file_calls& calls, const std::filesystem::path& folder,
                                              ledger_hour hour, const day_key& key);

}  // namespace xacthuc::inline v0_1
