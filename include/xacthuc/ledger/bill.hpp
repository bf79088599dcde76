// SPDX-License-Identifier: Apache-2.0
// What answers cost, between two checkpoints of a ledger: so much for each claim that was answered, by the tariff that
// held at the time. Whoever has the rows comes to the same.
//
// A tariff is a dated file, in force from its day on until the next one:
//
//   from = 2027-01-01
//   currency = "VND"
//   per_claim = 50                  in whole units
//
//   [[procedure]]
//   number = 7
//   per_claim = 20                  or:
//   exempt = "why nothing is due"   the statute, as the bill names it
//
//   [[agency]]
//   number = 3
//   exempt = "…"
//
// An exemption of either goes before any price; the price of a procedure goes before the general one.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ledger/checkpoint.hpp>
#include <xacthuc/policy/framework.hpp>

namespace xacthuc::inline v0_1 {

// The prices that hold from a day on.
class tariff {
  public:
    static constexpr std::uint32_t per_claim_max = 1'000'000;

    // Errors: all that is wrong with the text, each with its line.
    [[nodiscard]] XACTHUC_API static policy_result<tariff> parse(std::string_view text, std::string file);
    // Errors: likewise, and that it cannot be read.
    [[nodiscard]] XACTHUC_API static policy_result<tariff> load(const std::filesystem::path& file);

    [[nodiscard]] std::int64_t from_unix_s() const noexcept { return from_unix_s_; }
    [[nodiscard]] const std::string& currency() const noexcept { return currency_; }
    struct price {
        std::uint32_t per_claim = 0;
        std::string_view exemption{};  // why nothing is due; empty where something is
    };
    // What a claim costs this agency by this procedure.
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API price of(std::uint16_t agency, std::uint16_t procedure) const noexcept;

  private:
    struct special {
        std::optional<std::uint32_t> per_claim{};
        std::string exemption{};
    };

    std::int64_t from_unix_s_ = 0;
    std::string currency_;
    std::uint32_t per_claim_ = 0;
    std::map<std::uint16_t, special> procedures_;
    std::map<std::uint16_t, special> agencies_;
};

// Classes of outcome, as bills count them.
enum class outcome_class : std::uint8_t {
    verified,
    mismatched,  // a claim does not match
    stated,      // 2xx: nobody, or a state of the record, is the answer
    refused,     // 3xx, 403, 41x: nothing was looked up
    faulty,      // a proof or a request that could not be used, a damaged record
};
[[nodiscard]] XACTHUC_API outcome_class class_of(outcome what) noexcept;
[[nodiscard]] XACTHUC_API std::string_view to_string(outcome_class of) noexcept;

// How many claims an answer has answered: those that matched and those that did not. An answer of one bit counts as
// one.
[[nodiscard]] XACTHUC_API unsigned answered_claims(const verdict& shown) noexcept;

// Counts answers by what they cost.
class metering {
  public:
    // Tariffs in any order, of one currency.
    // Errors: none at all, two from the same day, or two currencies.
    [[nodiscard]] XACTHUC_API static policy_result<metering> begin(std::vector<tariff> tariffs);

    // So many answers alike. Those from before the first tariff cost nothing, and are counted apart.
    XACTHUC_API void add(std::int64_t time_unix_s, std::uint16_t agency, std::uint16_t procedure, const verdict& shown,
                         std::uint64_t answers = 1);

    struct line {
        std::int64_t tariff_from_unix_s = 0;  // 0: before the first
        std::uint16_t agency = 0;
        std::uint16_t procedure = 0;
        outcome_class what = outcome_class::verified;
        std::uint64_t answers = 0;
        std::uint64_t claims = 0;  // answered
        std::uint32_t per_claim = 0;
        std::string exemption{};
        std::uint64_t amount = 0;  // claims × per_claim

        friend bool operator==(const line&, const line&) = default;
    };
    // In the order of tariffs, agencies, procedures and classes.
    [[nodiscard]] XACTHUC_API std::vector<line> lines() const;
    [[nodiscard]] const std::string& currency() const noexcept { return tariffs_.front().currency(); }

  private:
    struct counted {
        std::uint64_t answers = 0;
        std::uint64_t claims = 0;
    };
    using key = std::tuple<std::size_t, std::uint16_t, std::uint16_t, outcome_class>;  // 0: before the first tariff

    explicit metering(std::vector<tariff> tariffs) noexcept : tariffs_{std::move(tariffs)} {}

    std::vector<tariff> tariffs_;  // in the order of their days
    std::map<key, counted> counts_;
};

// Counts the rows of a ledger's entries from the first of these on to that before the last, with what the askers were
// shown: entries whose day is forgotten or that are pruned cannot be counted any more.
// Errors: not_found (rows of some of the entries are gone); io; those of rows.
[[nodiscard]] XACTHUC_API detailed_result<void> meter_entries(const std::filesystem::path& directory,
                                                              std::uint64_t from_size, std::uint64_t to_size,
                                                              metering& to);

// A bill for the entries of a ledger from the size of one checkpoint to that of another.
struct bill {
    checkpoint from;
    checkpoint to;
    std::string currency;
    std::vector<metering::line> lines;
    std::uint64_t answers = 0;
    std::uint64_t claims = 0;
    std::uint64_t amount = 0;
};
// Adds up what was counted.
// Requires: the answers counted are those of the entries between the two.
[[nodiscard]] XACTHUC_API bill make_bill(const metering& of, const checkpoint& from, const checkpoint& to);

}  // namespace xacthuc::inline v0_1
