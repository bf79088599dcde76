// SPDX-License-Identifier: Apache-2.0
// A holder's proof as an object of JSON, read member by member as a parser comes upon them:
//
//   "holder_proof":{"issued_at_unix_ms":1798761600000,"nonce":"<32 hexadecimal digits>","signature":"<128 of them>"}
//
// What is signed is message_for_holder() of the prepared question. Its members are told apart in faults as
// holder_proof.nonce and so on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <xacthuc/engine/proof.hpp>

#include "service/problem.hpp"

namespace xacthuc::inline v0_1::service {

inline constexpr std::string_view holder_proof_member = "holder_proof";

// Concurrency: single thread.
class proof_text_reader {
  public:
    static constexpr std::size_t name_size_max = 17;  // of a member's name

    // Where an object begins.
    void begin() noexcept { *this = {}; }
    // Each of these returns problem::none or what is wrong, and member() says where.
    [[nodiscard]] problem key(std::string_view name) noexcept;
    [[nodiscard]] problem number(std::uint64_t value) noexcept;
    [[nodiscard]] problem text(std::string_view value) noexcept;
    // What is neither text nor a whole number.
    [[nodiscard]] problem other() noexcept { return problem::member_type; }
    // Where the object ends.
    [[nodiscard]] problem end(holder_proof& into) noexcept;

    // The member that is being read, or that is missing; holder_proof where it is none of them.
    [[nodiscard]] std::string_view member() const noexcept;

  private:
    holder_proof made_{};
    std::uint8_t at_ = 0xff;
    std::uint8_t seen_ = 0;
};

// Reads hexadecimal digits, of either case. False: they are not as many, or something else.
[[nodiscard]] bool parse_hex_digits(std::string_view digits, std::span<std::byte> into) noexcept;

}  // namespace xacthuc::inline v0_1::service
