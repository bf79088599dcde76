// SPDX-License-Identifier: Apache-2.0
// Writes the segments that access_segment.hpp describes. They are sorted by taking the accesses of one range of ids at
// a time, as many as fit into memory, so that nothing but the segment is ever on the disk.
#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <unordered_map>

#include "hash/content_hash.hpp"
#include "ledger/access_segment.hpp"
#include "ledger/little_endian.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr unsigned id_bits = 40;

struct access_kind_hash {
    [[nodiscard]] std::size_t operator()(const access_kind& of) const noexcept {
        const auto words = of.agency | std::uint64_t{of.procedure} << 16 | std::uint64_t{of.claims} << 32;
        return static_cast<std::size_t>((words * 0x9e37'79b9'7f4a'7c15U ^ of.verdict_bits) * 0xff51'afd7'ed55'8ccdU >>
                                        7);
    }
};

// Numbers things by the order in which they first come.
template <class Thing, class Hash>
class access_numbering {
  public:
    std::uint64_t number_of(const Thing& of) {
        if (!things_.empty() && things_[last_] == of) return last_;
        const auto [at, is_new] = numbers_.try_emplace(of, things_.size());
        if (is_new) things_.push_back(of);
        last_ = at->second;
        return last_;
    }
    [[nodiscard]] const std::vector<Thing>& things() const noexcept { return things_; }

  private:
    std::vector<Thing> things_;
    std::unordered_map<Thing, std::uint64_t, Hash> numbers_;
    std::uint64_t last_ = 0;
};

[[nodiscard]] access_kind kind_of(const record_access& of) noexcept {
    return {of.agency, of.procedure, of.claims, of.verdict_bits};
}

// What is sorted: the id, then the time, in one word.
struct sorted_entry {
    std::uint64_t id_and_time = 0;
    std::uint64_t kind_and_officer = 0;

    static constexpr unsigned time_bits = access_layout::day_bits + access_layout::second_bits;
    [[nodiscard]] std::uint64_t id() const noexcept { return id_and_time >> time_bits; }
    [[nodiscard]] std::uint64_t day() const noexcept {
        return id_and_time >> access_layout::second_bits & ((1U << access_layout::day_bits) - 1);
    }
    [[nodiscard]] std::uint64_t second() const noexcept {
        return id_and_time & ((1U << access_layout::second_bits) - 1);
    }
    friend auto operator<=>(const sorted_entry&, const sorted_entry&) = default;
};

class segment_writing {
  public:
    segment_writing(const open_file& to, ledger_month month, const access_secrets& secrets)
        : to_{to}, secrets_{secrets} {
        head_.month = month;
        randombytes_buf(head_.nonce.data(), head_.nonce.size());
    }

    // The first time that the source is called: how many there are, and of what kinds.
    [[nodiscard]] detailed_result<void> count(const access_source& source);
    [[nodiscard]] detailed_result<void> write(const access_source& source, std::size_t entries_a_pass);
    [[nodiscard]] detailed_result<void> finish();

  private:
    [[nodiscard]] failure wrong(std::string_view words) const {
        return {errc::code_range, to_.path().string() + ": " + std::string{words}};
    }
    [[nodiscard]] std::int64_t day_of_month(const record_access& of) const noexcept {
        return local_second::of(of.time_unix_s).day - head_.month.first_day();
    }
    [[nodiscard]] detailed_result<void> make_masks();
    [[nodiscard]] detailed_result<void> put(const sorted_entry& entry);
    [[nodiscard]] detailed_result<void> end_block();
    [[nodiscard]] detailed_result<void> flush();

    const open_file& to_;
    const access_secrets& secrets_;
    access_segment_head head_;
    access_layout layout_;
    access_numbering<access_kind, access_kind_hash> kinds_;
    access_numbering<std::uint64_t, std::hash<std::uint64_t>> officers_;
    std::array<bool, std::size_t{1} << access_layout::day_bits> has_day_{};
    std::array<std::optional<access_mask>, std::size_t{1} << access_layout::day_bits> masks_;
    std::vector<std::byte> index_;
    std::vector<std::byte> pending_;  // blocks that are not written yet, the last one growing
    std::size_t block_begin_ = 0;     // of that one in pending_
    std::uint64_t block_entries_ = 0;
    std::uint64_t block_id_ = 0;
    std::uint64_t place_ = 0;
    std::uint64_t end_ = access_segment_head::bytes;
};

detailed_result<void> segment_writing::count(const access_source& source) {
    const char* fault = nullptr;
    const auto done = source([&](const record_access& one) {
        const auto day = one.time_unix_s < 0 ? -1 : day_of_month(one);
        if (one.hidden_id >> id_bits != 0) fault = "an id has more than 40 bits";
        if (day < 0 || ledger_month::of_day(head_.month.first_day() + day) != head_.month)
            fault = "an access is of another month";
        if (fault != nullptr) return;
        has_day_[static_cast<std::size_t>(day)] = true;
        kinds_.number_of(kind_of(one));
        officers_.number_of(one.officer);
        ++head_.entries;
    });
    if (!done) return done;
    if (fault != nullptr) return wrong(fault);
    head_.kinds = kinds_.things().size();
    head_.officers = officers_.things().size();
    const auto layout = access_layout::of(head_.kinds, head_.officers);
    if (!layout) return wrong("too many kinds of access and officers in one month");
    layout_ = *layout;
    return make_masks();
}

detailed_result<void> segment_writing::make_masks() {
    for (std::size_t day = 0; day < has_day_.size(); ++day) {
        if (!has_day_[day]) continue;
        const auto secret = secrets_(head_.month.first_day() + static_cast<std::int64_t>(day));
        if (!secret) return secret.error();
        if (!*secret) return wrong("there is no key for one of its days");
        masks_[day].emplace(**secret, head_.nonce);
    }
    return {};
}

detailed_result<void> segment_writing::write(const access_source& source, std::size_t entries_a_pass) {
    const auto passes = (head_.entries + entries_a_pass - 1) / entries_a_pass;
    std::vector<sorted_entry> entries;
    entries.reserve(std::min<std::uint64_t>(head_.entries, entries_a_pass + entries_a_pass / 16));
    for (std::uint64_t pass = 0; pass < passes; ++pass) {
        entries.clear();
        const auto done = source([&](const record_access& one) {
            if (one.hidden_id * passes >> id_bits != pass) return;
            const auto second = local_second::of(one.time_unix_s).second;
            const auto time = static_cast<std::uint64_t>(day_of_month(one)) << access_layout::second_bits | second;
            entries.push_back({one.hidden_id << sorted_entry::time_bits | time,
                               kinds_.number_of(kind_of(one)) | officers_.number_of(one.officer) << layout_.kind_bits});
        });
        if (!done) return done;
        std::ranges::sort(entries);
        for (const auto& entry : entries)
            if (auto put_it = put(entry); !put_it) return put_it;
    }
    if (place_ != head_.entries) return wrong("the source did not hand out the same accesses again");
    return {};
}

detailed_result<void> segment_writing::put(const sorted_entry& entry) {
    if (block_entries_ == access_layout::block_entries_max ||
        (block_entries_ != 0 && entry.id() - block_id_ >= access_layout::id_span))
        if (auto done = end_block(); !done) return done;
    if (block_entries_ == 0) {
        block_id_ = entry.id();
        std::array<std::byte, access_layout::index_entry_bytes> start;
        store_little(block_id_, start.data(), 8);
        store_little(place_, start.data() + 8, 8);
        index_.insert(index_.end(), start.begin(), start.end());
    }
    // A source that changes what it hands out may come with a day that was not there.
    const auto& mask = masks_[entry.day()];
    if (!mask) return wrong("the source did not hand out the same accesses again");
    const auto payload = entry.second() | entry.kind_and_officer << access_layout::second_bits;
    std::array<std::byte, 16> bytes;
    store_little((entry.id() - block_id_) << access_layout::day_bits | entry.day(), bytes.data(), 4);
    store_little(payload ^ mask->at(place_), bytes.data() + 4, 8);
    pending_.insert(pending_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(layout_.entry_bytes()));
    ++block_entries_;
    ++place_;
    return {};
}

detailed_result<void> segment_writing::end_block() {
    if (block_entries_ == 0) return {};
    std::array<std::byte, 8> number;
    store_little(head_.blocks++, number.data(), number.size());
    pending_.insert(pending_.end(), number.begin(), number.end());
    const auto hash = hash_for_damage(std::span{pending_}.subspan(block_begin_));
    pending_.insert(pending_.end(), hash.begin(), hash.end());
    block_begin_ = pending_.size();
    block_entries_ = 0;
    constexpr std::size_t write_bytes = std::size_t{1} << 20;
    return pending_.size() >= write_bytes ? flush() : detailed_result<void>{};
}

detailed_result<void> segment_writing::flush() {
    if (auto done = to_.write(pending_, end_); !done) return done;
    end_ += pending_.size();
    pending_.clear();
    block_begin_ = 0;
    return {};
}

detailed_result<void> segment_writing::finish() {
    if (auto done = end_block(); !done) return done;
    if (auto done = flush(); !done) return done;
    const auto number = [&](std::uint64_t value, std::size_t size) {
        std::array<std::byte, 8> bytes;
        store_little(value, bytes.data(), 8);
        pending_.insert(pending_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    };
    for (const auto& kind : kinds_.things()) {
        number(kind.agency, 2);
        number(kind.procedure, 2);
        number(kind.claims, 2);
        number(kind.verdict_bits, 8);
    }
    for (const auto officer : officers_.things()) number(officer, 8);
    pending_.insert(pending_.end(), index_.begin(), index_.end());
    head_.tables_hash = hash_for_damage(pending_);
    if (auto done = flush(); !done) return done;
    head_.file_bytes = end_;
    return to_.write(head_.encode(), 0);
}

}  // namespace

detailed_result<void> write_access_segment(const file_calls& calls, const std::filesystem::path& path,
                                           ledger_month month, const access_source& source,
                                           const access_secrets& secrets, const access_writing& how) {
    auto file = replacement_file::create(calls, path, 0600);
    if (!file) return file.error();
    segment_writing writing{file->file(), month, secrets};
    if (auto done = writing.count(source); !done) return done;
    if (auto done = writing.write(source, std::max<std::size_t>(1, how.entries_a_pass)); !done) return done;
    if (auto done = writing.finish(); !done) return done;
    return file->commit();
}

}  // namespace xacthuc::inline v0_1
