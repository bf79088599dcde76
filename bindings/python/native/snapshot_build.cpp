// SPDX-License-Identifier: Apache-2.0
#include "snapshot_build.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <xacthuc/index/index_builder.hpp>
#include <xacthuc/registry/registry.hpp>
#include <xacthuc/registry/snapshot.hpp>

#include "errors.hpp"
#include "interpreter.hpp"
#include "row_group.hpp"
#include "wall_clock.hpp"

namespace xacthuc::python {
namespace {

constexpr std::uint64_t citizens_a_piece = 4096;

// One appender for each thread that is at work at the same time.
class appender_pool {
  public:
    explicit appender_pool(index_builder& builder) : builder_{&builder} {}

    [[nodiscard]] index_builder::appender borrow() {
        const std::lock_guard lock{guard_};
        if (idle_.empty()) return builder_->make_appender();
        auto one = std::move(idle_.back());
        idle_.pop_back();
        return one;
    }
    void give_back(index_builder::appender one) {
        const std::lock_guard lock{guard_};
        idle_.push_back(std::move(one));
    }

  private:
    index_builder* builder_;
    std::mutex guard_;
    std::vector<index_builder::appender> idle_;
};

// The records of rows [first, end) of a group that comes after so many others of its table.
void append_rows(const row_group<citizen_columns>& group, std::uint64_t first, std::uint64_t end,
                 std::uint64_t rows_before, const digest_key& key, index_builder::appender& to,
                 problem_list& problems) {
    std::vector<row_problem> found;
    group.for_each_part(first, end, [&](const auto& rows, std::int64_t row, std::uint64_t done, std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) {
            record made;
            row_problem problem;
            const auto number = rows_before + first + done + i;
            if (make_record(rows, row + static_cast<std::int64_t>(i), key, made, problem)) {
                take(to.append(made, number));
            } else {
                problem.row = number;
                found.push_back(problem);
            }
        }
    });
    problems.add(std::move(found));
}

void refuse(const row_problem& first, std::size_t all) {
    throw library_error{make_error_code(static_cast<errc>(first.code)),
                        "row " + std::to_string(first.row) + ", " + std::string{first.field} + " (" +
                            std::to_string(all) + (all == 1 ? " row is no citizen" : " rows are no citizens") +
                            "; strict=False leaves them out)"};
}

}  // namespace

build_report build_snapshot(nb::handle citizens, const citizen_arguments& fields, const build_options& how,
                            working_threads& threads) {
    arrow_table table{citizens};
    const citizen_columns plan{table, fields.columns()};
    std::error_code error;
    const bool is_registry = std::filesystem::is_directory(how.out, error);
    const auto keys = take(load_or_make_keys(how.keys.beside(is_registry ? how.out / "snapshot" : how.out)));
    index_builder::options options;
    options.digest_key_fingerprint = keys.digests.fingerprint();
    options.as_of = {how.sequence, now_unix_ms()};
    auto builder = take(index_builder::create(options));

    build_report report;
    problem_list problems;
    {
        appender_pool appenders{builder};
        for_each_group(table, plan, [&](const auto& group, std::uint64_t rows_before) {
            threads.share_out(group.rows(), citizens_a_piece, [&](std::uint64_t first, std::uint64_t end) {
                auto appender = appenders.borrow();
                append_rows(group, first, end, rows_before, keys.digests, appender, problems);
                appenders.give_back(std::move(appender));
            });
            report.rows = rows_before + group.rows();
        });
    }
    report.problems = std::move(problems).in_order();
    if (how.strict && !report.problems.empty()) refuse(report.problems.front(), report.problems.size());

    std::vector<index_builder::duplicate> replaced;
    {
        const lock_released others_may_run;
        const auto tell = [&threads, &report](std::size_t) { threads.report(report.rows); };
        const auto index = take(std::move(builder).build(threads.count(), &replaced, tell));
        report.citizens = index.citizens();
        if (is_registry) {
            take(registry::create(how.out, index, keys.digests, keys.authority,
                                  {.threads = threads.count(), .report = tell}));
        } else {
            report.file_bytes =
                take(save_snapshot(index, how.out, keys.authority,
                                   {.threads = threads.count(), .created_unix_ms = std::nullopt, .report = tell}))
                    .file_bytes;
        }
    }
    report.replaced = replaced.size();
    threads.finish();
    return report;
}

}  // namespace xacthuc::python
