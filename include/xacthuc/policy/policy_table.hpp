// SPDX-License-Identifier: Apache-2.0
// Policy as requests are looked up in it: agency and procedure to rule, in three loads and without a branch.
//
//   profiles    65,536 × 2 B    agency number to the row of `matrix`; 0 is an agency that is not known
//   columns     65,536 × 2 B    procedure number to its column; 0 is a procedure that is not known
//   matrix      rows × columns × 2 B    the number of the rule
//   rules       × 32 B          each that occurs, once
//
// Agencies that may do the same share a row.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/policy/policy_tree.hpp>
#include <xacthuc/policy/rule.hpp>

namespace xacthuc::inline v0_1 {

// Whose number it is.
struct numbered_name {
    std::uint16_t number = 0;
    std::string name;
    friend bool operator==(const numbered_name&, const numbered_name&) = default;
};

// A framework that went into a table.
struct compiled_framework {
    std::string name;
    std::uint32_t version = 0;
    sha256_digest sha256{};
    friend bool operator==(const compiled_framework&, const compiled_framework&) = default;
};

// Immutable.
class policy_table {
  public:
    // Complexity: agencies times procedures.
    // Errors: more than 65,535 different rules, rows or columns.
    // Exceptions: std::bad_alloc.
    [[nodiscard]] XACTHUC_API static policy_result<policy_table> compile(const policy_tree& from);

    // Reads what save() wrote.
    // Errors: not_found; io; not_a_policy; newer_version; checksum_mismatch; truncated; trailing_bytes.
    [[nodiscard]] XACTHUC_API static detailed_result<policy_table> load(const std::filesystem::path& path);
    [[nodiscard]] XACTHUC_API static detailed_result<policy_table> from_bytes(std::span<const std::byte> bytes);
    // Writes a new file, or takes the place of one whole: synced with its directory.
    // Errors: io; disk_full; not_found (the directory).
    [[nodiscard]] XACTHUC_API detailed_result<void> save(const std::filesystem::path& path) const;
    // The same frameworks always give the same bytes.
    [[nodiscard]] XACTHUC_API std::vector<std::byte> bytes() const;
    // SHA-256 of bytes(): what a receipt says an answer rested on.
    [[nodiscard]] const sha256_digest& hash() const noexcept { return hash_; }

    // What holds for requests of this agency by this procedure.
    // Complexity: four loads.
    // Concurrency: wait-free.
    [[nodiscard]] const rule& of(std::uint16_t agency, std::uint16_t procedure) const noexcept {
        return rules_[matrix_[std::size_t{(*profiles_)[agency]} * column_count_ + (*columns_)[procedure]]];
    }

    // Each rule that occurs, those that refuse everything first.
    [[nodiscard]] std::span<const rule> rules() const noexcept { return rules_; }
    [[nodiscard]] std::size_t profile_count() const noexcept { return matrix_.size() / column_count_; }
    [[nodiscard]] std::span<const numbered_name> agencies() const noexcept { return agencies_; }
    [[nodiscard]] std::span<const numbered_name> procedures() const noexcept { return procedures_; }
    [[nodiscard]] std::span<const compiled_framework> frameworks() const noexcept { return frameworks_; }
    [[nodiscard]] XACTHUC_API std::size_t memory_bytes() const noexcept;

  private:
    using number_map = std::array<std::uint16_t, 65'536>;

    policy_table();
    void finish();  // hash_, of the rest

    std::unique_ptr<number_map> profiles_;
    std::unique_ptr<number_map> columns_;
    std::size_t column_count_ = 1;
    std::vector<std::uint16_t> matrix_;
    std::vector<rule> rules_;
    std::vector<numbered_name> agencies_;  // in the order of numbers
    std::vector<numbered_name> procedures_;
    std::vector<compiled_framework> frameworks_;
    sha256_digest hash_{};
};

}  // namespace xacthuc::inline v0_1
