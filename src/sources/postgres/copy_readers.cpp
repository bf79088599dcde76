// SPDX-License-Identifier: Apache-2.0
#include "sources/postgres/copy_readers.hpp"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "sources/postgres/copy_row.hpp"

namespace xacthuc::inline v0_1::postgres {
namespace {

using sources::source_error;
using sources::source_fault;

// A range costs a command, and the last ones leave readers without work: some eight a reader, of 4 to 128 MiB.
constexpr std::uint64_t ranges_a_reader = 8;
constexpr std::uint64_t range_pages_min = 512;
constexpr std::uint64_t range_pages_max = 16'384;
constexpr unsigned rows_between_looks = 1024;
// Rows have different numbers, whoever reads them: those of a reader begin at a multiple of this.
constexpr unsigned reader_shift = 40;

void enter_snapshot(const session& at, const std::string& snapshot) {
    at.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    at.run("SET TRANSACTION SNAPSHOT " + at.quoted_text(snapshot));
}

// A range of pages is looked up, and never found by reading the table.
void plan_for_ranges(const session& at) {
    for (const auto* const setting : {"SET LOCAL enable_seqscan = off", "SET LOCAL enable_tidscan = on",
                                      "SET LOCAL max_parallel_workers_per_gather = 0", "SET LOCAL jit = off"})
        at.run(setting);
}

}  // namespace

// One reader's rows.
class copy_readers::reader {
  public:
    reader(copy_readers& all, unsigned number)
        : all_{all}, into_{all.into_.make_appender()}, number_{std::uint64_t{number} << reader_shift} {}

    void copy(const session& at, const std::string& command) {
        at.begin_copy(command, PGRES_COPY_OUT);
        while (const auto row = at.next_copied()) {
            take({row->bytes.get(), row->size});
            if (++unsaid_ == rows_between_looks) look();
        }
        look();
    }

  private:
    void take(std::span<char> row) {
        record made;
        const auto problem = split_copy_row(row, cells_)
                                 ? all_.rows_.read(cells_, all_.digests_, made)
                                 : std::optional{sources::row_problem{{}, "the row is not as COPY writes rows"}};
        if (problem) {
            const std::lock_guard hold{all_.guard_};
            all_.tell_.leaves_out(*problem);
        } else if (const auto done = into_.append(made, number_); !done) {
            throw source_error{source_fault::refused, done.error().message()};
        }
        ++number_;
    }

    void look() {
        all_.rows_read_.fetch_add(unsaid_, std::memory_order_relaxed);
        if (all_.tell_.advance) all_.tell_.advance(unsaid_);
        unsaid_ = 0;
        if (all_.is_failed_.load(std::memory_order_relaxed)) throw source_error{source_fault::refused, "given up"};
        if (all_.tell_.stopped && all_.tell_.stopped()) throw source_error{source_fault::unreachable, "interrupted"};
    }

    copy_readers& all_;
    index_builder::appender into_;
    std::uint64_t number_;
    std::uint64_t unsaid_ = 0;
    std::vector<sources::row_cell> cells_;
};

std::uint64_t copy_readers::run(const session& first, unsigned connections) {
    if (!of_.is_divisible) connections = 1;
    connections = std::max(connections, 1U);
    pages_a_range_ = std::clamp(of_.pages / (ranges_a_reader * connections), range_pages_min, range_pages_max);
    connections = static_cast<unsigned>(std::min<std::uint64_t>(connections, of_.pages / pages_a_range_ + 1));
    std::vector<std::thread> others;
    try {
        for (unsigned k = 1; k < connections; ++k) others.emplace_back([this, k] { join(k); });
        if (of_.is_divisible) plan_for_ranges(first);
        read(first, 0);
    } catch (...) {
        fail();
    }
    for (auto& one : others) one.join();
    if (failure_) std::rethrow_exception(failure_);
    return rows_read_.load(std::memory_order_relaxed);
}

// The first failure is told: those after it may come of it.
void copy_readers::fail() noexcept {
    const std::lock_guard hold{guard_};
    if (!failure_) failure_ = std::current_exception();
    is_failed_.store(true, std::memory_order_relaxed);
}

void copy_readers::join(unsigned number) {
    std::optional<session> at;
    try {
        at.emplace(of_.conninfo, session::purpose::queries);
        enter_snapshot(*at, of_.snapshot);
        plan_for_ranges(*at);
    } catch (const source_error&) {
        return;  // no connection left, or none that may see the snapshot: the others read what there is
    } catch (...) {
        return fail();
    }
    try {
        read(*at, number);
    } catch (...) {
        fail();
    }
}

void copy_readers::read(const session& at, unsigned number) {
    reader one{*this, number};
    if (!of_.is_divisible) return one.copy(at, "COPY " + of_.table + " (" + of_.columns + ") TO STDOUT");
    for (;;) {
        const auto from = next_page_.fetch_add(pages_a_range_, std::memory_order_relaxed);
        if (from > of_.pages) return;
        const auto to = from + pages_a_range_;
        // What the table grew by since is no part of the snapshot, but pages were counted before it or after.
        const auto end = to > of_.pages ? "" : " AND ctid < '(" + std::to_string(to) + ",0)'";
        one.copy(at, "COPY (SELECT " + of_.columns + " FROM ONLY " + of_.table + " WHERE ctid >= '(" +
                         std::to_string(from) + ",0)'" + end + ") TO STDOUT");
    }
}

}  // namespace xacthuc::inline v0_1::postgres
