// SPDX-License-Identifier: Apache-2.0
// Up to 256 entries, each after its size in two bytes, big-endian.
// Source: C2SP tlog-tiles (https://c2sp.org/tlog-tiles), log entries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ledger/tile_path.hpp"

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t entry_bytes_max = 65'535;

class entry_bundle {
  public:
    // Nothing unless it is exactly so many entries.
    [[nodiscard]] static std::optional<entry_bundle> parse(std::vector<std::byte> bytes, std::size_t width) {
        entry_bundle read;
        std::size_t at = 0;
        for (std::size_t i = 0; i < width; ++i) {
            if (bytes.size() - at < size_bytes) return std::nullopt;
            const auto size =
                std::to_integer<std::size_t>(bytes[at]) << 8 | std::to_integer<std::size_t>(bytes[at + 1]);
            if (bytes.size() - at - size_bytes < size) return std::nullopt;
            at += size_bytes + size;
            read.ends_.push_back(static_cast<std::uint32_t>(at));
        }
        if (at != bytes.size()) return std::nullopt;
        read.bytes_ = std::move(bytes);
        return read;
    }

    // Requires: entry.size() <= entry_bytes_max; width() < 256.
    void append(std::span<const std::byte> entry) {
        bytes_.push_back(static_cast<std::byte>(entry.size() >> 8));
        bytes_.push_back(static_cast<std::byte>(entry.size()));
        bytes_.insert(bytes_.end(), entry.begin(), entry.end());
        ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
    }
    // Keeps the first ones. Requires: 1 <= width <= width().
    void narrow(std::size_t width) {
        ends_.resize(width);
        bytes_.resize(ends_.back());
    }
    [[nodiscard]] std::size_t width() const noexcept { return ends_.size(); }
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }
    // Requires: position < width().
    [[nodiscard]] std::span<const std::byte> entry(std::size_t position) const noexcept {
        const auto begin = (position == 0 ? 0 : ends_[position - 1]) + size_bytes;
        return std::span{bytes_}.subspan(begin, ends_[position] - begin);
    }

  private:
    static constexpr std::size_t size_bytes = 2;

    std::vector<std::byte> bytes_;
    std::vector<std::uint32_t> ends_;  // in bytes_
};

}  // namespace xacthuc::inline v0_1
