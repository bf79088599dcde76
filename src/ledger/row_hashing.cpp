// SPDX-License-Identifier: Apache-2.0
#include "ledger/row_hashing.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "hash/sha256.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// So many rows at once stay in a near cache, from their salts to their roots.
constexpr std::size_t rows_at_once = 512;
static_assert(row_batch::rows_max % rows_at_once == 0 && rows_at_once % row_batch::chunk_rows == 0);

// So many batches a thread may wait for one: enough that none is idle while the next is filled.
constexpr std::size_t waiting_max = 4;

// Returns how many roots.
std::size_t hash_rows(std::byte* messages, std::size_t rows, const day_key& key, std::uint64_t first_place,
                      std::span<tree_hash> roots) noexcept {
    std::array<std::byte, rows_at_once * row_salt_bytes> salts;
    std::array<tree_hash, rows_at_once> hashes;
    key.salts(first_place, std::span{salts}.first(rows * row_salt_bytes));
    for (std::size_t k = 0; k < rows; ++k)
        std::memcpy(messages + k * row_batch::stride, salts.data() + k * row_salt_bytes, row_salt_bytes);
    const auto leaves = std::span{hashes}.first(rows);
    sha256_leaves(messages, row_bytes, row_batch::stride, leaves);
    // The last chunk may be smaller; it is hashed first, as the others' nodes take the place of leaves.
    const auto whole = rows / row_batch::chunk_rows;
    auto count = whole;
    if (rows % row_batch::chunk_rows != 0)
        roots[count++] = tree_root_in_place(leaves.subspan(whole * row_batch::chunk_rows));
    auto level = leaves.first(whole * row_batch::chunk_rows);
    while (level.size() > whole) {
        const auto above = leaves.first(level.size() / 2);
        sha256_nodes(level, above);
        level = above;
    }
    std::ranges::copy(level, roots.begin());
    return count;
}

}  // namespace

void row_batch::hash() noexcept {
    std::size_t done = 0;
    for (std::size_t from = 0; from < rows; from += rows_at_once)
        done += hash_rows(messages.get() + from * stride, std::min(rows_at_once, rows - from), *key, first_place + from,
                          std::span{roots}.subspan(done));
}

row_hashing::row_hashing(unsigned threads) {
    for (unsigned k = 0; k < threads; ++k) threads_.emplace_back([this] { work(); });
}

row_hashing::~row_hashing() {
    {
        const std::lock_guard lock{guard_};
        is_ending_ = true;
    }
    something_to_do_.notify_all();
    for (auto& each : threads_) each.join();
}

std::unique_ptr<row_batch> row_hashing::empty_batch() {
    {
        const std::lock_guard lock{guard_};
        if (!empty_.empty()) {
            auto batch = std::move(empty_.back());
            empty_.pop_back();
            return batch;
        }
    }
    return std::make_unique<row_batch>();
}

void row_hashing::submit(std::unique_ptr<row_batch> batch) {
    std::unique_lock lock{guard_};
    take_finished();
    submitted_.push_back(std::move(batch));
    ++waiting_;
    if (waiting_ <= waiting_max * threads_.size())
        something_to_do_.notify_one();
    else
        hash_next(lock);
}

// The oldest that nobody hashes yet.
void row_hashing::hash_next(std::unique_lock<std::mutex>& lock) {
    auto& next = *submitted_[submitted_.size() - waiting_];
    --waiting_;
    lock.unlock();
    next.hash();
    lock.lock();
    next.is_hashed = true;
}

// Batches from the front on whose roots are there: kept in their order.
void row_hashing::take_finished() {
    while (!submitted_.empty() && submitted_.front()->is_hashed) {
        auto& batch = submitted_.front();
        roots_.insert(roots_.end(), batch->roots.begin(),
                      batch->roots.begin() + static_cast<std::ptrdiff_t>(batch->chunks()));
        batch->is_hashed = false;
        batch->key.reset();
        batch->rows = 0;
        empty_.push_back(std::move(batch));
        submitted_.pop_front();
    }
}

std::vector<tree_hash> row_hashing::collect() {
    std::unique_lock lock{guard_};
    for (;;) {
        take_finished();
        if (submitted_.empty()) return std::exchange(roots_, {});
        if (waiting_ != 0)
            hash_next(lock);
        else
            something_done_.wait(lock, [this] { return submitted_.front()->is_hashed; });
    }
}

void row_hashing::work() {
    std::unique_lock lock{guard_};
    for (;;) {
        something_to_do_.wait(lock, [this] { return waiting_ != 0 || is_ending_; });
        if (waiting_ == 0) return;
        hash_next(lock);
        something_done_.notify_one();
    }
}

}  // namespace xacthuc::inline v0_1
