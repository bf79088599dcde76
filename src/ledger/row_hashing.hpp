// SPDX-License-Identifier: Apache-2.0
// Rows hashed in batches, by the thread that brings them and by others beside it: each batch becomes the roots of its
// subtrees of 128 rows.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>
#include <xacthuc/ledger/merkle_tree.hpp>
#include <xacthuc/ledger/row.hpp>

#include "ledger/day_key.hpp"

namespace xacthuc::inline v0_1 {

struct row_batch {
    static constexpr std::size_t rows_max = 4096;
    static constexpr std::size_t chunk_rows = 128;
    static constexpr std::size_t stride = 64;  // a row, and room for its words

    std::unique_ptr<std::byte[]> messages = std::make_unique_for_overwrite<std::byte[]>(rows_max * stride);
    std::optional<day_key> key;
    std::uint64_t first_place = 0;
    std::size_t rows = 0;
    std::vector<tree_hash> roots = std::vector<tree_hash>(rows_max / chunk_rows);
    bool is_hashed = false;

    [[nodiscard]] std::size_t chunks() const noexcept { return (rows + chunk_rows - 1) / chunk_rows; }
    // Puts salts before the rows and hashes all. Concurrency: a thread a batch.
    void hash() noexcept;
};

// Concurrency: one thread submits and waits.
class row_hashing {
  public:
    // So many threads beside the one that submits. Exceptions: std::bad_alloc; std::system_error.
    explicit row_hashing(unsigned threads = 0);
    row_hashing(const row_hashing&) = delete;
    row_hashing& operator=(const row_hashing&) = delete;
    ~row_hashing();

    // An empty one, or a new one. Exceptions: std::bad_alloc.
    [[nodiscard]] std::unique_ptr<row_batch> empty_batch();
    // Has it hashed, now or by another thread soon. Exceptions: std::bad_alloc.
    void submit(std::unique_ptr<row_batch> batch);
    // The roots of all that was submitted since the last call, in its order. Exceptions: std::bad_alloc.
    [[nodiscard]] std::vector<tree_hash> collect();

  private:
    void work();
    void hash_next(std::unique_lock<std::mutex>& lock);
    void take_finished();

    std::mutex guard_;
    std::condition_variable something_to_do_;
    std::condition_variable something_done_;
    std::deque<std::unique_ptr<row_batch>> submitted_;  // in order, hashed or not
    std::size_t waiting_ = 0;                           // of the last ones nobody hashes yet
    std::vector<std::unique_ptr<row_batch>> empty_;
    std::vector<tree_hash> roots_;
    bool is_ending_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace xacthuc::inline v0_1
