// SPDX-License-Identifier: Apache-2.0
#include "ledger/row_block.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <unordered_map>

#include "ledger/byte_cursor.hpp"
#include "ledger/symbol_code.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::size_t id_bytes = 5;

struct profile {
    std::uint16_t agency = 0;
    std::uint16_t procedure = 0;
    claim_mask claims = 0;
    std::uint64_t officer = 0;

    friend bool operator==(const profile&, const profile&) = default;
};
// What is asked and by whom, without the officer: 6 bytes.
struct asking_kind {
    std::uint16_t agency = 0;
    std::uint16_t procedure = 0;
    claim_mask claims = 0;

    friend bool operator==(const asking_kind&, const asking_kind&) = default;
};
constexpr std::size_t asking_bytes = 6;
constexpr std::size_t officer_bytes = 8;

[[nodiscard]] std::uint64_t relative(std::uint64_t verdict_bits, claim_mask claims) noexcept {
    return verdict_bits ^ std::uint64_t{claims} << 16;  // where the matched ones stand
}

struct profile_hash {
    std::size_t operator()(const profile& of) const noexcept {
        auto word = (of.officer ^ std::uint64_t{of.claims} << 48) * 0x9e3779b97f4a7c15;
        word ^= word >> 29 ^ of.agency ^ std::uint64_t{of.procedure} << 16;
        word *= 0xbf58476d1ce4e5b9;
        return static_cast<std::size_t>(word ^ word >> 32);
    }
};

struct asking_hash {
    std::size_t operator()(const asking_kind& of) const noexcept {
        return profile_hash{}({of.agency, of.procedure, of.claims, 0});
    }
};
struct kind_hash {
    std::size_t operator()(const row_kind& of) const noexcept {
        return profile_hash{}({of.agency, of.procedure, of.claims, of.verdict_bits});
    }
};

// Numbers what comes, from 0 on.
template <class T, class Hash = std::hash<T>>
class numbering {
  public:
    [[nodiscard]] std::uint32_t of(const T& value) {
        if (!all_.empty() && all_[last_] == value) return last_;
        const auto [at, is_new] = numbers_.try_emplace(value, static_cast<std::uint32_t>(all_.size()));
        if (is_new) all_.push_back(value);
        return last_ = at->second;
    }
    [[nodiscard]] const std::vector<T>& all() const noexcept { return all_; }

  private:
    std::vector<T> all_;
    std::unordered_map<T, std::uint32_t, Hash> numbers_;
    std::uint32_t last_ = 0;
};

using kinds = numbering<row_kind, kind_hash>;

enum code : std::size_t {
    first_profile,
    next_profile,
    answer,
    call_rows,
    call_time,
    call_sequence,
    call_signed,
    codes
};

// How many symbols each code has.
[[nodiscard]] std::array<std::size_t, codes> symbols_of(std::size_t profiles, std::size_t answers) noexcept {
    return {profiles, profiles + 1, answers, magnitude_symbols, magnitude_symbols, magnitude_symbols, 2};
}

// A call's numbers as they are written: differences from the call before, in one block.
struct call_numbers {
    std::uint64_t rows;
    std::uint64_t time;
    std::uint64_t sequence;
};
class call_differences {
  public:
    [[nodiscard]] call_numbers of(const group_call& call) noexcept {
        const call_numbers numbers{call.rows,
                                   zigzag(static_cast<std::int64_t>(static_cast<std::uint64_t>(call.time_unix_ms) -
                                                                    static_cast<std::uint64_t>(time_))),
                                   zigzag(static_cast<std::int64_t>(call.register_sequence - sequence_))};
        time_ = call.time_unix_ms;
        sequence_ = call.register_sequence;
        return numbers;
    }
    void apply(const call_numbers& numbers, group_call& to) noexcept {
        to.rows = numbers.rows;
        time_ = to.time_unix_ms = static_cast<std::int64_t>(static_cast<std::uint64_t>(time_) +
                                                            static_cast<std::uint64_t>(unzigzag(numbers.time)));
        sequence_ = to.register_sequence = sequence_ + static_cast<std::uint64_t>(unzigzag(numbers.sequence));
    }

  private:
    std::int64_t time_ = 0;
    std::uint64_t sequence_ = 0;
};

// The heads of groups, as differences from the one before.
struct group_differences {
    std::uint64_t index = 0;
    std::uint64_t place = 0;
    std::int64_t time = 0;

    void write(const row_group& group, byte_writer& to) {
        to.varint(group.leaf_index - index);
        to.varint(group.first_place - place);
        to.varint(zigzag(static_cast<std::int64_t>(static_cast<std::uint64_t>(group.time_unix_ms) -
                                                   static_cast<std::uint64_t>(time))));
        to.varint(group.tree_rows);
        to.varint(group.rows());
        to.varint(group.calls.size());
        follow(group);
    }
    struct sizes {
        std::uint64_t rows;
        std::uint64_t calls;
    };
    [[nodiscard]] sizes read(byte_reader& from, row_group& group) noexcept {
        group.leaf_index = index + from.varint();
        group.first_place = place + from.varint();
        group.time_unix_ms = static_cast<std::int64_t>(static_cast<std::uint64_t>(time) +
                                                       static_cast<std::uint64_t>(unzigzag(from.varint())));
        group.tree_rows = from.varint();
        const auto rows = from.varint();
        const auto calls = from.varint();
        follow(group);
        return {rows, calls};
    }

  private:
    void follow(const row_group& group) noexcept {
        index = group.leaf_index + 1;
        place = group.first_place + group.tree_rows;
        time = group.time_unix_ms;
    }
};

class block_writer {
  public:
    explicit block_writer(std::span<const row_group> groups) : groups_{groups} {}

    [[nodiscard]] std::vector<std::byte> write() {
        number();
        std::array<std::vector<std::uint64_t>, codes> counts;
        const auto symbols = symbols_of(profiles_.all().size(), answers_.all().size());
        for (std::size_t k = 0; k < codes; ++k) counts[k].resize(symbols[k]);
        walk([&](code which, std::size_t symbol, std::uint64_t) { ++counts[which][symbol]; });

        std::vector<std::byte> bytes;
        byte_writer to{bytes};
        to.number(groups_.size(), 4);
        to.number(profile_of_.size(), 4);
        to.number(calls_, 4);
        write_profiles(to);
        to.number(answers_.all().size(), 4);
        for (const auto each : answers_.all()) to.number(each, 8);
        std::vector<symbol_writer> words;
        for (const auto& each : counts) {
            const auto lengths = code_lengths(each);
            to.bytes(std::as_bytes(std::span{lengths}));
            words.emplace_back(lengths);
        }
        group_differences heads;
        for (const auto& group : groups_) heads.write(group, to);
        for (const auto& group : groups_)
            for (const auto id : group.hidden_ids) to.number(id, id_bytes);
        to.number(signed_calls_, 4);
        for (const auto& group : groups_)
            for (const auto& call : group.calls)
                if (call.is_signed) to.bytes(call.signature);
        bit_writer bits;
        walk([&](code which, std::size_t symbol, std::uint64_t rest) {
            words[which].put(symbol, bits);
            if (which >= call_rows && which <= call_sequence) put_rest(rest, bits);
        });
        to.bytes(bits.finish());
        return bytes;
    }

  private:
    void number() {
        for (const auto& group : groups_) {
            std::size_t row = 0;
            calls_ += group.calls.size();
            for (const auto& call : group.calls) {
                signed_calls_ += call.is_signed ? 1 : 0;
                for (const auto end = row + call.rows; row < end; ++row) {
                    const auto& kind = group.kind(row);
                    profile_of_.push_back(profiles_.of({kind.agency, kind.procedure, kind.claims, call.officer}));
                    answer_of_.push_back(answers_.of(relative(kind.verdict_bits, kind.claims)));
                }
            }
        }
    }
    void write_profiles(byte_writer& to) const {
        numbering<asking_kind, asking_hash> askings;
        numbering<std::uint64_t> officers;
        std::vector<std::byte> pairs;
        byte_writer to_pairs{pairs};
        for (const auto& each : profiles_.all()) {
            to_pairs.varint(askings.of({each.agency, each.procedure, each.claims}));
            to_pairs.varint(officers.of(each.officer));
        }
        to.number(askings.all().size(), 4);
        for (const auto& each : askings.all()) {
            to.number(each.agency, 2);
            to.number(each.procedure, 2);
            to.number(each.claims, 2);
        }
        to.number(officers.all().size(), 4);
        for (const auto each : officers.all()) to.number(each, officer_bytes);
        to.number(profiles_.all().size(), 4);
        to.bytes(pairs);
    }
    // Every symbol in its order, with the number that its bits are of.
    template <class Take>
    void walk(Take take) const {
        std::size_t row = 0;
        call_differences differences;
        for (const auto& group : groups_)
            for (const auto& call : group.calls) {
                const auto numbers = differences.of(call);
                take(call_rows, magnitude(numbers.rows), numbers.rows);
                take(call_time, magnitude(numbers.time), numbers.time);
                take(call_sequence, magnitude(numbers.sequence), numbers.sequence);
                take(call_signed, call.is_signed ? 1 : 0, 0);
                for (std::uint64_t k = 0; k < call.rows; ++k, ++row) {
                    if (k == 0)
                        take(first_profile, profile_of_[row], 0);
                    else
                        take(next_profile, profile_of_[row] == profile_of_[row - 1] ? 0 : 1 + profile_of_[row], 0);
                    take(answer, answer_of_[row], 0);
                }
            }
    }

    std::span<const row_group> groups_;
    numbering<profile, profile_hash> profiles_;
    numbering<std::uint64_t> answers_;
    std::vector<std::uint32_t> profile_of_;
    std::vector<std::uint32_t> answer_of_;
    std::uint64_t calls_ = 0;
    std::uint64_t signed_calls_ = 0;
};

class block_reader {
  public:
    explicit block_reader(std::span<const std::byte> bytes) noexcept : from_{bytes} {}

    // None where the bytes are no block.
    [[nodiscard]] std::optional<std::vector<row_group>> read() {
        const auto groups = from_.number(4);
        const auto rows = from_.number(4);
        const auto calls = from_.number(4);
        // A head has six bytes at least, an id five; a call has a row.
        if (groups > from_.left() / 6 || rows > from_.left() / id_bytes || calls > rows) return std::nullopt;
        if (!read_dictionaries() || !read_heads(groups, rows, calls)) return std::nullopt;
        for (auto& group : read_)
            for (auto& id : group.hidden_ids) id = from_.number(id_bytes);
        if (!from_.is_whole()) return std::nullopt;
        return read_calls() ? std::optional{std::move(read_)} : std::nullopt;
    }

  private:
    [[nodiscard]] bool read_dictionaries() {
        if (!read_profiles()) return false;
        const auto answers = from_.number(4);
        if (answers > from_.left() / 8) return false;
        answers_.resize(answers);
        for (auto& each : answers_) each = from_.number(8);
        for (const auto symbols : symbols_of(profiles_.size(), answers_.size())) {
            std::vector<std::uint8_t> lengths(symbols);
            from_.copy(std::as_writable_bytes(std::span{lengths}));
            auto words = symbol_reader::make(lengths);
            if (!words) return false;
            words_.push_back(std::move(*words));
        }
        return from_.is_whole();
    }
    [[nodiscard]] bool read_profiles() {
        const auto asking_count = from_.number(4);
        if (asking_count > from_.left() / asking_bytes) return false;
        std::vector<asking_kind> askings(asking_count);
        for (auto& each : askings) {
            each.agency = static_cast<std::uint16_t>(from_.number(2));
            each.procedure = static_cast<std::uint16_t>(from_.number(2));
            each.claims = static_cast<claim_mask>(from_.number(2));
        }
        const auto officer_count = from_.number(4);
        if (officer_count > from_.left() / officer_bytes) return false;
        std::vector<std::uint64_t> officers(officer_count);
        for (auto& each : officers) each = from_.number(officer_bytes);
        const auto profiles = from_.number(4);
        if (profiles > from_.left() / 2) return false;
        profiles_.resize(profiles);
        for (auto& each : profiles_) {
            const auto asking = from_.varint();
            const auto officer = from_.varint();
            if (asking >= askings.size() || officer >= officers.size()) return false;
            const auto& by = askings[asking];
            each = {by.agency, by.procedure, by.claims, officers[officer]};
        }
        return true;
    }
    [[nodiscard]] bool read_heads(std::uint64_t groups, std::uint64_t rows, std::uint64_t calls) {
        read_.resize(groups);
        group_differences heads;
        for (auto& group : read_) {
            const auto sizes = heads.read(from_, group);
            if (sizes.rows > rows || sizes.calls > calls || sizes.calls > sizes.rows || group.tree_rows < sizes.rows)
                return false;
            rows -= sizes.rows;
            calls -= sizes.calls;
            group.hidden_ids.resize(sizes.rows);
            group.kind_of.resize(sizes.rows);
            group.calls.resize(sizes.calls);
        }
        return from_.is_whole() && rows == 0 && calls == 0;
    }
    [[nodiscard]] bool read_calls() {
        const auto count = from_.number(4);
        if (count > from_.left() / sizeof(group_call::signature)) return false;
        auto signatures = byte_reader{from_.bytes(count * sizeof(group_call::signature))};
        bit_reader bits{from_.bytes(from_.left())};
        call_differences differences;
        for (auto& group : read_) {
            std::size_t row = 0;
            kinds kinds_of_group;
            for (auto& call : group.calls)
                if (!read_call(bits, differences, signatures, group, call, row, kinds_of_group)) return false;
            if (row != group.rows()) return false;
            group.kinds = kinds_of_group.all();
        }
        return bits.is_at_end() && signatures.is_at_end();
    }
    [[nodiscard]] bool read_call(bit_reader& bits, call_differences& differences, byte_reader& signatures,
                                 row_group& group, group_call& call, std::size_t& row, kinds& kinds_of_group) {
        const auto number = [&](code which) {
            return get_rest(std::min(words_[which].get(bits), magnitude_symbols - 1), bits);
        };
        call_numbers numbers{};
        numbers.rows = number(call_rows);
        numbers.time = number(call_time);
        numbers.sequence = number(call_sequence);
        differences.apply(numbers, call);
        call.is_signed = words_[call_signed].get(bits) == 1;
        if (call.is_signed) signatures.copy(call.signature);
        if (call.rows == 0 || call.rows > group.rows() - row) return false;
        if (call.time_unix_ms < 0 || call.time_unix_ms >= row_time_end) return false;
        std::size_t mine = 0;
        for (std::uint64_t k = 0; k < call.rows; ++k, ++row) {
            if (k == 0) {
                mine = words_[first_profile].get(bits);
            } else if (const auto next = words_[next_profile].get(bits); next != 0) {
                mine = next - 1;
            }
            const auto said = words_[answer].get(bits);
            if (mine >= profiles_.size() || said >= answers_.size() || bits.was_too_short()) return false;
            const auto& of = profiles_[mine];
            if (k == 0) call.officer = of.officer;
            if (of.officer != call.officer) return false;
            group.kind_of[row] =
                kinds_of_group.of({of.agency, of.procedure, of.claims, relative(answers_[said], of.claims)});
        }
        return true;
    }

    byte_reader from_;
    std::vector<profile> profiles_;
    std::vector<std::uint64_t> answers_;
    std::vector<symbol_reader> words_;
    std::vector<row_group> read_;
};

}  // namespace

std::vector<std::byte> encode_block(std::span<const row_group> groups) {
    return block_writer{groups}.write();
}

result<std::vector<row_group>> decode_block(std::span<const std::byte> bytes) {
    auto read = block_reader{bytes}.read();
    if (!read) return errc::not_of_a_ledger;
    return std::move(*read);
}

}  // namespace xacthuc::inline v0_1
