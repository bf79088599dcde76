// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <xacthuc/registry/change.hpp>

#include "domain/worded.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr bit_field spare{56, 8};

[[nodiscard]] change of_id(change_kind kind, personal_id id) noexcept {
    change made;
    made.kind = kind;
    made.after.words[0] = layout::id.put(id.value());
    return made;
}

void append_hex(std::string& to, std::span<const std::byte> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const auto byte : bytes) {
        to += digits[std::to_integer<unsigned>(byte) >> 4];
        to += digits[std::to_integer<unsigned>(byte) & 15U];
    }
}

[[nodiscard]] bool is_birth(std::uint64_t facts) noexcept {
    const auto said = date::from_packed(static_cast<std::uint32_t>(layout::birth.get(facts)));
    return said == date{} || date::from_parts(said.year(), said.month(), said.day()).has_value();
}

}  // namespace

const char* to_string(change_kind kind) noexcept {
    static constexpr auto kinds = std::to_array<worded<change_kind>>({{change_kind::upsert, "upsert"},
                                                                      {change_kind::upsert_with_key, "upsert"},
                                                                      {change_kind::erase, "erase"},
                                                                      {change_kind::set_key, "set_key"}});
    return words_of(kinds, kind, "unknown").data();
}

change change::upsert(const record& after) noexcept {
    change made;
    made.after = after;
    return made;
}

change change::upsert(const record& after, const public_key& key) noexcept {
    change made;
    made.kind = change_kind::upsert_with_key;
    made.after = after;
    made.key = key;
    return made;
}

change change::erase(personal_id id) noexcept {
    return of_id(change_kind::erase, id);
}

change change::set_key(personal_id id, const public_key& key) noexcept {
    auto made = of_id(change_kind::set_key, id);
    made.key = key;
    return made;
}

void append_json(std::string& to, const change& what) {
    const auto id = personal_id::from_trusted(what.id()).digits();
    to += R"({"sequence":)" + std::to_string(what.sequence) + R"(,"time_unix_ms":)" +
          std::to_string(what.time_unix_ms) + R"(,"change":")" + to_string(what.kind) + R"(","id":")";
    to.append(id.data(), id.size());
    to += '"';
    if (what.kind == change_kind::upsert || what.kind == change_kind::upsert_with_key) {
        to += R"(,"record":")";
        append_hex(to, std::as_bytes(std::span{what.after.words}));
        to += '"';
    }
    if (what.has_key()) {
        to += R"(,"key":")";
        if (what.key == public_key{})
            to += "none";
        else
            append_hex(to, what.key.bytes);
        to += '"';
    }
    to += "}\n";
}

result<void> check_record(const record& r) noexcept {
    const auto id = layout::id.get(r.words[0]);
    if (id == 0 || id >= personal_id::value_end) return errc::personal_id_reserved;
    if (!is_intact(r)) return errc::damaged_record;
    const auto facts = r.words[2];
    const bool fits = spare.get(facts) == 0 && is_birth(facts) &&
                      layout::province.get(facts) <= residence::province_max &&
                      layout::ward.get(facts) <= residence::ward_max;
    if (!fits) return errc::record_not_valid;
    return {};
}

}  // namespace xacthuc::inline v0_1
