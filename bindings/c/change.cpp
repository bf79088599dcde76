// SPDX-License-Identifier: Apache-2.0
// Changes of the register: making them from text, and making them happen.
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/registry/change.hpp>

#include "boundary.hpp"
#include "changes.hpp"
#include "columns/made_row.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace xacthuc::c {

void put_change(const change& from, xt_change& into) noexcept {
    into = {};
    into.kind = static_cast<uint32_t>(from.kind);
    std::memcpy(into.record, from.after.words.data(), sizeof into.record);
    std::memcpy(into.public_key, &from.key, sizeof into.public_key);
    into.sequence = from.sequence;
    into.time_unix_ms = from.time_unix_ms;
}

std::optional<change> read_change(const xt_change& from) noexcept {
    if (from.kind < static_cast<uint32_t>(change_kind::upsert) ||
        from.kind > static_cast<uint32_t>(change_kind::set_key) || from.spare != 0)
        return {};
    change read;
    read.kind = static_cast<change_kind>(from.kind);
    std::memcpy(read.after.words.data(), from.record, sizeof from.record);
    read.key = read_key(from.public_key);
    if (read.id() == 0 || read.id() >= personal_id::value_end) return {};
    const bool has_record = read.kind == change_kind::upsert || read.kind == change_kind::upsert_with_key;
    if (has_record && !check_record(read.after)) return {};
    return read;
}

}  // namespace xacthuc::c

namespace {

// In the order of citizen_field.
constexpr std::array citizen_places{&xt_citizen::id,
                                    &xt_citizen::name,
                                    &xt_citizen::birth_date,
                                    &xt_citizen::sex,
                                    &xt_citizen::life,
                                    &xt_citizen::registration,
                                    &xt_citizen::account_level,
                                    &xt_citizen::account,
                                    &xt_citizen::document,
                                    &xt_citizen::document_expiry,
                                    &xt_citizen::province,
                                    &xt_citizen::ward,
                                    &xt_citizen::superseded};
static_assert(citizen_places.size() == citizen_field_count);
static_assert(XT_SOURCE_POSITION_BYTES_MAX == source_position_bytes_max);

xt_status refuse_citizen(xt_detail* detail, const columns::citizen_problem& why) noexcept {
    return c::refuse(detail, why.code, why.name());
}

[[nodiscard]] result<personal_id> read_id(xt_text from) noexcept {
    std::string_view text;
    const auto status = c::read_text(from, text);
    if (status != XT_OK) return boost::system::error_code{status, error_category()};
    return personal_id::parse(text);
}

[[nodiscard]] boost::system::error_code make(const change& one, citizen_index& in) noexcept {
    const auto whose = personal_id::from_trusted(one.id());
    switch (one.kind) {
        case change_kind::upsert:
            return in.upsert(one.after).error();
        case change_kind::upsert_with_key:
            return in.upsert(one.after, one.key).error();
        case change_kind::erase:
            return in.erase(whose).error();
        case change_kind::set_key:
            return in.set_key(whose, one.key).error();
    }
    return {};
}

// What became of the changes: all is well, or the one at `place` was refused, or something else is wrong.
struct applied {
    xt_status status = XT_OK;
    std::size_t place = 0;
    std::string context{};
};

[[nodiscard]] applied refused_at(std::size_t place, xt_status why) {
    return {why, place, "change " + std::to_string(place)};
}

[[nodiscard]] applied apply_in_memory(citizen_index& in, std::span<const xt_change> changes) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto one = c::read_change(changes[i]);
        const auto status = one ? c::status_of(make(*one, in)) : XT_ARGUMENT_RANGE;
        if (status != XT_OK) return refused_at(i, status);
        if (changes[i].sequence != 0) in.set_as_of({changes[i].sequence, changes[i].time_unix_ms});
    }
    return {XT_OK, changes.size()};
}

[[nodiscard]] applied apply_on_disk(registry& in, std::span<const xt_change> changes,
                                    std::span<const std::byte> source_position) {
    if (changes.empty() && source_position.empty()) return {};
    std::vector<change> read;
    read.reserve(changes.size());
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto one = c::read_change(changes[i]);
        if (!one) return refused_at(i, XT_ARGUMENT_RANGE);
        read.push_back(*one);
    }
    std::vector<refused_change> refused;
    const auto made = in.apply(read, source_position, &refused);
    if (made) return {XT_OK, changes.size()};
    if (!refused.empty()) return refused_at(refused.front().place, c::status_of(refused.front().why));
    return {c::status_of(made.error().code), changes.size(), made.error().context};
}

[[nodiscard]] xt_status apply_all(xt_register* opened, const xt_change* changes, std::size_t count,
                                  std::span<const std::byte> source_position, size_t* place, xt_freshness* freshness,
                                  xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (place != nullptr) *place = count;
        if (opened == nullptr || !c::is_there(changes, count))
            return c::refuse(detail, XT_NULL_ARGUMENT, "opened or changes");
        const std::span all{changes, count};
        const auto done = opened->on_disk ? apply_on_disk(*opened->on_disk, all, source_position)
                                          : apply_in_memory(*opened->live.owned(), all);
        if (place != nullptr) *place = done.place;
        const auto now = opened->live.hold()->as_of();
        if (freshness != nullptr) *freshness = {now.sequence, now.as_of_unix_ms};
        return done.status == XT_OK ? done.status : c::refuse(detail, done.status, done.context);
    });
}

}  // namespace

xt_status xt_change_upsert(const xt_digest_key* key, const xt_citizen* who, const uint8_t* public_key_32,
                           xt_change* into, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (key == nullptr || who == nullptr || into == nullptr)
            return c::refuse(detail, XT_NULL_ARGUMENT, "key, who or change");
        const c::read_struct given{who, XT_CITIZEN_BYTES};
        if (given.status() != XT_OK) return c::refuse(detail, given.status(), "xt_citizen");
        citizen read;
        for (std::size_t i = 0; i < citizen_places.size(); ++i) {
            const auto field = static_cast<citizen_field>(i);
            std::string_view text;
            if (const auto status = c::read_text((*given).*citizen_places[i], text); status != XT_OK)
                return c::refuse(detail, status, to_string(field));
            if (const auto why = columns::put_text(field, text, read)) return refuse_citizen(detail, why);
        }
        record made;
        if (const auto why = columns::make_record(read, key->value, made)) return refuse_citizen(detail, why);
        c::put_change(
            public_key_32 == nullptr ? change::upsert(made) : change::upsert(made, c::read_key(public_key_32)), *into);
        return xt_status{XT_OK};
    });
}

xt_status xt_change_erase(xt_text id, xt_change* into) {
    if (into == nullptr) return XT_NULL_ARGUMENT;
    const auto whose = read_id(id);
    if (!whose) return c::status_of(whose.error());
    c::put_change(change::erase(*whose), *into);
    return XT_OK;
}

xt_status xt_change_set_key(xt_text id, const uint8_t* public_key_32, xt_change* into) {
    if (into == nullptr) return XT_NULL_ARGUMENT;
    const auto whose = read_id(id);
    if (!whose) return c::status_of(whose.error());
    public_key key;
    if (public_key_32 != nullptr) key = c::read_key(public_key_32);
    c::put_change(change::set_key(*whose, key), *into);
    return XT_OK;
}

xt_status xt_register_apply(xt_register* opened, const xt_change* changes, size_t count, size_t* place,
                            xt_freshness* freshness, xt_detail* detail) {
    return apply_all(opened, changes, count, {}, place, freshness, detail);
}

xt_status xt_register_apply_from(xt_register* opened, const xt_change* changes, size_t count,
                                 const uint8_t* source_position, size_t source_position_bytes, size_t* place,
                                 xt_freshness* freshness, xt_detail* detail) {
    if (opened != nullptr && !opened->on_disk) return c::refuse(detail, XT_NOT_A_REGISTRY);
    if (!c::is_there(source_position, source_position_bytes))
        return c::refuse(detail, XT_NULL_ARGUMENT, "source_position");
    return apply_all(opened, changes, count, std::as_bytes(std::span{source_position, source_position_bytes}), place,
                     freshness, detail);
}

xt_status xt_register_source_position(const xt_register* opened, uint8_t* into, size_t capacity, size_t* size,
                                      xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (opened == nullptr || size == nullptr || !c::is_there(into, capacity))
            return c::refuse(detail, XT_NULL_ARGUMENT, "opened, into or size");
        if (!opened->on_disk) return c::refuse(detail, XT_NOT_A_REGISTRY);
        const auto position = opened->on_disk->source_position();
        if (!position) return c::refuse(detail, position.error());
        *size = position->size();
        if (const auto fits = std::min(capacity, position->size()); fits != 0)
            std::memcpy(into, position->data(), fits);
        return xt_status{XT_OK};
    });
}
