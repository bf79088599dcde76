// SPDX-License-Identifier: Apache-2.0
// What the interface for C costs: the same requests on the same register through the C++ library and through
// libxacthuc_c, the two taking turns call by call. Counters are medians in nanoseconds a call and their ratio.
#include <benchmark/benchmark.h>
#include <xacthuc.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>
#include <xacthuc/xacthuc.hpp>

#include "handles.hpp"
#include "population/population.hpp"

namespace {

using namespace xacthuc;

constexpr std::uint64_t citizen_count = 1'000'000;
constexpr std::size_t request_count = std::size_t{1} << 17;

// A register opened through C, requests about it, and the texts that they were made of.
struct questions {
    xt_register* opened = nullptr;
    xt_digest_key* key = nullptr;
    std::vector<request> requests;
    std::array<std::vector<std::string>, 4> texts;  // id, name, birth date, sex

    questions() {
        const auto digests = digest_key::generate();
        const auto authority = authority_key::generate();
        const auto nation = population::create(1, citizen_count).value();
        auto builder =
            index_builder::create(
                {.digest_key_fingerprint = digests.fingerprint(), .as_of = {1, 0}, .citizens_expected = citizen_count})
                .value();
        {
            auto appender = builder.make_appender();
            name_text text;
            for (std::uint64_t i = 0; i < citizen_count; ++i) {
                const auto who = nation.citizen_at(i, text);
                appender.append(make_record(who, digests).value(), i).value();
                const bool is_known = !who.name.empty() && who.birth != date{} && who.sex != sex::unknown;
                if (is_known && requests.size() < request_count) ask(who, digests);
            }
        }
        if (requests.size() < request_count) throw std::logic_error{"too few citizens to ask about"};
        const auto path = std::filesystem::temp_directory_path() / "xacthuc_c_abi_bench.xts";
        save_snapshot(std::move(builder).build(1).value(), path, authority).value();
        xt_authority* trusted = nullptr;
        const auto raw = authority.public_key();
        check(xt_authority_from_bytes(reinterpret_cast<const uint8_t*>(raw.key().bytes.data()), &trusted));
        check(xt_register_open_snapshot(path.c_str(), trusted, nullptr, nullptr, &opened, nullptr));
        check(xt_digest_key_from_bytes(reinterpret_cast<const uint8_t*>(digests.bytes().data()), &key));
        xt_authority_free(trusted);
        std::filesystem::remove(path);
    }

    static void check(xt_status status) {
        if (status != XT_OK) throw std::runtime_error{xt_message(status)};
    }

    [[nodiscard]] const xt_request* as_c(std::size_t first) const {
        return reinterpret_cast<const xt_request*>(&requests[first]);
    }

  private:
    void ask(const citizen& who, const digest_key& digests) {
        requests.push_back(
            prepare({.id = who.id, .name = who.name, .birth_date = who.birth, .sex = who.sex}, digests).value());
        texts[0].push_back(who.id.to_string());
        texts[1].emplace_back(who.name);
        texts[2].push_back(who.birth.to_string());
        texts[3].emplace_back(to_string(who.sex));
    }
};

questions& asked() {
    static questions all;
    return all;
}

[[nodiscard]] double median(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

template <class Call>
[[nodiscard]] double nanoseconds(const Call& call) {
    const auto begin = std::chrono::steady_clock::now();
    call();
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count();
}

// Each iteration times one side, then the other, on neighbouring questions; which goes first alternates. `per_timing`
// calls are timed together where one is too short for the clock.
template <class Cpp, class C>
void in_turns(benchmark::State& state, std::size_t batch, std::size_t per_timing, const Cpp& cpp, const C& c) {
    std::vector<double> cpp_times;
    std::vector<double> c_times;
    std::size_t first = 0;
    const auto step = batch * per_timing;
    const auto next = [&] { return first = first + 2 * step <= request_count ? first + step : 0; };
    const auto timed = [&](const auto& side, std::vector<double>& into) {
        const auto from = next();
        into.push_back(nanoseconds([&] {
                           for (std::size_t i = 0; i < per_timing; ++i) side(from + i * batch);
                       }) /
                       static_cast<double>(per_timing));
    };
    bool c_first = false;
    for (auto _ : state) {
        if (c_first) timed(c, c_times);
        timed(cpp, cpp_times);
        if (!c_first) timed(c, c_times);
        c_first = !c_first;
    }
    const auto cpp_ns = median(cpp_times);
    const auto c_ns = median(c_times);
    state.counters["cpp_ns"] = cpp_ns;
    state.counters["c_ns"] = c_ns;
    state.counters["c/cpp"] = c_ns / cpp_ns;
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(2 * step));
}

// Requests in batches: as the engine takes them, and as in_c(place of the first, batch, verdicts) does.
template <class InC>
void verify_in_turns(benchmark::State& state, const InC& in_c) {
    const auto& all = asked();
    const auto batch = static_cast<std::size_t>(state.range(0));
    std::vector<verdict> verdicts(batch);
    std::vector<xt_verdict> c_verdicts(batch);
    const auto held = all.opened->live.hold();
    const engine answering{*held};
    in_turns(
        state, batch, std::max<std::size_t>(1, 1024 / batch),
        [&](std::size_t first) {
            benchmark::DoNotOptimize(answering.verify({&all.requests[first], batch}, verdicts));
        },
        [&](std::size_t first) { questions::check(in_c(first, batch, c_verdicts.data())); });
}

void verify(benchmark::State& state) {
    verify_in_turns(state, [&all = asked()](std::size_t first, std::size_t batch, xt_verdict* verdicts) {
        xt_freshness freshness;
        return xt_verify(all.opened, all.as_c(first), batch, verdicts, &freshness);
    });
}
BENCHMARK(verify)->ArgName("batch")->Arg(1)->Arg(10)->Arg(100)->Arg(1000)->Arg(10000);

// Requests at a place from which they have to be copied first.
void verify_misaligned(benchmark::State& state) {
    const auto& all = asked();
    std::vector<std::uint64_t> words((request_count + 1) * 4);
    auto* const moved = reinterpret_cast<xt_request*>(
        reinterpret_cast<std::uintptr_t>(words.data()) % 32 == 0 ? words.data() + 1 : words.data());
    std::copy_n(all.as_c(0), request_count, moved);
    verify_in_turns(state, [&](std::size_t first, std::size_t batch, xt_verdict* verdicts) {
        return xt_verify(all.opened, moved + first, batch, verdicts, nullptr);
    });
}
BENCHMARK(verify_misaligned)->ArgName("batch")->Arg(1)->Arg(1000)->Arg(10000);

[[nodiscard]] request prepare_from_text(const questions& all, std::size_t row) {
    constexpr std::array fields{request_field::id, request_field::name, request_field::birth_date, request_field::sex};
    claim_set claims;
    for (std::size_t i = 0; i < fields.size(); ++i) set_field(fields[i], all.texts[i][row], claims).value();
    return prepare(claims, all.key->value).value();
}

void prepare_one(benchmark::State& state) {
    const auto& all = asked();
    in_turns(
        state, 1, 256, [&](std::size_t row) { benchmark::DoNotOptimize(prepare_from_text(all, row)); },
        [&](std::size_t row) {
            xt_claims claims{};
            claims.struct_size = XT_CLAIMS_BYTES;
            claims.id = {all.texts[0][row].data(), all.texts[0][row].size()};
            claims.name = {all.texts[1][row].data(), all.texts[1][row].size()};
            claims.birth_date = {all.texts[2][row].data(), all.texts[2][row].size()};
            claims.sex = {all.texts[3][row].data(), all.texts[3][row].size()};
            xt_request made;
            questions::check(xt_prepare(all.key, &claims, &made, nullptr));
            benchmark::DoNotOptimize(made);
        });
}
BENCHMARK(prepare_one);

void prepare_columns(benchmark::State& state) {
    const auto& all = asked();
    constexpr std::size_t batch = 1000;
    std::array<std::vector<const char*>, 4> data;
    std::array<std::vector<std::size_t>, 4> sizes;
    for (std::size_t i = 0; i < 4; ++i) {
        for (const auto& text : all.texts[i]) {
            data[i].push_back(text.data());
            sizes[i].push_back(text.size());
        }
    }
    std::vector<request> made(batch);
    std::vector<xt_request> c_made(batch);
    in_turns(
        state, batch, 1,
        [&](std::size_t first) {
            for (std::size_t i = 0; i < batch; ++i) made[i] = prepare_from_text(all, first + i);
        },
        [&](std::size_t first) {
            xt_claim_columns columns{};
            columns.struct_size = XT_CLAIM_COLUMNS_BYTES;
            columns.id = {&data[0][first], &sizes[0][first]};
            columns.name = {&data[1][first], &sizes[1][first]};
            columns.birth_date = {&data[2][first], &sizes[2][first]};
            columns.sex = {&data[3][first], &sizes[3][first]};
            questions::check(xt_prepare_columns(all.key, &columns, batch, c_made.data(), nullptr, nullptr));
        });
}
BENCHMARK(prepare_columns);

}  // namespace

BENCHMARK_MAIN();
