// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <xacthuc/ledger/row.hpp>

#include "ledger/little_endian.hpp"

namespace xacthuc::inline v0_1 {

void encode_row(const ledger_row& from, std::span<std::byte, row_bytes> to) noexcept {
    auto* at = std::ranges::copy(from.salt, to.data()).out;
    const auto put = [&](std::uint64_t value, std::size_t size) {
        store_little(value, at, size);
        at += size;
    };
    put(from.id, 5);
    put(from.agency, 2);
    put(from.procedure, 2);
    put(from.claims, 2);
    put(from.verdict_bits, 8);
    put(static_cast<std::uint64_t>(from.time_unix_ms), 6);
    put(from.officer, 8);
}

ledger_row decode_row(std::span<const std::byte, row_bytes> from) noexcept {
    ledger_row row;
    std::ranges::copy(from.first<row_salt_bytes>(), row.salt.begin());
    const auto* at = from.data() + row_salt_bytes;
    const auto get = [&](std::size_t size) {
        const auto value = load_little(at, size);
        at += size;
        return value;
    };
    row.id = get(5);
    row.agency = static_cast<std::uint16_t>(get(2));
    row.procedure = static_cast<std::uint16_t>(get(2));
    row.claims = static_cast<claim_mask>(get(2));
    row.verdict_bits = get(8);
    row.time_unix_ms = static_cast<std::int64_t>(get(6));
    row.officer = get(8);
    return row;
}

}  // namespace xacthuc::inline v0_1
