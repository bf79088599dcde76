// SPDX-License-Identifier: Apache-2.0
// A row of a requests file: what it claims, and the verdict that it should get where the file says so.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/request_field.hpp>
#include <xacthuc/domain/verdict.hpp>

#include "columns/csv/citizen_columns.hpp"
#include "columns/csv/header.hpp"

namespace xacthuc::inline v0_1::csv {

// In the order of request_columns(); those of a request first, and numbered, as request_field has them.
enum class request_column : std::size_t {
    id,
    name,
    name_exact,
    birth_date,
    sex,
    life,
    registration,
    account_level,
    account,
    document,
    province,
    ward,
    document_valid_on,
    born_on_or_before,
    account_level_at_least,
    agency,
    procedure,
    reference,
    expected_outcome,
    expected_matched,
    expected_mismatched,
    expected_unavailable,
    expected_name_grade,
    expected_coarse,
    expected_claim_coarse,
};

[[nodiscard]] std::span<const column> request_columns() noexcept;

// The parts of a verdict that a row expects; those not set may be anything.
struct expected_verdict {
    std::optional<outcome> what;
    std::optional<claim_mask> matched;
    std::optional<claim_mask> mismatched;
    std::optional<claim_mask> unavailable;
    std::optional<name_grade> grade;
    std::optional<bool> coarse;
    std::optional<bool> claim_coarse;

    [[nodiscard]] bool allows(const verdict& answer) const noexcept;
};

// One row: empty cells are not claimed. Views into the fields.
struct request_row {
    claim_set claims;
    std::string_view reference;  // the requester's own, given back with the verdict
    expected_verdict expected;
};

class request_parser {
  public:
    // Throws columns::column_error when the header is not one of a requests file.
    request_parser(std::span<const std::string_view> header, bool ignore_unknown, const std::string& file);

    // Of a row with a problem, the reference and the expected outcome are still read where possible. Throws
    // columns::column_error when an expected value is not one of a verdict.
    [[nodiscard]] std::optional<row_problem> parse(std::span<const std::string_view> fields, request_row& into) const;

    // Whether the file says what verdicts it expects.
    [[nodiscard]] bool has_expectations() const noexcept { return has_expectations_; }
    // The claims that the file has columns for.
    [[nodiscard]] claim_mask claims() const noexcept;

    static void append_header(std::string& to);
    static void append_row(std::string& to, const claim_set& claims, std::string_view reference,
                           const verdict& expected);

  private:
    std::vector<std::size_t> columns_;
    bool has_expectations_ = false;
};

// Prepares the claims; says which column is wrong, or missing of those required, when it cannot.
[[nodiscard]] std::optional<row_problem> prepare_row(const claim_set& claims, const digest_key& key,
                                                     claim_mask required, request& into);

// Claims by their names, separated by commas or blanks; nothing when one is no name of a claim.
[[nodiscard]] std::optional<claim_mask> parse_claims(std::string_view text);
// The claims of a mask by their names, separated by blanks.
void append_claims(std::string& to, claim_mask claims, std::string_view separator = " ");

}  // namespace xacthuc::inline v0_1::csv
