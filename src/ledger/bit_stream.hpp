// SPDX-License-Identifier: Apache-2.0
// Bits one after the other, the highest of a byte first.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace xacthuc::inline v0_1 {

class bit_writer {
  public:
    // Requires: count <= 32, and the value is below 2^count.
    void put(std::uint64_t value, unsigned count) {
        pending_ = pending_ << count | value;
        pending_count_ += count;
        while (pending_count_ >= 8) {
            pending_count_ -= 8;
            bytes_.push_back(static_cast<std::byte>(pending_ >> pending_count_));
        }
    }
    // All of it, the last byte filled up with zeros.
    [[nodiscard]] const std::vector<std::byte>& finish() {
        if (pending_count_ != 0) put(0, 8 - pending_count_);
        return bytes_;
    }

  private:
    std::vector<std::byte> bytes_;
    std::uint64_t pending_ = 0;
    unsigned pending_count_ = 0;
};

// Behind the last bit come zeros, and was_too_short() says that it went there.
class bit_reader {
  public:
    explicit bit_reader(std::span<const std::byte> bytes) noexcept : bytes_{bytes} {}

    // The next bits, left where they are. Requires: count <= 32.
    [[nodiscard]] std::uint64_t look(unsigned count) noexcept {
        while (held_count_ < count) {
            held_ = held_ << 8 | (at_ < bytes_.size() ? static_cast<std::uint64_t>(bytes_[at_]) : 0);
            ++at_;
            held_count_ += 8;
        }
        return held_ >> (held_count_ - count) & ((std::uint64_t{1} << count) - 1);
    }
    // Requires: they were looked at.
    void skip(unsigned count) noexcept { held_count_ -= count; }
    [[nodiscard]] std::uint64_t get(unsigned count) noexcept {
        const auto value = look(count);
        skip(count);
        return value;
    }
    [[nodiscard]] bool was_too_short() const noexcept { return at_ > bytes_.size() + held_count_ / 8; }
    // Whether all bytes were used, and the rest of the last is zeros.
    [[nodiscard]] bool is_at_end() const noexcept {
        return at_ >= bytes_.size() && at_ - bytes_.size() == held_count_ / 8 &&
               (held_ & ((std::uint64_t{1} << held_count_ % 8) - 1) << held_count_ / 8 * 8) == 0;
    }

  private:
    std::span<const std::byte> bytes_;
    std::size_t at_ = 0;
    std::uint64_t held_ = 0;
    unsigned held_count_ = 0;
};

}  // namespace xacthuc::inline v0_1
