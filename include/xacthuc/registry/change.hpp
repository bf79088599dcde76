// SPDX-License-Identifier: Apache-2.0
// A change of the register: a citizen inserted or replaced, removed, or given another key.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/index/citizen_index.hpp>

namespace xacthuc::inline v0_1 {

// The values are in files.
enum class change_kind : std::uint8_t {
    upsert = 1,           // insert, or replace all but the key
    upsert_with_key = 2,  // insert or replace, key and all
    erase = 3,
    set_key = 4,
};

// "upsert" (with a key or without), "erase", "set_key": stable, used in files.
[[nodiscard]] XACTHUC_API const char* to_string(change_kind kind) noexcept;

// One change; made by the functions below.
struct change {
    change_kind kind = change_kind::upsert;
    record after{};  // of an upsert; of the others only the id, in word 0
    public_key key{};

    // Given by registry::apply(): changes are numbered without holes, and times never go back.
    std::uint64_t sequence = 0;
    std::int64_t time_unix_ms = 0;

    // Requires: the record came from make_record(), or from citizen_index::find(). A key of zeros is "none".
    [[nodiscard]] XACTHUC_API static change upsert(const record& after) noexcept;
    [[nodiscard]] XACTHUC_API static change upsert(const record& after, const public_key& key) noexcept;
    [[nodiscard]] XACTHUC_API static change erase(personal_id id) noexcept;
    [[nodiscard]] XACTHUC_API static change set_key(personal_id id, const public_key& key) noexcept;

    // 0 when nobody has set one.
    [[nodiscard]] std::uint64_t id() const noexcept { return layout::id.get(after.words[0]); }
    [[nodiscard]] bool has_key() const noexcept {
        return kind == change_kind::upsert_with_key || kind == change_kind::set_key;
    }

    friend bool operator==(const change&, const change&) = default;
};

// Appends the change as `xacthuc follow` prints it and `xacthuc apply` reads it: one JSON object and a line feed, with
// sequence, time_unix_ms, change and id; of an upsert the record, whose names are digests, in hexadecimal digits; and
// the key where the change has one, "none" for zeros.
// Exceptions: std::bad_alloc.
XACTHUC_API void append_json(std::string& to, const change& what);

// Whether a register can hold the record: a personal id that is one, fields that are in range, spare bits that are 0,
// and an integrity check that is right.
// Errors: personal_id_reserved; damaged_record; record_not_valid.
[[nodiscard]] XACTHUC_API result<void> check_record(const record& r) noexcept;

}  // namespace xacthuc::inline v0_1
