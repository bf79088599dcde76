// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile_log.hpp"

#include <algorithm>

namespace xacthuc::inline v0_1 {
namespace {

constexpr auto intended_file = "intended";
constexpr auto checkpoint_file = "checkpoint";
constexpr std::size_t checkpoint_bytes_max = std::size_t{1} << 20;
constexpr unsigned log_folder_mode = 0755;

[[nodiscard]] std::string_view text_of(std::span<const std::byte> bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Nothing when there is no such file.
[[nodiscard]] detailed_result<std::optional<std::string>> read_text(const tile_files& files, const std::string& path) {
    const auto bytes = files.read(path, checkpoint_bytes_max);
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
    if (auto made = make_directory(calls, directory, log_folder_mode);
        !made && made.error().code != errc::already_exists)
        return made.error();
    if (auto done = sync_directory_of(calls, directory); !done) return done.error();
    auto lock = lock_log(calls, directory / "log.lock");
    if (!lock) return lock.error();
    tile_log log{tile_files{calls, directory}, std::move(identity), std::move(*lock)};
    const auto intended = read_text(log.files(), intended_file);
    if (!intended) return intended.error();
    if (auto done = *intended ? log.resume(**intended) : log.begin(); !done) return done.error();
    return log;
}

detailed_result<void> tile_log::begin() {
    for (const auto* const name : {checkpoint_file, "tile"}) {
        const auto found = examine_file(files().calls(), files().directory() / name);
        if (found)
            return damaged_log_file(files(), name, "a log is here without its file " + std::string{intended_file});
        if (found.error().code != errc::not_found) return found.error();
    }
    return intend_and_publish();
}

detailed_result<void> tile_log::resume(std::string_view intended) {
    const auto tree = parse_checkpoint(intended);
    if (!tree) return damaged_log_file(files(), intended_file, tree.error().message());
    if (tree->origin != identity_.origin)
        return damaged_log_file(files(), intended_file, "of another log, " + tree->origin);
    if (auto done = tree_.load(tree->size); !done) return done;
    const auto root = root_of(tree->size);
    if (!root) return root.error();
    if (*root != tree->root) return damaged_log_file(files(), "tile", "its root is not the intended one");
    if (auto done = take_published(*tree); !done) return done;
    if (head_.size == tree->size && !note_.signatures.empty()) return {};
    // That this is intended may be seen by now and yet be lost with the power; after a signature it must not be.
    if (auto done = sync_directory(files().calls(), files().directory()); !done) return done;
    return publish(*tree);
}

// The checkpoint may be the intended one, or one before it.
detailed_result<void> tile_log::take_published(const checkpoint& intended) {
    const auto text = read_text(files(), checkpoint_file);
    if (!text) return text.error();
    if (!*text) return {};
    const auto published = open_checkpoint(**text, identity_.origin, identity_.verifier);
    if (!published) return failure{published.error(), (files().directory() / checkpoint_file).string()};
    if (published->size > intended.size)
        return damaged_log_file(files(), checkpoint_file, "it is of more than is intended");
    const auto root = root_of(published->size);
    if (!root) return root.error();
    if (*root != published->root)
        return damaged_log_file(files(), checkpoint_file, "its root is not that of the tiles");
    head_ = *published;
    note_ = parse_note(**text).value();
    return {};
}

detailed_result<std::uint64_t> tile_log::append(std::span<const std::span<const std::byte>> entries) {
    if (stopped_) return *stopped_;
    const auto first = size();
    // Should memory run out on the way, bundles and tree are no longer one.
    stopped_ = failure{errc::log_stopped, "no memory to put entries in"};
    tree_.append(entries);
    stopped_.reset();
    return first;
}

detailed_result<void> tile_log::integrate() {
    if (stopped_) return *stopped_;
    if (size() == head_.size) return {};
    if (auto done = stop_if_failed(tree_.write(head_.size)); !done) return done;
    if (auto done = stop_if_failed(intend_and_publish()); !done) return done;
    tree_.settle();
    return {};
}

detailed_result<void> tile_log::stop_if_failed(detailed_result<void> done) {
    if (!done) stopped_ = failure{errc::log_stopped, done.error().message()};
    return done;
}

detailed_result<void> tile_log::intend_and_publish() {
    const auto root = root_of(size());
    if (!root) return root.error();
    checkpoint tree{identity_.origin, size(), *root};
    const auto text = tree.text();
    if (auto done = files().replace(intended_file, std::as_bytes(std::span{text})); !done) return done;
    return publish(std::move(tree));
}

detailed_result<void> tile_log::publish(checkpoint head) {
    signed_note note{head.text(), {}};
    if (const auto done = sign_note(note, identity_.verifier, identity_.signer); !done)
        return failure{done.error(), "the checkpoint of " + identity_.origin};
    if (!note.is_signed_by(identity_.verifier))
        return failure{errc::bad_signature, "the signer's, on the checkpoint of " + identity_.origin};
    const auto text = note.encode();
    if (auto done = files().replace(checkpoint_file, std::as_bytes(std::span{text})); !done) return done;
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
    if (auto done = stop_if_failed(files().replace(checkpoint_file, std::as_bytes(std::span{text}))); !done)
        return done;
    note_ = std::move(note);
    return {};
}

detailed_result<std::vector<std::byte>> tile_log::read_entry(std::uint64_t index) {
    return tree_.read_entry(index);
}

detailed_result<tree_hash> tile_log::root_of(std::uint64_t size) {
    return tree_.root_of({0, size});
}

detailed_result<std::vector<tree_hash>> tile_log::prove_inclusion(std::uint64_t index, std::uint64_t size) {
    return tree_.roots_of(inclusion_ranges(index, size));
}

detailed_result<std::vector<tree_hash>> tile_log::prove_consistency(std::uint64_t from, std::uint64_t to) {
    return tree_.roots_of(consistency_ranges(from, to));
}

}  // namespace xacthuc::inline v0_1
