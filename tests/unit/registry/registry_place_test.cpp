// SPDX-License-Identifier: Apache-2.0
// What a registry's files are is what they say under signature and seal, not what they are named or where they lie; and
// who may write them is the directory's lock to say, and the process that opened it.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <functional>
#include <string>
#include <xacthuc/domain/secret_protection.hpp>

#include "registry/database.hpp"
#include "registry/snapshot_format.hpp"
#include "unit/registry/outcome.hpp"
#include "unit/registry/small_registry.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

namespace fs = std::filesystem;

constexpr auto number_end = small_registry::number_end;

// Two registries of one register, under the same keys.
struct twins {
    small_registry at;
    fs::path other = at.place / "other";

    twins() {
        REQUIRE(succeeded(at.create()));
        fs::rename(at.directory, other);
        REQUIRE(succeeded(at.create()));
    }
    [[nodiscard]] detailed_result<registry> open(const fs::path& directory) const {
        return registry::open(directory, at.authority.public_key(), {.authority = at.authority});
    }
};

[[nodiscard]] std::vector<change> wards(const small_registry& at, std::uint64_t first, std::uint32_t ward) {
    std::vector<change> made;
    for (auto i = first; i < first + 5; ++i) made.push_back(change::upsert(sample_citizen(i, ward, at.digests)));
    return made;
}

void move_log(const fs::path& from, const fs::path& to) {
    for (const auto* const name : {"changes.sqlite", "changes.sqlite-wal", "registry.mark"}) {
        fs::remove(to / name);
        if (fs::exists(from / name)) fs::copy_file(from / name, to / name);
    }
    fs::remove(to / "changes.sqlite-shm");
}

[[nodiscard]] int in_a_child(const std::function<int()>& what) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) ::_exit(what());
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + status;
}

}  // namespace

TEST_CASE("a snapshot copied under a higher number is named, and neither deleted nor counted nor served") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    {
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        REQUIRE(succeeded(opened->apply(at.next_changes(10))));
        REQUIRE(succeeded(opened->checkpoint()));
        REQUIRE(succeeded(opened->apply(at.next_changes(10))));
    }
    fs::copy_file(at.directory / "snapshot-7.xts", at.directory / "snapshot-99.xts");
    auto opened = at.open();
    REQUIRE(succeeded(opened));
    REQUIRE(opened->opening().unusable_snapshots.size() == 1);
    CHECK(opened->opening().unusable_snapshots[0].code == errc::misplaced_snapshot);
    CHECK(opened->opening().unusable_snapshots[0].message().find("snapshot-99.xts") != std::string::npos);
    CHECK(opened->opening().snapshot_as_of.sequence == 17);
    CHECK(read_register(opened->index(), number_end) == at.expected);
    const auto done = opened->checkpoint({.snapshots_kept = 1});
    REQUIRE(succeeded(done));
    CHECK(done->written);
    CHECK(fs::exists(at.directory / "snapshot-27.xts"));
    CHECK(fs::exists(at.directory / "snapshot-99.xts"));
    CHECK(!fs::exists(at.directory / "snapshot-17.xts"));
    REQUIRE(succeeded(opened->close()));
    const auto again = at.open();
    REQUIRE(succeeded(again));
    CHECK(read_register(again->index(), number_end) == at.expected);
}

TEST_CASE("another registry's log or snapshot, of the same keys and numbers, is refused") {
    const twins of;
    for (const auto& directory : {of.at.directory, of.other}) {
        auto opened = of.open(directory);
        REQUIRE(succeeded(opened));
        REQUIRE(succeeded(opened->apply(wards(of.at, 0, 5))));
        REQUIRE(succeeded(opened->close()));
    }
    const auto one = inspect_snapshot(of.at.directory / "snapshot-7.xts").value();
    const auto other = inspect_snapshot(of.other / "snapshot-7.xts").value();
    CHECK(one.registry != other.registry);
    CHECK(one.registry != registry_id{});
    {
        // The snapshot alone, and then the log too but for its mark.
        const auto mine = of.at.directory / "snapshot-7.xts";
        fs::rename(mine, of.at.place / "kept.xts");
        fs::copy_file(of.other / "snapshot-7.xts", mine);
        const auto opened = of.open(of.at.directory);
        CHECK(code_of(opened) == errc::misplaced_snapshot);
        fs::remove(mine);
        fs::rename(of.at.place / "kept.xts", mine);
        CHECK(succeeded(of.open(of.at.directory)));
    }
    const auto mark = of.at.place / "mark";
    fs::copy_file(of.at.directory / "registry.mark", mark);
    move_log(of.other, of.at.directory);
    CHECK(code_of(of.open(of.at.directory)) == errc::misplaced_snapshot);
    fs::copy_file(mark, of.at.directory / "registry.mark", fs::copy_options::overwrite_existing);
    CHECK(code_of(of.open(of.at.directory)) == errc::damaged_changes);
}

TEST_CASE("two copies of one registry that went different ways do not fit together again") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    const auto other = at.place / "other";
    fs::copy(at.directory, other);
    for (const auto& directory : {at.directory, other}) {
        auto opened = registry::open(directory, at.authority.public_key(), {.authority = at.authority});
        REQUIRE(succeeded(opened));
        REQUIRE(succeeded(opened->apply(wards(at, 0, directory == other ? 6 : 5))));
        REQUIRE(succeeded(opened->checkpoint({.snapshots_kept = 1})));
        REQUIRE(succeeded(opened->close()));
    }
    move_log(other, at.directory);
    // Trimmed up to its snapshot, the log knows only where it stands.
    const auto opened = at.open();
    CHECK(code_of(opened) == errc::misplaced_snapshot);
    CHECK(words_of(opened).find("after other changes") != std::string::npos);
}

TEST_CASE("a mark that is kept elsewhere tells when the whole directory was put back") {
    small_registry at;
    const auto mark = at.place / "elsewhere.mark";
    create_registry_options making;
    making.mark_file = mark;
    REQUIRE(succeeded(registry::create(at.directory, *at.first, at.digests, at.authority, making)));
    CHECK(!fs::exists(at.directory / "registry.mark"));
    CHECK(code_of(at.open()) == errc::damaged_changes);
    open_registry_options how;
    how.mark_file = mark;
    how.authority = at.authority;
    const auto open = [&] { return registry::open(at.directory, at.authority.public_key(), how); };
    const auto kept = at.place / "kept";
    fs::copy(at.directory, kept);
    {
        auto opened = open();
        REQUIRE(succeeded(opened));
        REQUIRE(succeeded(opened->apply(at.next_changes(10))));
        CHECK(succeeded(opened->follow()));
    }
    fs::remove_all(at.directory);
    fs::copy(kept, at.directory);
    const auto opened = open();
    CHECK(code_of(opened) == errc::sequence_gap);
    // Whoever accepts the loss says so: without the mark, from a number on.
    fs::remove(mark);
    CHECK(code_of(open()) == errc::damaged_changes);
    how.at_least_sequence = 8;
    CHECK(code_of(open()) == errc::sequence_gap);
    how.at_least_sequence = 7;
    CHECK(succeeded(open()));
    how.at_least_sequence = 0;
    CHECK(succeeded(open()));
}

TEST_CASE("a child that was forked is refused, and its end leaves the parent's registry as it is") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    auto opened = at.open();
    REQUIRE(succeeded(opened));
    auto feed = opened->follow();
    REQUIRE(succeeded(feed));
    REQUIRE(succeeded(opened->apply(at.next_changes(10))));
    const auto child = [&] {
        const auto changes = wards(at, 0, 9);
        std::vector<change> found;
        if (code_of(opened->apply(changes)) != errc::forked) return 1;
        if (code_of(opened->checkpoint()) != errc::forked) return 2;
        if (code_of(opened->scrub()) != errc::forked) return 3;
        if (code_of(opened->refresh()) != errc::forked) return 4;
        if (code_of(opened->close()) != errc::forked) return 5;
        if (code_of(opened->follow()) != errc::forked) return 6;
        if (code_of(feed->next(found)) != errc::forked) return 7;
        if (code_of(at.open_to_read()) != errc::forked) return 8;
        if (code_of(at.open()) != errc::registry_locked) return 9;
        if (read_register(opened->index(), number_end) != at.expected) return 10;
        {
            const auto mine = std::move(*opened);
            const auto followed = std::move(*feed);
        }
        if (code_of(at.open()) != errc::registry_locked) return 11;
        return 0;
    };
    for (int round = 0; round < 3; ++round) {
        CHECK(in_a_child(child) == 0);
        REQUIRE(succeeded(opened->apply(at.next_changes(10))));
        // Another process finds it locked still.
        CHECK(in_a_child([&] { return code_of(at.open()) == errc::registry_locked ? 0 : 1; }) == 0);
    }
    REQUIRE(succeeded(opened->checkpoint()));
    std::vector<change> found;
    CHECK(feed->next(found).value() == 40);
    // A child that lives on does not keep it locked.
    const pid_t lives_on = ::fork();
    REQUIRE(lives_on >= 0);
    if (lives_on == 0)
        for (;;) ::pause();
    REQUIRE(succeeded(opened->close()));
    const auto again = at.open();
    CHECK(succeeded(again));
    CHECK(read_register(again->index(), number_end) == at.expected);
    ::kill(lives_on, SIGKILL);
    REQUIRE(::waitpid(lives_on, nullptr, 0) == lives_on);
}

TEST_CASE("whatever is removed from the directory while it is held, the second writer is refused") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    auto opened = at.open();
    REQUIRE(succeeded(opened));
    std::vector<fs::path> others;
    for (const auto& entry : fs::directory_iterator{at.directory})
        if (!entry.path().filename().string().starts_with("changes.sqlite") && entry.path().extension() != ".xts" &&
            entry.path().filename() != "digest.key")
            others.push_back(entry.path());
    for (const auto& path : others) fs::remove(path);
    CHECK(in_a_child([&] { return code_of(at.open()) == errc::registry_locked ? 0 : 1; }) == 0);
    CHECK(code_of(at.open()) == errc::registry_locked);
}

TEST_CASE("a system without locks to be had is said to have none") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    auto calls = system_file_calls();
    calls.lock = [](void*, int) { return -ENOLCK; };
    const auto opened = at.open({&calls, plain_system().gate});
    CHECK(code_of(opened) == errc::io);
    CHECK(words_of(opened).find("No locks available") != std::string::npos);
}

TEST_CASE("an SQLite that will not do is refused with the reason") {
    CHECK(succeeded(check_suitable(sqlite_at_hand())));
    const auto old = check_suitable({3'036'000, true, true});
    CHECK(code_of(old) == errc::unsuitable_sqlite);
    CHECK(words_of(old).find("3036000 is older") != std::string::npos);
    const auto single = check_suitable({3'040'001, false, true});
    CHECK(code_of(single) == errc::unsuitable_sqlite);
    CHECK(words_of(single).find("single thread") != std::string::npos);
    const auto without = check_suitable({3'040'001, true, false});
    CHECK(code_of(without) == errc::unsuitable_sqlite);
    CHECK(words_of(without).find("without write-ahead logs") != std::string::npos);
    const auto mixed = check_suitable({3'040'001, true, true, "/opt/host", "/lib/libsqlite3.so.0"});
    CHECK(code_of(mixed) == errc::unsuitable_sqlite);
    CHECK(words_of(mixed).find("3040001 in /opt/host is only a part, and the rest is in /lib/libsqlite3.so.0") !=
          std::string::npos);
}

TEST_CASE("files that others may write are told") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    const registry_directory directory{system_file_calls(), at.directory};
    CHECK(directory.exposures().value().empty());
    fs::permissions(at.directory, fs::perms::owner_all | fs::perms::group_write);
    fs::permissions(at.directory / "changes.sqlite",
                    fs::perms::owner_read | fs::perms::owner_write | fs::perms::others_write);
    const auto found = directory.exposures().value();
    REQUIRE(found.size() == 2);
    CHECK(found[0].find("others than its owner may write it (mode 0720)") != std::string::npos);
    CHECK(found[1].find("changes.sqlite: others than its owner may write it (mode 0602)") != std::string::npos);
}

TEST_CASE("making a registry that was interrupted is repeated; one that was opened since is left alone") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    std::ofstream{at.directory / "registry.making"};
    REQUIRE(succeeded(at.create()));
    CHECK(!fs::exists(at.directory / "registry.making"));
    std::ofstream{at.directory / "registry.making"};
    {
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        REQUIRE(succeeded(opened->apply(at.next_changes(10))));
    }
    CHECK(code_of(at.create()) == errc::already_exists);
    const auto again = at.open();
    REQUIRE(succeeded(again));
    CHECK(read_register(again->index(), number_end) == at.expected);
}

TEST_CASE("an open registry holds three secrets at most, each in locked memory: few pages of what may be locked") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    const auto before = how_secrets_are_kept().held;
    {
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        REQUIRE(succeeded(opened->apply(at.next_changes(3))));
        CHECK(how_secrets_are_kept().held > before);
        CHECK(how_secrets_are_kept().held <= before + 3);
    }
    CHECK(how_secrets_are_kept().held == before);
}
