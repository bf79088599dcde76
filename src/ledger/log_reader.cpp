// SPDX-License-Identifier: Apache-2.0
#include <xacthuc/ledger/log_reader.hpp>

#include "ledger/tile_tree.hpp"

namespace xacthuc::inline v0_1 {

struct log_reader::impl {
    tile_tree tree;
    checkpoint head;
    signed_note note;
};

detailed_result<log_reader> log_reader::open(const std::filesystem::path& directory, std::string_view origin,
                                             const note_verifier& log) {
    constexpr std::size_t text_bytes_max = std::size_t{1} << 20;
    auto of = std::make_unique<impl>(impl{tile_tree{tile_files{system_file_calls(), directory}}, {}, {}});
    const auto bytes = of->tree.files().read("checkpoint", text_bytes_max);
    if (!bytes) return bytes.error();
    const std::string_view text{reinterpret_cast<const char*>(bytes->data()), bytes->size()};
    auto head = open_checkpoint(text, origin, log);
    if (!head) return failure{head.error(), (directory / "checkpoint").string()};
    if (auto done = of->tree.load(head->size); !done) return done.error();
    const auto root = of->tree.root_of({0, head->size});
    if (!root) return root.error();
    if (*root != head->root) return damaged_log_file(of->tree.files(), "tile", "its root is not the checkpoint's");
    of->head = std::move(*head);
    of->note = parse_note(text).value();
    return log_reader{std::move(of)};
}

log_reader::log_reader(std::unique_ptr<impl> of) noexcept : impl_{std::move(of)} {}
log_reader::log_reader(log_reader&&) noexcept = default;
log_reader& log_reader::operator=(log_reader&&) noexcept = default;
log_reader::~log_reader() = default;

const checkpoint& log_reader::head() const noexcept {
    return impl_->head;
}
const signed_note& log_reader::note() const noexcept {
    return impl_->note;
}

detailed_result<std::vector<std::byte>> log_reader::entry(std::uint64_t index) {
    return impl_->tree.read_entry(index);
}

detailed_result<tlog_proof> log_reader::prove(std::uint64_t index) {
    auto hashes = impl_->tree.roots_of(inclusion_ranges(index, impl_->head.size));
    if (!hashes) return hashes.error();
    return tlog_proof{{}, index, std::move(*hashes), impl_->note};
}

detailed_result<std::vector<tree_hash>> log_reader::prove_consistency(std::uint64_t from) {
    return impl_->tree.roots_of(consistency_ranges(from, impl_->head.size));
}

}  // namespace xacthuc::inline v0_1
