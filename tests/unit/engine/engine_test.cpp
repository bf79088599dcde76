// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <random>

#include "reference/reference_verdict.hpp"
#include "sanitized.hpp"
#include "unit/engine/small_nation.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// Where the first wrong verdict is, or the count.
[[nodiscard]] std::size_t first_wrong(const kernels::kernel& k, const citizen_index& index,
                                      const small_nation::questions& q) {
    std::vector<verdict> answers(q.requests.size());
    k.verify(index, q.requests, answers);
    return static_cast<std::size_t>(std::ranges::mismatch(answers, q.expected).in1 - answers.begin());
}

// Makes the record the only one of its partition.
void put_alone(citizen_index& index, const record& r) {
    const auto partition = partition_of(placement_hash(layout::id.get(r.words[0]), index.placement_seed()));
    const auto block = index.block(partition);
    auto* const lines = const_cast<std::byte*>(block.data()) + sizeof(block_head);
    std::memset(lines, 0, block.size() - sizeof(block_head));
    REQUIRE(index.upsert(r).has_value());
}

}  // namespace

TEST_CASE("every planted request gets the verdict that was planted, from every kernel") {
    small_nation nation{150'000};
    const auto q = nation.ask(0, 200'000);
    for (const auto& kernel : kernels::available()) {
        INFO(kernel.name);
        CHECK(first_wrong(kernel, nation.index(), q) == q.requests.size());
    }
}

TEST_CASE("every planted request of many gets its verdict" * doctest::test_suite("slow")) {
    small_nation nation{3'000'000};
    for (std::uint64_t first = 0; first < 20'000'000; first += 1'000'000) {
        const auto q = nation.ask(first, 1'000'000);
        for (const auto& kernel : kernels::available())
            REQUIRE(first_wrong(kernel, nation.index(), q) == q.requests.size());
    }
}

TEST_CASE("a batch of any size is answered as its requests are one by one") {
    small_nation nation{20'000};
    const auto q = nation.ask(7, 300);
    const engine e{nation.index()};
    for (std::size_t size = 0; size <= q.requests.size(); ++size) {
        std::vector<verdict> answers(size + 1);
        e.verify({q.requests.data(), size}, {answers.data(), size});
        REQUIRE(std::equal(answers.begin(), answers.end() - 1, q.expected.begin()));
        REQUIRE(answers.back() == verdict{});
    }
}

TEST_CASE("crowded partitions with long probe paths, replaced and erased records answer rightly") {
    small_nation nation{100'000, 0.80};
    std::mt19937_64 random{5};
    const auto q = nation.ask(0, 100'000);
    // Records are written again, some several times: now paths run through replaced slots, and tables were replaced.
    for (std::uint64_t i = 0; i < 60'000; ++i) {
        std::array<record, 1> r;
        const auto who = random() % nation.people().count();
        nation.people().fill_records(who, r, test_key());
        REQUIRE(nation.index().upsert(r[0]).has_value());
    }
    for (const auto& kernel : kernels::available()) CHECK(first_wrong(kernel, nation.index(), q) == q.requests.size());
    // Erased citizens are not found, and nobody else changes.
    std::array<record, 1> r;
    name_text text;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const auto who = nation.people().citizen_at(i, text);
        REQUIRE(nation.index().erase(who.id).has_value());
        nation.people().fill_records(i, r, test_key());
        request ask;
        ask.words[0] = who.id.value() | request_layout::claims.put(mask_of(claim::sex));
        ask.words[2] = layout::sex.put(1);
        verdict answer;
        engine{nation.index()}.verify({&ask, 1}, {&answer, 1});
        REQUIRE(answer.outcome() == outcome::not_found);
        REQUIRE(answer.unavailable() == mask_of(claim::sex));
    }
}

TEST_CASE("random facts against random claims get the verdict of the plain-text reference") {
    std::mt19937_64 random{11};
    const auto pick = [&](std::uint64_t end) { return random() % end; };
    const std::array<std::string_view, 6> names{"Nguyễn Văn Hưng", "NGUYEN VAN HUNG", "Nguyễn Văn Hùng",
                                                "Nguyễn Van Hung", "Nguyen Van Hung", "Trần Thị Mai"};
    const auto some_date = [&] {
        const auto year = 1960 + static_cast<int>(pick(3));
        const auto month = static_cast<unsigned>(pick(4));
        return date::from_parts(year, month, month == 0 ? 0 : static_cast<unsigned>(pick(4) == 0 ? 28 : pick(3)))
            .value();
    };
    const auto day = [&] {
        return date::from_parts(1960 + static_cast<int>(pick(3)), 1 + static_cast<unsigned>(pick(3)), 28).value();
    };
    const auto later_day = [&] { return date::from_parts(2026 + static_cast<int>(pick(3)), 6, 15).value(); };
    const auto id = personal_id::parse("001090000001").value();
    small_nation nobody{1};
    for (int round = 0; round < (XACTHUC_TEST_SANITIZED ? 10'000 : 60'000); ++round) {
        citizen who;
        who.id = id;
        if (pick(4) != 0) who.name = names[pick(6)];
        if (pick(4) != 0) who.birth = some_date();
        who.sex = static_cast<sex>(pick(4));
        who.life = static_cast<life_status>(pick(8) < 6 ? 1 : pick(4));
        who.registration = static_cast<registration_status>(pick(8) < 6 ? 1 : pick(4));
        who.level = static_cast<account_level>(pick(4));
        who.account = static_cast<account_status>(pick(8) < 6 ? 1 : pick(4));
        who.document = static_cast<document_status>(pick(8));
        if (pick(2) != 0) who.document = document_status::valid;
        if (pick(3) != 0) who.document_expiry = later_day();
        who.document_lifelong = pick(6) == 0;
        who.residence = {static_cast<std::uint32_t>(pick(3)), static_cast<std::uint32_t>(pick(3))};
        who.superseded = pick(20) == 0;

        claim_set c;
        c.id = id;
        if (pick(2) != 0) c.name = names[pick(6)];
        c.name_exact = pick(3) == 0;
        if (const auto which = pick(4); which == 0 || which == 1)
            c.birth_date = some_date();
        else if (which == 2)
            c.born_on_or_before = day();
        if (pick(3) == 0) c.sex = static_cast<sex>(1 + pick(3));
        if (pick(4) == 0) c.province = static_cast<std::uint32_t>(1 + pick(2));
        if (pick(4) == 0) c.ward = static_cast<std::uint32_t>(1 + pick(2));
        if (pick(4) == 0) c.document = static_cast<document_status>(1 + pick(7));
        if (pick(4) == 0) c.document_valid_on = later_day();
        if (pick(4) == 0) c.life = static_cast<life_status>(1 + pick(3));
        if (pick(4) == 0) c.registration = static_cast<registration_status>(1 + pick(3));
        if (const auto which = pick(4); which == 0)
            c.account_level = static_cast<account_level>(1 + pick(3));
        else if (which == 1)
            c.account_level_at_least = static_cast<account_level>(1 + pick(3));
        if (pick(4) == 0) c.account = static_cast<account_status>(1 + pick(3));
        const auto prepared = prepare(c, test_key());
        if (!prepared) {
            REQUIRE(prepared.error() == errc::claims_missing);
            continue;
        }
        auto& index = nobody.index();
        put_alone(index, make_record(who, test_key()).value());
        const auto expected = reference_verdict(&who, c);
        for (const auto& kernel : kernels::available()) {
            verdict answer;
            kernel.verify(index, {&*prepared, 1}, {&answer, 1});
            REQUIRE(answer == expected);
        }
    }
}

TEST_CASE("an answer carries the freshness of the index") {
    small_nation nation{1000};
    nation.index().set_as_of({42, 1'795'000'000'123});
    const auto fresh = engine{nation.index()}.verify({}, {});
    CHECK(fresh.sequence == 42);
    CHECK(fresh.as_of_unix_ms == 1'795'000'000'123);
}
