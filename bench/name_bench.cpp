// SPDX-License-Identifier: Apache-2.0
// Names a second on one core: both canonical forms and both digests, by way of writing. The names are drawn from common
// parts, 16,384 of them, more than a branch predictor can learn by heart.
#include <benchmark/benchmark.h>
#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/name.hpp>

#include "domain/name_rules.hpp"

namespace {

constexpr std::size_t name_count = 16384;

constexpr std::array<std::string_view, 14> families{"Nguyễn", "Trần", "Lê",   "Phạm", "Hoàng", "Huỳnh", "Phan",
                                                    "Vũ",     "Võ",   "Đặng", "Bùi",  "Đỗ",    "Hồ",    "Ngô"};
constexpr std::array<std::string_view, 16> middles{"Thị",   "Văn", "Minh", "Đức", "Ngọc", "Thanh", "Hữu", "Quốc",
                                                   "Thanh", "Thị", "Xuân", "Như", "Bảo",  "Thùy",  "Kim", "Anh"};
constexpr std::array<std::string_view, 20> givens{"Hòa",  "Thuỷ", "Dũng", "Hương",  "Trang", "Linh",  "Nghĩa",
                                                  "Tuấn", "Đạt",  "Yến",  "Phượng", "Quỳnh", "Khánh", "Lý",
                                                  "Mỹ",   "Sơn",  "Ánh",  "Vượng",  "Thảo",  "Nhung"};
constexpr std::array<std::string_view, 8> minority{"H’Bia Niê", "Y Blo Êban", "K'Sor Phước", "Rơ Châm H'Phích",
                                                   "Ê-đê Siu",  "Ksor H‘Nŭk", "Đinh Plưng",  "Y Ƀhăm Ñê"};
constexpr std::array<std::string_view, 6> foreign{"Παπαδόπουλος Γιώργος", "Иванов Пётр",     "王小明", "김민수",
                                                  "Strauß Æsa",           "Éléonore Lefèvre"};

template <std::size_t N>
std::string_view pick(const std::array<std::string_view, N>& from, std::mt19937_64& random) {
    return from[random() % N];
}

std::string vietnamese(std::mt19937_64& random) {
    std::string name{pick(families, random)};
    name.append(" ").append(pick(middles, random));
    if (random() % 2 == 0) name.append(" ").append(pick(middles, random));
    return name.append(" ").append(pick(givens, random));
}

std::string decomposed(const std::string& name) {
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> made{
        utf8proc_NFD(reinterpret_cast<const utf8proc_uint8_t*>(name.c_str())), std::free};
    return reinterpret_cast<const char*>(made.get());
}

template <class Make>
std::vector<std::string> make_names(Make make) {
    std::mt19937_64 random{20250701};
    std::vector<std::string> names(name_count);
    for (auto& name : names) name = make(random);
    return names;
}

const xacthuc::digest_key& key() {
    static const auto instance = xacthuc::digest_key::generate();
    return instance;
}

template <class Work>
void run(benchmark::State& state, const std::vector<std::string>& names, Work work) {
    std::size_t at = 0;
    std::size_t bytes = 0;
    for (auto _ : state) {
        const std::string& name = names[at++ % name_count];
        work(name);
        bytes += name.size();
    }
    state.SetItemsProcessed(state.iterations());
    state.counters["bytes_per_name"] = static_cast<double>(bytes) / static_cast<double>(state.iterations());
}

void digest(std::string_view name) {
    benchmark::DoNotOptimize(xacthuc::digest_name(name, key()));
}

void digest_vietnamese(benchmark::State& state) {
    run(state, make_names(vietnamese), digest);
}
void digest_vietnamese_nfd(benchmark::State& state) {
    run(state, make_names([](auto& random) { return decomposed(vietnamese(random)); }), digest);
}
void digest_vietnamese_ascii(benchmark::State& state) {
    run(state, make_names([](auto& random) { return *xacthuc::folded_form(vietnamese(random)); }), digest);
}
void digest_minority(benchmark::State& state) {
    run(state, make_names([](auto& random) { return std::string{pick(minority, random)}; }), digest);
}
void digest_foreign(benchmark::State& state) {
    run(state, make_names([](auto& random) { return std::string{pick(foreign, random)}; }), digest);
}
void forms_only(benchmark::State& state) {
    xacthuc::name_forms forms;
    run(state, make_names(vietnamese), [&forms](std::string_view name) {
        benchmark::DoNotOptimize(xacthuc::canonicalize(name, forms));
        benchmark::DoNotOptimize(forms);
    });
}
void forms_by_rules(benchmark::State& state) {
    xacthuc::name_forms forms;
    run(state, make_names(vietnamese), [&forms](std::string_view name) {
        benchmark::DoNotOptimize(xacthuc::canonicalize_by_rules(name, forms));
        benchmark::DoNotOptimize(forms);
    });
}
void digests_only(benchmark::State& state) {
    std::vector<xacthuc::name_forms> forms(name_count);
    const auto names = make_names(vietnamese);
    for (std::size_t i = 0; i < name_count; ++i)
        if (!xacthuc::canonicalize(names[i], forms[i])) std::abort();
    std::size_t at = 0;
    for (auto _ : state) benchmark::DoNotOptimize(forms[at++ % 64].digests(key()));
    state.SetItemsProcessed(state.iterations());
}

BENCHMARK(digest_vietnamese);
BENCHMARK(digest_vietnamese_nfd);
BENCHMARK(digest_vietnamese_ascii);
BENCHMARK(digest_minority);
BENCHMARK(digest_foreign);
BENCHMARK(forms_only);
BENCHMARK(forms_by_rules);
BENCHMARK(digests_only);

}  // namespace

BENCHMARK_MAIN();
