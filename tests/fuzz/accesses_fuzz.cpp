// SPDX-License-Identifier: Apache-2.0
// Hostile segments of sorted accesses. The input is laid over a good segment, at places that the input names; then, as
// its first byte says, hashes of blocks, tables and head are made right again, so that what is fuzzed is not stopped by
// the first of them. Nothing may crash, no more may be handed out than the head says, and what is not sealed again is
// found to be damaged.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "fuzz/lay_over.hpp"
#include "hash/content_hash.hpp"
#include "ledger/access_segment.hpp"
#include "ledger/little_endian.hpp"
#include "unit/ledger/made_accesses.hpp"
#include "unit/registry/model_files.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

const std::string path = "/ledger/access/2026-11.xta";

void must(bool is_so) {
    if (!is_so) std::abort();
}

struct good_segment {
    model_files files;
    made_secrets secrets{.destroyed = {november.first_day() + 3}};
    std::vector<record_access> accesses = made_accesses(2'500, 1);
    model_files::bytes bytes;
    file_calls calls = files.calls();

    good_segment() {
        // The day whose secret is destroyed has no accesses: there is nothing to write them with.
        std::erase_if(accesses, [&](const record_access& one) {
            return local_second::of(one.time_unix_s).day == secrets.destroyed.front();
        });
        must(write_access_segment(calls, path, november, source_of(accesses), secrets.all()).has_value());
        bytes = files.contents(path);
    }
};

void put_hash(model_files::bytes& file, std::size_t from, std::size_t size) {
    std::ranges::copy(hash_for_damage(std::span{file}.subspan(from, size)),
                      file.begin() + static_cast<std::ptrdiff_t>(from + size));
}

// Every hash again, as far as the head lets it be known what they cover.
void seal_again(model_files::bytes& file, bool blocks_too) {
    constexpr std::size_t tables_hash_at = 72;
    constexpr std::size_t head_hash_at = 88;
    if (file.size() < access_segment_head::bytes) return;
    const auto number = [&](std::size_t k) { return load_little(file.data() + 8 * k, 8); };
    store_little(file.size(), file.data() + 48, 8);
    const auto entries = number(2);
    const auto blocks = number(3);
    const auto layout = access_layout::of(number(4), number(5));
    const auto most = file.size();
    if (layout && entries <= most && blocks <= most) {
        const auto tables =
            access_segment_head::bytes + entries * layout->entry_bytes() + blocks * access_layout::trailer_bytes;
        if (tables <= most) {
            const auto hash = hash_for_damage(std::span{file}.subspan(tables));
            std::ranges::copy(hash, file.begin() + tables_hash_at);
        }
        for (std::size_t block = 0; blocks_too && block < blocks; ++block) {
            const auto index = most - (blocks - block) * access_layout::index_entry_bytes;
            if (index > most - access_layout::index_entry_bytes) break;
            const auto place = load_little(file.data() + index + 8, 8);
            const auto next = block + 1 < blocks ? load_little(file.data() + index + 24, 8) : entries;
            if (place > entries || next > entries || next < place) break;
            const auto from =
                access_segment_head::bytes + place * layout->entry_bytes() + block * access_layout::trailer_bytes;
            const auto size = layout->block_bytes(next - place) - sizeof(damage_hash);
            if (from + size + sizeof(damage_hash) > most) break;
            put_hash(file, from, size);
        }
    }
    put_hash(file, 0, head_hash_at);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static good_segment good;
    if (size == 0) return 0;
    auto& file = good.files.contents(path);
    file = good.bytes;
    lay_over(file, {data + 1, size - 1});
    if ((data[0] & 4) != 0) file.resize(file.size() * data[0] / 256);
    const bool is_sealed = (data[0] & 1) != 0;
    if (is_sealed) seal_again(file, (data[0] & 2) != 0);
    const auto segment = access_segment::open(good.calls, path);
    if (!segment) return 0;
    std::vector<record_access> all;
    const auto secrets = good.secrets.all();
    const auto read = segment->read_all(secrets, [&](const record_access& one) { all.push_back(one); });
    must(all.size() <= segment->entries());
    if (!is_sealed) must(read.has_value() == (file == good.bytes));
    if (file == good.bytes) must(all.size() == good.accesses.size());
    std::vector<std::uint64_t> asked{0, ~std::uint64_t{0}, good.accesses.front().hidden_id};
    if (!all.empty()) asked.push_back(all[all.size() / 2].hidden_id);
    for (const auto id : asked) {
        segment->expect(id);
        std::uint64_t found = 0;
        if (!segment->find(id, secrets, [&](const record_access&) { ++found; })) continue;
        must(found <= segment->entries());
        if (file == good.bytes)
            must(static_cast<std::int64_t>(found) == std::ranges::count(good.accesses, id, &record_access::hidden_id));
    }
    return 0;
}
