// SPDX-License-Identifier: Apache-2.0
// Requests that prepare() would never make, as a foreign caller may.
#include <random>

#include "unit/engine/small_nation.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

[[nodiscard]] std::uint64_t with_claims(std::uint64_t id, unsigned claims) {
    return id | request_layout::claims.put(claims);
}

void check_malformed(const citizen_index& index, const request& q) {
    for (const auto& kernel : kernels::available()) {
        verdict answer{outcome::verified, 1, 1, 1};
        kernel.verify(index, {&q, 1}, {&answer, 1});
        CHECK(answer == verdict{outcome::malformed, 0, 0, 0});
    }
}

}  // namespace

TEST_CASE("no claims, unknown claims and two claims for one field are malformed, for known and unknown ids") {
    small_nation nation{1000};
    name_text text;
    for (const auto id : {nation.people().citizen_at(5, text).id.value(), nation.people().unknown_id(3).value()}) {
        request q;
        q.words[2] = ~std::uint64_t{0} & request_layout::facts.mask();
        q.words[0] = with_claims(id, 0);
        check_malformed(nation.index(), q);
        for (const unsigned unknown : {1U << claim_count, 1U << (claim_count + 1)}) {
            q.words[0] = with_claims(id, unknown | mask_of(claim::sex));
            check_malformed(nation.index(), q);
        }
        q.words[0] = with_claims(id, mask_of(claim::birth_date, claim::born_on_or_before));
        check_malformed(nation.index(), q);
        q.words[0] = with_claims(id, mask_of(claim::account_level, claim::account_level_at_least));
        check_malformed(nation.index(), q);
    }
}

TEST_CASE("ids that cannot be are malformed") {
    small_nation nation{1000};
    for (const std::uint64_t id : {std::uint64_t{0}, personal_id::value_end, layout::id.mask()}) {
        request q;
        q.words[0] = with_claims(id, mask_of(claim::sex));
        q.words[2] = layout::sex.put(1);
        check_malformed(nation.index(), q);
    }
}

TEST_CASE("a claim that says nothing never matches") {
    small_nation nation{1000};
    name_text text;
    for (std::uint64_t i = 0; i < 300; ++i)
        for (unsigned number = 0; number < claim_count; ++number) {
            if (number == static_cast<unsigned>(claim::document_valid_on))
                continue;  // day 0 is a day before all others
            request q;
            q.words[0] = with_claims(nation.people().citizen_at(i, text).id.value(), 1U << number);
            for (const auto& kernel : kernels::available()) {
                verdict answer;
                kernel.verify(nation.index(), {&q, 1}, {&answer, 1});
                REQUIRE(answer.matched() == 0);
                REQUIRE(answer.outcome() != outcome::verified);
            }
        }
}

TEST_CASE("random words never crash, and every kernel gives them one verdict") {
    small_nation nation{5000};
    std::mt19937_64 random{3};
    std::vector<request> requests(20'000);
    name_text text;
    for (auto& q : requests) {
        for (auto& word : q.words) word = random();
        if (random() % 2 == 0)
            q.words[0] =
                (q.words[0] & ~layout::id.mask()) | nation.people().citizen_at(random() % 5000, text).id.value();
        if (random() % 2 == 0) q.words[0] &= ~request_layout::claims.mask() | request_layout::claims.put(random());
    }
    std::vector<verdict> first(requests.size());
    kernels::available().front().verify(nation.index(), requests, first);
    for (const auto& kernel : kernels::available()) {
        std::vector<verdict> answers(requests.size());
        kernel.verify(nation.index(), requests, answers);
        CHECK(answers == first);
    }
    for (const auto& v : first) {
        REQUIRE((v.matched() & v.mismatched()) == 0);
        REQUIRE(((v.matched() | v.mismatched()) & v.unavailable()) == 0);
    }
}
