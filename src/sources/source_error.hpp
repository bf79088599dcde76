// SPDX-License-Identifier: Apache-2.0
// Why a source of changes cannot be followed now, or no more.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace xacthuc::inline v0_1::sources {

enum class source_fault : std::uint8_t {
    unreachable,  // the connection failed or broke, or somebody else still has the slot: tried again
    refused,      // the server refuses what is asked of it
    unfit,        // table, publication, slot or mapping do not fit together
    row,          // a row cannot be read
    broken_off,   // what the register needs can no longer be had there: it stays as it is, and has to be made anew
};

class source_error : public std::runtime_error {
  public:
    source_error(source_fault kind, const std::string& what) : std::runtime_error{what}, kind_{kind} {}

    [[nodiscard]] source_fault kind() const noexcept { return kind_; }

  private:
    source_fault kind_;
};

// "unreachable", "refused", …: stable, used in metrics.
[[nodiscard]] constexpr const char* to_string(source_fault kind) noexcept {
    switch (kind) {
        case source_fault::unreachable:
            return "unreachable";
        case source_fault::refused:
            return "refused";
        case source_fault::unfit:
            return "unfit";
        case source_fault::row:
            return "row";
        case source_fault::broken_off:
            return "broken_off";
    }
    return "";
}

}  // namespace xacthuc::inline v0_1::sources
