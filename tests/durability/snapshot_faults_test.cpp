// SPDX-License-Identifier: Apache-2.0
// Saving and loading with every call of the system failing in turn, once and from then on, and with the power cut
// before every call: the snapshot's name always stands for the whole old one or the whole new one.
#include <doctest/doctest.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "registry/snapshot_reader.hpp"
#include "registry/snapshot_writer.hpp"
#include "unit/registry/model_files.hpp"
#include "unit/registry/outcome.hpp"
#include "unit/registry/sample_blocks.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::size_t partitions = 40;
const std::string path = "/register/snapshot-7.xts";

// A register with an old snapshot on its disk and a new one to be saved.
struct stage {
    model_files files;
    sample_blocks old_sample = make_sample_blocks(partitions, 4, true, 1);
    sample_blocks new_sample = make_sample_blocks(partitions, 9, true, 2);
    authority_key authority = authority_key::generate();
    model_files::bytes old_bytes;

    stage() {
        REQUIRE(ok(save(old_sample)));
        old_bytes = files.contents(path);
        reset();
    }
    void reset() {
        files.restart({false, false});
        for (const auto& name : files.file_names()) files.remove(name);
        files.put(path, old_bytes);
    }
    [[nodiscard]] detailed_result<snapshot_facts> save(const sample_blocks& sample, unsigned threads = 1) {
        return write_snapshot(files.calls(), path, sample.facts, sample.views(), authority, {.threads = threads});
    }
    [[nodiscard]] detailed_result<checked_blocks> load() {
        return read_blocks(files.calls(), path, authority.public_key(), partitions, {});
    }
    // The sequence number of what is there, or 0 when it does not load.
    [[nodiscard]] std::uint64_t sequence() {
        const auto loaded = load();
        return loaded ? loaded->header.sequence : 0;
    }
    [[nodiscard]] std::size_t calls_of_a_save() {
        files.set_fault({});
        REQUIRE(ok(save(new_sample)));
        const auto count = files.calls_made();
        reset();
        return count;
    }
};

}  // namespace

TEST_CASE("saving with the k-th call failing, for every k: the old snapshot stays, whole, and nothing beside it") {
    stage at;
    const auto count = at.calls_of_a_save();
    CHECK(count > 10);
    for (const int error : {EIO, ENOSPC, EDQUOT, EACCES, EROFS, EWOULDBLOCK}) {
        std::size_t refused = 0;
        for (std::size_t k = 0; k < count; ++k) {
            CAPTURE(error);
            CAPTURE(k);
            at.files.set_fault({.at = k, .error = error});
            const auto outcome = at.save(at.new_sample);
            at.files.set_fault({});
            const auto found = at.sequence();
            if (outcome) {
                // Calls that only help: listing and locking, a second attempt at the temporary file, closing.
                CHECK(found == 2);
            } else {
                ++refused;
                // After the rename only the syncing of the directory can fail.
                const bool renamed = k + 4 >= count;
                CHECK(found == (renamed ? 2 : 1));
                CHECK(outcome.error().context.find("/register") == 0);
                if (error == ENOSPC || error == EDQUOT) CHECK(outcome.error().code == errc::disk_full);
                if (error == EIO || error == EACCES) CHECK(outcome.error().code == errc::io);
            }
            CHECK(at.files.file_count() == 1);
            CHECK(at.files.open_count() == 0);
            at.reset();
        }
        // Creating, reserving, the writes of blocks and front, both syncs, the rename.
        CHECK(refused >= 7);
    }
}

TEST_CASE("saving with every call from the k-th on failing, for every k: the old snapshot or the new one, whole") {
    stage at;
    const auto count = at.calls_of_a_save();
    for (const int error : {EIO, ENOSPC}) {
        for (std::size_t k = 0; k < count; ++k) {
            CAPTURE(error);
            CAPTURE(k);
            at.files.set_fault({.at = k, .error = error, .sticky = true});
            const auto outcome = at.save(at.new_sample);
            at.files.set_fault({});
            CHECK(at.sequence() == (k + 4 >= count ? 2 : 1));
            if (k + 1 < count) CHECK(!ok(outcome));
            CHECK(at.files.open_count() == 0);
            // Even the removal of the temporary failed: the next save sees to it.
            REQUIRE(ok(at.save(at.new_sample)));
            CHECK(at.files.file_count() == 1);
            CHECK(at.sequence() == 2);
            at.reset();
        }
    }
}

TEST_CASE("short writes and short reads lose nothing") {
    stage at;
    const auto count = at.calls_of_a_save();
    for (const bool sticky : {false, true}) {
        for (std::size_t k = 0; k < count; ++k) {
            CAPTURE(sticky);
            CAPTURE(k);
            at.files.set_fault({.at = k, .error = 0, .sticky = sticky});
            CHECK(ok(at.save(at.new_sample)));
            at.files.set_fault({.at = k, .error = 0, .sticky = sticky});
            CHECK(at.sequence() == 2);
            at.reset();
        }
    }
}

TEST_CASE("the power cut before every call of a save: the old snapshot or the new one, whole, whatever the cut takes") {
    stage at;
    const auto count = at.calls_of_a_save();
    for (const bool contents : {false, true}) {
        for (const bool names : {false, true}) {
            for (std::size_t k = 0; k <= count; ++k) {
                CAPTURE(contents);
                CAPTURE(names);
                CAPTURE(k);
                at.files.set_fault({.at = k, .power_cut = true});
                const auto outcome = at.save(at.new_sample);
                at.files.restart({.unsynced_contents = contents, .unsynced_names = names});
                const auto found = at.sequence();
                CHECK((found == 1 || found == 2));
                // What was acknowledged is there.
                if (outcome) CHECK(found == 2);
                REQUIRE(ok(at.save(at.new_sample)));
                CHECK(at.files.file_count() == 1);
                at.reset();
            }
        }
    }
}

TEST_CASE("loading and mapping with the k-th call failing, for every k: an error, or everything") {
    stage at;
    const auto load = [&] { return at.load(); };
    const auto map = [&] { return map_blocks(at.files.calls(), path, at.authority.public_key(), partitions, {}); };
    const auto try_all = [&](const auto& open) {
        at.files.set_fault({});
        REQUIRE(ok(open()));
        const auto count = at.files.calls_made();
        CHECK(count >= 5);
        for (const bool sticky : {false, true}) {
            for (std::size_t k = 0; k < count; ++k) {
                CAPTURE(k);
                at.files.set_fault({.at = k, .error = EIO, .sticky = sticky});
                const auto outcome = open();
                // The last call closes the file, which a reader need not mind.
                CHECK(code_of(outcome) == (k + 1 == count ? boost::system::error_code{} : errc::io));
                CHECK(at.files.open_count() == 0);
            }
        }
        at.files.set_fault({});
        CHECK(ok(open()));
    };
    try_all(load);
    try_all(map);
}

TEST_CASE("several saves to one path at once: the last to end stays, whole, and no temporary is left") {
    stage at;
    const auto third = make_sample_blocks(partitions, 6, true, 3);
    for (int round = 0; round < 20; ++round) {
        detailed_result<snapshot_facts> first = failure{errc::io, {}};
        detailed_result<snapshot_facts> second = failure{errc::io, {}};
        {
            const std::jthread one{[&] { first = at.save(at.new_sample, 2); }};
            const std::jthread two{[&] { second = at.save(third, 2); }};
        }
        CHECK(ok(first));
        CHECK(ok(second));
        const auto found = at.sequence();
        CHECK((found == 2 || found == 3));
        CHECK(at.files.file_count() == 1);
        CHECK(at.files.open_count() == 0);
        at.reset();
    }
}
