// SPDX-License-Identifier: Apache-2.0
#include "sources/postgres/copy_workers.hpp"

#include <utility>

#include "sources/postgres/copy_row.hpp"

namespace xacthuc::inline v0_1::postgres {
namespace {

constexpr std::size_t parts_waiting_max = 32;

}  // namespace

copy_workers::copy_workers(const sources::row_changes& rows, const digest_key& digests, index_builder& into,
                           unsigned threads, leave_out leaves_out)
    : rows_{rows}, digests_{digests}, into_{into}, leaves_out_{std::move(leaves_out)} {
    for (unsigned k = 0; k < threads; ++k) threads_.emplace_back([this] { work(); });
}

copy_workers::~copy_workers() {
    end();
}

void copy_workers::end() {
    {
        const std::lock_guard hold{guard_};
        is_ended_ = true;
    }
    changed_.notify_all();
    for (auto& one : threads_) one.join();
    threads_.clear();
}

void copy_workers::add(copied_rows&& part) {
    std::unique_lock hold{guard_};
    changed_.wait(hold, [&] { return failure_ != nullptr || waiting_.size() < parts_waiting_max; });
    if (failure_) std::rethrow_exception(failure_);
    waiting_.push_back(std::move(part));
    hold.unlock();
    changed_.notify_all();
}

void copy_workers::finish() {
    end();
    if (failure_) std::rethrow_exception(failure_);
}

void copy_workers::make(const copied_rows& part, index_builder::appender& into, std::vector<sources::row_cell>& cells) {
    record made;
    auto number = part.first;
    for (const auto& row : part.rows) {
        auto problem = split_copy_row({row.bytes.get(), row.size}, cells)
                           ? rows_.read(cells, digests_, made)
                           : std::optional{sources::row_problem{{}, "the row is not as COPY writes rows"}};
        if (problem) {
            const std::lock_guard hold{guard_};
            leaves_out_(*problem);
        } else if (const auto done = into.append(made, number); !done) {
            throw sources::source_error{sources::source_fault::refused, done.error().message()};
        }
        ++number;
    }
}

void copy_workers::work() {
    try {
        auto appender = into_.make_appender();
        std::vector<sources::row_cell> cells;
        for (;;) {
            std::unique_lock hold{guard_};
            changed_.wait(hold, [&] { return is_ended_ || failure_ != nullptr || !waiting_.empty(); });
            if (failure_ || waiting_.empty()) return;
            const auto part = std::move(waiting_.front());
            waiting_.pop_front();
            hold.unlock();
            changed_.notify_all();
            make(part, appender, cells);
        }
    } catch (...) {
        const std::lock_guard hold{guard_};
        if (!failure_) failure_ = std::current_exception();
        changed_.notify_all();
    }
}

}  // namespace xacthuc::inline v0_1::postgres
