// SPDX-License-Identifier: Apache-2.0
// Bytes of the ledger's private files, written and read one field after the other. Who reads beyond the end gets zeros,
// and is told at the end.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ledger/little_endian.hpp"

namespace xacthuc::inline v0_1 {

class byte_writer {
  public:
    explicit byte_writer(std::vector<std::byte>& to) noexcept : to_{to} {}

    // Requires: size <= 8.
    void number(std::uint64_t value, std::size_t size) {
        std::array<std::byte, 8> bytes;
        store_little(value, bytes.data(), size);
        this->bytes(std::span{bytes}.first(size));
    }
    void bytes(std::span<const std::byte> more) { to_.insert(to_.end(), more.begin(), more.end()); }
    // Seven bits a byte, the low ones first; the highest bit says that more follow.
    void varint(std::uint64_t value) {
        for (; value >= 128; value >>= 7) to_.push_back(static_cast<std::byte>(value | 128));
        to_.push_back(static_cast<std::byte>(value));
    }

  private:
    std::vector<std::byte>& to_;
};

class byte_reader {
  public:
    explicit byte_reader(std::span<const std::byte> from) noexcept : left_{from} {}

    [[nodiscard]] std::uint64_t number(std::size_t size) noexcept {
        const auto from = bytes(size);
        return from.empty() ? 0 : load_little(from.data(), size);
    }
    // So many of them, or none where there are fewer.
    [[nodiscard]] std::span<const std::byte> bytes(std::size_t count) noexcept {
        if (count > left_.size()) {
            is_whole_ = false;
            left_ = {};
            return {};
        }
        const auto taken = left_.first(count);
        left_ = left_.subspan(count);
        return taken;
    }
    void copy(std::span<std::byte> to) noexcept {
        const auto from = bytes(to.size());
        std::ranges::copy(from, to.begin());
    }
    [[nodiscard]] std::uint64_t varint() noexcept {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto next = number(1);
            value |= (next & 127) << shift;
            if (next < 128) return value;
        }
        is_whole_ = false;
        return 0;
    }
    [[nodiscard]] std::size_t left() const noexcept { return left_.size(); }
    // Whether all that was asked for was there.
    [[nodiscard]] bool is_whole() const noexcept { return is_whole_; }
    [[nodiscard]] bool is_at_end() const noexcept { return is_whole_ && left_.empty(); }

  private:
    std::span<const std::byte> left_;
    bool is_whole_ = true;
};

}  // namespace xacthuc::inline v0_1
