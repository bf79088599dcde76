// SPDX-License-Identifier: Apache-2.0
// How far a register has come in a server's log of changes, as the register keeps it with its changes: which server,
// which of its timelines, slot and table, and the position after the last transaction that is in the register whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sources/postgres/pgoutput.hpp"

namespace xacthuc::inline v0_1::postgres {

// "16/B374D848", as PostgreSQL writes it.
[[nodiscard]] std::string position_text(log_position position);
[[nodiscard]] std::optional<log_position> parse_position(std::string_view text) noexcept;

struct log_place {
    std::uint64_t system = 0;  // the cluster's identifier
    std::uint32_t timeline = 0;
    std::uint32_t table = 0;  // its oid
    log_position position = 0;
    std::string slot;

    // A line of text, "postgresql 1 …", short enough for registry::apply().
    [[nodiscard]] std::vector<std::byte> bytes() const;
    // Nothing where the bytes are none of bytes().
    [[nodiscard]] static std::optional<log_place> parse(std::span<const std::byte> bytes);

    friend bool operator==(const log_place&, const log_place&) = default;
};

}  // namespace xacthuc::inline v0_1::postgres
