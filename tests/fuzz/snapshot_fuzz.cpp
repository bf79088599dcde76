// SPDX-License-Identifier: Apache-2.0
// Hostile snapshots. The input is laid over a good file of five partitions, at places that the input names; then, as
// its first byte says, header and directory are sealed again with the authority's own key, so that what is fuzzed is
// not stopped by the first checksum. Nothing may crash, and what is served must be what the directory binds.
#include <fcntl.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>

#include "fuzz/lay_over.hpp"
#include "registry/snapshot_format.hpp"
#include "registry/snapshot_reader.hpp"
#include "registry/snapshot_writer.hpp"
#include "unit/registry/model_files.hpp"
#include "unit/registry/sample_blocks.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::size_t partitions = 5;
const std::string path = "/register/snapshot-1.xts";

struct good_file {
    model_files files;
    authority_key authority = authority_key::from_seed(std::array<std::byte, 32>{});
    model_files::bytes bytes;

    good_file() {
        const auto sample = make_sample_blocks(partitions, 3, true, 1);
        if (!write_snapshot(files.calls(), path, sample.facts, sample.views(), authority, {.created_unix_ms = 1}))
            std::abort();
        bytes = files.contents(path);
    }
};

// Makes every hash and the signature right again, as far as the header lets it be known what they cover.
void seal_again(model_files::bytes& file, const authority_key& authority, bool blocks_too) {
    snapshot_header header;
    std::memcpy(&header, file.data(), sizeof header);
    std::vector<snapshot_entry> directory(partitions);
    std::memcpy(directory.data(), file.data() + sizeof header, partitions * sizeof(snapshot_entry));
    for (auto& entry : directory) {
        if (!blocks_too || entry.offset > file.size() || entry.size_bytes > file.size() - entry.offset) continue;
        const std::span<const std::byte> block{file.data() + entry.offset, entry.size_bytes};
        entry.damage = hash_for_damage(block);
        entry.binding = hash_for_binding(block);
    }
    seal_header(header, directory, authority);
    std::memcpy(file.data(), &header, sizeof header);
    std::memcpy(file.data() + sizeof header, directory.data(), partitions * sizeof(snapshot_entry));
}

void check_served(const detailed_result<checked_blocks>& served) {
    if (!served) return;
    if (served->offsets.size() != partitions) std::abort();
    for (std::size_t p = 0; p < partitions; ++p) {
        block_head head;
        if (served->offsets[p] + sizeof head > served->memory.size()) std::abort();
        std::memcpy(&head, served->memory.data() + served->offsets[p], sizeof head);
        if (head.partition != p || head.line_count == 0) std::abort();
        const auto end = served->offsets[p] + block_bytes(head.line_count, head.key_bytes != 0);
        if (end > served->memory.size()) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static good_file good;
    if (size == 0) return 0;
    auto& file = good.files.contents(path);
    file = good.bytes;
    lay_over(file, {data + 1, size - 1});
    if ((data[0] & 1) != 0) seal_again(file, good.authority, (data[0] & 2) != 0);
    if ((data[0] & 4) != 0) file.resize(file.size() * data[0] / 256);
    const auto calls = good.files.calls();
    const auto trusted = good.authority.public_key();
    for (const auto check : {snapshot_check::directory, snapshot_check::damage, snapshot_check::everything})
        check_served(map_blocks(calls, path, trusted, partitions, {.check = check}));
    if ((data[0] & 24) == 24) check_served(read_blocks(calls, path, trusted, partitions, {}));
    return 0;
}
