// SPDX-License-Identifier: Apache-2.0
#include "registry/write_ahead_log.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace xacthuc::inline v0_1 {
namespace {

// https://www.sqlite.org/fileformat2.html#the_write_ahead_log: a head of 32 bytes, then frames: 24 bytes and a page.
// All numbers are big-endian; the checksums are over words of the order that the magic number's last bit says.
constexpr std::uint32_t wal_magic = 0x377f'0682;
constexpr std::size_t head_bytes = 32;
constexpr std::size_t frame_head_bytes = 24;
constexpr std::uint32_t log_page_bytes = 4096;  // where the head does not say
constexpr std::size_t frames_a_read = 64;
constexpr int looks_max = 6;
constexpr auto between_looks = std::chrono::milliseconds{10};

using bytes_view = std::span<const std::byte>;

[[nodiscard]] std::uint32_t big_endian(bytes_view from, std::size_t at) noexcept {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<std::uint32_t>(from[at + i]);
    return value;
}

struct wal_checksum {
    std::uint32_t first = 0;
    std::uint32_t second = 0;

    friend bool operator==(const wal_checksum&, const wal_checksum&) = default;
};

class checksums {
  public:
    explicit checksums(bool big_endian_words) noexcept : swaps_{big_endian_words} {
        static_assert(std::endian::native == std::endian::little);
    }
    [[nodiscard]] wal_checksum over(bytes_view bytes, wal_checksum from) const noexcept {
        for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
            from.first += word(bytes, at) + from.second;
            from.second += word(bytes, at + 4) + from.first;
        }
        return from;
    }
    // What the checksum was before these bytes.
    [[nodiscard]] wal_checksum before(bytes_view bytes, wal_checksum after) const noexcept {
        for (auto at = bytes.size(); at >= 8; at -= 8) {
            after.second -= word(bytes, at - 4) + after.first;
            after.first -= word(bytes, at - 8) + after.second;
        }
        return after;
    }
    // The second word of two that lead from one to the other, where the first is this one; else nothing.
    [[nodiscard]] std::optional<std::uint32_t> second_word(wal_checksum from, wal_checksum to,
                                                           bytes_view first) const noexcept {
        if (from.first + word(first, 0) + from.second != to.first) return {};
        return to.second - from.second - to.first;
    }

  private:
    [[nodiscard]] std::uint32_t word(bytes_view from, std::size_t at) const noexcept {
        if (swaps_) return big_endian(from, at);
        std::uint32_t value = 0;
        std::memcpy(&value, from.data() + at, sizeof value);
        return value;
    }
    bool swaps_;
};

struct frame {
    bytes_view bytes;

    [[nodiscard]] std::uint32_t page() const noexcept { return big_endian(bytes, 0); }
    [[nodiscard]] std::uint32_t pages_after_commit() const noexcept { return big_endian(bytes, 4); }
    [[nodiscard]] std::uint64_t salt() const noexcept {
        return std::uint64_t{big_endian(bytes, 8)} << 32 | big_endian(bytes, 12);
    }
    [[nodiscard]] wal_checksum stored() const noexcept { return {big_endian(bytes, 16), big_endian(bytes, 20)}; }
    [[nodiscard]] bytes_view content() const noexcept { return bytes.subspan(frame_head_bytes); }
};

struct wal_head {
    std::array<std::byte, head_bytes> bytes{};

    [[nodiscard]] bool big_endian_words() const noexcept { return (big_endian(bytes, 0) & 1) != 0; }
    [[nodiscard]] std::uint32_t page_bytes() const noexcept { return big_endian(bytes, 8); }
    [[nodiscard]] std::uint64_t salt() const noexcept {
        return std::uint64_t{big_endian(bytes, 16)} << 32 | big_endian(bytes, 20);
    }
    [[nodiscard]] wal_checksum stored() const noexcept { return {big_endian(bytes, 24), big_endian(bytes, 28)}; }
    [[nodiscard]] bool is_whole() const noexcept {
        return (big_endian(bytes, 0) & ~1U) == wal_magic && std::has_single_bit(page_bytes()) && page_bytes() >= 512 &&
               page_bytes() <= 65'536 &&
               checksums{big_endian_words()}.over(bytes_view{bytes}.first(24), {}) == stored();
    }
};

// A write-ahead log's frames, one after the other.
class frames {
  public:
    frames(const open_file& file, std::uint64_t file_bytes, std::uint32_t page_bytes)
        : file_{file},
          frame_bytes_{frame_head_bytes + page_bytes},
          count_{file_bytes < head_bytes ? 0 : (file_bytes - head_bytes) / frame_bytes_} {}

    // Until the next call. Frames are counted from 1. Errors: io; truncated when the file has become shorter.
    [[nodiscard]] detailed_result<std::optional<frame>> next() {
        if (number_ == count_) return std::optional<frame>{};
        const auto place = number_ % frames_a_read;
        if (place == 0) {
            buffer_.resize(std::min<std::uint64_t>(frames_a_read, count_ - number_) * frame_bytes_);
            if (auto done = file_.read(buffer_, offset_of(number_ + 1)); !done) return done.error();
        }
        ++number_;
        return std::optional{frame{bytes_view{buffer_}.subspan(place * frame_bytes_, frame_bytes_)}};
    }
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
    [[nodiscard]] std::uint64_t offset_of(std::uint64_t number) const noexcept {
        return head_bytes + (number - 1) * frame_bytes_;
    }

  private:
    const open_file& file_;
    std::uint64_t frame_bytes_;
    std::uint64_t count_;
    std::uint64_t number_ = 0;
    std::vector<std::byte> buffer_;
};

struct finding {
    std::uint64_t frame = 0;  // the first that does not match; 0 is the head
    std::uint64_t offset = 0;
    std::uint64_t evidence = 0;  // a frame of a later transaction than one that ended behind it

    friend bool operator==(const finding&, const finding&) = default;
};

// Follows the chain of checksums from frame to frame, past those that do not match.
class chain {
  public:
    chain(const checksums& by, wal_checksum from) noexcept : by_{by}, stored_{from}, computed_{from} {}

    // Whether the frame was written right behind the one before: its checksum goes on from that one's, be it that one's
    // checksum or its content that is damaged now.
    [[nodiscard]] bool take(const frame& next) noexcept {
        const auto computed = over(next, stored_);
        matches_ = computed == next.stored();
        const bool follows = matches_ || (stored_ != computed_ && over(next, computed_) == next.stored());
        ended_transaction_ = next.pages_after_commit() != 0;
        // A damaged frame may have lost the very word that says that its transaction ended: the checksums tell it.
        if (!matches_ && !ended_transaction_) {
            const auto word = by_.second_word(stored_, by_.before(next.content(), next.stored()), next.bytes);
            ended_transaction_ = word && *word != 0;
        }
        stored_ = next.stored();
        computed_ = computed;
        return follows;
    }
    [[nodiscard]] bool matches() const noexcept { return matches_; }
    [[nodiscard]] bool ended_transaction() const noexcept { return ended_transaction_; }

  private:
    [[nodiscard]] wal_checksum over(const frame& what, wal_checksum from) const noexcept {
        return by_.over(what.content(), by_.over(what.bytes.first(8), from));
    }

    checksums by_;
    wal_checksum stored_, computed_;
    bool matches_ = false;
    bool ended_transaction_ = false;
};

[[nodiscard]] detailed_result<std::optional<finding>> look_behind(const wal_head& head, frames all) {
    chain links{checksums{head.big_endian_words()}, head.stored()};
    std::optional<finding> first_bad;
    bool ended_before = false;
    for (;;) {
        const auto next = all.next();
        if (!next) return next.error();
        if (!*next) return std::optional<finding>{};
        const bool is_of_now = (*next)->salt() == head.salt();
        const bool follows = links.take(**next);
        if (first_bad && is_of_now && follows && ended_before) {
            first_bad->evidence = all.number();
            return first_bad;
        }
        if (!first_bad && (!is_of_now || !links.matches() || (*next)->page() == 0))
            first_bad = finding{all.number(), all.offset_of(all.number()), 0};
        ended_before = first_bad && links.ended_transaction();
    }
}

// Behind a head that is not whole: whether there are transactions that the database does not have. A head that was torn
// while the log began anew stands before frames that were all copied into the database.
[[nodiscard]] detailed_result<bool> database_lacks(const open_file& file, std::uint64_t file_bytes,
                                                   bool big_endian_words, const database_page_reader& read_page) {
    frames all{file, file_bytes, log_page_bytes};
    std::optional<chain> links;
    std::uint64_t salt = 0;
    std::map<std::uint32_t, std::uint64_t> pages;  // the last frame of each, up to the last transaction's end
    std::map<std::uint32_t, std::uint64_t> pending;
    bool chained = false;
    for (;;) {
        const auto next = all.next();
        if (!next) return next.error();
        if (!*next) break;
        if (!links) {
            salt = (*next)->salt();
            links.emplace(checksums{big_endian_words}, (*next)->stored());
        } else if ((*next)->salt() != salt || !links->take(**next) || (*next)->page() == 0) {
            break;
        } else {
            chained = true;
        }
        pending[(*next)->page()] = all.number();
        if ((*next)->pages_after_commit() == 0) continue;
        for (const auto& [page, number] : pending) pages[page] = number;
        pending.clear();
    }
    // One frame alone proves nothing: no checksum leads to it.
    if (!chained) return false;
    std::vector<std::byte> in_log(log_page_bytes);
    std::vector<std::byte> in_database(log_page_bytes);
    for (const auto& [page, number] : pages) {
        if (auto done = file.read(in_log, all.offset_of(number) + frame_head_bytes); !done) return done.error();
        if (auto done = read_page(page, in_database); !done) return done.error();
        if (in_log != in_database) return true;
    }
    return false;
}

struct look {
    wal_head head;
    std::optional<finding> found;

    [[nodiscard]] bool is_as(const look& other) const noexcept {
        return head.bytes == other.head.bytes && found == other.found;
    }
};

[[nodiscard]] detailed_result<look> look_at(const file_calls& calls, const std::filesystem::path& path,
                                            const database_page_reader& read_page) {
    look seen;
    const auto file = open_file::to_read(calls, path);
    if (!file && file.error().code == errc::not_found) return seen;
    if (!file) return file.error();
    const auto status = file->status();
    if (!status) return status.error();
    if (status->size_bytes < head_bytes) return seen;
    if (auto done = file->read(seen.head.bytes, 0); !done) return done.error();
    if (seen.head.is_whole()) {
        auto found = look_behind(seen.head, frames{*file, status->size_bytes, seen.head.page_bytes()});
        if (!found) return found.error();
        seen.found = *found;
        return seen;
    }
    for (const bool big_endian_words : {false, true}) {
        const auto lacks = database_lacks(*file, status->size_bytes, big_endian_words, read_page);
        if (!lacks) return lacks.error();
        if (*lacks) seen.found = finding{};
    }
    return seen;
}

[[nodiscard]] failure refusal(const std::filesystem::path& path, const finding& what) {
    const auto words = what.frame == 0
                           ? std::string{"its head is damaged, and transactions behind it are not in the database"}
                           : "frame " + std::to_string(what.frame) + ", at offset " + std::to_string(what.offset) +
                                 ", is damaged, and frame " + std::to_string(what.evidence) +
                                 " belongs to a transaction that was written after that one's was synced";
    return {errc::damaged_changes,
            path.string() + ": " + words + ": SQLite would drop every change from there on. Nothing was opened"};
}

}  // namespace

detailed_result<void> check_write_ahead_log(const file_calls& calls, const std::filesystem::path& database,
                                            const database_page_reader& read_page) {
    auto path = database;
    path += "-wal";
    std::optional<look> before;
    for (int looks = 0; looks < looks_max; ++looks) {
        if (looks != 0) std::this_thread::sleep_for(between_looks);
        const auto now = look_at(calls, path, read_page);
        // A file that became shorter meanwhile is somebody's at work.
        if (!now && now.error().code != errc::truncated) return now.error();
        if (!now) continue;
        if (!now->found) return {};
        // A writer beside us writes frames in order: what it had not written yet the first time, it has the second.
        if (before && now->is_as(*before)) return refusal(path, *now->found);
        before = *now;
    }
    return {};
}

}  // namespace xacthuc::inline v0_1
