// SPDX-License-Identifier: Apache-2.0
// Changes of the register: making them from text, and making them happen.
#include <array>
#include <string>
#include <utility>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/record.hpp>

#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

enum kind : uint32_t { upsert = 1, upsert_with_key = 2, erase = 3, set_key = 4 };

constexpr std::array places{
    std::pair{citizen_field::id, &xt_citizen::id},
    std::pair{citizen_field::name, &xt_citizen::name},
    std::pair{citizen_field::birth_date, &xt_citizen::birth_date},
    std::pair{citizen_field::sex, &xt_citizen::sex},
    std::pair{citizen_field::life, &xt_citizen::life},
    std::pair{citizen_field::registration, &xt_citizen::registration},
    std::pair{citizen_field::account_level, &xt_citizen::account_level},
    std::pair{citizen_field::account, &xt_citizen::account},
    std::pair{citizen_field::document, &xt_citizen::document},
    std::pair{citizen_field::document_expiry, &xt_citizen::document_expiry},
    std::pair{citizen_field::province, &xt_citizen::province},
    std::pair{citizen_field::ward, &xt_citizen::ward},
    std::pair{citizen_field::superseded, &xt_citizen::superseded},
};
static_assert(places.size() == citizen_field_count);

[[nodiscard]] record record_of(const xt_change& from) noexcept {
    record r;
    std::memcpy(r.words.data(), from.record, sizeof from.record);
    return r;
}

void put_record(const record& from, xt_change& into) noexcept {
    std::memcpy(into.record, from.words.data(), sizeof into.record);
}

void put_key(const uint8_t* key, xt_change& into) noexcept {
    if (key != nullptr) std::memcpy(into.public_key, key, sizeof into.public_key);
}

// A change that needs no more than whose it is.
[[nodiscard]] xt_status change_of(kind what, xt_text id, const uint8_t* key, xt_change* into) {
    if (into == nullptr) return XT_NULL_ARGUMENT;
    std::string_view text;
    if (const auto status = c::read_text(id, text); status != XT_OK) return status;
    const auto whose = personal_id::parse(text);
    if (!whose) return c::status_of(whose.error());
    *into = {};
    into->kind = what;
    into->record[0] = layout::id.put(whose->value());
    put_key(key, *into);
    return XT_OK;
}

// Whether it is one that the functions here made.
[[nodiscard]] bool is_whole(const xt_change& one) noexcept {
    if (one.kind < upsert || one.kind > set_key || one.spare != 0) return false;
    const auto r = record_of(one);
    if (layout::id.get(r.words[0]) == 0 || layout::id.get(r.words[0]) >= personal_id::value_end) return false;
    return one.kind > upsert_with_key || is_intact(r);
}

[[nodiscard]] boost::system::error_code make(const xt_change& one, citizen_index& in) {
    const auto r = record_of(one);
    const auto whose = personal_id::from_trusted(layout::id.get(r.words[0]));
    const auto key = c::read_bytes<xacthuc::public_key_bytes>(one.public_key);
    switch (one.kind) {
        case upsert:
            return in.upsert(r).error();
        case upsert_with_key:
            return in.upsert(r, key).error();
        case erase:
            return in.erase(whose).error();
        default:
            return in.set_key(whose, key).error();
    }
}

}  // namespace

xt_status xt_change_upsert(const xt_digest_key* key, const xt_citizen* who, const uint8_t* public_key_32,
                           xt_change* change, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (key == nullptr || who == nullptr || change == nullptr)
            return c::refuse(detail, XT_NULL_ARGUMENT, "key, who or change");
        xt_citizen given;
        if (const auto status = c::read_struct(who, XT_CITIZEN_BYTES, given); status != XT_OK)
            return c::refuse(detail, status, "xt_citizen");
        citizen read;
        for (const auto& [field, place] : places) {
            std::string_view text;
            auto status = c::read_text(given.*place, text);
            if (status == XT_OK) {
                const auto put = set_field(field, text, read);
                if (!put) status = c::status_of(put.error());
            }
            if (status != XT_OK) return c::refuse(detail, status, to_string(field));
        }
        const auto made = make_record(read, key->value);
        if (!made) return c::refuse(detail, c::status_of(made.error()));
        *change = {};
        change->kind = public_key_32 != nullptr ? upsert_with_key : upsert;
        put_record(*made, *change);
        put_key(public_key_32, *change);
        return xt_status{XT_OK};
    });
}

xt_status xt_change_erase(xt_text id, xt_change* change) {
    return change_of(erase, id, nullptr, change);
}

xt_status xt_change_set_key(xt_text id, const uint8_t* public_key_32, xt_change* change) {
    return change_of(set_key, id, public_key_32, change);
}

xt_status xt_register_apply(xt_register* opened, const xt_change* changes, size_t count, size_t* place,
                            xt_freshness* freshness, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (place != nullptr) *place = 0;
        if (opened == nullptr || !c::is_there(changes, count))
            return c::refuse(detail, XT_NULL_ARGUMENT, "opened or changes");
        auto status = xt_status{XT_OK};
        std::size_t done = 0;
        for (; done < count; ++done) {
            const auto& one = changes[done];
            status = is_whole(one) ? c::status_of(make(one, opened->index)) : XT_ARGUMENT_RANGE;
            if (status != XT_OK) break;
            if (one.sequence != 0) opened->index.set_as_of({one.sequence, one.time_unix_ms});
        }
        if (place != nullptr) *place = done;
        const auto now = opened->index.as_of();
        if (freshness != nullptr) *freshness = {now.sequence, now.as_of_unix_ms};
        return status == XT_OK ? status : c::refuse(detail, status, "change " + std::to_string(done));
    });
}
