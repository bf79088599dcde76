// SPDX-License-Identifier: Apache-2.0
// Verification of prepared requests, plain and with proofs.
#include <algorithm>
#include <array>
#include <bit>
#include <span>
#include <type_traits>
#include <vector>
#include <xacthuc/engine/engine.hpp>

#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

static_assert(sizeof(xt_verdict) == sizeof(verdict));
static_assert(alignof(xt_verdict) == alignof(verdict));
static_assert(std::is_trivially_copyable_v<verdict> && std::is_standard_layout_v<verdict>);
static_assert(std::bit_cast<std::uint64_t>(verdict{outcome::malformed, 1, 2, 4, name_grade::folded, true, true}) ==
              verdict{outcome::malformed, 1, 2, 4, name_grade::folded, true, true}.bits());
static_assert(XT_NAME_GRADE_FOLDED == static_cast<int>(name_grade::folded) &&
              XT_NAME_GRADE_EXACT == static_cast<int>(name_grade::exact) &&
              XT_NAME_GRADE_MARKS_DIFFER == static_cast<int>(name_grade::marks_differ));
static_assert(offsetof(xt_verdict, matched) == 2 && offsetof(xt_verdict, unavailable) == 6);
static_assert(sizeof(xt_holder_proof) == sizeof(holder_proof));
static_assert(alignof(xt_holder_proof) == alignof(holder_proof));
static_assert(offsetof(xt_holder_proof, nonce) == offsetof(holder_proof, nonce));
static_assert(offsetof(xt_holder_proof, signature) == offsetof(holder_proof, signature));
static_assert(XT_HOLDER_MESSAGE_BYTES == holder_message_bytes);
static_assert(XT_AGENCY_MESSAGE_BYTES == agency_message_bytes);

[[nodiscard]] request request_of(const xt_request& from) noexcept {
    request one;
    std::memcpy(one.words.data(), from.words, sizeof from.words);
    return one;
}

// A caller's requests, of which C++ wants each at a multiple of 32 bytes: where they lie when they do, else in a copy
// of so many at a time.
class batch {
  public:
    batch(const xt_request* requests, std::size_t count) noexcept
        : requests_{requests},
          count_{count},
          is_aligned_{reinterpret_cast<std::uintptr_t>(requests) % alignof(request) == 0} {}

    // Calls each(requests, place of the first of them) until all had their turn; at least once.
    template <class Each>
    void for_each(const Each& each) const {
        if (is_aligned_) return each(std::span{reinterpret_cast<const request*>(requests_), count_}, std::size_t{0});
        if (count_ <= 8) return for_each_of<8>(each);
        for_each_of<256>(each);
    }

    // All of it at once; `room` is for the copy.
    [[nodiscard]] std::span<const request> whole(std::vector<request>& room) const {
        if (is_aligned_) return {reinterpret_cast<const request*>(requests_), count_};
        room.resize(count_);
        std::transform(requests_, requests_ + count_, room.begin(), request_of);
        return room;
    }

  private:
    template <std::size_t CopiedAtOnce, class Each>
    void for_each_of(const Each& each) const {
        std::array<request, CopiedAtOnce> copies;
        std::size_t first = 0;
        do {
            const auto size = std::min(copies.size(), count_ - first);
            std::transform(requests_ + first, requests_ + first + size, copies.begin(), request_of);
            each(std::span<const request>{copies}.first(size), first);
            first += size;
        } while (first < count_);
    }

    const xt_request* requests_;
    std::size_t count_;
    bool is_aligned_;
};

[[nodiscard]] std::span<verdict> places_for(xt_verdict* verdicts, std::size_t count) noexcept {
    return {reinterpret_cast<verdict*>(verdicts), count};
}

void tell_state(const freshness& state, xt_freshness* into) noexcept {
    if (into != nullptr) *into = {state.sequence, state.as_of_unix_ms};
}

[[nodiscard]] proof_nonce nonce_of(const uint8_t* bytes) noexcept {
    proof_nonce nonce;
    std::memcpy(nonce.data(), bytes, nonce.size());
    return nonce;
}

[[nodiscard]] xt_status read_proof_options(const xt_proof_options* from, proof_options& into) noexcept {
    xt_proof_options given;
    if (const auto status = c::read_options(from, XT_PROOF_OPTIONS_BYTES, given); status != XT_OK) return status;
    if (given.max_age_ms < 0 || given.max_ahead_ms < 0) return XT_ARGUMENT_RANGE;
    if (given.now_unix_ms != 0) into.now_unix_ms = given.now_unix_ms;
    if (given.max_age_ms != 0) into.max_age_ms = given.max_age_ms;
    if (given.max_ahead_ms != 0) into.max_ahead_ms = given.max_ahead_ms;
    return XT_OK;
}

[[nodiscard]] xt_status read_agency_proof(const xt_agency_proof& from, agency_proof& into) noexcept {
    for (const auto spare : from.spare)
        if (spare != 0) return XT_ARGUMENT_RANGE;
    into.issued_at_unix_ms = from.issued_at_unix_ms;
    into.nonce = nonce_of(from.nonce);
    std::memcpy(into.signature.bytes.data(), from.signature, sizeof from.signature);
    into.agency = from.agency;
    return XT_OK;
}

}  // namespace

xt_status xt_verify(const xt_register* opened, const xt_request* requests, size_t count, xt_verdict* verdicts,
                    xt_freshness* freshness) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (opened == nullptr || !c::is_there(requests, count) || !c::is_there(verdicts, count))
            return XT_NULL_ARGUMENT;
        auto call = opened->begin_call();
        const auto held = opened->live.hold();
        const auto places = places_for(verdicts, count);
        batch{requests, count}.for_each([&](std::span<const request> some, std::size_t first) {
            const auto state = call.answer(*held, some, places.subspan(first));
            if (first == 0) tell_state(state, freshness);
        });
        call.settle();
        return XT_OK;
    });
}

xt_status xt_verify_holders(const xt_register* opened, const xt_request* requests, const xt_holder_proof* proofs,
                            size_t count, const xt_proof_options* options, xt_verdict* verdicts,
                            xt_freshness* freshness) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (opened == nullptr || !c::is_there(requests, count) || !c::is_there(proofs, count) ||
            !c::is_there(verdicts, count))
            return XT_NULL_ARGUMENT;
        auto call = opened->begin_call();
        if (const auto status = read_proof_options(options, call.batch().proofs); status != XT_OK) return status;
        std::vector<request> room;
        const auto all = batch{requests, count}.whole(room);
        call.batch().holders = {reinterpret_cast<const holder_proof*>(proofs), count};
        const auto held = opened->live.hold();
        tell_state(call.answer(*held, all, places_for(verdicts, count)), freshness);
        call.settle();
        return XT_OK;
    });
}

xt_status xt_verify_agency(const xt_register* opened, const xt_request* requests, size_t count,
                           const xt_agency_proof* proof, const xt_agency_keys* keys, const xt_proof_options* options,
                           xt_verdict* verdicts, xt_freshness* freshness) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (opened == nullptr || proof == nullptr || keys == nullptr || !c::is_there(requests, count) ||
            !c::is_there(verdicts, count))
            return XT_NULL_ARGUMENT;
        agency_proof given;
        if (const auto status = read_agency_proof(*proof, given); status != XT_OK) return status;
        auto call = opened->begin_call();
        if (const auto status = read_proof_options(options, call.batch().proofs); status != XT_OK) return status;
        std::vector<request> room;
        const auto all = batch{requests, count}.whole(room);
        call.batch().agency = &given;
        call.batch().agencies = &keys->value;
        const auto held = opened->live.hold();
        tell_state(call.answer(*held, all, places_for(verdicts, count)), freshness);
        call.settle();
        return XT_OK;
    });
}

xt_status xt_verify_call(const xt_register* opened, const xt_request* requests, size_t count, const xt_call* call,
                         xt_verdict* verdicts, xt_freshness* freshness) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (opened == nullptr || !c::is_there(requests, count) || !c::is_there(verdicts, count))
            return XT_NULL_ARGUMENT;
        xt_call with;
        if (const auto status = c::read_options(call, XT_CALL_BYTES, with); status != XT_OK) return status;
        if (with.proof != nullptr && with.keys == nullptr) return XT_NULL_ARGUMENT;
        auto judged = opened->begin_call();
        auto& batch_of = judged.batch();
        if (const auto status = read_proof_options(with.times, batch_of.proofs); status != XT_OK) return status;
        agency_proof given;
        if (with.proof != nullptr) {
            if (const auto status = read_agency_proof(*with.proof, given); status != XT_OK) return status;
            batch_of.agency = &given;
            batch_of.agencies = &with.keys->value;
        }
        if (with.holders != nullptr) batch_of.holders = {reinterpret_cast<const holder_proof*>(with.holders), count};
        batch_of.officer = with.officer;
        std::vector<request> room;
        const auto all = batch{requests, count}.whole(room);
        const auto held = opened->live.hold();
        tell_state(judged.answer(*held, all, places_for(verdicts, count), true), freshness);
        const auto ticket = judged.settle();
        if (with.ticket != nullptr)
            *with.ticket = ticket ? xt_ticket{ticket->first_slot, ticket->rows} : xt_ticket{0, 0};
        return XT_OK;
    });
}

xt_status xt_holder_message(const xt_request* request, uint64_t digest_key_fingerprint, int64_t issued_at_unix_ms,
                            const uint8_t* nonce_16, uint8_t* message_72) {
    if (request == nullptr || nonce_16 == nullptr || message_72 == nullptr) return XT_NULL_ARGUMENT;
    const auto message =
        message_for_holder(request_of(*request), digest_key_fingerprint, issued_at_unix_ms, nonce_of(nonce_16));
    std::memcpy(message_72, message.data(), message.size());
    return XT_OK;
}

xt_status xt_agency_message(const xt_request* requests, size_t count, uint16_t agency, int64_t issued_at_unix_ms,
                            const uint8_t* nonce_16, uint8_t* message_74) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (!c::is_there(requests, count) || nonce_16 == nullptr || message_74 == nullptr) return XT_NULL_ARGUMENT;
        std::vector<request> room;
        const auto all = batch{requests, count}.whole(room);
        const auto message = message_for_agency(all, agency, issued_at_unix_ms, nonce_of(nonce_16));
        std::memcpy(message_74, message.data(), message.size());
        return XT_OK;
    });
}
