// SPDX-License-Identifier: Apache-2.0
// A public key, a signature and a message as a row of a CSV file, in hexadecimal digits.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/public_key.hpp>
#include <xacthuc/ed25519/signature.hpp>

#include "columns/csv/citizen_columns.hpp"
#include "columns/csv/header.hpp"

namespace xacthuc::cli {

// In the order of triple_columns().
enum class triple_column : std::size_t { public_key, signature, message, reference, expected };

[[nodiscard]] std::span<const csv::column> triple_columns() noexcept;

struct triple_row {
    public_key key;
    ed25519::signature signature;
    std::size_t message_begin = 0;  // in the store given to parse()
    std::size_t message_size = 0;
    std::string_view reference;
    std::optional<bool> expected;
};

class triple_parser {
  public:
    // Throws command_error (exit_code::usage) on an unknown column and where one of the first three is missing.
    triple_parser(std::span<const std::string_view> header, const std::string& file);

    // The message is appended to `store`. Returns what is wrong with the row, if anything.
    [[nodiscard]] std::optional<csv::row_problem> parse(std::span<const std::string_view> fields, triple_row& into,
                                                        std::vector<std::byte>& store) const;

    // A file of rows that this parser reads.
    static void append_header(std::string& to);
    static void append_row(std::string& to, const public_key& key, const ed25519::signature& signature,
                           std::span<const std::byte> message);

  private:
    std::vector<std::size_t> columns_;
};

}  // namespace xacthuc::cli
