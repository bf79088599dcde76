// SPDX-License-Identifier: Apache-2.0
// Where C ends and C++ begins: exceptions and errors become codes and words, structs of any version become today's,
// texts become views.
#pragma once

#include <xacthuc.h>

#include <algorithm>
#include <array>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/public_key.hpp>

#include "progress.hpp"

namespace xacthuc::c {

// The code of an error, whatever category it came from.
[[nodiscard]] xt_status status_of(boost::system::error_code error) noexcept;

// Writes "<text of the status>: <context>", or the text alone, into the caller's room, where there is one.
xt_status refuse(xt_detail* detail, xt_status status, std::string_view context = {}) noexcept;
[[nodiscard]] inline xt_status refuse(xt_detail* detail, const failure& why) noexcept {
    return refuse(detail, status_of(why.code), why.context);
}
// The words of "nothing is wrong".
void clear(xt_detail* detail) noexcept;

// Runs what a call does. Nothing that is thrown in it leaves it.
template <class Body>
[[nodiscard]] xt_status guarded(xt_detail* detail, const Body& body) noexcept {
    clear(detail);
    try {
        return body();
    } catch (const cancelled&) {
        return refuse(detail, XT_CANCELLED);
    } catch (const std::bad_alloc&) {
        return refuse(detail, XT_OUT_OF_MEMORY);
    } catch (const std::invalid_argument& wrong) {
        return refuse(detail, XT_ARGUMENT_RANGE, wrong.what());
    } catch (const std::exception& thrown) {
        return refuse(detail, XT_UNEXPECTED, thrown.what());
    } catch (...) {
        return refuse(detail, XT_UNEXPECTED);
    }
}

// The same for a call that makes a handle: the caller's variable is as it was unless the call succeeds.
template <class Handle, class Body>
[[nodiscard]] xt_status guarded(Handle** made, xt_detail* detail, const Body& body) noexcept {
    if (made == nullptr) {
        clear(detail);
        return refuse(detail, XT_NULL_ARGUMENT, "no place for the handle");
    }
    return guarded(detail, body);
}

// Whether `count` things of a caller's are there to be looked at.
[[nodiscard]] inline bool is_there(const void* array, std::size_t count) noexcept {
    return array != nullptr || count == 0;
}

// What a caller says in a struct that begins with its size. Such a struct grows at its end, and 0 is the default of
// every field: an older caller's is filled up with zeros, and a newer one's is understood where it has zeros beyond
// what we know.
inline constexpr std::size_t struct_bytes_max = 16'384;  // beyond it, the size was never set
template <class Struct>
class read_struct {
  public:
    // Requires: from is not NULL, and stays as it is.
    read_struct(const Struct* from, std::size_t first_version_bytes) noexcept {
        static_assert(offsetof(Struct, struct_size) == 0);
        if (from->struct_size != sizeof(Struct)) {
            status_ = fill(from, first_version_bytes);
            from = &*filled_;
        }
        today_ = from;
    }
    read_struct(const read_struct&) = delete;
    read_struct& operator=(const read_struct&) = delete;

    // XT_OK or XT_STRUCT_SIZE.
    [[nodiscard]] xt_status status() const noexcept { return status_; }
    // Requires: status() is XT_OK.
    [[nodiscard]] const Struct& operator*() const noexcept { return *today_; }
    [[nodiscard]] const Struct* operator->() const noexcept { return today_; }

  private:
    [[nodiscard]] xt_status fill(const Struct* from, std::size_t first_version_bytes) noexcept {
        const auto size = from->struct_size;
        filled_.emplace();
        if (size < first_version_bytes || size > struct_bytes_max) return XT_STRUCT_SIZE;
        const auto* const bytes = reinterpret_cast<const unsigned char*>(from);
        for (auto i = sizeof(Struct); i < size; ++i)
            if (bytes[i] != 0) return XT_STRUCT_SIZE;
        std::memcpy(&*filled_, from, std::min(size, sizeof(Struct)));
        return XT_OK;
    }

    const Struct* today_;
    xt_status status_ = XT_OK;
    std::optional<Struct> filled_;  // only where the caller's is of another size
};

// The same for options, which are all defaults when there are none.
template <class Struct>
[[nodiscard]] xt_status read_options(const Struct* from, std::size_t first_version_bytes, Struct& into) noexcept {
    into = Struct{};
    if (from == nullptr) return XT_OK;
    const read_struct given{from, first_version_bytes};
    if (given.status() == XT_OK) into = *given;
    return given.status();
}

// The other way: gives the caller as much of a struct as hers has room for.
template <class Struct>
[[nodiscard]] bool is_writable(const Struct& into, std::size_t first_version_bytes) noexcept {
    return into.struct_size >= first_version_bytes && into.struct_size <= struct_bytes_max;
}
template <class Struct>
[[nodiscard]] xt_status write_struct(Struct from, std::size_t first_version_bytes, Struct* into) noexcept {
    const auto size = into->struct_size;
    if (!is_writable(*into, first_version_bytes)) return XT_STRUCT_SIZE;
    from.struct_size = size;
    auto* const bytes = reinterpret_cast<unsigned char*>(into);
    std::memcpy(bytes, &from, std::min(size, sizeof(Struct)));
    if (size > sizeof(Struct)) std::memset(bytes + sizeof(Struct), 0, size - sizeof(Struct));
    return XT_OK;
}

// Errors: XT_NULL_ARGUMENT (no data, but a size), XT_ARGUMENT_RANGE (a size that no memory has).
[[nodiscard]] inline xt_status read_text(xt_text from, std::string_view& into) noexcept {
    if (from.size == 0) {
        into = {};
        return XT_OK;
    }
    if (from.data == nullptr) return XT_NULL_ARGUMENT;
    if (from.size != XT_ZERO_TERMINATED && from.size > static_cast<std::size_t>(PTRDIFF_MAX)) return XT_ARGUMENT_RANGE;
    into = from.size == XT_ZERO_TERMINATED ? std::string_view{from.data} : std::string_view{from.data, from.size};
    return XT_OK;
}

// Gives the caller as much of a text as she has room for, with a zero at its end, and its size in full.
void put_text(std::string_view text, char* into, std::size_t capacity, std::size_t* size) noexcept;

template <std::size_t Size>
[[nodiscard]] std::array<std::byte, Size> read_bytes(const std::uint8_t* from) noexcept {
    std::array<std::byte, Size> bytes;
    std::memcpy(bytes.data(), from, Size);
    return bytes;
}
[[nodiscard]] inline public_key read_key(const std::uint8_t* from) noexcept {
    return {read_bytes<public_key_bytes>(from)};
}

}  // namespace xacthuc::c
