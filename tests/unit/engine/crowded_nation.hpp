// SPDX-License-Identifier: Apache-2.0
// A synthetic population in an index that is fuller than any builder makes it, and requests about people who are in it
// and numbers that are not, each with the verdict of the plain-text reference.
#pragma once

#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <unordered_map>
#include <vector>
#include <xacthuc/index/citizen_index.hpp>
#include <xacthuc/index/huge_pages.hpp>

#include "index/table.hpp"
#include "index/table_copy.hpp"
#include "population/planted_request.hpp"
#include "population/population.hpp"
#include "reference/reference_verdict.hpp"
#include "unit/engine/small_nation.hpp"

namespace xacthuc::tests {

class crowded_nation {
  public:
    // Every partition gets `line_count` lines; those of its people who come first stand in it, at most
    // `records_max` of them. Requires: records_max < 2 * line_count.
    crowded_nation(std::uint64_t line_count, std::uint64_t records_max)
        : people_{population::create(3, partition_count * records_max * 3 / 2).value()},
          index_{build(line_count, records_max)} {}

    [[nodiscard]] const population& people() const noexcept { return people_; }
    [[nodiscard]] citizen_index& index() noexcept { return index_; }

    struct questions {
        std::vector<request> requests;
        std::vector<verdict> expected;
    };
    // Planted requests, where their holder stands in the index.
    [[nodiscard]] questions ask_known(std::size_t count) const {
        questions q;
        name_text claimed;
        name_text registered;
        const planted_requests plant{people_};
        for (std::uint64_t j = 0; q.requests.size() < count; ++j) {
            const auto claims = plant.at(j, claimed).claims;
            const auto who = known_.find(claims.id.value());
            if (who == known_.end()) continue;
            const auto holder = people_.citizen_at(who->second, registered);
            add(q, claims, &holder);
        }
        return q;
    }
    // The same claims about random numbers from 400000000000 up, which nobody has.
    [[nodiscard]] questions ask_unknown(std::size_t count) const {
        questions q;
        name_text claimed;
        const planted_requests plant{people_};
        std::mt19937_64 random{17};
        for (std::uint64_t j = 0; q.requests.size() < count; ++j) {
            auto claims = plant.at(j, claimed).claims;
            claims.id = personal_id::from_trusted(400'000'000'000 + random() % 600'000'000'000);
            if (!known_.contains(claims.id.value())) add(q, claims, nullptr);
        }
        return q;
    }
    // Who stands in the index: the id, and which citizen that is.
    [[nodiscard]] const std::unordered_map<std::uint64_t, std::uint64_t>& known() const noexcept { return known_; }

  private:
    static void add(questions& q, const claim_set& claims, const citizen* holder) {
        q.requests.push_back(prepare(claims, test_key()).value());
        q.expected.push_back(reference_verdict(holder, claims));
    }

    [[nodiscard]] citizen_index build(std::uint64_t line_count, std::uint64_t records_max) {
        const auto stride = block_bytes(line_count, false);
        auto memory = huge_pages::allocate(partition_count * stride).value();
        citizen_index::block_offsets offsets;
        for (std::size_t p = 0; p < partition_count; ++p) {
            offsets[p] = p * stride;
            block_head head;
            head.partition = static_cast<std::uint32_t>(p);
            head.line_count = static_cast<std::uint32_t>(line_count);
            std::memcpy(memory.data() + offsets[p], &head, sizeof head);
        }
        index_facts facts;
        facts.as_of = {7, 1'700'000'000'000};
        facts.digest_key_fingerprint = test_key().fingerprint();
        std::array<record, 1000> some;
        for (std::uint64_t i = 0; i + some.size() <= people_.count(); i += some.size()) {
            people_.fill_records(i, some, test_key());
            for (std::size_t k = 0; k < some.size(); ++k) {
                const auto id = layout::id.get(some[k].words[0]);
                const auto hash = placement_hash(id, facts.placement_seed);
                auto* const block = memory.data() + offsets[partition_of(hash)];
                const table in{table_word{block + sizeof(block_head), line_count}};
                if (in.head().live_count == records_max) continue;
                ++in.head().live_count;
                ++facts.citizens;
                auto live = some[k];
                live.words[0] = slot_word::live_identity(id);
                table_filler{in, false}.put_on_path(static_cast<std::uint32_t>(hash), live, {});
                known_.emplace(id, i + k);
            }
        }
        return citizen_index::from_blocks(facts, std::move(memory), offsets).value();
    }

    population people_;
    std::unordered_map<std::uint64_t, std::uint64_t> known_;
    citizen_index index_;
};

}  // namespace xacthuc::tests
