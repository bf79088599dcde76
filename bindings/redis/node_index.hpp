// SPDX-License-Identifier: Apache-2.0
// The index of a node, made when the first partition comes: until then nobody knows whose register it is of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/index/citizen_index.hpp>
#include <xacthuc/registry/partition_copy.hpp>

namespace xacthuc::redis {

// Concurrency: of the server's main thread.
class node_index {
  public:
    node_index() = default;
    explicit node_index(citizen_index&& index) : index_{std::move(index)} {}

    [[nodiscard]] bool is_made() const noexcept { return index_.has_value(); }
    // Requires: is_made().
    [[nodiscard]] citizen_index& index() noexcept { return *index_; }
    [[nodiscard]] const citizen_index& index() const noexcept { return *index_; }

    // Whether a partition is of the register that is here, or no other is.
    // Errors: foreign_digest_key; foreign_partition.
    [[nodiscard]] detailed_result<void> fits(const partition_copy_facts& facts) const;

    // Puts a partition in that is not there. `is_empty` says that nothing is in the index: then another register may
    // take the place of the first. Errors: those of import_partition() and fits().
    [[nodiscard]] detailed_result<void> take_in(std::span<const std::byte> blob, bool is_empty);
    // The partition as import_partition() takes it; how fresh it is, is of the partition and not of the index.
    // Errors: those of export_partition().
    [[nodiscard]] detailed_result<std::vector<std::byte>> give_out(std::size_t partition, freshness as_of);
    void drop(std::size_t partition);
    [[nodiscard]] std::size_t bytes_of(std::size_t partition) const noexcept;

  private:
    std::optional<citizen_index> index_;
};

}  // namespace xacthuc::redis
