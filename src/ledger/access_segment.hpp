// SPDX-License-Identifier: Apache-2.0
// All accesses of one month, sorted by the citizen's hidden id, then by time: access/<month>.xta. All numbers are
// little-endian.
//
//   head       magic "xt-accs1" 8 · month 8 · entries 8 · blocks 8 · kinds 8 · officers 8 · bytes of the file 8 ·
//              nonce 16 · XXH3-128 of kinds, officers and index 16 · XXH3-128 of the head before it 16
//   blocks     1,024 entries or fewer, then the block's number 8 · XXH3-128 of all of it before 16
//   kinds      agency 2 · procedure 2 · claims 2 · verdict 8, each that occurs, once
//   officers   8 each, once
//   index      for each block: hidden id of its first entry 8 · how many entries come before it 8
//
//   entry      id less the block's first one 27 bits · day of the month 5 bits, both in 4 bytes of which the id is the
//              higher part · then, encrypted, as few bytes as take second of the day 17 bits · kind · officer
//
// What is encrypted is so with the secret of its day and the nonce of the segment, at the place of the entry: when the
// day's key is destroyed, who asked and what cannot be read any more. A block ends where an id would need more bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "files/file.hpp"
#include "ledger/record_access.hpp"

namespace xacthuc::inline v0_1 {

struct access_segment_head {
    ledger_month month;
    std::uint64_t entries = 0;
    std::uint64_t blocks = 0;
    std::uint64_t kinds = 0;
    std::uint64_t officers = 0;
    std::uint64_t file_bytes = 0;
    std::array<std::byte, 16> nonce{};
    std::array<std::byte, 16> tables_hash{};

    static constexpr std::size_t bytes = 104;
    [[nodiscard]] std::array<std::byte, bytes> encode() const noexcept;
    [[nodiscard]] static std::optional<access_segment_head> decode(std::span<const std::byte, bytes> from) noexcept;
};

struct access_kind {
    std::uint16_t agency = 0;
    std::uint16_t procedure = 0;
    claim_mask claims = 0;
    std::uint64_t verdict_bits = 0;

    static constexpr std::size_t bytes = 14;
    friend auto operator<=>(const access_kind&, const access_kind&) = default;
};

// How the numbers of an entry lie in its bits.
struct access_layout {
    static constexpr std::size_t block_entries_max = 1024;
    static constexpr std::size_t trailer_bytes = 24;
    static constexpr std::size_t index_entry_bytes = 16;
    static constexpr std::size_t head_bytes = 4;
    static constexpr unsigned day_bits = 5;
    static constexpr std::uint64_t id_span = std::uint64_t{1} << 27;
    static constexpr unsigned second_bits = 17;

    unsigned kind_bits = 0;
    unsigned officer_bits = 0;

    // None where so many do not fit.
    [[nodiscard]] static std::optional<access_layout> of(std::uint64_t kinds, std::uint64_t officers) noexcept;
    [[nodiscard]] std::size_t payload_bytes() const noexcept {
        return (second_bits + kind_bits + officer_bits + 7) / 8;
    }
    [[nodiscard]] std::size_t entry_bytes() const noexcept { return head_bytes + payload_bytes(); }
    [[nodiscard]] std::uint64_t block_bytes(std::uint64_t entries) const noexcept {
        return entries * entry_bytes() + trailer_bytes;
    }
};

// What hides the payloads of the entries of one day in one segment.
class access_mask {
  public:
    access_mask(const access_secret& of_day, const std::array<std::byte, 16>& nonce) noexcept;
    ~access_mask();
    // Of the entry at this place.
    [[nodiscard]] std::uint64_t at(std::uint64_t place) const noexcept;

  private:
    std::array<unsigned char, 32> key_;
};

struct access_writing {
    std::size_t entries_a_pass = std::size_t{1} << 23;  // 16 B each in memory
};

// Writes the segment of a month, whole, or not at all, in the place of one that is there. The source is called once,
// and once more for every entries_a_pass of its accesses. Errors: code_range (an access of another month, or with no
// secret for its day; more than the numbers of an entry hold); io; disk_full; the source's.
[[nodiscard]] detailed_result<void> write_access_segment(const file_calls& calls, const std::filesystem::path& path,
                                                         ledger_month month, const access_source& source,
                                                         const access_secrets& secrets, const access_writing& how = {});

// A segment, open for reading. Its index is in memory. Concurrency: any thread.
class access_segment {
  public:
    // Errors: not_found; io; damaged_header; truncated; trailing_bytes; checksum_mismatch.
    [[nodiscard]] static detailed_result<access_segment> open(const file_calls& calls,
                                                              const std::filesystem::path& path);

    [[nodiscard]] ledger_month month() const noexcept { return head_.month; }
    [[nodiscard]] std::uint64_t entries() const noexcept { return head_.entries; }

    // Says that find() will be called.
    void expect(std::uint64_t hidden_id) const noexcept;
    // Hands out the accesses to this citizen in the order of time, but those whose day has no secret any more.
    // Complexity: one read of a block, about 10 KB, for each 1,024 of them.
    // Errors: io; truncated; checksum_mismatch; those of `secrets`.
    [[nodiscard]] detailed_result<void> find(std::uint64_t hidden_id, const access_secrets& secrets,
                                             const access_taker& take) const;
    // Hands out all, in their order. Finds any byte that is not as it was written.
    [[nodiscard]] detailed_result<void> read_all(const access_secrets& secrets, const access_taker& take) const;

  private:
    struct block_start {
        std::uint64_t id = 0;
        std::uint64_t place = 0;
    };
    class masks;

    access_segment(open_file file, const access_segment_head& head, const access_layout& layout) noexcept
        : file_{std::move(file)}, head_{head}, layout_{layout} {}
    [[nodiscard]] detailed_result<void> read_tables();
    [[nodiscard]] std::uint64_t entries_of(std::size_t block) const noexcept;
    [[nodiscard]] std::uint64_t offset_of(std::size_t block) const noexcept;
    struct blocks_of {
        std::size_t first = 0;
        std::size_t end = 0;
    };
    [[nodiscard]] blocks_of blocks_with(std::uint64_t hidden_id) const noexcept;
    [[nodiscard]] detailed_result<void> read_block(std::size_t block, std::vector<std::byte>& bytes) const;
    [[nodiscard]] detailed_result<void> take_entries(std::size_t block, std::span<const std::byte> bytes,
                                                     std::size_t first, std::size_t end, masks& of,
                                                     const access_taker& take) const;

    open_file file_;
    access_segment_head head_;
    access_layout layout_;
    std::vector<access_kind> kinds_;
    std::vector<std::uint64_t> officers_;
    std::vector<block_start> index_;
};

// Whether a segment has the accesses that the source hands out, and no others; those whose day has no secret any more
// count on neither side. Errors: checksum_mismatch; those of reading.
[[nodiscard]] detailed_result<void> check_access_segment(const access_segment& segment, const access_source& source,
                                                         const access_secrets& secrets);

}  // namespace xacthuc::inline v0_1
