// SPDX-License-Identifier: Apache-2.0
#include "registry/snapshot_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "index/block_plan.hpp"
#include "index/worker_threads.hpp"
#include "registry/partition_ranges.hpp"
#include "registry/range_work.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// What is read in one go is hashed right after, while it is in the cache.
constexpr std::uint64_t read_bytes = std::uint64_t{3} << 19;

[[nodiscard]] std::string hex(std::uint64_t value) {
    std::string digits(16, '0');
    for (std::size_t i = 0; i < 16; ++i) digits[15 - i] = "0123456789abcdef"[value >> (4 * i) & 15];
    return digits;
}

[[nodiscard]] detailed_result<snapshot_header> header_in(const open_file& file) {
    const auto status = file.status();
    if (!status) return status.error();
    if (!status->is_regular) return failure{errc::not_a_snapshot, file.path().string() + ": not a regular file"};
    std::array<std::byte, sizeof(snapshot_header)> bytes;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), status->size_bytes));
    if (auto done = file.read(std::span{bytes}.first(size), 0); !done) return done.error();
    return parse_header(std::span{bytes}.first(size), status->size_bytes, file.path());
}

// Where the blocks lie in memory.
struct block_places {
    std::vector<std::uint64_t> offsets;
    std::uint64_t total_bytes = 0;
};

// As in the file, from its byte `base` on.
[[nodiscard]] block_places as_in_file(const opened_snapshot& from, std::uint64_t base) {
    block_places made{{}, from.header.file_bytes - base};
    for (const auto& entry : from.directory) made.offsets.push_back(entry.offset - base);
    return made;
}

// Blocks of the usual size at equal distances, so that they are found by arithmetic; the others behind them. Where no
// size is usual, as in the file.
[[nodiscard]] block_places at_equal_distances(const opened_snapshot& from) {
    const auto& directory = from.directory;
    const auto usual = majority(directory.size(), [&](std::size_t p) { return directory[p].size_bytes; });
    const auto alike = std::ranges::count(directory, usual, &snapshot_entry::size_bytes);
    if (2 * static_cast<std::size_t>(alike) <= directory.size()) return as_in_file(from, from.header.blocks.offset);
    block_places made{{}, directory.size() * usual};
    for (std::size_t p = 0; p < directory.size(); ++p) {
        const bool is_usual = directory[p].size_bytes == usual;
        made.offsets.push_back(is_usual ? p * usual : made.total_bytes);
        if (!is_usual) made.total_bytes += directory[p].size_bytes;
    }
    return made;
}

// Checks the blocks at their places, and reads them there first if asked to.
class checking {
  public:
    checking(const opened_snapshot& from, std::byte* memory, const block_places& places, bool read,
             snapshot_check check, const snapshot_progress& report)
        : from_{from},
          memory_{memory},
          places_{places},
          read_{read},
          check_{check},
          work_{partition_ranges(
                    from.directory.size(), read_bytes, [&](std::size_t p) { return from.directory[p].size_bytes; },
                    [&](std::size_t p) {
                        return places.offsets[p] == places.offsets[p - 1] + from.directory[p - 1].size_bytes;
                    }),
                ranges_at_once, report} {}

    void work(unsigned worker) {
        std::vector<std::span<const std::byte>> blocks;
        std::vector<binding_hash> hashes;
        work_.take(worker, [&](partition_range range) {
            if (!read_ || read_range(range)) check_range(range, blocks, hashes);
        });
    }

    [[nodiscard]] std::optional<failure> outcome() && {
        if (auto failed = std::move(work_.failures()).outcome()) return failed;
        const auto live = work_.live();
        if (live == from_.header.citizens) return {};
        return failure{errc::damaged_header, from_.file.path().string() + ": the header says " +
                                                 std::to_string(from_.header.citizens) + " citizens, the partitions " +
                                                 std::to_string(live)};
    }

  private:
    // Two threads that touch one 2 MiB page for the first time both clear one, and one of them for nothing: a thread
    // therefore takes ranges together that lie in several pages.
    static constexpr std::size_t ranges_at_once = 8;

    [[nodiscard]] bool read_range(partition_range range) {
        const auto begin = from_.directory[range.first].offset;
        const auto& end = from_.directory[range.last - 1];
        const std::span<std::byte> to{memory_ + places_.offsets[range.first],
                                      static_cast<std::size_t>(end.offset + end.size_bytes - begin)};
        if (auto done = from_.file.read(to, begin); !done) {
            work_.failures().add_and_stop(range.first, done.error());
            return false;
        }
        return true;
    }

    void check_range(partition_range range, std::vector<std::span<const std::byte>>& blocks,
                     std::vector<binding_hash>& hashes) {
        blocks.clear();
        for (auto p = range.first; p < range.last; ++p) {
            const auto& entry = from_.directory[p];
            blocks.emplace_back(memory_ + places_.offsets[p], static_cast<std::size_t>(entry.size_bytes));
        }
        hashes.resize(blocks.size());
        if (check_ == snapshot_check::everything) hash_for_binding(blocks, hashes);
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            const auto p = range.first + i;
            const auto& entry = from_.directory[p];
            const auto live = check_block(from_.header, entry, p, blocks[i], check_, from_.file.path());
            if (!live)
                work_.failures().add(p, live.error());
            else if (check_ == snapshot_check::everything && hashes[i] != entry.binding)
                work_.failures().add(p, block_mismatch(entry, p, hashes[i], from_.file.path()));
            else
                work_.add_live(*live);
        }
    }

    const opened_snapshot& from_;
    std::byte* memory_;
    const block_places& places_;
    bool read_;
    snapshot_check check_;
    range_work work_;
};

[[nodiscard]] detailed_result<checked_blocks> check_all(const opened_snapshot& from, huge_pages memory,
                                                        block_places places, bool read, snapshot_check check,
                                                        unsigned threads, const snapshot_progress& report) {
    checking job{from, memory.data(), places, read, check, report};
    on_threads(std::max(threads, 1U), [&](unsigned worker) { job.work(worker); });
    if (auto failed = std::move(job).outcome()) return *std::move(failed);
    if (report) report(from.directory.size());
    return checked_blocks{from.header, std::move(memory), std::move(places.offsets)};
}

}  // namespace

detailed_result<opened_snapshot> open_snapshot(const file_calls& calls, const std::filesystem::path& path,
                                               const authority_public_key& trusted, std::size_t partitions,
                                               const std::optional<std::uint64_t>& digest_key_fingerprint) {
    auto file = open_file::to_read(calls, path);
    if (!file) return file.error();
    auto header = header_in(*file);
    if (!header) return header.error();
    if (auto done = check_authority(*header, trusted, path); !done) return done.error();
    if (digest_key_fingerprint && header->digest_key_fingerprint != *digest_key_fingerprint)
        return failure{errc::foreign_digest_key, path.string() + ": its names were digested under the key " +
                                                     hex(header->digest_key_fingerprint) + ", at hand is " +
                                                     hex(*digest_key_fingerprint)};
    if (header->partition_count != partitions)
        return failure{errc::damaged_header, path.string() + ": " + std::to_string(header->partition_count) +
                                                 " partitions, wanted are " + std::to_string(partitions)};
    std::vector<std::byte> bytes(static_cast<std::size_t>(header->blocks.offset) - sizeof(snapshot_header));
    if (auto done = file->read(bytes, sizeof(snapshot_header)); !done) return done.error();
    auto directory = parse_directory(*header, bytes, path);
    if (!directory) return directory.error();
    return opened_snapshot{std::move(*file), *header, std::move(*directory)};
}

detailed_result<void> opened_snapshot::read_block(std::size_t partition, std::span<std::byte> to) const {
    const auto& entry = directory[partition];
    if (auto done = file.read(to, entry.offset); !done) return done;
    if (const auto live = check_block(header, entry, partition, to, snapshot_check::damage, file.path()); !live)
        return live.error();
    if (const auto found = hash_for_binding(to); found != entry.binding)
        return block_mismatch(entry, partition, found, file.path());
    return {};
}

detailed_result<checked_blocks> read_blocks(const file_calls& calls, const std::filesystem::path& path,
                                            const authority_public_key& trusted, std::size_t partitions,
                                            const load_snapshot_options& how) {
    const auto from = open_snapshot(calls, path, trusted, partitions, how.digest_key_fingerprint);
    if (!from) return from.error();
    auto places = at_equal_distances(*from);
    auto memory = huge_pages::allocate(static_cast<std::size_t>(places.total_bytes));
    if (!memory) return failure{memory.error().code, path.string() + ": " + memory.error().context};
    return check_all(*from, std::move(*memory), std::move(places), true, snapshot_check::everything, how.threads,
                     how.report);
}

detailed_result<checked_blocks> map_blocks(const file_calls& calls, const std::filesystem::path& path,
                                           const authority_public_key& trusted, std::size_t partitions,
                                           const map_snapshot_options& how) {
    const auto from = open_snapshot(calls, path, trusted, partitions, how.digest_key_fingerprint);
    if (!from) return from.error();
    const auto mapping = from->file.map(static_cast<std::size_t>(from->header.file_bytes));
    if (!mapping) return mapping.error();
    return check_all(*from, huge_pages::adopt(*mapping), as_in_file(*from, 0), false, how.check, how.threads,
                     how.report);
}

detailed_result<snapshot_header> read_header(const file_calls& calls, const std::filesystem::path& path) {
    const auto file = open_file::to_read(calls, path);
    if (!file) return file.error();
    return header_in(*file);
}

}  // namespace xacthuc::inline v0_1
