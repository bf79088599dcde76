// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile_log.hpp"

#include <algorithm>
#include <bit>

namespace xacthuc::inline v0_1 {
namespace {

constexpr auto intended_file = "intended";
constexpr auto checkpoint_file = "checkpoint";
constexpr std::size_t text_bytes_max = std::size_t{1} << 20;
constexpr unsigned folder_mode = 0755;

[[nodiscard]] std::string_view text_of(std::span<const std::byte> bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[nodiscard]] failure damaged(const tile_files& files, const std::string& path, const std::string& why) {
    return {errc::damaged_log, (files.directory() / path).string() + ": " + why};
}

// Nothing when there is no such file.
[[nodiscard]] detailed_result<std::optional<std::string>> read_text(const tile_files& files, const std::string& path) {
    const auto bytes = files.read(path, text_bytes_max);
    if (bytes) return std::optional{std::string{text_of(*bytes)}};
    if (bytes.error().code == errc::not_found) return std::optional<std::string>{};
    return bytes.error();
}

[[nodiscard]] detailed_result<open_file> open_lock(const file_calls& calls, const std::filesystem::path& path) {
    auto file = open_file::create(calls, path);
    if (file.has_error() && file.error().code == errc::already_exists) return open_file::to_change(calls, path);
    return file;
}

[[nodiscard]] detailed_result<open_file> lock_log(const file_calls& calls, const std::filesystem::path& path) {
    auto file = open_lock(calls, path);
    if (!file) return file.error();
    if (const auto locked = file->lock(); !locked)
        return locked.error().code == errc::registry_locked ? failure{errc::log_locked, path.string()} : locked.error();
    return file;
}

}  // namespace

detailed_result<tile_log> tile_log::open(const file_calls& calls, const std::filesystem::path& directory,
                                         log_identity identity) {
    if (auto made = make_directory(calls, directory, folder_mode); !made && made.error().code != errc::already_exists)
        return made.error();
    if (auto done = sync_directory_of(calls, directory); !done) return done.error();
    auto lock = lock_log(calls, directory / "log.lock");
    if (!lock) return lock.error();
    tile_log log{tile_files{calls, directory}, std::move(identity), std::move(*lock)};
    const auto intended = read_text(log.files_, intended_file);
    if (!intended) return intended.error();
    if (auto done = *intended ? log.resume(**intended) : log.begin(); !done) return done.error();
    return log;
}

detailed_result<void> tile_log::begin() {
    for (const auto* const name : {checkpoint_file, "tile"}) {
        const auto found = examine_file(files_.calls(), files_.directory() / name);
        if (found) return damaged(files_, name, "a log is here without its file " + std::string{intended_file});
        if (found.error().code != errc::not_found) return found.error();
    }
    return intend_and_publish();
}

detailed_result<void> tile_log::resume(std::string_view intended) {
    const auto tree = parse_checkpoint(intended);
    if (!tree) return damaged(files_, intended_file, tree.error().message());
    if (tree->origin != identity_.origin) return damaged(files_, intended_file, "of another log, " + tree->origin);
    if (auto done = load_edge(*tree); !done) return done;
    if (auto done = take_published(*tree); !done) return done;
    if (head_.size == tree->size && !note_.signatures.empty()) return {};
    // That this is intended may be seen by now and yet be lost with the power; after a signature it must not be.
    if (auto done = sync_directory(files_.calls(), files_.directory()); !done) return done;
    return publish(*tree);
}

detailed_result<void> tile_log::load_edge(const checkpoint& intended) {
    size_ = intended.size;
    for (unsigned level = 0; level < tile_levels_max && size_ >> (tile_height * level) != 0; ++level) {
        edge_.emplace_back();
        const auto extent = tile_extent::of(size_, level);
        if (extent.width == 0) continue;
        const auto tile = read_tile(files_, level, extent.full, extent.width);
        if (!tile) return tile.error();
        edge_.back() = **tile;
    }
    if (const auto extent = tile_extent::of(size_, 0); extent.width != 0) {
        const auto path = bundle_path(extent.full, extent.width);
        auto bytes = files_.read(path, extent.width * (entry_bytes_max + 2));
        if (!bytes) return bytes.error();
        auto bundle = entry_bundle::parse(std::move(*bytes), extent.width);
        if (!bundle) return damaged(files_, path, "not a bundle of so many entries");
        for (std::size_t i = 0; i < extent.width; ++i)
            if (tree_leaf(bundle->entry(i)) != edge_.front().hashes()[i])
                return damaged(files_, path, "entry " + std::to_string(i) + " is not the one in the tree");
        edge_entries_ = std::move(*bundle);
    }
    const auto root = root_of(size_);
    if (!root) return root.error();
    if (*root != intended.root) return damaged(files_, "tile", "its root is not the intended one");
    return {};
}

// The checkpoint may be the intended one, or one before it.
detailed_result<void> tile_log::take_published(const checkpoint& intended) {
    const auto text = read_text(files_, checkpoint_file);
    if (!text) return text.error();
    if (!*text) return {};
    const auto published = open_checkpoint(**text, identity_.origin, identity_.verifier);
    if (!published) return failure{published.error(), (files_.directory() / checkpoint_file).string()};
    if (published->size > intended.size) return damaged(files_, checkpoint_file, "it is of more than is intended");
    const auto root = root_of(published->size);
    if (!root) return root.error();
    if (*root != published->root) return damaged(files_, checkpoint_file, "its root is not that of the tiles");
    head_ = *published;
    note_ = parse_note(**text).value();
    return {};
}

detailed_result<std::uint64_t> tile_log::append(std::span<const std::span<const std::byte>> entries) {
    if (stopped_) return *stopped_;
    const auto first = size_;
    // Should memory run out on the way, bundles and tree are no longer one.
    stopped_ = failure{errc::log_stopped, "no memory to put entries in"};
    std::vector<tree_hash> leaves;
    leaves.reserve(entries.size());
    for (const auto& entry : entries) {
        leaves.push_back(tree_leaf(entry));
        edge_entries_.append(entry);
        if (edge_entries_.width() < tile_width_max) continue;
        full_bundles_.emplace((first + leaves.size()) / tile_width_max - 1, std::exchange(edge_entries_, {}));
    }
    put_hashes(0, leaves, first);
    size_ += leaves.size();
    stopped_.reset();
    return first;
}

// Puts hashes at the end of a level; each tile that they fill becomes a hash of the level above.
void tile_log::put_hashes(unsigned level, std::span<const tree_hash> hashes, std::uint64_t size_before) {
    std::vector<tree_hash> above;
    auto index = tile_extent::of(size_before, level).full;
    while (!hashes.empty()) {
        if (level == edge_.size()) edge_.emplace_back();
        auto& tile = edge_[level];
        hashes = hashes.subspan(tile.append(hashes));
        if (tile.width() < tile_width_max) break;
        above.push_back(tile.node(tile_height, 0));
        full_tiles_.emplace(std::pair{level, index++}, tile);
        tile.clear();
    }
    if (!above.empty()) put_hashes(level + 1, above, size_before);
}

detailed_result<void> tile_log::integrate() {
    if (stopped_) return *stopped_;
    if (size_ == head_.size) return {};
    if (auto done = stop_if_failed(write_pending()); !done) return done;
    if (auto done = stop_if_failed(intend_and_publish()); !done) return done;
    discard_partials();
    full_tiles_.clear();
    full_bundles_.clear();
    return {};
}

detailed_result<void> tile_log::stop_if_failed(detailed_result<void> done) {
    if (!done) stopped_ = failure{errc::log_stopped, done.error().message()};
    return done;
}

detailed_result<void> tile_log::write_pending() {
    for (const auto& [index, bundle] : full_bundles_)
        if (auto done = files_.add(bundle_path(index), bundle.bytes()); !done) return done;
    for (const auto& [place, tile] : full_tiles_)
        if (auto done = files_.add(tile_path(place.first, place.second), std::as_bytes(tile.hashes())); !done)
            return done;
    if (auto done = write_edge(); !done) return done;
    return files_.sync_folders();
}

detailed_result<void> tile_log::write_edge() {
    for (unsigned level = 0; level < edge_.size(); ++level) {
        const auto now = tile_extent::of(size_, level);
        const auto before = tile_extent::of(head_.size, level);
        if (now.width == 0 || (now.width == before.width && now.full == before.full)) continue;
        const auto path = tile_path(level, now.full, now.width);
        if (auto done = files_.add(path, std::as_bytes(edge_[level].hashes())); !done) return done;
        if (level != 0) continue;
        if (auto done = files_.add(bundle_path(now.full, now.width), edge_entries_.bytes()); !done) return done;
    }
    return {};
}

detailed_result<void> tile_log::intend_and_publish() {
    const auto root = root_of(size_);
    if (!root) return root.error();
    checkpoint tree{identity_.origin, size_, *root};
    const auto text = tree.text();
    if (auto done = files_.replace(intended_file, std::as_bytes(std::span{text})); !done) return done;
    return publish(std::move(tree));
}

detailed_result<void> tile_log::publish(checkpoint head) {
    signed_note note{head.text(), {}};
    if (const auto done = sign_note(note, identity_.verifier, identity_.signer); !done)
        return failure{done.error(), "the checkpoint of " + identity_.origin};
    if (!note.is_signed_by(identity_.verifier))
        return failure{errc::bad_signature, "the signer's, on the checkpoint of " + identity_.origin};
    const auto text = note.encode();
    if (auto done = files_.replace(checkpoint_file, std::as_bytes(std::span{text})); !done) return done;
    head_ = std::move(head);
    note_ = std::move(note);
    return {};
}

detailed_result<void> tile_log::cosign(std::span<const note_signature> cosignatures) {
    if (stopped_) return *stopped_;
    auto note = note_;
    for (const auto& one : cosignatures) {
        std::erase_if(note.signatures, [&](const auto& s) { return s.key_id == one.key_id && s.name == one.name; });
        note.signatures.push_back(one);
    }
    const auto text = note.encode();
    if (auto done = stop_if_failed(files_.replace(checkpoint_file, std::as_bytes(std::span{text}))); !done) return done;
    note_ = std::move(note);
    return {};
}

// A narrower tile may go once the full one is published. Those that stay for an error only take space.
void tile_log::discard_partials() {
    for (const auto& [place, tile] : full_tiles_)
        files_.discard_folder(partial_folder(tile_path(place.first, place.second)));
    for (const auto& [index, bundle] : full_bundles_) files_.discard_folder(partial_folder(bundle_path(index)));
}

detailed_result<const hash_tile*> tile_log::tile_at(unsigned level, std::uint64_t index) {
    if (index == tile_extent::of(size_, level).full) return &edge_[level];
    if (const auto found = full_tiles_.find({level, index}); found != full_tiles_.end()) return &found->second;
    if (const auto* const kept = cache_.find(level, index)) return kept;
    const auto above = tile_at(level + 1, index / tile_width_max);
    if (!above) return above.error();
    const auto expected = (*above)->hashes()[index % tile_width_max];
    return cache_.load(files_, level, index, expected);
}

detailed_result<tree_hash> tile_log::node(unsigned tree_level, std::uint64_t position) {
    const auto level = tree_level / tile_height;
    const auto height = tree_level % tile_height;
    const auto per_tile = tile_width_max >> height;
    const auto tile = tile_at(level, position / per_tile);
    if (!tile) return tile.error();
    return (*tile)->node(height, position % per_tile);
}

detailed_result<tree_hash> tile_log::root_of(tree_range range) {
    // Whole subtrees, from the last and smallest; the others stand left of it.
    std::optional<tree_hash> root;
    for (auto left = range.end - range.begin, end = range.end; left != 0; left &= left - 1) {
        const auto tree_level = static_cast<unsigned>(std::countr_zero(left));
        end -= std::uint64_t{1} << tree_level;
        const auto subtree = node(tree_level, end >> tree_level);
        if (!subtree) return subtree.error();
        root = root ? tree_node(*subtree, *root) : *subtree;
    }
    return root ? *root : tree_root({});
}

detailed_result<std::vector<tree_hash>> tile_log::roots_of(const std::vector<tree_range>& ranges) {
    std::vector<tree_hash> roots;
    for (const auto& range : ranges) {
        const auto root = root_of(range);
        if (!root) return root.error();
        roots.push_back(*root);
    }
    return roots;
}

detailed_result<tree_hash> tile_log::root_of(std::uint64_t size) {
    return root_of(tree_range{0, size});
}

detailed_result<std::vector<tree_hash>> tile_log::prove_inclusion(std::uint64_t index, std::uint64_t size) {
    return roots_of(inclusion_ranges(index, size));
}

detailed_result<std::vector<tree_hash>> tile_log::prove_consistency(std::uint64_t from, std::uint64_t to) {
    return roots_of(consistency_ranges(from, to));
}

detailed_result<std::vector<std::byte>> tile_log::read_entry(std::uint64_t index) {
    const auto position = index % tile_width_max;
    const auto of = index / tile_width_max;
    const auto copy = [&](const entry_bundle& bundle) {
        const auto entry = bundle.entry(position);
        return std::vector<std::byte>{entry.begin(), entry.end()};
    };
    if (of == tile_extent::of(size_, 0).full) return copy(edge_entries_);
    if (const auto found = full_bundles_.find(of); found != full_bundles_.end()) return copy(found->second);
    const auto path = bundle_path(of);
    auto bytes = files_.read(path, tile_width_max * (entry_bytes_max + 2));
    if (!bytes) return bytes.error();
    const auto bundle = entry_bundle::parse(std::move(*bytes), tile_width_max);
    if (!bundle) return damaged(files_, path, "not a bundle of 256 entries");
    const auto leaf = node(0, index);
    if (!leaf) return leaf.error();
    if (tree_leaf(bundle->entry(position)) != *leaf)
        return damaged(files_, path, "entry " + std::to_string(position) + " is not the one in the tree");
    return copy(*bundle);
}

}  // namespace xacthuc::inline v0_1
