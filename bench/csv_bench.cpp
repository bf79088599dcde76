// SPDX-License-Identifier: Apache-2.0
// Rows of a citizens file: cut and parsed, and made into records, one thread. Items are rows.
#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include "columns/csv/chunk.hpp"
#include "columns/csv/citizen_columns.hpp"
#include "columns/csv/row_extent.hpp"
#include "columns/csv/row_reader.hpp"
#include "population/population.hpp"

namespace {

using namespace xacthuc;

constexpr std::uint64_t rows_in_chunk = 10'000;

csv::chunk people_chunk() {
    const auto nation = population::create(1, rows_in_chunk);
    csv::chunk chunk;
    name_text text;
    for (std::uint64_t i = 0; i < rows_in_chunk; ++i)
        csv::citizen_parser::append_row(chunk.text, nation->citizen_at(i, text));
    return chunk;
}

void finish(benchmark::State& state, const csv::chunk& chunk) {
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows_in_chunk));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(chunk.text.size()));
}

void cut_rows(benchmark::State& state) {
    const auto chunk = people_chunk();
    for (auto _ : state) {
        std::size_t at = 0;
        while (at < chunk.text.size()) at += csv::first_row(std::string_view{chunk.text}.substr(at), ',').size_bytes;
        benchmark::DoNotOptimize(at);
    }
    finish(state, chunk);
}
BENCHMARK(cut_rows);

void parse_rows(benchmark::State& state) {
    const auto chunk = people_chunk();
    csv::row_reader reader{','};
    csv::row row;
    for (auto _ : state) {
        reader.open(chunk);
        while (reader.next(row)) benchmark::DoNotOptimize(row.fields.data());
    }
    finish(state, chunk);
}
BENCHMARK(parse_rows);

void rows_to_records(benchmark::State& state) {
    const auto chunk = people_chunk();
    const auto key = digest_key::from_bytes(std::array<std::byte, digest_key_bytes>{});
    std::string header_text;
    csv::citizen_parser::append_header(header_text);
    csv::chunk header_chunk;
    header_chunk.text = header_text;
    csv::row_reader reader{','};
    csv::row row;
    reader.open(header_chunk);
    if (!reader.next(row)) return state.SkipWithError("no header");
    const csv::citizen_parser parser{row.fields, false, "bench"};
    record made;
    for (auto _ : state) {
        reader.open(chunk);
        while (reader.next(row)) {
            if (parser.parse(row.fields, key, made)) return state.SkipWithError("a row was rejected");
            benchmark::DoNotOptimize(made);
        }
    }
    finish(state, chunk);
}
BENCHMARK(rows_to_records);

}  // namespace

BENCHMARK_MAIN();
