// SPDX-License-Identifier: Apache-2.0
#include "cli/streams/nation_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/interruption.hpp"
#include "cli/output/progress.hpp"
#include "cli/threads.hpp"

namespace xacthuc::cli {
namespace {

constexpr std::uint64_t block_size = 4096;  // citizens that a thread takes at a time
constexpr public_key no_key{};

}  // namespace

void append_nation(index_builder& builder, const population& nation, const key_pool* keys, const digest_key& digests,
                   unsigned threads) {
    progress bar{"people", "citizens", nation.count()};
    std::atomic<std::uint64_t> next{0};
    run_threads(threads, [&](unsigned) {
        auto appender = builder.make_appender();
        std::vector<record> records;
        for (auto first = next.fetch_add(block_size); first < nation.count(); first = next.fetch_add(block_size)) {
            stop_if_interrupted();
            records.resize(std::min(block_size, nation.count() - first));
            nation.fill_records(first, records, digests);
            for (std::size_t i = 0; i < records.size(); ++i) {
                if (keys == nullptr) {
                    take(appender.append(records[i], first + i));
                    continue;
                }
                const auto* const pair = keys->account_key(nation, first + i);
                take(appender.append(records[i], first + i, pair == nullptr ? no_key : pair->public_key));
            }
            bar.add(records.size());
        }
    });
}

population nation_of(std::uint64_t seed, std::uint64_t citizens) {
    auto made = population::create(seed, citizens);
    if (!made)
        throw command_error{exit_code::usage, fmt::format("a population has 1 to {} citizens: --citizens {}",
                                                          population::count_max, citizens)};
    return std::move(*made);
}

citizen_index index_of_nation(const population& nation, const key_pool* keys, const digest_key& digests,
                              unsigned threads) {
    index_builder::options how;
    how.digest_key_fingerprint = digests.fingerprint();
    how.as_of = {1, 0};
    how.with_keys = keys != nullptr;
    how.citizens_expected = nation.count();
    auto builder = take(index_builder::create(how));
    append_nation(builder, nation, keys, digests, threads);
    return take(std::move(builder).build(threads));
}

}  // namespace xacthuc::cli
