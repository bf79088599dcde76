// SPDX-License-Identifier: Apache-2.0
// Batches of requests. The input is a list of them: whose number each names (a citizen's, one that was replaced, erased
// or damaged, nobody's, or one that cannot be) and what it claims. Every kernel must answer as the index's own look-up
// and one judgement at a time do.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>
#include <xacthuc/index/huge_pages.hpp>

#include "engine/kernel.hpp"
#include "index/index_view.hpp"
#include "index/lookup.hpp"
#include "index/placement.hpp"
#include "index/table.hpp"
#include "index/table_copy.hpp"

using namespace xacthuc;

namespace {

constexpr std::uint64_t line_count = 16;
constexpr std::uint64_t records_max = 28;
// Ids are chosen for these partitions only; the others are empty.
constexpr std::size_t partitions_used = 8;
constexpr std::size_t batch_max = 4096;

[[nodiscard]] record some_record(std::uint64_t id, std::uint64_t content) {
    record r;
    r.words[0] = layout::id.put(id);
    r.words[1] = content % 5;  // digests that many share, and none
    r.words[2] = content * 0x9e37'79b9'7f4a'7c15U;
    r.words[3] = content & 0xffff'ffff;
    return with_integrity(r);
}

class small_index {
  public:
    small_index() : index_{build()} {
        for (std::size_t i = 0; i < known_.size(); ++i) {
            const auto id = known_[i];
            if (i % 7 == 0 && !index_.upsert(some_record(id, i + 1))) std::abort();
            if (i % 21 == 0 && !index_.upsert(some_record(id, i + 2))) std::abort();
            if (i % 11 == 0 && !index_.erase(personal_id::from_trusted(id))) std::abort();
        }
        // Last, for a table that holds a damaged record can no longer be replaced.
        for (std::size_t p = 0; p < 2; ++p) {
            const auto block = index_.block(p);
            const_cast<std::byte*>(block.data())[sizeof(block_head) + 64 * 3 + 9] ^= std::byte{4};
            const_cast<std::byte*>(block.data())[sizeof(block_head) + 64 * 7 + 2] ^= std::byte{1};
        }
    }
    [[nodiscard]] const citizen_index& index() const noexcept { return index_; }
    [[nodiscard]] std::uint64_t id(std::uint8_t kind, std::uint16_t which) const noexcept {
        if (kind < 100) return known_[which % known_.size()];
        if (kind < 240) return unknown_[which % unknown_.size()];
        if (kind < 250) return 400'000'000'000 + which;
        constexpr std::array<std::uint64_t, 3> cannot_be{0, personal_id::value_end, layout::id.mask()};
        return cannot_be[which % cannot_be.size()];
    }

  private:
    [[nodiscard]] citizen_index build() {
        const auto stride = block_bytes(line_count, false);
        auto memory = huge_pages::allocate(partition_count * stride).value();
        citizen_index::block_offsets offsets;
        for (std::size_t p = 0; p < partition_count; ++p) {
            offsets[p] = p * stride;
            block_head head;
            head.partition = static_cast<std::uint32_t>(p);
            head.line_count = line_count;
            std::memcpy(memory.data() + offsets[p], &head, sizeof head);
        }
        index_facts facts;
        std::mt19937_64 random{1};
        while (unknown_.size() < 1000) {
            const auto id = 1 + random() % (personal_id::value_end - 1);
            const auto hash = placement_hash(id, facts.placement_seed);
            if (partition_of(hash) >= partitions_used) continue;
            auto* const block = memory.data() + offsets[partition_of(hash)];
            const table in{table_word{block + sizeof(block_head), line_count}};
            if (in.head().live_count == records_max) {
                unknown_.push_back(id);
                continue;
            }
            ++in.head().live_count;
            ++facts.citizens;
            auto live = some_record(id, known_.size());
            live.words[0] = slot_word::live_identity(id);
            table_filler{in, false}.put_on_path(static_cast<std::uint32_t>(hash), live, {});
            known_.push_back(id);
        }
        return citizen_index::from_blocks(facts, std::move(memory), offsets).value();
    }

    std::vector<std::uint64_t> known_;
    std::vector<std::uint64_t> unknown_;
    citizen_index index_;
};

// The slow reference: look up, then judge this one.
[[nodiscard]] verdict answer_one(const citizen_index& index, const request& q) {
    const auto judged = [&](const record& r) {
        verdict v;
        kernels::available().front().judge({&r, 1}, {&q, 1}, {&v, 1});
        return v;
    };
    const verdict malformed{outcome::malformed, 0, 0, 0};
    if (q.id() == 0 || q.id() >= personal_id::value_end || judged({}) == malformed) return malformed;
    const auto hash = placement_hash(q.id(), index.placement_seed());
    const table in{table_word{index_view{index}.directory()[partition_of(hash)].load()}};
    const auto found = locate(in, hash, q.id(), belongs_to{partition_of(hash), index.placement_seed()});
    if (found.is == located::outcome::damaged) return {outcome::damaged_record, 0, 0, q.claims()};
    if (found.is == located::outcome::absent) return {outcome::not_found, 0, 0, q.claims()};
    return judged(found.copy);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const small_index people;
    // The first two bytes say how often the list is asked in one batch; six make a request.
    if (size < 8) return 0;
    const std::size_t listed = (size - 2) / 6;
    const auto times = 1 + (std::size_t{data[0]} | std::size_t{data[1]} << 8) % batch_max / listed;
    std::vector<request> requests(listed);
    std::vector<verdict> expected(listed);
    for (std::size_t i = 0; i < listed; ++i) {
        const auto* const at = data + 2 + 6 * i;
        const auto which = static_cast<std::uint16_t>(at[1] | at[2] << 8);
        const auto content = std::uint64_t{at[5]};
        requests[i].words = some_record(0, content).words;
        requests[i].words[0] = layout::id.put(people.id(at[0], which)) |
                               request_layout::claims.put(static_cast<std::uint64_t>(at[3] | at[4] << 8));
        expected[i] = answer_one(people.index(), requests[i]);
    }
    const auto count = std::min(times * listed, batch_max);
    std::vector<request> batch(count);
    for (std::size_t i = 0; i < count; ++i) batch[i] = requests[i % listed];
    std::vector<verdict> answers(count);
    const auto inside = index_view{people.index()}.enter();
    for (const auto& kernel : kernels::available()) {
        std::fill(answers.begin(), answers.end(), verdict{outcome::malformed, 1, 2, 3});
        kernel.verify(people.index(), batch, answers);
        for (std::size_t i = 0; i < count; ++i)
            if (answers[i] != expected[i % listed]) std::abort();
    }
    return 0;
}
