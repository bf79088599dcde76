// SPDX-License-Identifier: Apache-2.0
// xacthuc follow-postgres: a table of citizens on a PostgreSQL server becomes a registry, and stays one.
#include "cli/follow_postgres/follow_postgres.hpp"

#include <boost/json/object.hpp>
#include <string>

#include "cli/follow_postgres/postgres_follower.hpp"
#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/shared_options.hpp"
#include "sources/postgres/setup_sql.hpp"

namespace xacthuc::cli {
namespace {

struct follow_postgres_options {
    shared_options shared;
    postgres_options how;
    std::string mapping;
    bool prints_setup = false;
    std::uint64_t heartbeat_ms = 10'000;
    std::uint64_t give_up_s = 0;
};

[[nodiscard]] exit_code run_follow_postgres(follow_postgres_options options) {
    const auto mapping = take(sources::load_mapping(options.mapping));
    if (options.prints_setup) {
        print_text(postgres::setup_sql(mapping, columns_to_publish(options.how.conninfo, mapping),
                                       options.how.publication, options.how.slot));
        return exit_code::done;
    }
    if (options.how.folder.path.empty()) throw command_error{exit_code::usage, "REGISTRY is required"};
    options.how.threads = options.shared.threads;
    options.how.heartbeat = std::chrono::milliseconds{options.heartbeat_ms};
    if (options.give_up_s != 0) options.how.gives_up_after = std::chrono::seconds{options.give_up_s};
    const auto totals = follow_postgres(options.how, mapping);
    say("{} changes of {} transactions, {} citizens, position {}", grouped(totals.changes),
        grouped(totals.transactions), grouped(totals.citizens), totals.position);
    if (totals.left_out != 0) say("{} rows left out: {}", grouped(totals.left_out), options.how.rejects);
    if (options.shared.json)
        print_json({{"command", "follow-postgres"},
                    {"registry", options.how.folder.path},
                    {"rows_copied", totals.copied},
                    {"transactions", totals.transactions},
                    {"changes", totals.changes},
                    {"left_out", totals.left_out},
                    {"reconnects", totals.reconnects},
                    {"citizens", totals.citizens},
                    {"sequence", totals.sequence},
                    {"position", totals.position}});
    if (interrupted()) return exit_code::interrupted;
    return totals.left_out == 0 ? exit_code::done : exit_code::rows_left_out;
}

void add_following(CLI::App& follow, follow_postgres_options& options) {
    follow.add_flag("--once", options.how.once, "Stop when all that was committed before is in the registry");
    follow.add_option("--rejects", options.how.rejects,
                      "Where rows go that cannot be read; their citizens are removed [such a row is an error]");
    follow.add_option("--metrics", options.how.metrics,
                      "File with figures for Prometheus's node exporter, made anew every second");
    add_count(follow, "--checkpoint-after", options.how.checkpoint_after,
              "Changes in the log after which they are merged into a snapshot; 0: never [2M]");
    follow.add_option("--heartbeat-ms", options.heartbeat_ms, "How often the server is made to move on [10000]")
        ->check(CLI::Range(100, 3'600'000));
    follow.add_option("--give-up-after-s", options.give_up_s, "Stop when the server was gone for so long [never]");
    follow.add_flag("--with-keys", options.how.with_keys, "Have room for citizens' public keys");
}

}  // namespace

void add_follow_postgres(CLI::App& app, exit_code& status) {
    const auto [follow, options] = add_command<follow_postgres_options>(
        app, status, "follow-postgres", "Keep a registry up with a table of citizens of a PostgreSQL server",
        run_follow_postgres);
    add_registry_folder(*follow, options->how.folder, true);
    follow->get_option("REGISTRY")->required(false);
    follow->add_option("--conninfo", options->how.conninfo,
                       "How to reach the server, as libpq takes it [the environment: PGHOST, PGDATABASE, …]");
    follow->add_option("--mapping", options->mapping, "TOML file: the table, its columns, its codes")->required();
    follow->add_option("--publication", options->how.publication, "Publication that has the table")->required();
    follow->add_option("--slot", options->how.slot, "Replication slot, made by the first copy")->required();
    follow->add_flag("--print-setup", options->prints_setup,
                     "Print the SQL that an administrator runs before, and do nothing else");
    add_following(*follow, *options);
    add_shared(*follow, options->shared);
    follow->footer(
        "Where REGISTRY is no registry yet it is made by a first copy of the table, with new keys if there are none.\n"
        "Examples:\n"
        "  xacthuc follow-postgres --print-setup --mapping citizens.toml --publication xacthuc --slot xacthuc\n"
        "  xacthuc follow-postgres register --conninfo 'host=db dbname=population user=xacthuc_follower' \\\n"
        "      --mapping citizens.toml --publication xacthuc --slot xacthuc\n");
}

}  // namespace xacthuc::cli
