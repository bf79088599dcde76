// SPDX-License-Identifier: Apache-2.0
// The verification kernels: one for each instruction set, the same function compiled for each, chosen once when first
// asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>

#include "index/index_view.hpp"
#include "index/slot.hpp"

namespace xacthuc::inline v0_1::kernels {

// Requests that are taken over for the next call while this one is answered: at its pace they are fetched from memory
// and copied, each read once, and at the end the lines of the first of them are fetched.
struct coming_requests {
    std::span<const request> from;
    request* to = nullptr;  // room for as many
};

// What is fetched from memory while request 0 is looked up: of the requests to come if there are any, or else of these.
// Only ever prefetched, never read: it may lie behind the end, and there may be no requests at all. Hence reckoned as a
// number, as a pointer may not leave its array.
[[nodiscard]] inline const request* lying_ahead(std::span<const request> requests, const coming_requests& coming,
                                                std::size_t distance, std::size_t request_distance) noexcept {
    const auto* const from = coming.from.empty() ? requests.data() : coming.from.data();
    const auto ahead = coming.from.empty() ? distance + request_distance : request_distance;
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    return reinterpret_cast<const request*>(reinterpret_cast<std::uintptr_t>(from) + ahead * sizeof(request));
}

// Answers requests from an index that the caller has entered. Requires: verdicts.size() >= requests.size().
using verify_function = void (*)(const index_view& index, std::span<const request> requests,
                                 std::span<verdict> verdicts, const coming_requests& coming) noexcept;

// The same, and hands on by which slot each request was judged, so that nobody looks twice; null where there was none.
// What is in a slot but its word 0 stays as it is until the caller leaves. Requires: found.size() >= requests.size().
using find_function = void (*)(const index_view& index, std::span<const request> requests, std::span<verdict> verdicts,
                               std::span<const slot*> found, const coming_requests& coming) noexcept;

// Judges request i by record i, however that was found. Requires: three spans of one size.
using judge_function = void (*)(std::span<const record> records, std::span<const request> requests,
                                std::span<verdict> verdicts) noexcept;

struct kernel {
    std::string_view name;
    verify_function verify_by;
    find_function find_by;
    judge_function judge;

    void verify(const index_view& index, std::span<const request> requests, std::span<verdict> verdicts,
                const coming_requests& coming = {}) const noexcept {
        verify_by(index, requests, verdicts, coming);
    }
    void find(const index_view& index, std::span<const request> requests, std::span<verdict> verdicts,
              std::span<const slot*> found, const coming_requests& coming = {}) const noexcept {
        find_by(index, requests, verdicts, found, coming);
    }
};

// All that this build has and this processor runs, the plainest first.
[[nodiscard]] std::span<const kernel> available() noexcept;
// The best of them, or what XACTHUC_ISA allows: see isa.hpp.
[[nodiscard]] const kernel& chosen() noexcept;

extern const kernel portable_kernel;
#if defined(__x86_64__)
extern const kernel x86_64_v3_kernel;
extern const kernel x86_64_v4_kernel;
#endif

}  // namespace xacthuc::inline v0_1::kernels
