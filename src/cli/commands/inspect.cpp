// SPDX-License-Identifier: Apache-2.0
// xacthuc inspect: what a snapshot is, and with --verify whether it is whole.

#include <algorithm>
#include <atomic>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <mutex>
#include <optional>
#include <xacthuc/policy/policy_source.hpp>
#include <xacthuc/registry/snapshot.hpp>

#include "cli/commands/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/output_file.hpp"
#include "cli/output/progress.hpp"
#include "cli/registers/index_shape.hpp"
#include "cli/registers/key_files.hpp"
#include "cli/registers/registry_folder.hpp"
#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

struct inspect_options {
    shared_options shared;
    std::string path;
    std::string authority;
    bool verify = false;
};

struct inspection {
    snapshot_facts facts;
    std::optional<authority_public_key> trusted;  // none: not compared
    std::uint64_t slots = 0;
    std::optional<index_shape> shape;  // with --verify only
    citizen_index::scrub_report scrub;
};

// The authority that was asked for, or whose key lies beside the snapshot.
[[nodiscard]] std::optional<authority_public_key> find_trusted(const inspect_options& options) {
    if (!options.authority.empty()) return load_authority(options.authority);
    const auto beside = key_paths{}.beside(options.path).authority_public;
    std::error_code error;
    if (!std::filesystem::exists(beside, error)) return {};
    return load_authority(beside);
}

void read_all_blocks(const citizen_index& index, unsigned threads, inspection& into) {
    constexpr std::size_t step = 64;
    static_assert(partition_count % step == 0);
    progress bar{"check ", "partitions", partition_count};
    std::mutex adding;
    std::atomic<std::size_t> next{0};
    into.shape.emplace();
    run_threads(threads, [&](unsigned) {
        for (auto first = next.fetch_add(step); first < partition_count; first = next.fetch_add(step)) {
            stop_if_interrupted();
            const auto shape = shape_of(index, first, step);
            const auto scrub = index.scrub(first, step);
            const std::scoped_lock lock{adding};
            into.shape->add(shape);
            if (scrub.damaged != 0 &&
                (into.scrub.damaged == 0 || scrub.first_damaged_partition < into.scrub.first_damaged_partition)) {
                into.scrub.first_damaged_partition = scrub.first_damaged_partition;
                into.scrub.first_damaged_slot = scrub.first_damaged_slot;
            }
            into.scrub.live += scrub.live;
            into.scrub.damaged += scrub.damaged;
            bar.add(step);
        }
    });
}

[[nodiscard]] inspection examine(const inspect_options& options) {
    inspection found{.facts = take(inspect_snapshot(options.path)),
                     .trusted = find_trusted(options),
                     .slots = 0,
                     .shape = {},
                     .scrub = {}};
    map_snapshot_options how;
    how.threads = options.shared.threads;
    how.check = options.verify ? snapshot_check::everything : snapshot_check::directory;
    const auto index = take(map_snapshot(options.path, found.trusted.value_or(found.facts.authority), how));
    found.slots = slot_count(index);
    if (options.verify) read_all_blocks(index, options.shared.threads, found);
    if (found.scrub.damaged != 0)
        throw command_error{
            exit_code::not_trusted,
            fmt::format("{} damaged records, the first in partition {}, slot {}: {}", found.scrub.damaged,
                        found.scrub.first_damaged_partition, found.scrub.first_damaged_slot, options.path)};
    if (found.shape && found.shape->live != found.facts.index.citizens)
        throw command_error{exit_code::not_trusted,
                            fmt::format("{} citizens where the header says {}: {}", found.shape->live,
                                        found.facts.index.citizens, options.path)};
    return found;
}

[[nodiscard]] double load_of(const inspection& found) {
    return found.slots == 0 ? 0 : static_cast<double>(found.facts.index.citizens) / static_cast<double>(found.slots);
}

[[nodiscard]] boost::json::object json_of(const inspection& found, const inspect_options& options) {
    const auto& facts = found.facts;
    boost::json::object all{
        {"command", "inspect"},
        {"file", options.path},
        {"file_bytes", facts.file_bytes},
        {"version", facts.version},
        {"citizens", facts.index.citizens},
        {"sequence", facts.index.as_of.sequence},
        {"as_of_unix_ms", facts.index.as_of.as_of_unix_ms},
        {"created_unix_ms", facts.created_unix_ms},
        {"slots", found.slots},
        {"load", load_of(found)},
        {"bytes_per_citizen", static_cast<double>(facts.blocks_bytes) /
                                  static_cast<double>(std::max<std::uint64_t>(facts.index.citizens, 1))},
        {"with_keys", facts.index.with_keys},
        {"placement_seed", facts.index.placement_seed},
        {"digest_key_fingerprint", fmt::format("{:016x}", facts.index.digest_key_fingerprint)},
        {"authority", facts.authority.text()},
        {"authority_trusted", found.trusted.has_value()},
        {"verified", options.verify}};
    if (!found.shape) return all;
    boost::json::array lengths;
    for (const auto count : found.shape->by_line) lengths.push_back(count);
    while (lengths.size() > 1 && lengths.back() == 0U) lengths.pop_back();
    all["records_by_lines_probed"] = lengths;
    all["fullest_partition_citizens"] = found.shape->fullest_partition_live;
    return all;
}

void append_probe_lengths(std::string& to, const index_shape& shape) {
    to += "lines probed    records\n";
    for (std::size_t i = 0; i < shape.by_line.size(); ++i) {
        if (shape.by_line[i] == 0) continue;
        const auto share = static_cast<double>(shape.by_line[i]) / static_cast<double>(shape.live);
        const auto bar = std::string(static_cast<std::size_t>(share * 40 + 0.5), '#');
        to += fmt::format("  {:>2}{:1} {:>16}  {:8.4f} %  {}\n", i + 1, i + 1 == shape.by_line.size() ? "+" : "",
                          grouped(shape.by_line[i]), share * 100, bar);
    }
}

[[nodiscard]] std::string text_of(const inspection& found, const inspect_options& options) {
    const auto& facts = found.facts;
    std::string text;
    const auto line = [&](std::string_view name, const std::string& value) {
        text += fmt::format("{:<20}{}\n", name, value);
    };
    line("snapshot", fmt::format("{}, format {}", options.path, facts.version));
    line("size", fmt::format("{} ({} bytes)", bytes_text(facts.file_bytes), grouped(facts.file_bytes)));
    line("citizens", grouped(facts.index.citizens));
    line("sequence",
         fmt::format("{}, as of {}", facts.index.as_of.sequence, utc_text(facts.index.as_of.as_of_unix_ms)));
    line("created", utc_text(facts.created_unix_ms));
    line("slots", fmt::format("{}, load {:.3f}", grouped(found.slots), load_of(found)));
    line("key column", facts.index.with_keys ? "yes" : "no");
    line("digest key", fmt::format("{:016x} (fingerprint)", facts.index.digest_key_fingerprint));
    line("authority", facts.authority.text() + (found.trusted ? " (trusted)" : " (not compared with a trusted key)"));
    if (!found.shape) {
        line("checked", "header, directory and signature; --verify checks every record");
        return text;
    }
    line("fullest partition", grouped(found.shape->fullest_partition_live) + " citizens");
    line("checked", "signature, every block and every record: whole");
    append_probe_lengths(text, *found.shape);
    return text;
}

[[nodiscard]] exit_code inspect_policy(const inspect_options& options) {
    const auto table = take(policy_table::load(options.path));
    if (options.shared.json) {
        boost::json::array frameworks;
        for (const auto& each : table.frameworks())
            frameworks.push_back(boost::json::object{
                {"framework", each.name}, {"version", each.version}, {"sha256", hex_of(each.sha256)}});
        print_json({{"command", "inspect"},
                    {"file", options.path},
                    {"agencies", table.agencies().size()},
                    {"procedures", table.procedures().size()},
                    {"rules", table.rules().size()},
                    {"profiles", table.profile_count()},
                    {"memory_bytes", table.memory_bytes()},
                    {"frameworks", frameworks},
                    {"sha256", hex_of(table.hash())}});
        return exit_code::done;
    }
    std::string text;
    put(text, "compiled policy     {}\n", options.path);
    put(text, "agencies            {}, with {} profiles\n", table.agencies().size(), table.profile_count());
    put(text, "procedures          {}\n", table.procedures().size());
    put(text, "rules               {}\n", table.rules().size());
    put(text, "in memory           {}\n", bytes_text(table.memory_bytes()));
    put(text, "sha256              {}\n", hex_of(table.hash()));
    for (const auto& each : table.frameworks()) put(text, "  {} version {}\n", each.name, each.version);
    output_file{"-"}.write(text);
    return exit_code::done;
}

[[nodiscard]] exit_code run_inspect(inspect_options options) {
    if (is_compiled_policy(options.path)) return inspect_policy(options);
    options.path = snapshot_of(options.path);
    const auto found = examine(options);
    if (options.shared.json) {
        print_json(json_of(found, options));
    } else {
        output_file{"-"}.write(text_of(found, options));
    }
    return exit_code::done;
}

}  // namespace

void add_inspect(CLI::App& app, exit_code& status) {
    const auto [inspect, options] = add_command<inspect_options>(
        app, status, "inspect", "Say what a snapshot is, and whether it is whole", run_inspect);
    inspect
        ->add_option("FILE", options->path,
                     "Snapshot, or the folder of a registry, whose newest it is then; or a compiled policy (.xtp)")
        ->required();
    inspect->add_option("--authority", options->authority,
                        "Public key of the authority to trust [authority.pub beside the snapshot, if it is there]");
    inspect->add_flag("--verify", options->verify, "Read and check everything; count how far probes go");
    add_shared(*inspect, options->shared);
    inspect->footer(
        "Examples:\n"
        "  xacthuc inspect register/snapshot.xts\n"
        "  xacthuc inspect policy.xtp\n"
        "  xacthuc inspect snapshot.xts --verify --authority authority.pub --json\n");
}

}  // namespace xacthuc::cli
