// SPDX-License-Identifier: Apache-2.0
#include <xacthuc/domain/name.hpp>
#include <xacthuc/domain/request.hpp>

namespace xacthuc::inline v0_1 {
namespace {

// So that a birth date known to the month is early enough exactly when the whole month is, whatever its length.
[[nodiscard]] date with_last_day_as_31(date day) noexcept {
    const bool is_last = !date::from_parts(day.year(), day.month(), day.day() + 1).has_value();
    return is_last ? date::from_packed(day.packed() | 31) : day;
}

// Collects claims into the words of a request; the first error stays.
struct assembly {
    request made;
    unsigned claims = 0;
    boost::system::error_code error;

    void fail(errc code) noexcept {
        if (!error) error = code;
    }
    void fact(claim kind, bit_field field, std::uint64_t value, std::uint64_t value_max,
              errc otherwise = errc::code_range) noexcept {
        if (value == 0 || value > value_max) return fail(otherwise);
        claims |= mask_of(kind);
        made.words[2] |= field.put(value);
    }
    template <class Enum>
    void status(claim kind, bit_field field, const std::optional<Enum>& value) noexcept {
        if (value) fact(kind, field, static_cast<std::uint64_t>(*value), (std::uint64_t{1} << field.width) - 1);
    }
    void birth(claim kind, date day) noexcept {
        fact(kind, layout::birth, day.packed(), layout::birth.mask(), errc::date_range);
        made.words[0] |= request_layout::birth_precision.put(static_cast<std::uint64_t>(day.known_to()));
    }
    void names(const claim_set& from, const digest_key& key) noexcept {
        const auto digests = digest_name(*from.name, key);
        if (!digests) {
            if (!error) error = digests.error();
            return;
        }
        claims |= mask_of(from.name_exact ? claim::name_exact : claim::name);
        made.words[1] = digests->exact;
        made.words[3] |= layout::folded_name.put(digests->folded);
    }
    void valid_on(date day) noexcept {
        constexpr unsigned days_end = 1U << (request_layout::valid_on_low.width + request_layout::valid_on_high.width);
        const auto days = expiry_days(day);
        if (!days || *days >= days_end) return fail(errc::date_range);
        claims |= mask_of(claim::document_valid_on);
        made.words[2] |= request_layout::valid_on_low.put(*days);
        made.words[0] |= request_layout::valid_on_high.put(*days >> request_layout::valid_on_low.width);
    }
};

}  // namespace

result<request> prepare(const claim_set& from, const digest_key& key, claim_mask required) noexcept {
    if (from.id.value() == 0) return errc::personal_id_reserved;
    if ((from.birth_date && from.born_on_or_before) || (from.account_level && from.account_level_at_least))
        return errc::claims_contradict;
    assembly into;
    if (from.name) into.names(from, key);
    if (from.birth_date) into.birth(claim::birth_date, *from.birth_date);
    if (from.born_on_or_before) {
        if (from.born_on_or_before->known_to() != date::precision::day) return errc::date_range;
        into.birth(claim::born_on_or_before, with_last_day_as_31(*from.born_on_or_before));
    }
    into.status(claim::sex, layout::sex, from.sex);
    into.status(claim::life, layout::life, from.life);
    into.status(claim::registration, layout::registration, from.registration);
    into.status(claim::account_level, layout::level, from.account_level);
    into.status(claim::account_level_at_least, layout::level, from.account_level_at_least);
    into.status(claim::account, layout::account, from.account);
    into.status(claim::document, layout::document, from.document);
    if (from.province)
        into.fact(claim::province, layout::province, *from.province, residence::province_max, errc::province_unknown);
    if (from.ward) into.fact(claim::ward, layout::ward, *from.ward, residence::ward_max, errc::ward_range);
    if (from.document_valid_on) into.valid_on(*from.document_valid_on);
    if (into.error) return into.error;
    if (missing_claims(static_cast<claim_mask>(into.claims), required) != 0) return errc::claim_required;
    if (into.claims == 0) return errc::claims_missing;
    into.made.words[0] |= request_layout::id.put(from.id.value()) | request_layout::claims.put(into.claims);
    into.made.words[3] |= request_layout::agency.put(from.agency) | request_layout::procedure.put(from.procedure);
    return into.made;
}

}  // namespace xacthuc::inline v0_1
