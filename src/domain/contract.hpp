// SPDX-License-Identifier: Apache-2.0
// What a public call asks of the sizes, indices and pointers that it is given, in every build. Who hands over ones that
// do not fit has a fault in the program, and gets std::invalid_argument, which names the call and the numbers, before
// anything is read, written or used up. Where a call is noexcept, that ends the process, and says the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace xacthuc::inline v0_1::contract {

// So many of what: {3, "verdicts"}.
struct counted {
    std::size_t count;
    const char* of;
};

[[noreturn, gnu::cold, gnu::noinline]] inline void refuse(const char* call, const std::string& what) {
    throw std::invalid_argument{std::string{call} + ": " + what};
}
[[noreturn, gnu::cold, gnu::noinline]] inline void refuse(const char* call, counted have, counted wanted) {
    refuse(call, std::to_string(have.count) + ' ' + have.of + " for " + std::to_string(wanted.count) + ' ' + wanted.of);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void refuse(const char* call, const char* index, std::uint64_t at,
                                                          std::uint64_t first, std::uint64_t end) {
    refuse(call, std::string{index} + ' ' + std::to_string(at) + " is not in [" + std::to_string(first) + ", " +
                     std::to_string(end) + ")");
}

// Exceptions: std::invalid_argument, as all that follow.
inline void as_many(const char* call, counted have, counted as) {
    if (have.count != as.count) [[unlikely]]
        refuse(call, have, as);
}
inline void room_for(const char* call, counted have, counted needed) {
    if (have.count < needed.count) [[unlikely]]
        refuse(call, have, needed);
}
// Whether first <= at < end.
inline void within(const char* call, const char* index, std::uint64_t at, std::uint64_t first, std::uint64_t end) {
    if (at < first || at >= end) [[unlikely]]
        refuse(call, index, at, first, end);
}
inline void holds(const char* call, bool is_so, const char* otherwise) {
    if (!is_so) [[unlikely]]
        refuse(call, otherwise);
}

}  // namespace xacthuc::inline v0_1::contract
