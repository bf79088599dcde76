// SPDX-License-Identifier: Apache-2.0
// The snapshot format, with as few partitions as make every check happen, so that every single bit can be tried: the
// code under test is what load_snapshot() and map_snapshot() run, but for the number of partitions it is told to
// expect.
#include "registry/snapshot_format.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <map>
#include <string>
#include <thread>
#include <xacthuc/registry/snapshot.hpp>

#include "registry/snapshot_reader.hpp"
#include "registry/snapshot_writer.hpp"
#include "unit/registry/model_files.hpp"
#include "unit/registry/outcome.hpp"
#include "unit/registry/sample_blocks.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

const std::string snapshot_path = "/register/snapshot-7.xts";

[[nodiscard]] authority_key authority_of(unsigned char seed) {
    std::array<std::byte, 32> bytes;
    bytes.fill(std::byte{seed});
    return authority_key::from_seed(bytes);
}

struct saved {
    model_files files;
    sample_blocks sample;
    authority_key authority = authority_of(1);

    explicit saved(std::size_t partitions = 5, bool with_keys = true, std::uint32_t lines_max = 3)
        : sample{make_sample_blocks(partitions, lines_max, with_keys, 11)} {
        save();
    }
    void save() {
        const auto calls = files.calls();
        const auto views = sample.views();
        const auto facts =
            write_snapshot(calls, snapshot_path, sample.facts, views, authority, {.created_unix_ms = 99});
        REQUIRE_MESSAGE(ok(facts), facts.error().message());
    }
    [[nodiscard]] std::vector<std::byte>& bytes() { return files.contents(snapshot_path); }
    [[nodiscard]] snapshot_header header() {
        snapshot_header header;
        std::memcpy(&header, bytes().data(), sizeof header);
        return header;
    }
    [[nodiscard]] std::vector<snapshot_entry> directory() {
        std::vector<snapshot_entry> entries(sample.blocks.size());
        std::memcpy(entries.data(), bytes().data() + sizeof(snapshot_header), entries.size() * sizeof(snapshot_entry));
        return entries;
    }
    // Puts them into the file, every hash and the signature made anew: what a faulty or hostile authority could write.
    void reseal(snapshot_header header, const std::vector<snapshot_entry>& directory) {
        seal_header(header, directory, authority);
        std::memcpy(bytes().data(), &header, sizeof header);
        std::memcpy(bytes().data() + sizeof header, directory.data(), directory.size() * sizeof(snapshot_entry));
    }
    void reseal_blocks() {
        auto entries = directory();
        for (auto& entry : entries) {
            const std::span<const std::byte> block{bytes().data() + entry.offset, entry.size_bytes};
            entry.damage = hash_for_damage(block);
            entry.binding = hash_for_binding(block);
        }
        reseal(header(), entries);
    }
    [[nodiscard]] detailed_result<checked_blocks> load(const load_snapshot_options& how = {}) {
        return read_blocks(files.calls(), snapshot_path, authority.public_key(), sample.blocks.size(), how);
    }
    [[nodiscard]] detailed_result<checked_blocks> map(const map_snapshot_options& how = {}) {
        return map_blocks(files.calls(), snapshot_path, authority.public_key(), sample.blocks.size(), how);
    }
};

[[nodiscard]] bool same_blocks(const checked_blocks& found, const sample_blocks& sample) {
    for (std::size_t p = 0; p < sample.blocks.size(); ++p)
        if (std::memcmp(found.memory.data() + found.offsets[p], sample.blocks[p].data(), sample.blocks[p].size()) != 0)
            return false;
    return found.offsets.size() == sample.blocks.size();
}

}  // namespace

TEST_CASE("what is written is read back, byte by byte, with and without keys and in any number of threads") {
    for (const bool with_keys : {false, true}) {
        for (const std::size_t partitions : {1U, 5U, 56U, 57U, 300U}) {
            saved file{partitions, with_keys, 40};
            for (const unsigned threads : {0U, 1U, 3U}) {
                CAPTURE(with_keys);
                CAPTURE(partitions);
                CAPTURE(threads);
                const auto loaded = file.load({.threads = threads});
                REQUIRE_MESSAGE(ok(loaded), words_of(loaded));
                CHECK(same_blocks(*loaded, file.sample));
                const auto mapped = file.map({.threads = threads});
                REQUIRE_MESSAGE(ok(mapped), words_of(mapped));
                CHECK(same_blocks(*mapped, file.sample));
                const auto facts = facts_of(loaded->header);
                CHECK(facts.index.citizens == file.sample.facts.citizens);
                CHECK(facts.index.placement_seed == file.sample.facts.placement_seed);
                CHECK(facts.index.digest_key_fingerprint == file.sample.facts.digest_key_fingerprint);
                CHECK(facts.index.as_of.sequence == file.sample.facts.as_of.sequence);
                CHECK(facts.index.as_of.as_of_unix_ms == file.sample.facts.as_of.as_of_unix_ms);
                CHECK(facts.index.with_keys == with_keys);
                CHECK(facts.created_unix_ms == 99);
                CHECK(facts.file_bytes == file.bytes().size());
            }
            CHECK(file.files.file_count() == 1);
            CHECK(file.files.open_count() == 0);
        }
    }
}

TEST_CASE("the bytes of a snapshot depend on its content and time alone, not on the threads that wrote it") {
    saved one{300, true, 60};
    const auto expected = one.bytes();
    const auto written = write_snapshot(one.files.calls(), snapshot_path, one.sample.facts, one.sample.views(),
                                        one.authority, {.threads = 4, .created_unix_ms = 99});
    REQUIRE(ok(written));
    CHECK(one.bytes() == expected);
}

TEST_CASE("any one flipped bit anywhere in a file is found") {
    saved file{3, true, 2};
    std::map<int, std::size_t> found;
    const auto header = file.header();
    const auto padding = sizeof header + header.directory.size_bytes;
    std::size_t tried = 0;
    const auto note = [&](const auto& outcome, std::size_t bit) {
        ++tried;
        if (outcome) FAIL("bit " << bit << " was not noticed");
        ++found[outcome.error().code.value()];
    };
    for (std::size_t bit = 0; bit < file.bytes().size() * 8; ++bit) {
        const auto at = bit / 8;
        auto& byte = file.bytes()[at];
        byte ^= std::byte{1} << (bit % 8);
        const bool also_slowly = bit % 8 == at % 8;
        if (at >= header.blocks.offset) {
            // Loading and mapping differ in how the bytes come into memory only.
            note(file.map(), bit);
            if (also_slowly && ok(file.load())) FAIL("bit " << bit << " was not noticed by loading");
        } else if (at >= padding) {
            // What stands before this check, the signature, is untouched by these bits and takes most of the time.
            const auto span = std::span<const std::byte>{file.bytes()};
            note(parse_directory(header, span.subspan(sizeof header, header.blocks.offset - sizeof header), "f"), bit);
            if (also_slowly && ok(file.load())) FAIL("bit " << bit << " was not noticed by loading");
        } else {
            note(file.load(), bit);
        }
        byte ^= std::byte{1} << (bit % 8);
    }
    CHECK(ok(file.load()));
    CHECK(tried == file.bytes().size() * 8);
    CHECK(found[static_cast<int>(errc::not_a_snapshot)] == 64);
    // Every bit of the version but bit 0, which makes it version 0, makes it newer.
    CHECK(found[static_cast<int>(errc::newer_version)] == 31);
    CHECK(found[static_cast<int>(errc::damaged_header)] == 512 * 8 - 64 - 31);
    CHECK(found[static_cast<int>(errc::checksum_mismatch)] == tried - 512 * 8);
}

TEST_CASE("a file cut at any byte is refused, and so is one with anything after its end") {
    saved file;
    const auto whole = file.bytes();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        file.bytes().assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        if (code_of(file.load()) != errc::truncated) FAIL("size " << size << ": " << words_of(file.load()));
        if (code_of(file.map()) != errc::truncated) FAIL("size " << size << ": " << words_of(file.map()));
    }
    for (const std::size_t more : {1U, 64U, 4096U}) {
        file.bytes() = whole;
        file.bytes().resize(whole.size() + more);
        CHECK(code_of(file.load()) == errc::trailing_bytes);
        CHECK(code_of(file.map()) == errc::trailing_bytes);
    }
}

TEST_CASE("an error names the file, the partition, the place and the two hashes") {
    saved file;
    const auto entry = file.directory()[3];
    file.bytes()[entry.offset + 100] ^= std::byte{4};
    const auto words = words_of(file.load({.threads = 2}));
    CHECK(words.find(snapshot_path) != std::string::npos);
    CHECK(words.find("partition 3 at offset " + std::to_string(entry.offset)) != std::string::npos);
    CHECK(words.find("XXH3-128 expected ") != std::string::npos);
    CHECK(words.find(", found ") != std::string::npos);
    CHECK(words.find("more of the like") == std::string::npos);

    file.bytes()[file.directory()[1].offset + 100] ^= std::byte{4};
    const auto more = words_of(file.load());
    CHECK(more.find("partition 1 at") != std::string::npos);
    CHECK(more.find("and 1 more of the like") != std::string::npos);
}

TEST_CASE("what a mapping was not asked to check it does not find, and what it was it does") {
    saved file;
    auto& byte = file.bytes()[file.directory()[2].offset + 70];
    byte ^= std::byte{1};
    CHECK(ok(file.map({.check = snapshot_check::directory})));
    CHECK(code_of(file.map({.check = snapshot_check::damage})) == errc::checksum_mismatch);
    CHECK(code_of(file.map()) == errc::checksum_mismatch);
    byte ^= std::byte{1};

    // The head of a block is looked at in any case: a probe runs by its line count.
    auto& lines = file.bytes()[file.directory()[2].offset + 8];
    lines ^= std::byte{2};
    CHECK(code_of(file.map({.check = snapshot_check::directory})) == errc::damaged_header);
    lines ^= std::byte{2};

    // A forger without the authority's key can keep XXH3-128 as it is (here by writing it into a directory that the
    // authority signs, which stands in for a collision): only BLAKE2b-256 tells.
    auto entries = file.directory();
    entries[2].binding[31] ^= std::byte{1};
    file.reseal(file.header(), entries);
    CHECK(ok(file.map({.check = snapshot_check::damage})));
    CHECK(code_of(file.map()) == errc::checksum_mismatch);
    CHECK(words_of(file.load()).find("partition 2 at offset") != std::string::npos);
    CHECK(words_of(file.load()).find("BLAKE2b-256 expected") != std::string::npos);
}

TEST_CASE("another authority's snapshot, a forged one and another digest key's are three different errors") {
    saved file;
    const auto other = authority_of(2);
    const auto calls = file.files.calls();
    CHECK(code_of(read_blocks(calls, snapshot_path, other.public_key(), 5, {})) == errc::foreign_authority);
    CHECK(code_of(map_blocks(calls, snapshot_path, other.public_key(), 5, {})) == errc::foreign_authority);

    const auto fingerprint = file.sample.facts.digest_key_fingerprint;
    CHECK(ok(file.load({.digest_key_fingerprint = fingerprint})));
    CHECK(ok(file.map({.digest_key_fingerprint = fingerprint})));
    CHECK(code_of(file.load({.digest_key_fingerprint = fingerprint + 1})) == errc::foreign_digest_key);
    CHECK(code_of(file.map({.digest_key_fingerprint = fingerprint + 1})) == errc::foreign_digest_key);

    // The forger signs with a key of his own and writes the trusted one's name over it.
    file.authority = other;
    auto forged = file.header();
    forged.citizens -= 1;
    file.reseal(forged, file.directory());
    forged = file.header();
    const auto trusted = authority_of(1).public_key();
    forged.authority = trusted.key();
    forged.damage = hash_for_damage(std::as_bytes(std::span{&forged, 1}).first(offsetof(snapshot_header, damage)));
    std::memcpy(file.bytes().data(), &forged, sizeof forged);
    CHECK(code_of(read_blocks(calls, snapshot_path, trusted, 5, {})) == errc::bad_signature);
    CHECK(code_of(map_blocks(calls, snapshot_path, trusted, 5, {})) == errc::bad_signature);
}

TEST_CASE("a header that says what cannot be is refused though its hashes and signature are right") {
    saved file;
    const auto good = file.header();
    const auto entries = file.directory();
    const auto refused = [&](auto change, errc expected = errc::damaged_header) {
        auto header = good;
        change(header);
        file.reseal(header, entries);
        CHECK(code_of(file.load()) == expected);
        CHECK(code_of(file.map({.check = snapshot_check::directory})) == expected);
    };
    constexpr auto huge = ~std::uint64_t{0};
    refused([](auto& h) { h.version = 0; });
    refused([](auto& h) { h.version = 1; }, errc::older_version);
    refused([](auto& h) { h.version = 3; }, errc::newer_version);
    refused([](auto& h) { h.byte_order = 0x0403'0201; });
    refused([](auto& h) { h.header_bytes = 1024; });
    refused([](auto& h) { h.section_count = 3; });
    refused([](auto& h) { h.flags = 3; });
    refused([](auto& h) { h.flags = 0; });
    refused([](auto& h) { h.file_bytes += 64; });
    refused([](auto& h) { h.file_bytes = huge; });
    refused([](auto& h) { h.file_bytes = 0; });
    refused([](auto& h) { h.blocks.size_bytes += 64; });
    refused([](auto& h) { h.blocks.size_bytes = huge; });
    refused([](auto& h) { h.blocks.offset = huge; });
    refused([](auto& h) { h.blocks.offset += 4096; });
    refused([](auto& h) { h.directory.offset = huge; });
    refused([](auto& h) { h.directory.size_bytes = huge; });
    refused([](auto& h) { h.directory.kind = snapshot_section_kind::blocks; });
    refused([](auto& h) { h.blocks.kind = static_cast<snapshot_section_kind>(77); });
    refused([](auto& h) { h.blocks.damage[3] = std::byte{1}; });
    refused([](auto& h) { h.blocks.binding[3] = std::byte{1}; });
    refused([](auto& h) { h.zero_1[23] = std::byte{1}; });
    refused([](auto& h) { h.zero_2[79] = std::byte{1}; });
    refused([](auto& h) { h.citizens = huge; });
    for (const std::uint32_t partitions : {0U, 1U, 4U, 6U, 16'384U, 16'385U, ~0U})
        refused([&](auto& h) { h.partition_count = partitions; });
    // Consistent but for the file, which is shorter or longer.
    refused([](auto& h) { h.file_bytes += 64, h.blocks.size_bytes += 64; }, errc::truncated);
    refused([](auto& h) { h.file_bytes -= 64, h.blocks.size_bytes -= 64; }, errc::trailing_bytes);
    refused([](auto& h) { h.file_bytes = huge, h.blocks.size_bytes = huge - h.blocks.offset; }, errc::truncated);

    // One citizen more or less than there are is found once the blocks are counted.
    auto more = good;
    ++more.citizens;
    file.reseal(more, entries);
    CHECK(code_of(file.load()) == errc::damaged_header);
    CHECK(code_of(file.map()) == errc::damaged_header);
    file.reseal(good, entries);
    CHECK(ok(file.load()));
}

TEST_CASE("a directory that says what cannot be is refused though its hashes and signature are right") {
    saved file;
    const auto header = file.header();
    const auto good = file.directory();
    const auto refused = [&](auto change) {
        auto entries = good;
        change(entries);
        file.reseal(header, entries);
        CHECK(code_of(file.load()) == errc::damaged_header);
        CHECK(code_of(file.map({.check = snapshot_check::directory})) == errc::damaged_header);
    };
    constexpr auto huge = ~std::uint64_t{0};
    refused([](auto& e) { e[0].offset = 0; });
    refused([](auto& e) { e[1].offset = e[0].offset; });
    refused([](auto& e) { e[1].offset = huge; });
    refused([](auto& e) { e[1].size_bytes = huge; });
    refused([](auto& e) { e[1].size_bytes = huge - 63; });
    refused([](auto& e) { e[1].size_bytes = 0, e[2].offset = e[1].offset; });
    refused([](auto& e) { e[4].size_bytes += 64; });
    refused([](auto& e) { e[4].size_bytes -= 64; });
    refused([](auto& e) { e[1].size_bytes += 1, e[2].offset += 1, e[2].size_bytes -= 1; });
    refused([](auto& e) { std::swap(e[0], e[1]); });
}

TEST_CASE("a block that is not what its place wants is refused though every hash and the signature are right") {
    saved file;
    const auto good = file.bytes();
    const auto refused = [&](auto change) {
        file.bytes() = good;
        const auto entry = file.directory()[1];
        block_head head;
        std::memcpy(&head, file.bytes().data() + entry.offset, sizeof head);
        change(head);
        std::memcpy(file.bytes().data() + entry.offset, &head, sizeof head);
        file.reseal_blocks();
        CHECK(code_of(file.load()) == errc::damaged_header);
        CHECK(code_of(file.map()) == errc::damaged_header);
        CHECK(words_of(file.load()).find("partition 1 at offset") != std::string::npos);
    };
    refused([](auto& h) { h.magic = 0; });
    refused([](auto& h) { h.partition = 2; });
    refused([](auto& h) { h.line_count = 0; });
    refused([](auto& h) { ++h.line_count; });
    refused([](auto& h) { h.line_count = ~0U; });
    refused([](auto& h) { h.line_count += 1U << 26; });
    refused([](auto& h) { h.live_count += 1; });
    refused([](auto& h) { h.key_bytes = 0; });
    refused([](auto& h) { h.key_bytes = 33; });
    refused([](auto& h) { h.spare[10] = 1; });
}

TEST_CASE("a file that is no snapshot, is none at all, or is not a file has an error of its own") {
    model_files files;
    const auto calls = files.calls();
    const auto trusted = authority_of(1).public_key();
    CHECK(code_of(read_blocks(calls, "/register/none", trusted, 5, {})) == errc::not_found);
    files.put("/register/text", std::vector<std::byte>(10'000, std::byte{'a'}));
    CHECK(code_of(read_blocks(calls, "/register/text", trusted, 5, {})) == errc::not_a_snapshot);
    files.put("/register/short", std::vector<std::byte>(3, std::byte{'a'}));
    CHECK(code_of(read_blocks(calls, "/register/short", trusted, 5, {})) == errc::not_a_snapshot);
    files.put("/register/empty", {});
    CHECK(code_of(read_blocks(calls, "/register/empty", trusted, 5, {})) == errc::truncated);
    CHECK(code_of(read_blocks(system_file_calls(), "/tmp", trusted, 5, {})) == errc::not_a_snapshot);
}

TEST_CASE("damage in memory is not signed: saving refuses a record that fails its check, and a wrong count") {
    saved file;
    const auto before = file.bytes();
    const auto save = [&] {
        return write_snapshot(file.files.calls(), snapshot_path, file.sample.facts, file.sample.views(), file.authority,
                              {});
    };
    auto& block = file.sample.blocks[2];
    std::size_t at = sizeof(block_head);
    while ((block[at + 7] & std::byte{0x70}) != std::byte{0x70}) at += sizeof(record);
    block[at + 20] ^= std::byte{8};
    auto refused = save();
    CHECK(code_of(refused) == errc::damaged_record);
    CHECK(words_of(refused).find("partition 2, slot " + std::to_string((at - sizeof(block_head)) / sizeof(record))) !=
          std::string::npos);
    block[at + 20] ^= std::byte{8};

    // A flip in the state bits makes the record vanish; the count notices.
    block[at + 7] ^= std::byte{0x10};
    CHECK(code_of(save()) == errc::damaged_record);
    block[at + 7] ^= std::byte{0x10};

    CHECK(file.bytes() == before);
    CHECK(file.files.file_count() == 1);
    CHECK(ok(save()));
}

TEST_CASE("a block's count of live records is brought up to date by saving") {
    saved file;
    auto& block = file.sample.blocks[0];
    block_head head;
    std::memcpy(&head, block.data(), sizeof head);
    const auto right = block;
    head.live_count = 0;
    std::memcpy(block.data(), &head, sizeof head);
    file.save();
    file.sample.blocks[0] = right;
    const auto loaded = file.load();
    REQUIRE_MESSAGE(ok(loaded), words_of(loaded));
    CHECK(same_blocks(*loaded, file.sample));
}

TEST_CASE("progress is told on the calling thread, never beyond the number of partitions, and ends with it") {
    saved file{300, false, 4};
    for (const unsigned threads : {1U, 3U}) {
        const auto caller = std::this_thread::get_id();
        std::vector<std::size_t> told;
        const auto report = [&](std::size_t done) {
            CHECK(std::this_thread::get_id() == caller);
            told.push_back(done);
        };
        REQUIRE(ok(file.load({.threads = threads, .report = report})));
        CHECK(std::ranges::is_sorted(told));
        CHECK(told.back() == 300);
        told.clear();
        REQUIRE(ok(write_snapshot(file.files.calls(), snapshot_path, file.sample.facts, file.sample.views(),
                                  file.authority, {.threads = threads, .report = report})));
        CHECK(std::ranges::is_sorted(told));
        CHECK(told.back() == 300);
    }
}
