// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <vector>

#include "engine/admission.hpp"
#include "engine/proving.hpp"
#include "engine/settlement.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// Where more than the judging has to be done, so many requests go through all stages together: their lines, 32 KiB, are
// then still in a near cache for the next stage.
constexpr std::size_t block_size = 512;

// A reader leaves its epoch and enters again after so many requests, some milliseconds of look-ups or some tens of
// signatures, so that a batch of any size holds back no memory that writers have retired.
constexpr std::size_t lookups_an_epoch = std::size_t{1} << 16;
constexpr std::size_t proofs_an_epoch = 4096;
static_assert(proofs_an_epoch % block_size == 0 && lookups_an_epoch % block_size == 0);

class block_pipeline {
  public:
    // All the memory that the call needs is asked for here.
    block_pipeline(const pipeline_kernels& with, const citizen_index& index, const request_batch& asked,
                   const admission& admitted, std::span<verdict> verdicts)
        : with_{with},
          index_{index},
          asked_{asked},
          admitted_{admitted},
          verdicts_{verdicts},
          settled_{asked.holders.size()},
          questions_(std::min(asked.requests.size(), block_size)) {
        if (!asked.holders.empty())
            proving_.emplace(with.lookups, with.signatures, index, asked.requests.size(), verdicts, settled_);
    }

    [[nodiscard]] answered run() {
        answered done;
        std::optional<epoch::guard> inside;
        const auto requests = admitted_.requests();
        const auto an_epoch = proving_ ? proofs_an_epoch : lookups_an_epoch;
        for (std::size_t from = 0; from < requests.size() || from == 0; from += block_size) {
            if (from % an_epoch == 0) {
                if (proving_) proving_->check_waiting();
                inside.reset();
                inside.emplace(index_.enter());
                if (from == 0) done.as_of = index_.as_of();
            }
            answer_block(from, std::min(block_size, requests.size() - from));
        }
        if (proving_) {
            proving_->check_waiting();
            done.signatures_checked = proving_->checked_count();
            settled_.refuse_repeated(verdicts_);
        }
        return done;
    }

  private:
    void answer_block(std::size_t from, std::size_t count) {
        // Those who may ask stand side by side in questions_, and k-th of them is at positions_[k] of the batch. What
        // is judged is what has to be signed, though others may write to the batch meanwhile.
        std::size_t asking = 0;
        for (auto i = from; i < from + count; ++i) {
            questions_[asking] = admitted_.requests()[i];
            const auto allowed = admitted_.of(questions_[asking]);
            positions_[asking] = i;
            if (allowed == outcome::verified)
                ++asking;
            else
                verdicts_[i] = {allowed, 0, 0, 0};
        }
        const std::span questions{questions_.data(), asking};
        with_.lookups.find(index_, questions, answers_, found_);
        for (std::size_t k = 0; k < asking; ++k) verdicts_[positions_[k]] = answers_[k];
        if (!proving_) return;
        for (std::size_t k = 0; k < asking; ++k)
            proving_->take(questions[k], asked_.holders[positions_[k]], asked_.proofs, positions_[k], found_[k]);
    }

    const pipeline_kernels& with_;
    index_view index_;
    const request_batch& asked_;
    const admission& admitted_;
    std::span<verdict> verdicts_;
    settlement settled_;
    std::optional<proving> proving_;
    std::vector<request> questions_;
    std::array<std::size_t, block_size> positions_;
    std::array<verdict, block_size> answers_;
    std::array<const slot*, block_size> found_;
};

}  // namespace

freshness judge_batch(const kernels::kernel& with, const citizen_index& index, std::span<const request> requests,
                      std::span<verdict> verdicts) noexcept {
    freshness as_of;
    std::size_t from = 0;
    do {
        const auto inside = index_view{index}.enter();
        if (from == 0) as_of = index.as_of();
        const auto count = std::min(lookups_an_epoch, requests.size() - from);
        with.verify(index, requests.subspan(from, count), verdicts.subspan(from, count));
        from += count;
    } while (from < requests.size());
    return as_of;
}

answered answer_batch(const pipeline_kernels& with, const citizen_index& index, const request_batch& asked,
                      std::span<verdict> verdicts) {
    assert(verdicts.size() >= asked.requests.size());
    assert(asked.holders.empty() || asked.holders.size() == asked.requests.size());
    const admission admitted{asked};
    if (admitted.of_all() != outcome::verified) {
        for (auto& each : verdicts.first(asked.requests.size())) each = {admitted.of_all(), 0, 0, 0};
        return {index.as_of(), 0};
    }
    if (asked.holders.empty() && admitted.admits_each())
        return {judge_batch(with.lookups, index, admitted.requests(), verdicts), 0};
    return block_pipeline{with, index, asked, admitted, verdicts}.run();
}

}  // namespace xacthuc::inline v0_1
