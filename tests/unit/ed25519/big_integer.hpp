// SPDX-License-Identifier: Apache-2.0
// Whole numbers the slow and obvious way, to check the fast arithmetic against: decimal-school addition, subtraction
// and multiplication on 32-bit digits, and remainders by shifting and subtracting.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace xacthuc::ed25519 {

class big_integer {
  public:
    big_integer(std::uint64_t value = 0)
        : digits_{static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32)} {
        trim();
    }

    static big_integer of_words(const std::uint64_t* words, std::size_t count, unsigned bits_per_word = 64) {
        big_integer sum;
        for (std::size_t i = count; i-- > 0;) {
            sum = sum.shifted(bits_per_word) + big_integer(words[i]);
        }
        return sum;
    }
    static big_integer power_of_two(std::size_t exponent) { return big_integer(1).shifted(exponent); }

    friend big_integer operator+(const big_integer& a, const big_integer& b) {
        big_integer sum;
        sum.digits_.clear();
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < std::max(a.digits_.size(), b.digits_.size()) || carry != 0; ++i) {
            carry += std::uint64_t{a.digit(i)} + b.digit(i);
            sum.digits_.push_back(static_cast<std::uint32_t>(carry));
            carry >>= 32;
        }
        sum.trim();
        return sum;
    }
    // Requires a >= b.
    friend big_integer operator-(const big_integer& a, const big_integer& b) {
        big_integer difference = a;
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < a.digits_.size(); ++i) {
            const std::uint64_t digit = std::uint64_t{a.digit(i)} - b.digit(i) - borrow;
            difference.digits_[i] = static_cast<std::uint32_t>(digit);
            borrow = (digit >> 32) & 1;
        }
        difference.trim();
        return difference;
    }
    friend big_integer operator*(const big_integer& a, const big_integer& b) {
        big_integer product;
        product.digits_.assign(a.digits_.size() + b.digits_.size() + 1, 0);
        for (std::size_t i = 0; i < a.digits_.size(); ++i) {
            std::uint64_t carry = 0;
            for (std::size_t j = 0; j < b.digits_.size() || carry != 0; ++j) {
                carry += std::uint64_t{a.digits_[i]} * b.digit(j) + product.digits_[i + j];
                product.digits_[i + j] = static_cast<std::uint32_t>(carry);
                carry >>= 32;
            }
        }
        product.trim();
        return product;
    }
    friend big_integer operator%(const big_integer& a, const big_integer& modulus) {
        big_integer rest = a;
        for (std::size_t shift = a.bit_count() + 1; shift-- > 0;) {
            if (shift + modulus.bit_count() <= rest.bit_count() + 1) {
                const big_integer multiple = modulus.shifted(shift);
                if (!(rest < multiple)) {
                    rest = rest - multiple;
                }
            }
        }
        return rest;
    }
    friend bool operator==(const big_integer& a, const big_integer& b) { return a.digits_ == b.digits_; }
    friend bool operator<(const big_integer& a, const big_integer& b) {
        if (a.digits_.size() != b.digits_.size()) {
            return a.digits_.size() < b.digits_.size();
        }
        return std::lexicographical_compare(a.digits_.rbegin(), a.digits_.rend(), b.digits_.rbegin(), b.digits_.rend());
    }

    big_integer shifted(std::size_t bits) const {
        big_integer result;
        result.digits_.assign(bits / 32, 0);
        std::uint64_t carry = 0;
        for (const std::uint32_t digit : digits_) {
            carry |= std::uint64_t{digit} << (bits % 32);
            result.digits_.push_back(static_cast<std::uint32_t>(carry));
            carry >>= 32;
        }
        result.digits_.push_back(static_cast<std::uint32_t>(carry));
        result.trim();
        return result;
    }
    std::size_t bit_count() const {
        std::size_t count = 32 * digits_.size();
        while (count > 0 && ((digits_[(count - 1) / 32] >> ((count - 1) % 32)) & 1) == 0) {
            --count;
        }
        return count;
    }
    // Requires the number to fit.
    void to_words(std::uint64_t* words, std::size_t count) const {
        for (std::size_t i = 0; i < count; ++i) {
            words[i] = digit(2 * i) | (std::uint64_t{digit(2 * i + 1)} << 32);
        }
    }

  private:
    std::uint32_t digit(std::size_t i) const { return i < digits_.size() ? digits_[i] : 0; }
    void trim() {
        while (!digits_.empty() && digits_.back() == 0) {
            digits_.pop_back();
        }
    }

    std::vector<std::uint32_t> digits_;
};

inline const big_integer& field_prime() {
    static const big_integer p = big_integer::power_of_two(255) - big_integer(19);
    return p;
}

}  // namespace xacthuc::ed25519
