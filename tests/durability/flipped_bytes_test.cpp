// SPDX-License-Identifier: Apache-2.0
// Bytes flipped in the files of a registry that was closed or killed, files deleted, swapped and put back, write-ahead
// logs cut at any byte: what was acknowledged is there, or the opening says what is wrong. Never is anything lost in
// silence.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <vector>
#include <xacthuc/registry/change_feed.hpp>

#include "durability/numbered_batches.hpp"
#include "unit/registry/outcome.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

[[nodiscard]] std::string bytes_of(const std::filesystem::path& file) {
    std::string bytes(std::filesystem::file_size(file), '\0');
    std::ifstream{file, std::ios::binary}.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return bytes;
}
void put(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream{file, std::ios::binary | std::ios::trunc} << bytes;
}

// The files of a registry, as at one moment.
using files = std::vector<std::pair<std::string, std::string>>;

struct outcomes {
    std::size_t found = 0;
    std::size_t harmless = 0;
    std::size_t lost_in_silence = 0;

    [[nodiscard]] std::size_t all() const { return found + harmless + lost_in_silence; }
};

// A registry of two snapshots whose log has rows in its database and in its write-ahead log, copied while it was open:
// what a kill leaves.
class killed_registry {
  public:
    killed_registry() {
        REQUIRE(succeeded(at_.create()));
        auto writer = at_.open();
        REQUIRE(succeeded(writer));
        for (std::uint64_t i = 0; i < 3; ++i) make(*writer);
        REQUIRE(succeeded(writer->checkpoint()));
        for (std::uint64_t i = 0; i < 3; ++i) make(*writer);
        REQUIRE(succeeded(writer->close()));
        older_ = keep();
        writer.emplace(at_.open().value());
        for (std::uint64_t i = 0; i < 8; ++i) make(*writer);
        killed_ = keep();
        REQUIRE(succeeded(writer->close()));
        put_back(killed_);
    }

    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return at_.directory / name; }
    [[nodiscard]] const files& older() const { return older_; }
    [[nodiscard]] const files& killed() const { return killed_; }
    [[nodiscard]] std::uint64_t acknowledged() const { return 7 + made_ * numbered_batch_size; }

    void put_back(const files& all) const {
        for (const auto& entry : std::filesystem::directory_iterator{at_.directory})
            std::filesystem::remove(entry.path());
        for (const auto& [name, bytes] : all) {
            put(path(name), bytes);
            std::filesystem::permissions(path(name),
                                         std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        }
    }
    [[nodiscard]] static const std::string& bytes_in(const files& all, const std::string& name) {
        return std::ranges::find(all, name, &files::value_type::first)->second;
    }

    // Opens, and counts what became of what was acknowledged. Then all is as it was.
    void look(outcomes& into, bool by_a_reader, std::uint64_t at_least = 0) {
        {
            open_registry_options how;
            how.authority = at_.authority;
            how.at_least_sequence = at_least;
            if (by_a_reader) how.how = open_registry_options::access::read;
            const auto opened = registry::open(at_.directory, at_.authority.public_key(), how);
            if (!opened) {
                ++into.found;
                last_words = opened.error().message();
            } else if (opened->index().as_of().sequence != acknowledged() ||
                       read_register(opened->index(), small_registry::number_end) != at_.expected) {
                ++into.lost_in_silence;
            } else if (!opened->opening().unusable_snapshots.empty()) {
                ++into.found;
                last_words = opened->opening().unusable_snapshots.front().message();
            } else {
                ++into.harmless;
            }
        }
        put_back(killed_);
    }

    std::string last_words;

  private:
    void make(registry& in) {
        const auto batch = numbered_batch(made_++, at_.digests);
        REQUIRE(succeeded(in.apply(batch)));
        for (const auto& what : batch) make_in(at_.expected, what);
    }
    // Copies are made by name, without SQLite: of a registry that is open, this takes its locks away, which no other
    // process is there to notice.
    [[nodiscard]] files keep() const {
        files all;
        for (const auto& entry : std::filesystem::directory_iterator{at_.directory})
            if (!entry.path().string().ends_with("-shm"))
                all.emplace_back(entry.path().filename().string(), bytes_of(entry.path()));
        return all;
    }

    small_registry at_;
    std::uint64_t made_ = 0;
    files older_;
    files killed_;
};

// The places of a file that say something; of snapshots, which are mostly empty, the front.
[[nodiscard]] std::size_t interesting_bytes(const std::string& name, std::size_t size) {
    return name.ends_with(".xts") ? std::min<std::size_t>(size, 4096) : size;
}

[[nodiscard]] outcomes flip(killed_registry& of, const std::string& name, std::size_t flips, unsigned seed) {
    outcomes all;
    std::mt19937_64 random{seed};
    const auto& whole = killed_registry::bytes_in(of.killed(), name);
    const auto end = interesting_bytes(name, whole.size());
    for (std::size_t i = 0; i < flips; ++i) {
        auto damaged = whole;
        const auto place = random() % end;
        const auto by = static_cast<char>(1 + random() % 255);
        CAPTURE(place);
        CAPTURE(static_cast<int>(by));
        damaged[place] = static_cast<char>(damaged[place] ^ by);
        put(of.path(name), damaged);
        const auto before = all.lost_in_silence;
        of.look(all, i % 2 == 0);
        CHECK(all.lost_in_silence == before);
    }
    MESSAGE(name << ": " << flips << " flips, " << all.found << " found, " << all.harmless << " harmless, "
                 << all.lost_in_silence << " lost in silence");
    return all;
}

void flip_everywhere(std::size_t flips, unsigned seed) {
    killed_registry of;
    REQUIRE(std::ranges::count(of.killed(), "changes.sqlite-wal", &files::value_type::first) == 1);
    for (const auto& file : of.killed()) {
        const auto& name = file.first;
        if (file.second.empty() || name == "authority.pub") continue;
        CAPTURE(name);
        const auto found = flip(of, name, name.ends_with("-wal") ? 4 * flips : flips, seed++);
        CHECK(found.lost_in_silence == 0);
        if (name.ends_with("-wal")) CHECK(found.found > found.all() * 9 / 10);
    }
}

// With the mark gone, the write-ahead log has to speak for itself.
void flip_without_a_mark(std::size_t flips, unsigned seed) {
    killed_registry of;
    std::mt19937_64 random{seed};
    const auto& whole = killed_registry::bytes_in(of.killed(), "changes.sqlite-wal");
    constexpr std::size_t frame = 24 + 4096;
    outcomes before_last;
    outcomes in_last;
    const auto frames = (whole.size() - 32) / frame;
    // From the end: the last frame of the last transaction but one is the last to have another transaction behind it.
    std::size_t last_begins = 0;
    for (std::size_t i = 0, ended = 0; i < frames; ++i) {
        const auto at = 32 + i * frame;
        const bool commits = whole.substr(at + 4, 4) != std::string(4, '\0');
        const bool is_of_now = whole.substr(at + 8, 8) == whole.substr(16, 8);
        if (is_of_now && commits) {
            last_begins = ended;
            ended = at + frame;
        }
    }
    REQUIRE(last_begins > 32 + frame);
    for (std::size_t i = 0; i < flips; ++i) {
        auto damaged = whole;
        const auto place = random() % whole.size();
        CAPTURE(place);
        damaged[place] = static_cast<char>(damaged[place] ^ static_cast<char>(1 + random() % 255));
        put(of.path("changes.sqlite-wal"), damaged);
        std::filesystem::remove(of.path("registry.mark"));
        auto& into = place < last_begins ? before_last : in_last;
        const auto before = into.lost_in_silence;
        of.look(into, i % 2 == 0, 1);
        if (place < last_begins) CHECK(into.lost_in_silence == before);
    }
    MESSAGE(flips << " flips in the write-ahead log, without a mark: before the last transaction " << before_last.found
                  << " found, " << before_last.harmless << " harmless, " << before_last.lost_in_silence
                  << " lost in silence; in it " << in_last.found << ", " << in_last.harmless << ", "
                  << in_last.lost_in_silence);
    CHECK(before_last.lost_in_silence == 0);
    CHECK(before_last.found > flips / 2);
}

// A write-ahead log that ends anywhere is what a crash leaves: the chain before it is served.
void cut_at(std::size_t cuts, unsigned seed) {
    killed_registry of;
    std::mt19937_64 random{seed};
    const auto& whole = killed_registry::bytes_in(of.killed(), "changes.sqlite-wal");
    for (std::size_t i = 0; i <= cuts; ++i) {
        const auto size = i == cuts ? 0 : random() % whole.size();
        CAPTURE(size);
        outcomes with_mark;
        put(of.path("changes.sqlite-wal"), whole.substr(0, size));
        of.look(with_mark, i % 2 == 0);
        CHECK(with_mark.lost_in_silence == 0);
        // As where the power went and the mark had not been synced: no alarm, whatever is there.
        outcomes without;
        put(of.path("changes.sqlite-wal"), whole.substr(0, size));
        std::filesystem::remove(of.path("registry.mark"));
        of.look(without, i % 2 == 1, 1);
        CHECK(without.found == 0);
    }
}

}  // namespace

TEST_CASE("a byte flipped in any file of a killed registry is found or harmless") {
    flip_everywhere(12, 1);
}

TEST_CASE("a byte flipped before the last transaction of the write-ahead log is found without a mark") {
    flip_without_a_mark(150, 2);
}

TEST_CASE("a write-ahead log cut at any byte never alarms") {
    cut_at(20, 3);
}

TEST_CASE("many bytes flipped in the files of a killed registry" * doctest::test_suite("slow")) {
    flip_everywhere(250, 11);
    flip_without_a_mark(1000, 12);
    cut_at(491, 13);
}

TEST_CASE("files of a registry deleted, or put back from earlier, are found or harmless") {
    killed_registry of;
    outcomes all;
    for (const auto& file : of.killed()) {
        const auto& name = file.first;
        CAPTURE(name);
        std::filesystem::remove(of.path(name));
        of.look(all, false);
        CHECK(all.lost_in_silence == 0);
    }
    CHECK(all.found > 3);
    // Each file alone as it was, and all but each.
    for (const auto& file : of.older()) {
        const auto& name = file.first;
        const auto& bytes = file.second;
        CAPTURE(name);
        put(of.path(name), bytes);
        of.look(all, true);
        CHECK(all.lost_in_silence == 0);
        of.put_back(of.older());
        if (name == "registry.mark") {
            // All but the mark: that it is newer shows.
            put(of.path(name), killed_registry::bytes_in(of.killed(), name));
            outcomes rolled_back;
            of.look(rolled_back, false);
            CHECK(rolled_back.found == 1);
            CHECK(of.last_words.find("registry.mark says that there was change") != std::string::npos);
        } else {
            of.put_back(of.killed());
        }
    }
    // All of it: only who keeps the number elsewhere can tell.
    of.put_back(of.older());
    outcomes all_older;
    of.look(all_older, false, of.acknowledged());
    CHECK(all_older.found == 1);
    CHECK(of.last_words.find("who opens it says that there was change") != std::string::npos);
    outcomes as_it_was;
    of.look(as_it_was, false, of.acknowledged());
    CHECK(as_it_was.harmless == 1);
}

TEST_CASE("the write-ahead log, or the last rows, taken away: the mark tells") {
    killed_registry of;
    outcomes all;
    std::filesystem::remove(of.path("changes.sqlite-wal"));
    of.look(all, false);
    CHECK(all.found == 1);
    CHECK(of.last_words.find("changes are missing") != std::string::npos);
    std::filesystem::remove(of.path("registry.mark"));
    of.look(all, true);
    CHECK(all.found == 2);
    CHECK(of.last_words.find("the high-water mark is gone") != std::string::npos);
}

TEST_CASE("beside a writer at work the write-ahead log never looks damaged") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    const pid_t writer = ::fork();
    REQUIRE(writer >= 0);
    if (writer == 0) {
        auto opened = at.open();
        if (!opened) ::_exit(1);
        // Large and small batches: thousands of pages, so that the log begins anew now and then.
        for (std::uint64_t number = 0;; ++number) {
            std::vector<change> changes;
            const std::uint64_t count = number % 3 == 0 ? 3000 : 10;
            for (std::uint64_t i = 0; i < count; ++i)
                changes.push_back(change::upsert(
                    sample_citizen(i % 300, 100 + static_cast<std::uint32_t>(number % 1000), at.digests)));
            if (!opened->apply(changes)) ::_exit(2);
        }
    }
    std::uint64_t openings = 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{3};
    while (std::chrono::steady_clock::now() < end) {
        REQUIRE(succeeded(change_feed::open(at.directory, at.digests)));
        ++openings;
    }
    ::kill(writer, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(writer, &status, 0) == writer);
    CHECK(WIFSIGNALED(status));
    const auto opened = at.open();
    REQUIRE(succeeded(opened));
    MESSAGE(openings << " openings beside " << opened->index().as_of().sequence << " changes");
    CHECK(openings > 10);
}
