// SPDX-License-Identifier: Apache-2.0
#include <xacthuc/domain/name.hpp>
#include <xacthuc/domain/record.hpp>

#include "domain/crc32c.hpp"
#include "system/processor.hpp"

namespace xacthuc::inline v0_1 {

result<std::uint16_t> expiry_days(date expiry) noexcept {
    if (expiry.known_to() != date::precision::day) return errc::date_range;
    const auto days = expiry.unix_days() - layout::expiry_epoch_unix_days;
    if (days < 1 || days >= static_cast<std::int32_t>(layout::expiry_never)) return errc::date_range;
    return static_cast<std::uint16_t>(days);
}

namespace {

std::uint16_t integrity_check_portably(const record& r) noexcept {
    // All ones at the start, so that a record of zeros has a check that is not zero.
    std::uint32_t crc = 0xffff'ffff;
    crc = crc32c::extend(crc, r.words[0] & (layout::id.mask() | layout::version.mask()));
    crc = crc32c::extend(crc, r.words[1]);
    crc = crc32c::extend(crc, r.words[2]);
    crc = crc32c::extend(crc, r.words[3] & ~layout::integrity.mask());
    // Not the halves xored: that would miss three pairs of flipped bits in word 1.
    return static_cast<std::uint16_t>(crc >> 16);
}

#if defined(__x86_64__)
[[gnu::target("sse4.2")]] std::uint16_t integrity_check_by_instruction(const record& r) noexcept {
    std::uint64_t crc = 0xffff'ffff;
    crc = __builtin_ia32_crc32di(crc, r.words[0] & (layout::id.mask() | layout::version.mask()));
    crc = __builtin_ia32_crc32di(crc, r.words[1]);
    crc = __builtin_ia32_crc32di(crc, r.words[2]);
    crc = __builtin_ia32_crc32di(crc, r.words[3] & ~layout::integrity.mask());
    return static_cast<std::uint16_t>(crc >> 16);
}
#endif

}  // namespace

std::uint16_t integrity_check(const record& r) noexcept {
#if defined(__x86_64__)
    if (processor_has_crc32c()) return integrity_check_by_instruction(r);
#endif
    return integrity_check_portably(r);
}

record with_integrity(const record& r) noexcept {
    record made = r;
    made.words[3] = (r.words[3] & ~layout::integrity.mask()) | layout::integrity.put(integrity_check(r));
    return made;
}

result<record> make_record(const citizen& who, const digest_key& key) noexcept {
    name_digests name{};
    if (!who.name.empty()) {
        const auto digests = digest_name(who.name, key);
        if (!digests) return digests.error();
        name = *digests;
    }
    return make_record(who, name);
}

result<record> make_record(const citizen& who, const name_digests& name) noexcept {
    if (who.id.value() == 0) return errc::personal_id_reserved;
    if (who.residence.province > residence::province_max) return errc::province_unknown;
    if (who.residence.ward > residence::ward_max) return errc::ward_range;
    std::uint64_t expiry = 0;
    if (who.document_lifelong) {
        expiry = layout::expiry_never;
    } else if (who.document_expiry.known_to() != date::precision::none) {
        const auto days = expiry_days(who.document_expiry);
        if (!days) return days.error();
        expiry = *days;
    }
    record r;
    r.words[0] = layout::id.put(who.id.value());
    r.words[1] = name.exact;
    r.words[2] = layout::birth.put(who.birth.packed()) | layout::sex.put(static_cast<std::uint64_t>(who.sex)) |
                 layout::life.put(static_cast<std::uint64_t>(who.life)) |
                 layout::registration.put(static_cast<std::uint64_t>(who.registration)) |
                 layout::level.put(static_cast<std::uint64_t>(who.level)) |
                 layout::account.put(static_cast<std::uint64_t>(who.account)) |
                 layout::document.put(static_cast<std::uint64_t>(who.document)) |
                 layout::province.put(who.residence.province) | layout::ward.put(who.residence.ward) |
                 layout::superseded.put(who.superseded ? 1 : 0);
    r.words[3] = layout::folded_name.put(name.folded) | layout::document_expiry.put(expiry);
    return with_integrity(r);
}

}  // namespace xacthuc::inline v0_1
