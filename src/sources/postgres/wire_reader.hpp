// SPDX-License-Identifier: Apache-2.0
// Numbers and texts as PostgreSQL sends them, read one after the other. What is not there makes the reader bad, and all
// that is read afterwards is 0 or empty: so that a message is read without a check for each of its fields.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace xacthuc::inline v0_1::postgres {

class wire_reader {
  public:
    explicit wire_reader(std::span<const std::byte> bytes) noexcept : rest_{bytes} {}

    // The most significant byte first.
    template <std::unsigned_integral Number>
    [[nodiscard]] Number number() noexcept {
        std::uint64_t value = 0;
        for (const auto one : take(sizeof(Number))) value = value << 8 | std::to_integer<std::uint64_t>(one);
        return static_cast<Number>(value);
    }
    [[nodiscard]] std::string_view text(std::size_t size) noexcept {
        const auto bytes = take(size);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    // Up to a byte of 0, which is passed over.
    [[nodiscard]] std::string_view text_to_zero() noexcept {
        const std::string_view all{reinterpret_cast<const char*>(rest_.data()), rest_.size()};
        const auto end = all.find('\0');
        if (end == std::string_view::npos) {
            fail();
            return {};
        }
        rest_ = rest_.subspan(end + 1);
        return all.substr(0, end);
    }

    void fail() noexcept {
        is_bad_ = true;
        rest_ = {};
    }
    [[nodiscard]] bool is_bad() const noexcept { return is_bad_; }
    [[nodiscard]] std::size_t left() const noexcept { return rest_.size(); }

  private:
    [[nodiscard]] std::span<const std::byte> take(std::size_t size) noexcept {
        if (size > rest_.size()) {
            fail();
            return {};
        }
        const auto taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }

    std::span<const std::byte> rest_;
    bool is_bad_ = false;
};

}  // namespace xacthuc::inline v0_1::postgres
