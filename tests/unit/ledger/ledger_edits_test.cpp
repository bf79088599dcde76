// SPDX-License-Identifier: Apache-2.0
// Random edits of a ledger's private part, by accident and by its owner, who has every key and makes the files' own
// checksums right again: each is found when the rows are held against the public log.
//
// Of the register's sequences that a group's calls were answered from the log binds the oldest alone: the others are
// left out of what is compared.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ledger/byte_cursor.hpp"
#include "ledger/ledger_impl.hpp"
#include "ledger/row_block.hpp"
#include "unit/ledger/log_signer.hpp"
#include "unit/registry/model_files.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

using file_bytes = model_files::bytes;

constexpr std::size_t sealed_head_bytes = 80;
constexpr std::size_t whole_hash_bytes = sizeof(damage_hash);

// The checksum of a part of a file: of the part before, the head but for its own checksum, and what is behind it.
void put_checksum(std::span<std::byte> head, std::span<const std::byte> payload, damage_hash& last) {
    const auto hashed = head.first(head.size() - whole_hash_bytes);
    file_bytes all{last.begin(), last.end()};
    all.insert(all.end(), hashed.begin(), hashed.end());
    const auto of_payload = hash_for_damage(payload);
    all.insert(all.end(), of_payload.begin(), of_payload.end());
    last = hash_for_damage(all);
    std::ranges::copy(last, head.last<whole_hash_bytes>().begin());
}

// Of a sealed hour of one block.
void put_checksums_sealed(file_bytes& of) {
    const std::span all{of};
    const auto head = all.first(sealed_head_bytes);
    std::ranges::copy(hash_for_damage(head.first(sealed_head_bytes - whole_hash_bytes)),
                      head.last<whole_hash_bytes>().begin());
    damage_hash last{};
    put_checksum(all.subspan(sealed_head_bytes, sealed_head_bytes), all.subspan(2 * sealed_head_bytes), last);
}
void put_checksums_open(file_bytes& of) {
    damage_hash last{};
    for (std::span left{of}; left.size() >= group_head_bytes;) {
        byte_reader fields{left.subspan(8)};
        const auto payload = fields.number(8);
        if (payload > left.size() - group_head_bytes) return;
        put_checksum(left.first(group_head_bytes), left.subspan(group_head_bytes, payload), last);
        left = left.subspan(group_head_bytes + payload);
    }
}
[[nodiscard]] file_bytes sealed_bytes(ledger_hour hour, const std::vector<row_group>& groups, const day_key& key) {
    auto payload = encode_block(groups);
    const auto nonce = day_key::new_nonce();
    key.cipher(nonce, payload);
    std::uint64_t rows = 0;
    for (const auto& each : groups) rows += each.rows();
    file_bytes made;
    byte_writer to{made};
    to.bytes(std::as_bytes(std::span{std::string_view{"xt-rows1"}}));
    for (const auto number :
         {static_cast<std::uint64_t>(hour.number), groups.empty() ? 0 : groups.front().leaf_index,
          std::uint64_t{groups.size()}, rows, std::uint64_t{2 * sealed_head_bytes + payload.size()},
          groups.empty() ? 0 : groups.back().first_place + groups.back().tree_rows, std::uint64_t{0}})
        to.number(number, 8);
    to.bytes(damage_hash{});
    to.bytes(std::as_bytes(std::span{std::string_view{"xt-block"}}));
    to.number(payload.size(), 8);
    to.number(groups.size(), 8);
    to.bytes(nonce);
    to.bytes(damage_hash{});
    to.bytes(damage_hash{});
    to.bytes(payload);
    put_checksums_sealed(made);
    return made;
}

// What the log binds of a group, as numbers.
[[nodiscard]] std::vector<std::uint64_t> bound_of(const row_group& of) {
    std::vector<std::uint64_t> all{of.leaf_index, of.first_place, static_cast<std::uint64_t>(of.time_unix_ms),
                                   of.tree_rows, of.rows()};
    auto oldest = ~std::uint64_t{0};
    std::size_t row = 0;
    for (const auto& call : of.calls) {
        oldest = std::min(oldest, call.register_sequence);
        all.insert(all.end(), {call.rows, static_cast<std::uint64_t>(call.time_unix_ms), call.officer,
                               std::uint64_t{call.is_signed}});
        if (call.is_signed)
            for (const auto each : call.signature) all.push_back(static_cast<std::uint64_t>(each));
        for (const auto end = row + call.rows; row < end; ++row) {
            const auto& kind = of.kind(row);
            all.insert(all.end(), {of.hidden_ids[row], kind.agency, kind.procedure, kind.claims, kind.verdict_bits});
        }
    }
    all.push_back(oldest);
    return all;
}

struct one_row {
    std::uint64_t hidden_id;
    row_kind kind;
};
// The call of a row.
[[nodiscard]] group_call& call_of(row_group& in, std::size_t row) {
    auto call = in.calls.begin();
    for (; row >= call->rows; ++call) row -= call->rows;
    return *call;
}
void put_row(row_group& in, std::size_t row, const one_row& what) {
    in.hidden_ids[row] = what.hidden_id;
    in.kinds.push_back(what.kind);
    in.kind_of[row] = static_cast<std::uint32_t>(in.kinds.size() - 1);
}
[[nodiscard]] one_row row_in(const row_group& in, std::size_t row) {
    return {in.hidden_ids[row], in.kind(row)};
}
void drop_row(row_group& in, std::size_t row) {
    auto& call = call_of(in, row);
    const auto at = static_cast<std::ptrdiff_t>(row);
    in.hidden_ids.erase(in.hidden_ids.begin() + at);
    in.kind_of.erase(in.kind_of.begin() + at);
    if (--call.rows == 0) in.calls.erase(in.calls.begin() + (&call - in.calls.data()));
}
// Before this row, in its call.
void insert_row(row_group& in, std::size_t row, const one_row& what) {
    ++call_of(in, row).rows;
    const auto at = static_cast<std::ptrdiff_t>(row);
    in.hidden_ids.insert(in.hidden_ids.begin() + at, 0);
    in.kind_of.insert(in.kind_of.begin() + at, 0);
    put_row(in, row, what);
}

// A ledger in memory: four hours of two days that are sealed, and one that is open.
class edited_ledger {
  public:
    explicit edited_ledger(std::uint64_t seed) : random_{seed}, calls_{files_.calls()} {
        open();
        for (int hour = 0; hour < 5; ++hour)
            for (int group = 0; group < 3; ++group) answer(begin_unix_ms + hour * hour_ms + group * 1000);
        REQUIRE(made_->seal(begin_unix_ms + 4 * hour_ms).value() == 4);
        const std::string folder = "/data/ledger/";
        for (const auto& name : files_.file_names()) {
            if (name.starts_with(folder + "rows/")) rows_.push_back(name);
            if (name.starts_with(folder + "rows/") || name.starts_with(folder + "day-keys/"))
                right_[name] = files_.contents(name);
        }
        REQUIRE(rows_.size() == 5);
        for (int hour = 0; hour < 5; ++hour) {
            const auto at = ledger_hour::of(begin_unix_ms + hour * hour_ms);
            hours_.push_back(at);
            keys_.push_back(day_key::load(calls_, folder + "day-keys/" + text_of_day(at.day()) + ".key").value());
            groups_.push_back(groups_in(hour).value());
        }
        REQUIRE(made_->check().value().entries == 15);
    }

    // One edit, of which a name is left in `last`. Whether it changed anything.
    [[nodiscard]] bool edit() {
        switch (roll(8)) {
            case 0:
            case 1:
                return edit_byte();
            case 2:
            case 3:
                return edit_byte_behind_checksums();
            case 4:
            case 5:
                return edit_rows();
            case 6:
                return edit_fields();
            default:
                return edit_files();
        }
    }
    [[nodiscard]] bool is_found() { return !made_->check(); }
    // Whether a byte that was edited is none that the log binds: a sequence that is not the oldest.
    [[nodiscard]] bool says_the_same() {
        for (int hour = 0; hour < 5; ++hour) {
            const auto now = groups_in(hour);
            const auto& before = groups_[static_cast<std::size_t>(hour)];
            if (!now || !std::ranges::equal(*now, before, {}, bound_of, bound_of)) return false;
            if (!std::ranges::equal(*now, before, [](const auto& one, const auto& other) {
                    return std::ranges::equal(one.calls, other.calls, {}, &group_call::register_sequence,
                                              &group_call::register_sequence);
                }))
                return true;
        }
        return false;
    }
    void put_back() {
        for (const auto& [name, bytes] : right_)
            if (files_.exists(name))
                files_.contents(name) = bytes;
            else
                files_.put(name, bytes);
        for (const auto& name : added_) files_.remove(name);
        added_.clear();
    }
    // As somebody finds it who opens it.
    [[nodiscard]] bool is_found_by_opening() {
        made_.reset();
        auto again = ledger::impl::open(calls_, "/data/ledger", options());
        const bool is = !again || !again->check();
        again = failure{errc::io, ""};
        return is;
    }
    void open() { made_.emplace(ledger::impl::open(calls_, "/data/ledger", options()).value()); }
    [[nodiscard]] file_bytes& ids_key() { return files_.contents("/data/ledger/ids.key"); }

    std::string last;

  private:
    static constexpr std::int64_t begin_unix_ms = 1'795'878'000'000;  // 2026-11-28T22 in UTC+7
    static constexpr std::int64_t hour_ms = 3'600'000;

    [[nodiscard]] std::size_t roll(std::size_t sides) { return random_() % sides; }
    [[nodiscard]] ledger_options options() const {
        const auto identity = signer_.identity();
        ledger_options with{.origin = identity.origin, .verifier = identity.verifier, .signer = identity.signer};
        with.queue_slots = 256;
        with.group_rows_min = 8;
        return with;
    }
    void answer(std::int64_t now) {
        for (int k = 0; k < 3; ++k) {
            ledger_call call{.time_unix_ms = now + k, .officer = 40 + roll(3), .register_sequence = 900 + roll(100)};
            if (roll(3) == 0) call.agency_signature.fill(static_cast<std::byte>(1 + roll(255)));
            std::vector<request> asked(1 + roll(4));
            std::vector<verdict> shown;
            for (auto& each : asked) {
                each.words[0] = (1'000'000'000 + roll(100'000'000)) | std::uint64_t{5} << 40;
                each.words[3] = std::uint64_t{1 + roll(3)} << 32 | std::uint64_t{4 + roll(2)} << 48;
                shown.push_back(roll(3) == 0 ? verdict{outcome::not_found, 0, 0, 0}
                                             : verdict{outcome::verified, 5, 0, 0});
            }
            REQUIRE(made_->append(call, asked, shown).has_value());
        }
        REQUIRE(made_->publish(now).has_value());
    }
    [[nodiscard]] detailed_result<std::vector<row_group>> groups_in(int hour) {
        const auto k = static_cast<std::size_t>(hour);
        std::vector<row_group> groups;
        const auto done = read_hour(calls_, "/data/ledger/rows", hours_[k], keys_[k],
                                    [&](row_group&& group, const group_entry*) -> detailed_result<void> {
                                        groups.push_back(std::move(group));
                                        return {};
                                    });
        if (!done) return done.error();
        return groups;
    }
    // Another value in one byte.
    void change_byte(std::byte& what, std::size_t at) {
        const auto by = static_cast<std::byte>(1 + roll(255));
        last += " at " + std::to_string(at) + " by " + std::to_string(static_cast<unsigned>(by));
        what ^= by;
    }
    [[nodiscard]] bool edit_byte() {
        auto file = right_.begin();
        std::advance(file, static_cast<std::ptrdiff_t>(roll(right_.size())));
        last = "a byte of " + file->first;
        auto& bytes = files_.contents(file->first);
        const auto at = roll(bytes.size());
        change_byte(bytes[at], at);
        return true;
    }
    // The cipher is a stream: a bit of what is encrypted is a bit of what is there.
    [[nodiscard]] bool edit_byte_behind_checksums() {
        const auto& name = rows_[roll(rows_.size())];
        last = "a byte behind the checksums of " + name;
        auto& bytes = files_.contents(name);
        const auto at = roll(bytes.size());
        change_byte(bytes[at], at);
        if (name.ends_with(".open"))
            put_checksums_open(bytes);
        else
            put_checksums_sealed(bytes);
        return bytes != right_.at(name);
    }
    // Writes sealed hours again, as their owner could. Whether they say anything else.
    [[nodiscard]] bool rewrite(const std::vector<std::vector<row_group>>& with) {
        bool is_changed = false;
        for (std::size_t hour = 0; hour < 4; ++hour) {
            if (std::ranges::equal(with[hour], groups_[hour], {}, bound_of, bound_of)) continue;
            is_changed = true;
            files_.contents(rows_[hour]) = sealed_bytes(hours_[hour], with[hour], keys_[hour]);
        }
        return is_changed;
    }
    [[nodiscard]] bool edit_rows() {
        auto groups = groups_;
        auto& from = groups[roll(4)][roll(3)];
        auto& to = roll(2) == 0 ? from : groups[roll(4)][roll(3)];
        const auto row = roll(from.rows());
        const auto what = row_in(from, row);
        const auto other = roll(to.rows());
        // The rows that fill up may be fewer or more for it.
        const auto fills = roll(2);
        switch (roll(4)) {
            case 0:
                last = "two rows exchanged";
                put_row(from, row, row_in(to, other));
                put_row(to, other, what);
                break;
            case 1:
                last = "a row dropped";
                drop_row(from, row);
                from.tree_rows -= fills;
                break;
            case 2:
                last = "a row doubled";
                insert_row(to, other, what);
                to.tree_rows += fills;
                break;
            default:
                last = "a row moved";
                insert_row(to, other, what);
                drop_row(from, &from == &to && other <= row ? row + 1 : row);
                if (&from != &to && fills == 1) {
                    ++to.tree_rows;
                    --from.tree_rows;
                }
                break;
        }
        return rewrite(groups);
    }
    [[nodiscard]] bool edit_fields() {
        auto groups = groups_;
        auto& group = groups[roll(4)][roll(3)];
        const auto row = roll(group.rows());
        auto& call = call_of(group, row);
        auto what = row_in(group, row);
        const auto bit = [&](unsigned bits) { return std::uint64_t{1} << roll(bits); };
        const auto field = roll(14);
        last = "field " + std::to_string(field);
        switch (field) {
            case 0:
                what.hidden_id ^= bit(40);
                break;
            case 1:
                what.kind.agency ^= static_cast<std::uint16_t>(bit(16));
                break;
            case 2:
                what.kind.procedure ^= static_cast<std::uint16_t>(bit(16));
                break;
            case 3:
                what.kind.claims ^= static_cast<claim_mask>(bit(16));
                break;
            case 4:
                what.kind.verdict_bits ^= bit(64);
                break;
            case 5:
                call.time_unix_ms ^= static_cast<std::int64_t>(bit(63));
                break;
            case 6:
                call.officer ^= bit(64);
                break;
            case 7:
                call.register_sequence ^= bit(64);
                break;
            case 8:
                call.is_signed = !call.is_signed;
                break;
            case 9:
                call.signature[roll(64)] ^= std::byte{1};
                break;
            case 10:
                group.leaf_index ^= bit(64);
                break;
            case 11:
                group.first_place ^= bit(64);
                break;
            case 12:
                group.time_unix_ms ^= static_cast<std::int64_t>(bit(63));
                break;
            default:
                group.tree_rows += 1 + roll(100);
                break;
        }
        put_row(group, row, what);
        return rewrite(groups);
    }
    [[nodiscard]] bool edit_files() {
        auto groups = groups_;
        const auto hour = roll(4);
        const auto other = roll(4);
        const auto at = roll(3);
        const auto to = roll(3);
        switch (roll(7)) {
            case 0:
                last = "groups exchanged";
                std::swap(groups[hour][at], groups[other][to]);
                return rewrite(groups);
            case 1:
                last = "groups exchanged, and their numbers";
                std::swap(groups[hour][at], groups[other][to]);
                std::swap(groups[hour][at].leaf_index, groups[other][to].leaf_index);
                return rewrite(groups);
            case 2:
                last = "a group dropped";
                groups[hour].erase(groups[hour].begin() + static_cast<std::ptrdiff_t>(at));
                return rewrite(groups);
            case 3:
                last = "a group doubled";
                groups[other].push_back(groups[hour][at]);
                return rewrite(groups);
            case 4: {
                last = "files exchanged";
                auto name = right_.begin();
                std::advance(name, static_cast<std::ptrdiff_t>(roll(right_.size())));
                const auto& with = rows_[roll(rows_.size())];
                std::swap(files_.contents(name->first), files_.contents(with));
                return name->first != with;
            }
            case 5:
                last = "a file gone";
                files_.remove(rows_[roll(rows_.size())]);
                return true;
            default: {
                last = "a file under another hour's name too";
                const auto later = ledger_hour{hours_.back().number + 1 + static_cast<std::int64_t>(roll(9))};
                const auto name = sealed_hour_path("/data/ledger/rows", later).string();
                files_.put(name, right_.at(rows_[hour]));
                added_.push_back(name);
                return true;
            }
        }
    }

    std::mt19937_64 random_;
    model_files files_;
    file_calls calls_;
    log_signer signer_;
    std::optional<ledger> made_;
    std::vector<std::string> rows_;            // files, by hour
    std::map<std::string, file_bytes> right_;  // rows and keys
    std::vector<std::string> added_;
    std::vector<ledger_hour> hours_;
    std::vector<day_key> keys_;
    std::vector<std::vector<row_group>> groups_;
};

void edit_at_random(std::size_t edits) {
    edited_ledger of{11};
    std::map<std::string, std::size_t> kinds;
    std::size_t unbound = 0;
    for (std::size_t tried = 0; tried < edits;) {
        const bool is_changed = of.edit();
        if (is_changed && !of.is_found()) {
            REQUIRE_MESSAGE(of.says_the_same(), of.last);
            ++unbound;
        } else if (is_changed) {
            ++kinds[of.last.substr(0, of.last.find(" at "))];
            ++tried;
        }
        of.put_back();
        REQUIRE((is_changed || !of.is_found()));
    }
    for (const auto& [kind, count] : kinds) MESSAGE(kind << ": " << count);
    MESSAGE(unbound << " of sequences that are not the oldest");
    CHECK(unbound < edits / 20);
    CHECK_FALSE(of.is_found());
}

}  // namespace

TEST_CASE("random edits of rows, groups and files are found, also those that make the checksums right again") {
    edit_at_random(2'000);
}

TEST_CASE("no byte of the secret that ids are hidden by can be changed unnoticed") {
    edited_ledger of{12};
    for (auto at = of.ids_key().size(); at-- > 0;) {
        CAPTURE(at);
        of.ids_key()[at] ^= std::byte{1};
        REQUIRE(of.is_found_by_opening());
        of.ids_key()[at] ^= std::byte{1};
    }
    CHECK_FALSE(of.is_found_by_opening());
}

TEST_SUITE("slow") {
    TEST_CASE("a hundred thousand random edits of rows, groups and files are found") {
        edit_at_random(100'000);
    }
}
