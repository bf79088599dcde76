// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <optional>

#include "ledger/entry_bundle.hpp"
#include "ledger/hash_line.hpp"
#include "ledger/log_verifying.hpp"
#include "ledger/tile_files.hpp"
#include "ledger/tile_path.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::size_t problems_kept_max = 100;
constexpr std::size_t read_bytes_max = std::size_t{1} << 20;
constexpr std::size_t bundle_bytes_max = tile_width_max * (entry_bytes_max + 2);

using hashes = std::vector<tree_hash>;

class log_walk {
  public:
    log_walk(tile_files files, const log_verification& how, log_report& report)
        : files_{std::move(files)}, how_{how}, report_{report} {}

    // From the tiles at the right edge, which between them hold the whole tree, down to the entries; the first of them
    // are below the highest.
    void walk() {
        const auto size = report_.head.size;
        std::vector<std::optional<hashes>> edge(tile_levels_max);
        bool is_whole = true;
        for (auto level = tile_levels_max; level-- > 0;)
            if (const auto extent = tile_extent::of(size, level); extent.width != 0) {
                edge[level] = check_tile(level, extent.full, extent.width);
                is_whole = is_whole && edge[level].has_value();
            }
        if (!is_whole) return;  // what is missing is noted
        std::optional<tree_hash> root;
        for (auto& level : edge) {
            if (!level) continue;
            if (root) level->push_back(*root);
            root = tree_root_in_place(*level);
        }
        if ((root ? *root : tree_root({})) != report_.head.root)
            note({errc::damaged_log, files_.directory().string() + ": the tiles' root is not that of the checkpoint"});
    }

    void check_intended() {
        const auto bytes = files_.read("intended", read_bytes_max);
        if (!bytes && bytes.error().code == errc::not_found) return;  // only the log's own folder has it
        const auto intended = !bytes ? result<checkpoint>{errc::io} : parse_checkpoint(text_of(*bytes));
        if (!intended || intended->origin != report_.head.origin || intended->size < report_.head.size ||
            (intended->size == report_.head.size && intended->text() != report_.head.text()))
            note({errc::damaged_log, path_of("intended") + ": not what the checkpoint stands for"});
        else
            report_.is_unfinished = intended->size > report_.head.size;
    }

  private:
    [[nodiscard]] static std::string_view text_of(std::span<const std::byte> bytes) noexcept {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    [[nodiscard]] std::string path_of(const std::string& path) const { return (files_.directory() / path).string(); }
    void note(failure problem) {
        if (report_.problems.size() < problems_kept_max) report_.problems.push_back(std::move(problem));
        ++report_.problem_count;
    }

    // Nothing when it cannot be read, which is noted. One of less than full width may by now have become a wider one.
    [[nodiscard]] std::optional<std::vector<std::byte>> read(const std::string& narrow, const std::string& full,
                                                             std::size_t size_max, bool& is_full) {
        is_full = narrow == full;
        auto bytes = files_.read(narrow, size_max);
        if (bytes.has_error() && bytes.error().code == errc::not_found && !is_full) {
            is_full = true;
            auto wider = files_.read(full, std::max(size_max, tile_width_max * sizeof(tree_hash)));
            if (wider) {
                ++report_.files;
                return std::move(*wider);
            }
        }
        if (!bytes) {
            note(bytes.error());
            return std::nullopt;
        }
        ++report_.files;
        return std::move(*bytes);
    }

    [[nodiscard]] std::optional<hashes> read_tile(unsigned level, std::uint64_t index, std::size_t width) {
        const auto path = tile_path(level, index, width);
        bool is_full = false;
        const auto bytes = read(path, tile_path(level, index), width * sizeof(tree_hash), is_full);
        if (!bytes) return std::nullopt;
        if (bytes->size() != (is_full ? tile_width_max : width) * sizeof(tree_hash)) {
            note({errc::damaged_log, path_of(path) + ": not the size of such a tile"});
            return std::nullopt;
        }
        hashes tile(width);
        std::memcpy(tile.data(), bytes->data(), width * sizeof(tree_hash));
        return tile;
    }

    [[nodiscard]] std::optional<entry_bundle> read_bundle(std::uint64_t index, std::size_t width) {
        const auto path = bundle_path(index, width);
        bool is_full = false;
        auto bytes = read(path, bundle_path(index), bundle_bytes_max, is_full);
        if (!bytes) return std::nullopt;
        auto bundle = entry_bundle::parse(std::move(*bytes), is_full ? tile_width_max : width);
        if (!bundle) note({errc::damaged_log, path_of(path) + ": not a bundle of so many entries"});
        return bundle;
    }

    // The hashes in a tile, each compared with what is below it. Nothing when there is no such tile, which is noted.
    [[nodiscard]] std::optional<hashes> check_tile(unsigned level, std::uint64_t index, std::size_t width) {
        const auto tile = read_tile(level, index, width);
        if (level == 0)
            check_entries(index, width, tile);
        else
            check_below(level, index, width, tile);
        if (!tile) return std::nullopt;
        check_forerunners(tile_path(level, index), width, std::as_bytes(std::span{*tile}),
                          [](std::size_t narrower) { return narrower * sizeof(tree_hash); });
        return tile;
    }

    void check_below(unsigned level, std::uint64_t index, std::size_t width, const std::optional<hashes>& tile) {
        for (std::size_t i = 0; i < width; ++i) {
            const auto child = index * tile_width_max + i;
            if ((child + 1) << (tile_height * level) <= how_.minimum_index) continue;  // it was pruned
            auto below = check_tile(level - 1, child, tile_width_max);
            if (below && tile && tree_root_in_place(*below) != (*tile)[i])
                note({errc::damaged_log, path_of(tile_path(level, index, width)) + ": hash " + std::to_string(i) +
                                             " is not that of " + tile_path(level - 1, child)});
        }
    }

    void check_entries(std::uint64_t index, std::size_t width, const std::optional<hashes>& tile) {
        const auto bundle = read_bundle(index, width);
        if (bundle) {
            for (std::size_t i = 0; i < width; ++i) {
                const auto entry = bundle->entry(i);
                if (tile && tree_leaf(entry) != (*tile)[i]) {
                    note({errc::damaged_log, path_of(bundle_path(index, width)) + ": entry " + std::to_string(i) +
                                                 " is not the one in the tree"});
                    continue;
                }
                ++report_.entries;
                if (how_.on_entry) how_.on_entry(index * tile_width_max + i, entry);
            }
            check_forerunners(bundle_path(index), width, bundle->bytes(), [&](std::size_t narrower) {
                const auto last = bundle->entry(narrower - 1);
                return static_cast<std::size_t>(last.data() + last.size() - bundle->bytes().data());
            });
        }
        if (how_.on_progress) how_.on_progress(index * tile_width_max + width, report_.head.size);
    }

    // What is left of a tile from when it was narrower begins the same. What is wider was never published.
    template <class SizeOf>
    void check_forerunners(const std::string& full_path, std::size_t width, std::span<const std::byte> whole,
                           SizeOf size_of) {
        const auto folder = partial_folder(full_path);
        const auto names = list_directory(files_.calls(), files_.directory() / folder);
        if (!names) return;  // as a rule there is none
        for (const auto& name : *names) {
            const auto narrower = number_of_decimal(name);
            if (!narrower || *narrower == 0 || *narrower >= width) continue;
            const auto path = folder + '/' + name;
            const auto bytes = files_.read(path, std::max(whole.size(), std::size_t{1}));
            const auto expected = whole.first(size_of(static_cast<std::size_t>(*narrower)));
            if (!bytes && bytes.error().code == errc::not_found) continue;  // the log has just removed it
            ++report_.files;
            if (!bytes || !std::ranges::equal(*bytes, expected))
                note({errc::damaged_log, path_of(path) + ": not what the wider one begins with"});
        }
    }

    tile_files files_;
    const log_verification& how_;
    log_report& report_;
};

}  // namespace

detailed_result<log_report> verify_log_files(const file_calls& calls, const std::filesystem::path& directory,
                                             std::string_view origin, const note_verifier& log,
                                             const log_verification& how) {
    tile_files files{calls, directory};
    const auto bytes = files.read("checkpoint", read_bytes_max);
    if (!bytes) return bytes.error();
    const std::string text{reinterpret_cast<const char*>(bytes->data()), bytes->size()};
    const auto head = open_checkpoint(text, origin, log);
    if (!head) return failure{head.error(), (directory / "checkpoint").string()};
    log_report report;
    report.head = *head;
    report.note = parse_note(text).value();
    report.files = 1;
    log_walk walk{std::move(files), how, report};
    walk.check_intended();
    walk.walk();
    return report;
}

detailed_result<log_report> verify_log(const std::filesystem::path& directory, std::string_view origin,
                                       const note_verifier& log, const log_verification& how) {
    return verify_log_files(system_file_calls(), directory, origin, log, how);
}

}  // namespace xacthuc::inline v0_1
