// SPDX-License-Identifier: Apache-2.0
// Snapshots of whole indexes, on the real file system: what was saved is what is served, and nothing else ever is.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>
#include <xacthuc/registry/snapshot.hpp>

#include "registry/snapshot_format.hpp"
#include "unit/index/made_records.hpp"
#include "unit/registry/outcome.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

const index_builder::options some_options{.placement_seed = 77,
                                          .digest_key_fingerprint = 0x1234'5678'9abc'def0,
                                          .as_of = {4711, 1'700'000'000'000},
                                          .with_keys = true,
                                          .load = 0.62,
                                          .citizens_expected = 0};

[[nodiscard]] bool same_blocks(const citizen_index& a, const citizen_index& b) {
    for (std::size_t p = 0; p < partition_count; ++p)
        if (!std::ranges::equal(a.block(p), b.block(p))) return false;
    return true;
}

void check_same(const citizen_index& found, const citizen_index& saved) {
    CHECK(same_blocks(found, saved));
    CHECK(found.citizens() == saved.citizens());
    CHECK(found.as_of().sequence == saved.as_of().sequence);
    CHECK(found.as_of().as_of_unix_ms == saved.as_of().as_of_unix_ms);
    CHECK(found.facts().placement_seed == saved.facts().placement_seed);
    CHECK(found.facts().digest_key_fingerprint == saved.facts().digest_key_fingerprint);
    CHECK(found.facts().with_keys == saved.facts().with_keys);
    const auto scrubbed = found.scrub();
    CHECK(scrubbed.live == saved.citizens());
    CHECK(scrubbed.damaged == 0);
}

class byte_editor {
  public:
    explicit byte_editor(const std::filesystem::path& path)
        : file_{path, std::ios::binary | std::ios::in | std::ios::out} {}
    void flip(std::uint64_t bit) {
        char byte = 0;
        file_.seekg(static_cast<std::streamoff>(bit / 8)).get(byte);
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ 1U << (bit % 8));
        file_.seekp(static_cast<std::streamoff>(bit / 8)).put(byte).flush();
        REQUIRE(file_.good());
    }

  private:
    std::fstream file_;
};

// An index of so many citizens in a snapshot of its own.
struct saved_index {
    scratch_directory directory;
    std::filesystem::path path = directory / "snapshot-4711.xts";
    authority_key authority = authority_key::generate();
    citizen_index index;

    explicit saved_index(std::uint64_t citizens) : index{build_index(citizens, some_options)} {
        const auto facts = save_snapshot(index, path, authority, {.threads = 2});
        REQUIRE_MESSAGE(ok(facts), words_of(facts));
    }
    [[nodiscard]] detailed_result<citizen_index> load(unsigned threads = 2) const {
        return load_snapshot(path, authority.public_key(), {.threads = threads});
    }
    [[nodiscard]] detailed_result<citizen_index> map() const {
        return map_snapshot(path, authority.public_key(), {.threads = 2});
    }
};

void flip_at_random(const saved_index& at, int flips) {
    std::mt19937_64 random{9};
    byte_editor file{at.path};
    const auto size = std::filesystem::file_size(at.path);
    for (int i = 0; i < flips; ++i) {
        // A third in header and directory, which are small beside the blocks of a large file.
        const auto range = i % 3 == 0 ? snapshot_blocks_offset(partition_count) : size;
        const auto bit = random() % (range * 8);
        CAPTURE(bit);
        file.flip(bit);
        const auto outcome = i % 2 == 0 ? at.load() : at.map();
        CHECK(!ok(outcome));
        CHECK(words_of(outcome).find(at.path.string()) != std::string::npos);
        file.flip(bit);
    }
    CHECK(ok(at.load()));
}

}  // namespace

TEST_CASE("a partition with a block of its own size leaves the others where arithmetic finds them") {
    const scratch_directory directory;
    const auto path = directory / "snapshot-1.xts";
    const auto authority = authority_key::generate();
    const auto ids = ids_in_partition(9'000, 1'000, some_options.placement_seed.value());
    auto builder = index_builder::create(some_options).value();
    {
        auto appender = builder.make_appender();
        for (std::uint64_t i = 0; i < 30'000; ++i) REQUIRE(ok(appender.append(made_record(made_id(i), i), i)));
        for (const auto id : ids) REQUIRE(ok(appender.append(made_record(id, id), 30'000 + id)));
    }
    const auto index = std::move(builder).build(2).value();
    REQUIRE(irregular_partitions(index) == 1);
    REQUIRE(ok(save_snapshot(index, path, authority, {.threads = 2})));
    const auto loaded = load_snapshot(path, authority.public_key(), {.threads = 2});
    REQUIRE_MESSAGE(ok(loaded), words_of(loaded));
    check_same(*loaded, index);
    CHECK(irregular_partitions(*loaded) == 1);
    CHECK(loaded->memory_bytes() == index.memory_bytes());
    // In the file there are no gaps: what lies behind the large block, or before it, is looked up.
    const auto mapped = map_snapshot(path, authority.public_key(), {.threads = 2});
    REQUIRE_MESSAGE(ok(mapped), words_of(mapped));
    check_same(*mapped, index);
    CHECK(irregular_partitions(*mapped) <= partition_count / 2);
    for (const auto* served : {&*loaded, &*mapped})
        for (const auto id : ids) REQUIRE(served->find(personal_id::from_trusted(id))->has_value());
}

TEST_CASE("an index comes back as it was, loaded and mapped, with any number of threads") {
    for (const std::uint64_t citizens : {0U, 1U, 40'000U}) {
        const saved_index at{citizens};
        for (const unsigned threads : {1U, 4U}) {
            const auto loaded = at.load(threads);
            REQUIRE_MESSAGE(ok(loaded), words_of(loaded));
            check_same(*loaded, at.index);
            CHECK(!loaded->facts().read_only);
        }
        for (const auto check : {snapshot_check::directory, snapshot_check::damage, snapshot_check::everything}) {
            const auto mapped = map_snapshot(at.path, at.authority.public_key(), {.check = check});
            REQUIRE_MESSAGE(ok(mapped), words_of(mapped));
            check_same(*mapped, at.index);
            CHECK(mapped->facts().read_only);
        }
    }
}

TEST_CASE("what is served from a snapshot answers and, loaded, can be changed; mapped, it refuses") {
    const saved_index at{10'000};
    auto loaded = at.load();
    REQUIRE(ok(loaded));
    const auto id = personal_id::from_trusted(made_id(17));
    CHECK(ok(loaded->upsert(made_record(made_id(17), 1'000'000))));
    CHECK((*loaded->find(id))->words[1] == made_record(made_id(17), 1'000'000).words[1]);
    CHECK((*at.index.find(id))->words[1] == made_record(made_id(17), 17).words[1]);

    auto mapped = at.map();
    REQUIRE(ok(mapped));
    CHECK(mapped->upsert(made_record(made_id(17), 1)).error() == errc::read_only);
    CHECK(mapped->erase(id).error() == errc::read_only);
    CHECK((*mapped->find(id))->words[1] == made_record(made_id(17), 17).words[1]);
}

TEST_CASE("an index that was changed is saved as it is now, over the old snapshot, and a mapping keeps the old") {
    const saved_index at{10'000};
    const auto before = at.map();
    REQUIRE(ok(before));
    auto changed = at.load();
    REQUIRE(ok(changed));
    // Small partitions are soon full, which is no matter here.
    std::size_t changes = 0;
    for (std::uint64_t i = 0; i < 2'000; ++i)
        changes += static_cast<std::size_t>(ok(changed->upsert(made_record(made_id(i * 7), 500'000 + i))));
    for (std::uint64_t i = 0; i < 500; ++i)
        changes += static_cast<std::size_t>(ok(changed->erase(personal_id::from_trusted(made_id(i * 11)))));
    CHECK(changes > 1'000);
    changed->set_as_of({4712, 1'700'000'000'001});
    const auto facts = save_snapshot(*changed, at.path, at.authority, {.created_unix_ms = 5});
    REQUIRE_MESSAGE(ok(facts), words_of(facts));
    CHECK(facts->index.citizens == changed->citizens());
    const auto after = at.load();
    REQUIRE_MESSAGE(ok(after), words_of(after));
    CHECK(after->citizens() == changed->citizens());
    CHECK(after->as_of().sequence == 4712);
    CHECK(after->scrub().damaged == 0);
    std::size_t different = 0;
    for (std::uint64_t i = 0; i < 14'000; ++i) {
        const auto id = personal_id::from_trusted(made_id(i));
        const auto wanted = *changed->find(id);
        const auto found = *after->find(id);
        different += static_cast<std::size_t>(wanted != found);
    }
    CHECK(different == 0);
    check_same(*before, at.index);
}

TEST_CASE("a snapshot belongs to its owner alone, and says what it is to an inspector") {
    const saved_index at{1'000};
    struct stat status {};
    REQUIRE(::stat(at.path.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0600U);
    const auto facts = inspect_snapshot(at.path);
    REQUIRE_MESSAGE(ok(facts), words_of(facts));
    CHECK(facts->version == 2);
    CHECK(facts->index.citizens == 1'000);
    CHECK(facts->index.as_of.sequence == 4711);
    CHECK(facts->index.digest_key_fingerprint == some_options.digest_key_fingerprint);
    CHECK(facts->index.with_keys);
    CHECK(facts->file_bytes == std::filesystem::file_size(at.path));
    CHECK((facts->authority == at.authority.public_key()));
    CHECK(facts->signature_verifies);
    CHECK(facts->created_unix_ms > 1'700'000'000'000);

    // A header changed and made whole again, but for the signature.
    snapshot_header header;
    std::fstream file{at.path, std::ios::binary | std::ios::in | std::ios::out};
    file.read(reinterpret_cast<char*>(&header), sizeof header);
    header.citizens = 999;
    header.damage = hash_for_damage(std::as_bytes(std::span{&header, 1}).first(offsetof(snapshot_header, damage)));
    file.seekp(0).write(reinterpret_cast<const char*>(&header), sizeof header).flush();
    const auto forged = inspect_snapshot(at.path);
    REQUIRE(ok(forged));
    CHECK(!forged->signature_verifies);
    CHECK(code_of(at.load()) == errc::bad_signature);
}

TEST_CASE("bits flipped at random in a snapshot are found") {
    flip_at_random(saved_index{20'000}, 60);
}

TEST_CASE("bits flipped at random in a large snapshot are found" * doctest::test_suite("slow")) {
    flip_at_random(saved_index{1'000'000}, 300);
}

TEST_CASE("a snapshot cut at any boundary, one off it or anywhere is truncated") {
    const saved_index at{20'000};
    const auto size = std::filesystem::file_size(at.path);
    std::vector<std::uint64_t> cuts{0, 1, 7, 8, 9, size - 1};
    const auto directory_end = sizeof(snapshot_header) + partition_count * sizeof(snapshot_entry);
    std::vector<std::uint64_t> boundaries{sizeof(snapshot_header), directory_end,
                                          snapshot_blocks_offset(partition_count)};
    std::mt19937_64 random{3};
    auto offset = snapshot_blocks_offset(partition_count);
    for (std::size_t p = 0; p + 1 < partition_count; ++p) {
        offset += at.index.block(p).size();
        if (p < 3 || p % 512 == 0) boundaries.push_back(offset);
    }
    for (const auto boundary : boundaries) cuts.insert(cuts.end(), {boundary - 1, boundary, boundary + 1});
    for (int i = 0; i < 100; ++i) cuts.push_back(random() % size);
    // From the longest to the shortest, so that each is the file cut once more.
    std::ranges::sort(cuts, std::greater{});
    for (const auto cut : cuts) {
        CAPTURE(cut);
        std::filesystem::resize_file(at.path, cut);
        CHECK(code_of(at.load()) == errc::truncated);
        CHECK(code_of(at.map()) == errc::truncated);
        CHECK(code_of(inspect_snapshot(at.path)) == errc::truncated);
    }
}

TEST_CASE("a snapshot larger than the machine's memory is refused before work starts") {
    const scratch_directory directory;
    const auto path = directory / "huge.xts";
    const auto authority = authority_key::generate();
    // A file with a hole for its blocks, 2^40 bytes of them.
    std::vector<snapshot_entry> entries(partition_count);
    snapshot_header header;
    header.partition_count = partition_count;
    header.directory.offset = sizeof header;
    header.directory.size_bytes = partition_count * sizeof(snapshot_entry);
    header.blocks.offset = snapshot_blocks_offset(partition_count);
    header.blocks.size_bytes = std::uint64_t{1} << 40;
    header.file_bytes = header.blocks.offset + header.blocks.size_bytes;
    auto offset = header.blocks.offset;
    for (auto& entry : entries) {
        entry.offset = offset;
        entry.size_bytes = header.blocks.size_bytes / partition_count;
        offset += entry.size_bytes;
    }
    seal_header(header, entries, authority);
    {
        std::ofstream file{path, std::ios::binary};
        file.write(reinterpret_cast<const char*>(&header), sizeof header);
        file.write(reinterpret_cast<const char*>(entries.data()),
                   static_cast<std::streamsize>(entries.size() * sizeof(snapshot_entry)));
    }
    std::error_code error;
    std::filesystem::resize_file(path, header.file_bytes, error);
    if (error) {
        MESSAGE("skipped: this file system has no file of a tebibyte: " << error.message());
        return;
    }
    const auto outcome = load_snapshot(path, authority.public_key());
    CHECK(code_of(outcome) == errc::out_of_memory);
    CHECK(words_of(outcome).find(path.string()) != std::string::npos);
}

TEST_CASE("saving where there is no directory, or over one, is an error that says so") {
    const saved_index at{10};
    CHECK(code_of(save_snapshot(at.index, at.directory / "no" / "such", at.authority)) == errc::not_found);
    CHECK(code_of(save_snapshot(at.index, at.directory.path(), at.authority)) == errc::io);
    CHECK(std::distance(std::filesystem::directory_iterator{at.directory.path()}, {}) == 1);
    CHECK(code_of(load_snapshot(at.directory / "none", at.authority.public_key())) == errc::not_found);
}
