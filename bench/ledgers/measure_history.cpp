// SPDX-License-Identifier: Apache-2.0
// What it costs to say who asked about one citizen in five years.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <stdexcept>
#include <vector>

#include "ledger/access_history.hpp"
#include "ledgers/bench_ledger_key.hpp"
#include "ledgers/measure_ledger.hpp"

namespace xacthuc::bench {
namespace {

using clock = std::chrono::steady_clock;

constexpr ledger_month first_month{2022 * 12};
constexpr std::uint64_t id_mask = (std::uint64_t{1} << 40) - 1;

[[nodiscard]] std::uint64_t hidden_id_of(std::uint64_t citizen) noexcept {
    return (citizen + 1) * 0x9e37'79b9'7f4a'7c15U >> 20 & id_mask;
}

// A month's accesses, made again each time.
[[nodiscard]] access_source source_of(ledger_month month, const history_options_of_bench& how) {
    return [=](const access_taker& take) -> detailed_result<void> {
        std::mt19937_64 random{static_cast<std::uint64_t>(month.number)};
        for (std::uint64_t k = 0; k < how.rows_a_month; ++k) {
            record_access one;
            one.hidden_id = hidden_id_of(random() % how.citizens);
            const auto when = random();
            one.time_unix_s = local_second{month.first_day() + static_cast<std::int64_t>(when % 28),
                                           static_cast<std::uint32_t>(when >> 32) % 86'400}
                                  .unix_s();
            one.agency = static_cast<std::uint16_t>(1 + when % 100);
            one.procedure = static_cast<std::uint16_t>(1 + (when >> 8) % 3);
            one.claims = 7;
            one.verdict_bits = verdict{outcome::verified, 7, 0, 0}.bits();
            one.officer = one.agency * 1'000U + (when >> 16) % 40;
            take(one);
        }
        return {};
    };
}

[[nodiscard]] detailed_result<std::optional<access_secret>> secret_of(std::int64_t day) {
    access_secret secret{};
    secret[0] = static_cast<std::byte>(day);
    secret[1] = static_cast<std::byte>(day >> 8);
    return std::optional{secret};
}

void drop_from_cache(const std::filesystem::path& folder) {
    for (const auto& each : std::filesystem::directory_iterator{folder}) {
        const int file = ::open(each.path().c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0) continue;
        ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        ::close(file);
    }
}

}  // namespace

history_speed measure_history(const history_options_of_bench& how) {
    const auto folder = how.folder / "access";
    std::filesystem::create_directories(folder);
    const access_secrets secrets = secret_of;
    std::vector<std::uint64_t> expected(how.citizens);
    for (std::uint64_t m = 0; m < how.months; ++m) {
        const ledger_month month{first_month.number + static_cast<std::int64_t>(m)};
        const auto done = write_access_segment(system_file_calls(), folder / (month.text() + ".xta"), month,
                                               source_of(month, how), secrets);
        if (!done) throw std::runtime_error{done.error().message()};
        std::mt19937_64 random{static_cast<std::uint64_t>(month.number)};
        for (std::uint64_t k = 0; k < how.rows_a_month; ++k) {
            ++expected[random() % how.citizens];
            (void)random();
        }
    }
    const auto history = access_history::open(system_file_calls(), folder);
    if (!history) throw std::runtime_error{history.error().message()};
    history_speed speed;
    speed.bytes_per_access =
        static_cast<double>(bytes_of_files(folder, ".xta")) / static_cast<double>(how.months * how.rows_a_month);
    std::vector<double> found;
    const auto ask = [&](std::uint64_t citizen) {
        std::uint64_t count = 0;
        const auto start = clock::now();
        const auto done = history->find(hidden_id_of(citizen), secrets, [&](const record_access&) { ++count; });
        const auto us = std::chrono::duration<double, std::micro>(clock::now() - start).count();
        if (!done || count != expected[citizen]) ++speed.wrong_answers;
        found.push_back(static_cast<double>(count));
        return us;
    };
    std::vector<double> warm;
    std::vector<double> cold;
    for (std::size_t k = 0; k < how.questions; ++k) {
        const auto citizen = (k * 7'919 + 13) % how.citizens;
        if (k % 8 == 0) drop_from_cache(folder);
        const auto first = ask(citizen);
        if (k % 8 == 0) cold.push_back(first);
        warm.push_back(ask(citizen));
    }
    speed.cold_us = middle(cold);
    speed.warm_us = middle(warm);
    speed.accesses_found = middle(found);
    return speed;
}

}  // namespace xacthuc::bench
