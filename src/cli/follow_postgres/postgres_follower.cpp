// SPDX-License-Identifier: Apache-2.0
#include "cli/follow_postgres/postgres_follower.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iterator>
#include <memory>
#include <mutex>
#include <utility>
#include <xacthuc/index/index_builder.hpp>

#include "cli/exit_code.hpp"
#include "cli/follow_postgres/checkpoints_meanwhile.hpp"
#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/progress.hpp"
#include "cli/output/telling.hpp"
#include "cli/registers/key_files.hpp"
#include "cli/wall_clock.hpp"
#include "columns/csv/field_writer.hpp"
#include "sources/postgres/first_copy.hpp"
#include "sources/postgres/follower.hpp"
#include "sources/postgres/setup_sql.hpp"
#include "sources/source_error.hpp"

namespace xacthuc::cli {
namespace {

using sources::source_error;
using sources::source_fault;

[[nodiscard]] exit_code code_of_fault(source_fault kind) noexcept {
    switch (kind) {
        case source_fault::unfit:
            return exit_code::usage;
        case source_fault::broken_off:
            return exit_code::not_trusted;
        default:
            return exit_code::failed;
    }
}

// Rows that are left out: where they stand in the server's log, and what is wrong with them, never what they say.
class rejects_of_feed {
  public:
    explicit rejects_of_feed(const std::string& path) : out_{path, output_file::readers::owner} {
        out_.write("position,reason\n");
    }
    void add(const std::string& position, const std::string& why) {
        const std::lock_guard hold{guard_};
        std::string line = position + ',';
        csv::append_field(line, why);
        out_.write(line + '\n');
    }
    void commit() { out_.commit(); }

  private:
    std::mutex guard_;
    output_file out_;
};

void append_metric(std::string& to, std::string_view name, std::string_view kind, std::string_view help, double value) {
    fmt::format_to(std::back_inserter(to),
                   "# HELP xacthuc_follow_{0} {1}\n# TYPE xacthuc_follow_{0} {2}\nxacthuc_follow_{0} {3}\n", name, help,
                   kind, value);
}

void write_metrics(const std::string& path, const postgres::follow_figures& of, std::uint64_t changes_in_log,
                   const char* stopped_by) {
    std::string text;
    const auto lag = of.server > of.durable ? of.server - of.durable : 0;
    append_metric(text, "connected", "gauge", "Whether the server is reached.", of.is_connected ? 1 : 0);
    append_metric(text, "transactions_total", "counter", "Transactions read.", static_cast<double>(of.transactions));
    append_metric(text, "changes_total", "counter", "Changes made in the register.", static_cast<double>(of.changes));
    append_metric(text, "left_out_total", "counter", "Rows that could not be read.", static_cast<double>(of.left_out));
    append_metric(text, "reconnects_total", "counter", "Lost connections.", static_cast<double>(of.reconnects));
    append_metric(text, "position_bytes", "gauge", "Position in the server's log that is durable in the register.",
                  static_cast<double>(of.durable));
    append_metric(text, "lag_bytes", "gauge", "Bytes of the server's log that are not durable in the register.",
                  static_cast<double>(lag));
    append_metric(text, "commit_time_seconds", "gauge", "When the last durable transaction was committed there.",
                  static_cast<double>(of.commit_unix_us) / 1e6);
    append_metric(text, "changes_in_log", "gauge", "Changes since the register's last snapshot.",
                  static_cast<double>(changes_in_log));
    append_metric(text, "updated_time_seconds", "gauge", "When this file was written.",
                  static_cast<double>(unix_ms_now()) / 1e3);
    for (const auto kind : {source_fault::unreachable, source_fault::refused, source_fault::unfit, source_fault::row,
                            source_fault::broken_off})
        fmt::format_to(std::back_inserter(text), "{}xacthuc_follow_stopped{{reason=\"{}\"}} {}\n",
                       kind == source_fault::unreachable ? "# HELP xacthuc_follow_stopped Why the follower ended.\n"
                                                           "# TYPE xacthuc_follow_stopped gauge\n"
                                                         : "",
                       to_string(kind),
                       stopped_by != nullptr && std::string_view{stopped_by} == to_string(kind) ? 1 : 0);
    output_file out{path};
    out.write(text);
    out.commit();
}

[[nodiscard]] bool is_registry(const std::string& folder) {
    const std::filesystem::path in{folder};
    return std::filesystem::exists(in / "changes.sqlite") && !std::filesystem::exists(in / "registry.making");
}

[[nodiscard]] std::uint64_t copy_first(const postgres_options& how, const sources::table_mapping& mapping,
                                       rejects_of_feed* rejects, std::uint64_t& left_out) {
    std::unique_ptr<progress> bar;
    postgres::first_copy_settings settings{.conninfo = how.conninfo,
                                           .publication = how.publication,
                                           .slot = how.slot,
                                           .folder = how.folder.path,
                                           .threads = how.threads};
    if (rejects != nullptr)
        settings.leaves_out = [rejects](const sources::row_problem& why) { rejects->add({}, why.text()); };
    settings.advance = [&bar](std::uint64_t rows) { bar->add(rows); };
    settings.stopped = [] { return interrupted(); };
    postgres::first_copy copy{settings, mapping};
    if (copy.table().is_published_whole)
        say("publication {} has no list of columns: all of the table leaves the server", how.publication);
    std::filesystem::create_directories(how.folder.path);
    const auto keys = load_or_make_keys(how.folder.keys.in(how.folder.path));
    index_builder::options building;
    building.digest_key_fingerprint = keys.digests.fingerprint();
    building.as_of = {1, unix_ms_now()};
    building.citizens_expected = copy.rows_estimated();
    building.with_keys = how.with_keys;
    auto builder = take(index_builder::create(building));
    bar = std::make_unique<progress>("copy", "rows", copy.rows_estimated());
    const auto copied = copy.run(keys.digests, builder);
    const auto seconds = bar->seconds();
    bar->clear();
    left_out += copied.left_out;
    std::vector<index_builder::duplicate> twice;
    const auto index = take(std::move(builder).build(how.threads, &twice));
    if (!twice.empty())
        throw command_error{exit_code::failed, fmt::format("{} citizens are in the table twice: the id's column holds "
                                                           "two writings of one number",
                                                           twice.size())};
    create_registry_options making;
    making.threads = how.threads;
    making.with_keys = how.with_keys;
    making.keeps_authority = true;
    making.mark_file = how.folder.mark_file;
    const auto position = copied.place.bytes();
    making.source_position = position;
    take(registry::create(how.folder.path, index, keys.digests, keys.authority, making));
    copy.keep_slot();
    say("{} rows copied in {} ({} rows/s), position {}", grouped(copied.rows), clock_text(seconds),
        rounded(static_cast<double>(copied.rows) / std::max(seconds, 1e-9)),
        postgres::position_text(copied.place.position));
    return copied.rows;
}

[[nodiscard]] postgres_totals follow_into(registry& into, const postgres_options& how,
                                          const sources::table_mapping& mapping, rejects_of_feed* rejects) {
    postgres::follow_settings settings{.conninfo = how.conninfo,
                                       .publication = how.publication,
                                       .slot = how.slot,
                                       .once = how.once,
                                       .heartbeat = how.heartbeat,
                                       .gives_up_after = how.gives_up_after};
    if (rejects != nullptr)
        settings.leaves_out = [rejects](const std::string& position, const std::string& why) {
            rejects->add(position, why);
        };
    settings.stopped = [] { return interrupted(); };
    settings.wake_file = interruption_file();
    checkpoints_meanwhile snapshots{into, how.checkpoint_after};
    if (!how.metrics.empty())
        settings.report = [&](const postgres::follow_figures& of) {
            write_metrics(how.metrics, of, snapshots.changes_since(), nullptr);
        };
    settings.say = [](const std::string& what) { say("the server is gone, and tried again: {}", what); };
    postgres::follower runner{into, mapping, settings};
    try {
        runner.run();
    } catch (const source_error& why) {
        if (!how.metrics.empty())
            write_metrics(how.metrics, runner.figures(), snapshots.changes_since(), to_string(why.kind()));
        throw;
    }
    snapshots.finish();
    const auto& got = runner.figures();
    return {.changes = got.changes,
            .transactions = got.transactions,
            .left_out = got.left_out,
            .reconnects = got.reconnects,
            .position = postgres::position_text(got.durable),
            .sequence = into.index().as_of().sequence,
            .citizens = into.index().citizens()};
}

}  // namespace

postgres_totals follow_postgres(const postgres_options& how, const sources::table_mapping& mapping) {
    try {
        std::unique_ptr<rejects_of_feed> rejects;
        if (!how.rejects.empty()) rejects = std::make_unique<rejects_of_feed>(how.rejects);
        std::uint64_t copied = 0;
        std::uint64_t left_out = 0;
        if (!is_registry(how.folder.path)) copied = copy_first(how, mapping, rejects.get(), left_out);
        stop_if_interrupted();
        const auto authority = how.folder.keys.in(how.folder.path).authority_key;
        auto following = how;
        if (how.checkpoint_after != 0 && !std::filesystem::exists(authority)) {
            say("{} is not there, so no snapshots are made: the log grows", authority);
            following.checkpoint_after = 0;
        }
        auto into = open_to_write(how.folder, how.threads, following.checkpoint_after != 0);
        say_opening(into.opening());
        auto totals = follow_into(into, following, mapping, rejects.get());
        take(into.close());
        if (rejects) rejects->commit();
        totals.copied = copied;
        totals.left_out += left_out;
        return totals;
    } catch (const source_error& why) {
        stop_if_interrupted();
        throw command_error{code_of_fault(why.kind()), why.what()};
    }
}

std::vector<std::string> columns_to_publish(const std::string& conninfo, const sources::table_mapping& mapping) {
    if (conninfo.empty()) return postgres::named_columns(mapping);
    try {
        const postgres::session at{conninfo, postgres::session::purpose::queries};
        return postgres::columns_of_fields(at, mapping);
    } catch (const source_error& why) {
        throw command_error{code_of_fault(why.kind()), why.what()};
    }
}

}  // namespace xacthuc::cli
