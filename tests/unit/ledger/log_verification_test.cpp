// SPDX-License-Identifier: Apache-2.0
// A log is verified from its files: whole ones pass, also while they grow or when they were pruned, and whatever is
// changed in one is found.
#include <doctest/doctest.h>

#include <random>
#include <set>

#include "ledger/log_verifying.hpp"
#include "ledger/tile_log.hpp"
#include "unit/ledger/log_signer.hpp"
#include "unit/registry/model_files.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr auto directory = "/log";

struct log_in_memory {
    model_files files;
    file_calls calls = files.calls();
    log_signer signer;

    void grow(const std::vector<std::size_t>& counts) {
        auto log = tile_log::open(calls, directory, signer.identity()).value();
        for (const auto count : counts) {
            append_made(log, count);
            REQUIRE(log.integrate().has_value());
        }
    }
    [[nodiscard]] detailed_result<log_report> verify(const log_verification& how = {}) {
        return verify_log_files(calls, directory, signer.origin(), signer.verifier(), how);
    }
    [[nodiscard]] bool finds_something() {
        const auto report = verify();
        return !report || report->problem_count != 0 || report->is_unfinished;
    }
    [[nodiscard]] std::vector<std::string> log_files() {
        auto names = files.file_names();
        std::erase_if(names, [&](const auto& name) { return files.contents(name).empty(); });
        return names;
    }
};

// Whether a log may do without the file.
[[nodiscard]] bool is_needed(const std::string& name, std::uint64_t size) {
    if (name.ends_with("intended")) return false;
    const auto partial = name.find(".p/");
    return partial == std::string::npos || name.substr(partial + 3) == std::to_string(size % 256) ||
           name.starts_with("/log/tile/1/");
}

// Changes one file, or takes it away, or puts another one's contents into it. Returns what was done, or nothing.
[[nodiscard]] std::string edit(log_in_memory& log, const std::vector<std::string>& names, std::uint64_t size,
                               std::mt19937_64& random) {
    const auto& name = names[random() % names.size()];
    auto& bytes = log.files.contents(name);
    const auto at = random() % bytes.size();
    const auto value = static_cast<std::byte>(random() % 255 + 1);
    switch (random() % 8) {
        case 0:
            bytes.resize(at);
            return name + " cut";
        case 1:
            bytes.push_back(value);
            return name + " longer";
        case 2:
            bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at));
            return name + " a byte less";
        case 3: {
            const auto& other = log.files.contents(names[random() % names.size()]);
            if (other == bytes) return {};
            bytes = model_files::bytes{other};
            return name + " another's";
        }
        case 4: {
            const auto other = random() % bytes.size();
            if (bytes[at] == bytes[other]) return {};
            std::swap(bytes[at], bytes[other]);
            return name + " two bytes exchanged";
        }
        case 5:
            if (random() % 16 != 0 || !is_needed(name, size)) return {};
            log.files.remove(name);
            return name + " gone";
        default:
            bytes[at] ^= value;
            return name + " byte " + std::to_string(at);
    }
}

// Returns how many edits were made.
std::size_t edit_and_find(std::size_t count, std::uint64_t seed) {
    log_in_memory log;
    log.grow({40, 30, 200, 30, 3});
    REQUIRE_FALSE(log.finds_something());
    const auto names = log.log_files();
    std::map<std::string, model_files::bytes> kept;
    for (const auto& name : names) kept[name] = log.files.contents(name);
    std::mt19937_64 random{seed};
    std::size_t made = 0;
    while (made < count) {
        const auto what = edit(log, names, 303, random);
        if (what.empty()) continue;
        ++made;
        CAPTURE(what);
        REQUIRE(log.finds_something());
        const auto name = what.substr(0, what.find(' '));
        if (log.files.exists(name))
            log.files.contents(name) = kept[name];
        else
            log.files.put(name, kept[name]);
    }
    REQUIRE_FALSE(log.finds_something());
    return made;
}

}  // namespace

TEST_CASE("logs of every size near the edges of tiles are right, and every entry is seen once and in order") {
    for (const auto size : std::initializer_list<std::size_t>{0, 1, 2, 255, 256, 257, 511, 512, 513, 1000, 65'535,
                                                              65'536, 65'537, 65'800}) {
        CAPTURE(size);
        log_in_memory log;
        log.grow({size / 3, size - size / 3});
        std::uint64_t next = 0;
        std::uint64_t told = 0;
        log_verification how;
        how.on_entry = [&](std::uint64_t index, std::span<const std::byte> entry) {
            if (index == next && std::ranges::equal(entry, made_entry(index))) ++next;
        };
        how.on_progress = [&](std::uint64_t done, std::uint64_t all) { told = all == size ? done : 0; };
        const auto report = log.verify(how).value();
        CHECK(report.problem_count == 0);
        CHECK(report.entries == size);
        CHECK(next == size);
        CHECK(told == size);
        CHECK_FALSE(report.is_unfinished);
    }
}

TEST_CASE("a log that was pruned is right from its minimum index on, and no further back") {
    log_in_memory log;
    log.grow({66'000});
    for (std::uint64_t index = 0; index < 256; ++index) {
        if (index < 20 || index >= 100) continue;
        log.files.remove("/log/" + tile_path(0, index));
        log.files.remove("/log/" + bundle_path(index));
    }
    CHECK(log.verify().value().problem_count == 2 * 80);
    for (std::uint64_t index = 0; index < 20; ++index) {
        log.files.remove("/log/" + tile_path(0, index));
        log.files.remove("/log/" + bundle_path(index));
    }
    log_verification how;
    how.minimum_index = 25'700;
    const auto report = log.verify(how).value();
    CHECK(report.problem_count == 0);
    CHECK(report.entries == 66'000 - 25'600);
    how.minimum_index = 25'599;
    CHECK(log.verify(how).value().problem_count == 2);
    for (std::uint64_t index = 100; index < 256; ++index) {
        log.files.remove("/log/" + tile_path(0, index));
        log.files.remove("/log/" + bundle_path(index));
    }
    log.files.remove("/log/" + tile_path(1, 0));
    how.minimum_index = 65'536;
    CHECK(log.verify(how).value().problem_count == 0);
}

TEST_CASE("a checkpoint that is not the log's ends it, and an older one of it is known for one") {
    log_in_memory log;
    log.grow({5});
    const auto older = log.files.contents("/log/checkpoint");
    log.grow({5});
    CHECK(log.verify().value().head.size == 10);
    log.files.contents("/log/checkpoint") = older;
    const auto report = log.verify().value();
    CHECK(report.is_unfinished);
    CHECK(report.problem_count == 0);
    log.signer = log_signer{2};
    CHECK(log.verify().error().code == errc::bad_signature);
    log.files.remove("/log/checkpoint");
    CHECK(log.verify().error().code == errc::not_found);
}

TEST_CASE("a tile that is wider by now is read in place of a narrower one, as while a log grows") {
    log_in_memory log;
    log.grow({200});
    const auto older = log.files.contents("/log/checkpoint");
    log.grow({800});
    log.files.contents("/log/checkpoint") = older;
    const auto report = log.verify().value();
    CHECK(report.problem_count == 0);
    CHECK(report.entries == 200);
}

TEST_CASE("a byte that is changed in any file is found") {
    CHECK(edit_and_find(2000, 1) == 2000);
}

TEST_CASE("a hundred thousand edits of any file are found, every one" * doctest::test_suite("slow")) {
    CHECK(edit_and_find(100'000, 2) == 100'000);
}
