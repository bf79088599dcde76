// SPDX-License-Identifier: Apache-2.0
// xacthuc load-cluster: a register's partitions into the nodes of a cluster.
#include <atomic>
#include <boost/json/object.hpp>
#include <filesystem>
#include <mutex>
#include <vector>
#include <xacthuc/registry/partition_copy.hpp>

#include "cli/commands/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/progress.hpp"
#include "cli/registers/cluster_nodes.hpp"
#include "cli/registers/register_file.hpp"
#include "cli/shared_options.hpp"
#include "cli/threads.hpp"

namespace xacthuc::cli {
namespace {

// What is sent at once: enough that nodes do not wait for us, little enough that a node which dies costs little.
constexpr std::size_t batch_bytes_max = std::size_t{4} << 20;
constexpr std::size_t batch_copies_max = 256;

struct load_cluster_options {
    shared_options shared;
    register_input from;
    cluster_input into;
    bool replace = false;
};

struct load_counts {
    std::uint64_t loaded = 0;  // partitions
    std::uint64_t held = 0;
    std::uint64_t refused = 0;
    std::uint64_t unsent = 0;
    std::uint64_t citizens = 0;  // of the partitions loaded
    std::uint64_t bytes = 0;
};

// One register on its way, by several threads.
class cluster_load {
  public:
    cluster_load(const load_cluster_options& options, const citizen_index& from, progress& bar)
        : options_{options}, from_{from}, bar_{bar} {}

    void run() {
        run_threads(options_.shared.threads, [this](unsigned) {
            try {
                auto to = open_cluster(options_.into);
                {
                    const std::scoped_lock lock{counting_};
                    learn_held(to);
                }
                while (!is_over_ && next_ < partition_count) {
                    stop_if_interrupted();
                    send_some(to);
                }
            } catch (...) {
                is_over_ = true;
                throw;
            }
        });
    }
    [[nodiscard]] const load_counts& counts() const noexcept { return counts_; }
    [[nodiscard]] const std::vector<cluster::node_failure>& failures() const noexcept { return failures_; }

  private:
    // Once: what the cluster has need not be sent.
    void learn_held(cluster::cluster_client& to) {
        if (!held_.empty()) return;
        const auto facts = from_.facts();
        const cluster::register_identity own{facts.placement_seed, facts.digest_key_fingerprint};
        if (const auto there = to.identity(); there && *there != own && !options_.replace)
            throw command_error{exit_code::not_trusted, "the cluster has another register: flush it first"};
        held_ = take(to.held());
    }

    void send_some(cluster::cluster_client& to) {
        std::vector<std::vector<std::byte>> bytes;
        std::vector<cluster::partition_copy> copies;
        std::vector<std::uint64_t> citizens;
        std::size_t size = 0;
        while (size < batch_bytes_max && copies.size() < batch_copies_max) {
            const auto partition = next_++;
            if (partition >= partition_count) break;
            const auto& held = held_[partition];
            if (held && held->sequence >= from_.as_of().sequence && !options_.replace) {
                const std::scoped_lock lock{counting_};
                ++counts_.held;
                continue;
            }
            auto& copy = bytes.emplace_back();
            citizens.push_back(take(export_partition(from_, partition, copy)).citizens);
            size += copy.size();
            copies.push_back({partition, copy});
        }
        // The copies' bytes stay where they are when the vector of vectors grows.
        if (!copies.empty()) count(take(to.load(copies, options_.replace)), copies, citizens);
    }

    void count(const cluster::load_report& report, const std::vector<cluster::partition_copy>& copies,
               const std::vector<std::uint64_t>& citizens) {
        using cluster::load_outcome;
        const std::scoped_lock lock{counting_};
        for (std::size_t i = 0; i < copies.size(); ++i) {
            const auto what = report.outcomes[i];
            if (what == load_outcome::held) ++counts_.held;
            if (what == load_outcome::refused) ++counts_.refused;
            if (what == load_outcome::unsent) ++counts_.unsent;
            if (what != load_outcome::loaded) continue;
            ++counts_.loaded;
            counts_.citizens += citizens[i];
            counts_.bytes += copies[i].bytes.size();
            bar_.add(citizens[i]);
        }
        if (counts_.refused + counts_.unsent == 0) return;
        is_over_ = true;
        failures_ = report.failures;
    }

    const load_cluster_options& options_;
    const citizen_index& from_;
    progress& bar_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<bool> is_over_ = false;
    std::mutex counting_;
    cluster::cluster_client::held_partitions held_;
    load_counts counts_;
    std::vector<cluster::node_failure> failures_;
};

[[nodiscard]] boost::json::object json_of(const load_counts& counts, double seconds,
                                          const load_cluster_options& options) {
    return {{"command", "load-cluster"},
            {"partitions_loaded", counts.loaded},
            {"partitions_held", counts.held},
            {"partitions_refused", counts.refused},
            {"partitions_unsent", partition_count - counts.loaded - counts.held - counts.refused},
            {"citizens", counts.citizens},
            {"bytes", counts.bytes},
            {"seconds", seconds},
            {"citizens_per_second", static_cast<double>(counts.citizens) / seconds},
            {"threads", options.shared.threads}};
}

[[nodiscard]] exit_code run_load_cluster(const load_cluster_options& options) {
    auto from = options.from;
    std::error_code error;
    // In place: each record is read once.
    from.map = !std::filesystem::is_directory(from.path, error);
    const auto opened = open_register(from, options.shared.threads);
    progress bar{"load", "citizens", opened.index().citizens()};
    cluster_load load{options, opened.index(), bar};
    load.run();
    const auto seconds = bar.seconds();
    bar.clear();
    const auto& counts = load.counts();
    say("{} citizens in {} ({} citizens/s, {}): {} loaded{}", grouped(counts.citizens), clock_text(seconds),
        rounded(static_cast<double>(counts.citizens) / seconds), bytes_text(counts.bytes),
        counted(counts.loaded, "partition", "partitions"),
        counts.held == 0 ? "" : ", " + grouped(counts.held) + " there already");
    if (options.shared.json) print_json(json_of(counts, seconds, options));
    if (counts.refused + counts.unsent == 0) return exit_code::done;
    say("not loaded: {} of {} partitions; run the same again to go on: {}",
        grouped(partition_count - counts.loaded - counts.held), grouped(partition_count),
        failures_text(load.failures()));
    return exit_code::failed;
}

}  // namespace

void add_load_cluster(CLI::App& app, exit_code& status) {
    const auto [load, options] = add_command<load_cluster_options>(
        app, status, "load-cluster", "Load a register into a Redis or Valkey cluster", run_load_cluster);
    load->add_option("REGISTER", options->from.path, "Snapshot of the register, or the folder of a registry")
        ->required();
    load->add_option("NODES", options->into.nodes, "HOST:PORT of one node or more, separated by commas")->required();
    load->add_flag("--replace", options->replace,
                   "Load what the cluster has as new or newer too, and undo the changes made there since");
    load->add_option("--authority", options->from.keys.authority_public,
                     "Public key of the authority to trust [authority.pub beside the snapshot]")
        ->group("Keys");
    load->add_option("--digest-key", options->from.keys.digest_key,
                     "Secret key of the name digests; it is not sent [digest.key beside the snapshot]")
        ->group("Keys");
    add_cluster_login(*load, options->into);
    add_shared(*load, options->shared);
    load->footer(
        "The servers have the module xacthuc_redis.so. Each partition goes to the node that owns its slot. What the\n"
        "cluster has as it is in the register, or newer, stays: running it again goes on where it broke off.\n"
        "Exit code 1 says that some partitions are not there, and why.\n"
        "\nExamples:\n"
        "  xacthuc load-cluster register/snapshot.xts 127.0.0.1:7000\n"
        "  xacthuc load-cluster register 10.0.0.1:6379,10.0.0.2:6379 --cluster-user feeder "
        "--cluster-password-file password\n");
}

}  // namespace xacthuc::cli
