// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <chrono>
#include <cstring>
#include <mutex>
#include <set>
#include <utility>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/domain/status.hpp>
#include <xacthuc/engine/tally.hpp>

#include "index/slot.hpp"
#include "index/worker_threads.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::array<std::string_view, tally_dimension_count> dimension_words{
    "province", "ward", "sex", "age_band", "life", "registration", "account_level", "account", "document"};
// Of their values, in a cell's key; in a record but for the age band.
constexpr std::array<unsigned, tally_dimension_count> value_bits{7, 17, 2, 4, 2, 2, 2, 2, 3};
constexpr std::uint32_t age_band_last = 11;

using cell_counts = boost::unordered_flat_map<std::uint64_t, std::uint64_t>;

[[nodiscard]] int year_of(std::int64_t unix_ms) noexcept {
    const auto days = std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::milliseconds>{std::chrono::milliseconds{unix_ms}});
    return static_cast<int>(std::chrono::year_month_day{days}.year());
}

[[nodiscard]] std::uint32_t age_band(const record& r, int year) noexcept {
    const auto since_1800 = static_cast<int>(layout::birth_year.get(r.words[2]));
    if (since_1800 == 0) return 0;
    const auto age = std::max(0, year - 1800 - since_1800);
    return std::min(1 + static_cast<std::uint32_t>(age) / 10, age_band_last);
}

[[nodiscard]] std::uint64_t value_of(tally_dimension dimension, const record& r, int year) noexcept {
    static constexpr std::array<bit_field, tally_dimension_count> fields{
        layout::province,     layout::ward,  layout::sex,     layout::birth_year, layout::life,
        layout::registration, layout::level, layout::account, layout::document};
    if (dimension == tally_dimension::age_band) return age_band(r, year);
    return fields[static_cast<std::size_t>(dimension)].get(r.words[2]);
}

// Packs a cell's values into one number, the first dimension highest, so that numbers order as the values do.
class cell_key {
  public:
    explicit cell_key(std::span<const tally_dimension> dimensions) : dimensions_{dimensions} {}

    [[nodiscard]] std::uint64_t of(const record& r, int year) const noexcept {
        std::uint64_t key = 0;
        for (const auto dimension : dimensions_)
            key = key << value_bits[static_cast<std::size_t>(dimension)] | value_of(dimension, r, year);
        return key;
    }
    [[nodiscard]] std::uint64_t of(std::span<const std::uint32_t> values) const noexcept {
        std::uint64_t key = 0;
        for (std::size_t i = 0; i < values.size(); ++i)
            key = key << value_bits[static_cast<std::size_t>(dimensions_[i])] | values[i];
        return key;
    }
    [[nodiscard]] std::vector<std::uint32_t> values(std::uint64_t key) const {
        std::vector<std::uint32_t> made(dimensions_.size());
        for (auto i = dimensions_.size(); i-- > 0;) {
            const auto bits = value_bits[static_cast<std::size_t>(dimensions_[i])];
            made[i] = static_cast<std::uint32_t>(key & ((std::uint64_t{1} << bits) - 1));
            key >>= bits;
        }
        return made;
    }

  private:
    std::span<const tally_dimension> dimensions_;
};

// Adds the citizens of one partition, as it was copied.
void count_block(const std::vector<std::byte>& block, const cell_key& key, int year, cell_counts& counts) {
    block_head head;
    std::memcpy(&head, block.data(), sizeof head);
    for (std::size_t s = 0; s < std::size_t{head.line_count} * slots_per_line; ++s) {
        record r;
        std::memcpy(&r, block.data() + sizeof head + s * sizeof r, sizeof r);
        if (slot_word::state_of(r.words[0]) != slot_state::live || layout::superseded.get(r.words[2]) != 0) continue;
        ++counts[key.of(r, year)];
    }
}

[[nodiscard]] detailed_result<cell_counts> count_all(const citizen_index& index, const cell_key& key,
                                                     const tally_options& how) {
    const auto year = year_of(index.as_of().as_of_unix_ms);
    std::atomic<std::size_t> next{0};
    const auto tell = [&](std::size_t done) {
        try {
            how.report(done);
        } catch (...) {  // the others need not go on
            next = partition_count;
            throw;
        }
    };
    std::mutex guard;
    cell_counts all;
    std::optional<failure> first_failure;
    on_threads(how.threads, [&](unsigned worker) {
        cell_counts mine;
        std::vector<std::byte> block;
        for (auto p = next.fetch_add(1); p < partition_count; p = next.fetch_add(1)) {
            const auto copied = index.copy_block(p, block);
            if (!copied) {
                next = partition_count;
                const std::lock_guard lock{guard};
                first_failure = copied.error();
                return;
            }
            count_block(block, key, year, mine);
            if (worker == 0 && how.report) tell(p);
        }
        const std::lock_guard lock{guard};
        for (const auto& [cell, count] : mine) all[cell] += count;
    });
    if (first_failure) return *first_failure;
    return all;
}

// A place is what a ward and its province are together: wards are not combined with the provinces of others.
[[nodiscard]] bool is_place(tally_dimension dimension) noexcept {
    return dimension == tally_dimension::province || dimension == tally_dimension::ward;
}

// Every combination of values that occur, or none when they are too many.
[[nodiscard]] std::optional<std::vector<std::vector<std::uint32_t>>> combinations(
    const cell_counts& counts, const cell_key& key, std::span<const tally_dimension> dimensions) {
    std::set<std::vector<std::uint32_t>> places;  // with zeros in the other dimensions
    std::vector<std::set<std::uint32_t>> values(dimensions.size());
    for (const auto& [cell, count] : counts) {
        auto of_cell = key.values(cell);
        for (std::size_t i = 0; i < dimensions.size(); ++i)
            if (!is_place(dimensions[i])) values[i].insert(std::exchange(of_cell[i], 0));
        places.insert(std::move(of_cell));
    }
    std::vector<std::vector<std::uint32_t>> made(places.begin(), places.end());
    for (std::size_t i = 0; i < dimensions.size(); ++i) {
        if (is_place(dimensions[i])) continue;
        if (made.size() * values[i].size() > tally_cells_max) return {};
        std::vector<std::vector<std::uint32_t>> wider;
        wider.reserve(made.size() * values[i].size());
        for (const auto& one : made) {
            for (const auto value : values[i]) wider.emplace_back(one)[i] = value;
        }
        made = std::move(wider);
    }
    std::ranges::sort(made);
    return made;
}

}  // namespace

std::string_view to_string(tally_dimension dimension) noexcept {
    const auto number = static_cast<std::size_t>(dimension);
    return number < dimension_words.size() ? dimension_words[number] : std::string_view{};
}

std::string to_text(tally_dimension dimension, std::uint32_t value) {
    const auto digits = [value](std::size_t width) {
        auto text = std::to_string(value);
        return text.insert(0, width - std::min(width, text.size()), '0');
    };
    if (value == 0) return {};
    switch (dimension) {
        case tally_dimension::province:
            return digits(2);
        case tally_dimension::ward:
            return digits(5);
        case tally_dimension::age_band:
            if (value >= age_band_last) return "100+";
            return std::to_string(10 * value - 10) + "-" + std::to_string(10 * value - 1);
        case tally_dimension::sex:
            return std::string{to_string(static_cast<sex>(value))};
        case tally_dimension::life:
            return std::string{to_string(static_cast<life_status>(value))};
        case tally_dimension::registration:
            return std::string{to_string(static_cast<registration_status>(value))};
        case tally_dimension::account_level:
            return std::string{to_string(static_cast<account_level>(value))};
        case tally_dimension::account:
            return std::string{to_string(static_cast<account_status>(value))};
        case tally_dimension::document:
            return std::string{to_string(static_cast<document_status>(value))};
    }
    return {};
}

detailed_result<std::vector<tally_cell>> count_by(const citizen_index& index,
                                                  std::span<const tally_dimension> dimensions,
                                                  const tally_options& how) {
    const std::set<tally_dimension> distinct{dimensions.begin(), dimensions.end()};
    if (dimensions.empty() || distinct.size() != dimensions.size() ||
        static_cast<std::size_t>(*distinct.rbegin()) >= tally_dimension_count)
        return failure{errc::code_range,
                       "dimensions of a count: at least one, each once, and none but those there are"};
    if (how.count_min == 0 || how.round_to == 0)
        return failure{errc::code_range, "the least count told and what counts are rounded to are 1 or more"};
    const cell_key key{dimensions};
    const auto counts = count_all(index, key, how);
    if (!counts) return counts.error();
    const auto cells = combinations(*counts, key, dimensions);
    if (!cells) return failure{errc::code_range, "a count of more than " + std::to_string(tally_cells_max) + " cells"};
    std::vector<tally_cell> made;
    made.reserve(cells->size());
    for (const auto& values : *cells) {
        const auto found = counts->find(key.of(values));
        const auto count = found == counts->end() ? 0 : found->second;
        auto& told = made.emplace_back(tally_cell{values, std::nullopt});
        if (count >= how.count_min) told.count = (count + how.round_to / 2) / how.round_to * how.round_to;
    }
    return made;
}

}  // namespace xacthuc::inline v0_1
