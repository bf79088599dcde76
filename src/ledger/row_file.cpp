// SPDX-License-Identifier: Apache-2.0
#include "ledger/row_file.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "ledger/byte_cursor.hpp"
#include "ledger/row_block.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view sealed_ending = ".xtr";
constexpr std::string_view open_ending = ".xtr.open";

constexpr std::string_view file_magic = "xt-rows1";
constexpr std::string_view block_magic = "xt-block";
constexpr std::size_t head_bytes = 80;
constexpr std::size_t hashed_head_bytes = head_bytes - sizeof(damage_hash);
// A block is closed when it has so many rows.
constexpr std::size_t block_rows = std::size_t{1} << 18;

[[nodiscard]] failure wrong_rows(errc what, const std::filesystem::path& path, std::string_view words) {
    return {what, path.string() + ": " + std::string{words}};
}

[[nodiscard]] bool begins_with(std::span<const std::byte> bytes, std::string_view magic) noexcept {
    return std::ranges::equal(bytes.first(magic.size()), std::as_bytes(std::span{magic}));
}

// Walks over the whole records of an open file.
class record_walk {
  public:
    [[nodiscard]] static detailed_result<record_walk> begin(const open_file& file, const row_place& at = {}) {
        const auto status = file.status();
        if (!status) return status.error();
        return record_walk{file, status->size_bytes, at};
    }
    // The next one, or none where there is none that is whole.
    [[nodiscard]] detailed_result<std::optional<group_head>> next() {
        std::array<std::byte, group_head_bytes> bytes;
        if (size_ - end_ < bytes.size()) return std::nullopt;
        if (auto done = file_.read(bytes, end_); !done) return done.error();
        const auto head = group_head::decode(bytes);
        if (!head || head->payload_bytes > size_ - end_ - bytes.size()) return std::nullopt;
        payload_.resize(head->payload_bytes);
        if (auto done = file_.read(payload_, end_ + bytes.size()); !done) return done.error();
        if (!is_undamaged(bytes, payload_, last_)) return std::nullopt;
        end_ += bytes.size() + payload_.size();
        last_ = head->hash;
        return *head;
    }
    [[nodiscard]] std::span<std::byte> payload() noexcept { return payload_; }
    [[nodiscard]] std::uint64_t end() const noexcept { return end_; }
    [[nodiscard]] const damage_hash& last() const noexcept { return last_; }

  private:
    record_walk(const open_file& file, std::uint64_t size, const row_place& at) noexcept
        : file_{file}, size_{size}, end_{at.offset}, last_{at.before} {}

    const open_file& file_;
    std::uint64_t size_;
    std::uint64_t end_;
    damage_hash last_;
    std::vector<std::byte> payload_;
};

[[nodiscard]] damage_hash hash_of_block(std::span<const std::byte> head, std::span<const std::byte> payload,
                                        const damage_hash& before) {
    std::array<std::byte, 2 * sizeof(damage_hash) + hashed_head_bytes> all;
    auto at = std::ranges::copy(before, all.begin()).out;
    at = std::ranges::copy(head.first(hashed_head_bytes), at).out;
    std::ranges::copy(hash_for_damage(payload), at);
    return hash_for_damage(all);
}

[[nodiscard]] std::vector<std::byte> encode_head(const sealed_hour& head) {
    std::vector<std::byte> bytes;
    byte_writer to{bytes};
    to.bytes(std::as_bytes(std::span{file_magic}));
    for (const auto number : {static_cast<std::uint64_t>(head.hour.number), head.first_leaf, head.groups, head.rows,
                              head.file_bytes, head.end_place, std::uint64_t{0}})
        to.number(number, 8);
    to.bytes(hash_for_damage(bytes));
    return bytes;
}
[[nodiscard]] detailed_result<sealed_hour> read_head(const open_file& file, ledger_hour hour) {
    std::array<std::byte, head_bytes> bytes;
    if (auto done = file.read(bytes, 0); !done) return done.error();
    byte_reader from{std::span{bytes}.subspan<file_magic.size()>()};
    sealed_hour head;
    head.hour.number = static_cast<std::int64_t>(from.number(8));
    for (auto* each : {&head.first_leaf, &head.groups, &head.rows, &head.file_bytes, &head.end_place})
        *each = from.number(8);
    if (!std::ranges::equal(encode_head(head), bytes))
        return wrong_rows(errc::not_of_a_ledger, file.path(), "not a sealed hour of rows, or its head is damaged");
    if (head.hour != hour) return wrong_rows(errc::ledger_damaged, file.path(), "it says that it is of another hour");
    return head;
}

// Packs groups into a new file.
class sealing {
  public:
    sealing(const open_file& to, ledger_hour hour, const day_key& key) : to_{to}, key_{key} { head_.hour = hour; }

    [[nodiscard]] detailed_result<void> take(row_group&& group) {
        if (head_.groups++ == 0) head_.first_leaf = group.leaf_index;
        head_.rows += group.rows();
        head_.end_place = group.first_place + group.tree_rows;
        rows_ += group.rows();
        groups_.push_back(std::move(group));
        return rows_ >= block_rows ? write_block() : detailed_result<void>{};
    }
    [[nodiscard]] bool is_empty() const noexcept { return head_.groups == 0; }
    [[nodiscard]] detailed_result<void> finish() {
        if (!groups_.empty())
            if (auto done = write_block(); !done) return done;
        head_.file_bytes = end_;
        return to_.write(encode_head(head_), 0);
    }

  private:
    [[nodiscard]] detailed_result<void> write_block() {
        auto payload = encode_block(groups_);
        const auto nonce = day_key::new_nonce();
        key_.cipher(nonce, payload);
        std::vector<std::byte> head;
        byte_writer to{head};
        to.bytes(std::as_bytes(std::span{block_magic}));
        to.number(payload.size(), 8);
        to.number(groups_.size(), 8);
        to.bytes(nonce);
        to.number(0, 8);
        to.number(0, 8);
        last_ = hash_of_block(head, payload, last_);
        to.bytes(last_);
        if (auto done = to_.write(head, end_); !done) return done;
        if (auto done = to_.write(payload, end_ + head.size()); !done) return done;
        end_ += head.size() + payload.size();
        groups_.clear();
        rows_ = 0;
        return {};
    }

    const open_file& to_;
    const day_key& key_;
    sealed_hour head_;
    std::uint64_t end_ = head_bytes;
    damage_hash last_{};
    std::vector<row_group> groups_;
    std::size_t rows_ = 0;
};

[[nodiscard]] detailed_result<void> remove_open_hour(const file_calls& calls, const std::filesystem::path& open) {
    if (auto done = remove_file(calls, open); !done) return done;
    return sync_directory_of(calls, open);
}

struct block_head {
    std::uint64_t payload_bytes = 0;
    std::uint64_t groups = 0;
    day_key::cipher_nonce nonce{};
};
// None: it is none, or what it is of does not fit into the bytes that are left.
[[nodiscard]] std::optional<block_head> read_block_head(std::span<const std::byte, head_bytes> bytes,
                                                        std::uint64_t left) {
    byte_reader fields{bytes.subspan<block_magic.size()>()};
    block_head made{.payload_bytes = fields.number(8), .groups = fields.number(8)};
    fields.copy(made.nonce);
    const bool is_sound = begins_with(bytes, block_magic) && fields.number(8) == 0 && fields.number(8) == 0;
    return is_sound && left >= head_bytes && made.payload_bytes <= left - head_bytes ? std::optional{made}
                                                                                     : std::nullopt;
}

// Reads the blocks of a sealed file.
class unsealing {
  public:
    unsealing(const open_file& from, const day_key& key) : from_{from}, key_{key} {}
    // From a place on, in a file of this size.
    unsealing(const open_file& from, const day_key& key, std::uint64_t size, const row_place& at)
        : from_{from}, key_{key}, size_{size}, end_{at.offset}, last_{at.before} {}

    [[nodiscard]] detailed_result<void> read(ledger_hour hour, const group_taker& take) {
        const auto status = from_.status();
        if (!status) return status.error();
        const auto head = read_head(from_, hour);
        if (!head) return head.error();
        if (status->size_bytes < head->file_bytes)
            return wrong_rows(errc::truncated, from_.path(), "it says that it is longer");
        if (status->size_bytes > head->file_bytes)
            return wrong_rows(errc::trailing_bytes, from_.path(), "it says that it is shorter");
        size_ = status->size_bytes;
        std::uint64_t groups = 0;
        std::uint64_t rows = 0;
        std::uint64_t end_place = 0;
        while (end_ < size_) {
            auto block = read_block();
            if (!block) return block.error();
            for (auto& group : *block) {
                if (group.leaf_index != head->first_leaf + groups)
                    return wrong_rows(errc::ledger_damaged, from_.path(), "its groups do not follow one another");
                ++groups;
                rows += group.rows();
                end_place = group.first_place + group.tree_rows;
                if (auto done = take(std::move(group), nullptr); !done) return done;
            }
        }
        if (groups != head->groups || rows != head->rows || end_place != head->end_place)
            return wrong_rows(errc::ledger_damaged, from_.path(), "it has not as many groups and rows as it says");
        return {};
    }

    [[nodiscard]] detailed_result<std::vector<row_group>> read_block() {
        std::array<std::byte, head_bytes> head;
        if (auto done = from_.read(head, end_); !done) return done.error();
        const auto says = read_block_head(head, size_ - end_);
        if (!says)
            return wrong_rows(errc::checksum_mismatch, from_.path(),
                              "a block's head is damaged, at offset " + std::to_string(end_));
        const auto& [payload_bytes, groups, nonce] = *says;
        std::vector<std::byte> payload(payload_bytes);
        if (auto done = from_.read(payload, end_ + head_bytes); !done) return done.error();
        const auto hash = hash_of_block(head, payload, last_);
        if (!std::ranges::equal(hash, std::span{head}.subspan(hashed_head_bytes)))
            return wrong_rows(errc::checksum_mismatch, from_.path(),
                              "a block is damaged, at offset " + std::to_string(end_));
        last_ = hash;
        key_.cipher(nonce, payload);
        auto block = decode_block(payload);
        if (!block || block->size() != groups)
            return wrong_rows(errc::not_of_a_ledger, from_.path(),
                              "a block cannot be opened with the day's key, at offset " + std::to_string(end_));
        end_ += head_bytes + payload_bytes;
        return std::move(*block);
    }

    const open_file& from_;
    const day_key& key_;
    std::uint64_t size_ = 0;
    std::uint64_t end_ = head_bytes;
    damage_hash last_{};
};

}  // namespace

std::filesystem::path open_hour_path(const std::filesystem::path& folder, ledger_hour hour) {
    return folder / (hour.text() + std::string{open_ending});
}
std::filesystem::path sealed_hour_path(const std::filesystem::path& folder, ledger_hour hour) {
    return folder / (hour.text() + std::string{sealed_ending});
}

detailed_result<std::vector<hour_in_folder>> list_hours(const file_calls& calls, const std::filesystem::path& folder) {
    const auto names = list_directory(calls, folder);
    if (!names) return names.error();
    std::map<ledger_hour, hour_in_folder> found;
    for (const std::string_view name : *names)
        for (const auto ending : {open_ending, sealed_ending}) {
            if (!name.ends_with(ending)) continue;
            const auto hour = ledger_hour::parse(name.substr(0, name.size() - ending.size()));
            if (!hour) continue;
            auto& entry = found[*hour];
            entry.hour = *hour;
            (ending == open_ending ? entry.is_open : entry.is_sealed) = true;
        }
    std::vector<hour_in_folder> hours;
    for (const auto& [hour, entry] : found) hours.push_back(entry);
    return hours;
}

detailed_result<sealed_hour> read_sealed_head(const file_calls& calls, const std::filesystem::path& path,
                                              ledger_hour hour) {
    const auto file = open_file::to_read(calls, path);
    if (!file) return file.error();
    return read_head(*file, hour);
}

detailed_result<hour_file> hour_file::open(const file_calls& calls, const std::filesystem::path& folder,
                                           ledger_hour hour) {
    auto sealed = open_file::to_read(calls, sealed_hour_path(folder, hour));
    if (!sealed && sealed.error().code != errc::not_found) return sealed.error();
    std::optional<sealed_hour> head;
    if (sealed) {
        const auto says = read_head(*sealed, hour);
        if (!says) return says.error();
        head = *says;
    }
    auto file = sealed ? std::move(sealed) : open_file::to_read(calls, open_hour_path(folder, hour));
    if (!file) return file.error();
    const auto status = file->status();
    if (!status) return status.error();
    return hour_file{std::move(*file), status->size_bytes, head};
}

detailed_result<std::optional<group_head>> hour_file::group_head_at(std::uint64_t offset) const {
    std::array<std::byte, group_head_bytes> bytes;
    if (offset > size_ || size_ - offset < bytes.size()) return std::nullopt;
    if (auto done = file_.read(bytes, offset); !done) return done.error();
    const auto says = group_head::decode(bytes);
    if (!says || says->payload_bytes > size_ - offset - bytes.size()) return std::nullopt;
    return *says;
}

detailed_result<std::optional<row_place>> hour_file::first() const {
    if (head_) return row_place{.offset = head_bytes, .first_leaf = head_->first_leaf};
    const auto says = group_head_at(0);
    if (!says) return says.error();
    if (!*says) return std::nullopt;
    return row_place{.first_leaf = (*says)->leaf_index};
}

detailed_result<std::optional<row_place>> hour_file::after(const row_place& at) const {
    if (!head_) {
        const auto says = group_head_at(at.offset);
        if (!says) return says.error();
        if (!*says) return std::nullopt;
        if ((*says)->leaf_index != at.first_leaf)
            return wrong_rows(errc::ledger_damaged, path(), "its groups do not follow one another");
        return row_place{at.offset + group_head_bytes + (*says)->payload_bytes, at.first_leaf + 1, (*says)->hash};
    }
    std::array<std::byte, head_bytes> bytes;
    if (at.offset > size_ || size_ - at.offset < bytes.size()) return std::nullopt;
    if (auto done = file_.read(bytes, at.offset); !done) return done.error();
    const auto says = read_block_head(bytes, size_ - at.offset);
    if (!says) return std::nullopt;
    row_place next{at.offset + head_bytes + says->payload_bytes, at.first_leaf + says->groups};
    std::ranges::copy(std::span{bytes}.subspan(hashed_head_bytes), next.before.begin());
    return next;
}

detailed_result<std::vector<row_group>> hour_file::read(const row_place& at, const day_key& key) const {
    if (head_) return unsealing{file_, key, size_, at}.read_block();
    auto walk = record_walk::begin(file_, at);
    if (!walk) return walk.error();
    const auto head = walk->next();
    if (!head) return head.error();
    if (!*head)
        return wrong_rows(errc::checksum_mismatch, path(),
                          "a group is damaged, at offset " + std::to_string(at.offset));
    auto group = decode_group(**head, walk->payload(), key);
    if (!group) return wrong_rows(errc::not_of_a_ledger, path(), "a group cannot be opened with the day's key");
    std::vector<row_group> made;
    made.push_back(std::move(*group));
    return made;
}

detailed_result<hour_writer> hour_writer::create(const file_calls& calls, const std::filesystem::path& path) {
    auto file = open_file::create(calls, path);
    if (!file) return file.error();
    if (auto done = sync_directory_of(calls, path); !done) return done.error();
    return hour_writer{std::move(*file), 0, {}};
}

detailed_result<hour_writer::resumed> hour_writer::resume(const file_calls& calls, const std::filesystem::path& path,
                                                          bool may_write) {
    auto file = may_write ? open_file::to_change(calls, path) : open_file::to_read(calls, path);
    if (!file) return file.error();
    auto walk = record_walk::begin(*file);
    if (!walk) return walk.error();
    std::vector<group_head> groups;
    for (;;) {
        const auto head = walk->next();
        if (!head) return head.error();
        if (!*head) break;
        groups.push_back(**head);
    }
    return resumed{hour_writer{std::move(*file), walk->end(), walk->last()}, std::move(groups)};
}

detailed_result<void> hour_writer::append(const row_group& group, const group_entry& entry, const day_key& key) {
    const auto bytes = encode_group(group, entry, key, last_);
    if (auto done = file_.write(bytes, end_); !done) return done;
    if (auto done = file_.sync(); !done) return done;
    end_ += bytes.size();
    std::ranges::copy(std::span{bytes}.subspan(group_head_bytes - last_.size(), last_.size()), last_.begin());
    return {};
}

detailed_result<void> read_open_hour(const file_calls& calls, const std::filesystem::path& path, const day_key& key,
                                     const group_taker& take) {
    const auto file = open_file::to_read(calls, path);
    if (!file) return file.error();
    auto walk = record_walk::begin(*file);
    if (!walk) return walk.error();
    for (;;) {
        const auto head = walk->next();
        if (!head) return head.error();
        if (!*head) return {};
        auto group = decode_group(**head, walk->payload(), key);
        if (!group) return wrong_rows(errc::not_of_a_ledger, path, "a group cannot be opened with the day's key");
        if (auto done = take(std::move(*group), &(*head)->entry); !done) return done;
    }
}

detailed_result<void> read_sealed_hour(const file_calls& calls, const std::filesystem::path& path, ledger_hour hour,
                                       const day_key& key, const group_taker& take) {
    const auto file = open_file::to_read(calls, path);
    if (!file) return file.error();
    return unsealing{*file, key}.read(hour, take);
}

detailed_result<void> read_hour(const file_calls& calls, const std::filesystem::path& folder, ledger_hour hour,
                                const day_key& key, const group_taker& take) {
    const auto sealed = sealed_hour_path(folder, hour);
    if (examine_file(calls, sealed)) return read_sealed_hour(calls, sealed, hour, key, take);
    return read_open_hour(calls, open_hour_path(folder, hour), key, take);
}

detailed_result<void> seal_hour(const file_calls& calls, const std::filesystem::path& folder, ledger_hour hour,
                                const day_key& key) {
    const auto open = open_hour_path(folder, hour);
    const auto sealed = sealed_hour_path(folder, hour);
    if (!examine_file(calls, sealed)) {
        auto file = replacement_file::create(calls, sealed);
        if (!file) return file.error();
        sealing to{file->file(), hour, key};
        auto done = read_open_hour(calls, open, key,
                                   [&](row_group&& group, const group_entry*) { return to.take(std::move(group)); });
        if (!done) return done;
        if (to.is_empty()) return remove_open_hour(calls, open);
        if (done = to.finish(); !done) return done;
        if (done = file->commit(); !done) return done;
    }
    return remove_open_hour(calls, open);
}

}  // namespace xacthuc::inline v0_1
