// SPDX-License-Identifier: Apache-2.0
// A registry with every call of the system failing in turn, and with the power cut before every call: what was
// acknowledged is there, in order, and of what was not, at most one batch, whole; and the source's position is that of
// what is there. One failure stops nothing.
#include <doctest/doctest.h>

#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "durability/faulty_system.hpp"
#include "durability/numbered_batches.hpp"
#include "unit/registry/outcome.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

using kind = faulty_system::kind;

constexpr auto number_end = small_registry::number_end;
constexpr std::uint64_t batches_before = 3;  // made before any fault
constexpr std::uint64_t tail_number = 104;

// A registry in memory-backed files, and a copy of it to begin again from.
struct stage {
    small_registry at;
    std::filesystem::path kept = at.place / "kept";
    std::optional<faulty_system> files;

    stage() {
        REQUIRE(succeeded(at.create()));
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        for (std::uint64_t i = 0; i < batches_before; ++i) REQUIRE(succeeded(make(*opened, i)));
        REQUIRE(succeeded(opened->checkpoint()));
        REQUIRE(succeeded(make(*opened, batches_before)));
        REQUIRE(succeeded(opened->close()));
        std::filesystem::rename(at.directory, kept);
        reset();
    }
    void reset() {
        files.reset();
        std::filesystem::remove_all(at.directory);
        std::filesystem::copy(kept, at.directory);
        files.emplace(at.directory);
    }
    [[nodiscard]] detailed_result<freshness> make(registry& in, std::uint64_t number) const {
        return in.apply(numbered_batch(number, at.digests), numbered_position(number));
    }
    // The register after the batches before and these.
    [[nodiscard]] sample_register after(const std::vector<std::uint64_t>& numbers) const {
        auto all = at.expected;
        for (std::uint64_t i = 0; i <= batches_before; ++i)
            for (const auto& what : numbered_batch(i, at.digests)) make_in(all, what);
        for (const auto number : numbers)
            for (const auto& what : numbered_batch(number, at.digests)) make_in(all, what);
        return all;
    }
};

// What a run of work came to: batches that are there for sure, and one that may be.
struct outcome_of_work {
    std::vector<std::uint64_t> durable;
    std::optional<std::uint64_t> in_doubt;
    bool opened = false;
    std::size_t not_acknowledged = 0;
    // Of the position that came last, without changes.
    bool tail_is_durable = false;
    bool tail_is_in_doubt = false;

    [[nodiscard]] static std::uint64_t batches_up_to(std::uint64_t sequence) {
        return (sequence - 7) / numbered_batch_size - batches_before - 1;
    }
    // The registry knows by now whether it is there, when the last that it knows of is a later one.
    void settle_doubt(std::uint64_t batches) {
        if (!in_doubt || batches == durable.size()) return;
        durable.push_back(*in_doubt);
        in_doubt.reset();
    }
};

// Opens, applies, makes a checkpoint, applies.
[[nodiscard]] outcome_of_work work(const stage& on, bool with_checkpoint) {
    outcome_of_work found;
    auto opened = on.at.open(on.files->system());
    if (!opened) return found;
    found.opened = true;
    for (std::uint64_t number = 100; number < 104; ++number) {
        if (number == 102 && with_checkpoint) static_cast<void>(opened->checkpoint());
        const auto done = on.make(*opened, number);
        const auto known = outcome_of_work::batches_up_to(opened->durable_sequence());
        const bool is_there = done || done.error().code == errc::changes_pending;
        if (done) CHECK(opened->index().as_of().sequence == done->sequence);
        if (!done) ++found.not_acknowledged;
        found.settle_doubt(is_there ? known - 1 : known);
        if (is_there) {
            found.in_doubt.reset();  // a later one is there, and it is not
            found.durable.push_back(number);
        } else if (done.error().code == errc::changes_in_doubt) {
            CHECK(!found.in_doubt);  // whoever is in doubt takes no more
            found.in_doubt = number;
        }
        CHECK(known == found.durable.size());
        // Whatever happened, those who ask are answered from what is durable, up to where the index says.
        const auto seen = outcome_of_work::batches_up_to(opened->index().as_of().sequence);
        REQUIRE(seen <= found.durable.size());
        CHECK(read_register(opened->index(), number_end) ==
              on.after({found.durable.begin(), found.durable.begin() + static_cast<std::ptrdiff_t>(seen)}));
        if (const auto position = opened->source_position())
            CHECK(*position == numbered_position(found.durable.empty() ? batches_before : found.durable.back()));
    }
    const auto tail = opened->apply({}, numbered_position(tail_number, true));
    found.settle_doubt(outcome_of_work::batches_up_to(opened->durable_sequence()));
    found.tail_is_durable = tail.has_value();
    found.tail_is_in_doubt = code_of(tail) == errc::changes_in_doubt;
    if (tail) found.in_doubt.reset();
    if (!tail) ++found.not_acknowledged;
    return found;
}

// The position is that of the last batch that is there, or the one that came without any.
void check_position(const registry& opened, const outcome_of_work& was, bool doubtful_is_there) {
    const auto last = doubtful_is_there ? *was.in_doubt : was.durable.empty() ? batches_before : was.durable.back();
    const auto found = opened.source_position();
    REQUIRE(succeeded(found));
    const bool is_tail = *found == numbered_position(tail_number, true);
    CHECK((is_tail ? was.tail_is_durable || was.tail_is_in_doubt : *found == numbered_position(last)));
    CHECK((is_tail || !was.tail_is_durable));
}

// Opens without faults, and compares. Returns whether what was in doubt is there.
bool check_after(const stage& on, const outcome_of_work& was) {
    auto opened = on.at.open();
    REQUIRE(succeeded(opened));
    const auto found = read_register(opened->index(), number_end);
    auto with_doubtful = was.durable;
    if (was.in_doubt) with_doubtful.push_back(*was.in_doubt);
    const bool is_there = was.in_doubt && found == on.after(with_doubtful);
    check_position(*opened, was, is_there);
    CHECK((is_there || found == on.after(was.durable)));
    const auto batches = batches_before + 1 + was.durable.size() + (is_there ? 1 : 0);
    CHECK(opened->index().as_of().sequence == 7 + batches * numbered_batch_size);
    // And it is in working order.
    CHECK(succeeded(on.make(*opened, 999)));
    if (was.in_doubt) CHECK(succeeded(opened->checkpoint()));
    return is_there;
}

struct totals {
    std::size_t calls = 0;
    std::size_t failed_to_open = 0;
    std::size_t in_doubt = 0;
    std::size_t doubtful_there = 0;
    std::size_t not_acknowledged = 0;
};

// Every step-th call.
totals fail_calls(stage& on, std::size_t step, bool with_checkpoint, faulty_system::fault what) {
    totals all;
    static_cast<void>(work(on, with_checkpoint));
    all.calls = on.files->calls_made();
    on.reset();
    for (std::size_t k = 0; k < all.calls; k += step) {
        CAPTURE(k);
        what.at = k;
        on.files->set(what);
        const auto was = work(on, with_checkpoint);
        all.failed_to_open += was.opened ? 0 : 1;
        all.in_doubt += was.in_doubt ? 1 : 0;
        all.not_acknowledged += was.not_acknowledged;
        // One failure costs at most the batch that met it: the registry goes on.
        if (!what.sticky) CHECK(was.not_acknowledged <= 1);
        if (!what.sticky) CHECK(!was.in_doubt);
        on.files->set({});
        all.doubtful_there += check_after(on, was) ? 1 : 0;
        on.reset();
    }
    return all;
}

totals cut_power_before_calls(stage& on, std::size_t step, bool with_checkpoint, faulty_system::loss lost) {
    totals all;
    static_cast<void>(work(on, with_checkpoint));
    all.calls = on.files->calls_made();
    on.reset();
    for (std::size_t k = 0; k < all.calls; k += step) {
        CAPTURE(k);
        on.files->set({.what = kind::power_cut, .at = k});
        const auto was = work(on, with_checkpoint);
        on.files->restart(lost);
        all.in_doubt += was.in_doubt ? 1 : 0;
        all.doubtful_there += check_after(on, was) ? 1 : 0;
        on.reset();
    }
    return all;
}

// By the two bytes of the file that say so.
[[nodiscard]] bool has_write_ahead_log(const std::filesystem::path& database) {
    std::ifstream file{database, std::ios::binary};
    file.seekg(18);
    return file.get() == 2 && file.get() == 2;
}

// Every step-th call.
void fail_making(std::size_t step) {
    const small_registry plan;
    std::size_t made = 0;
    std::size_t calls = 1;
    for (const auto what : {kind::error, kind::power_cut})
        for (std::size_t k = 0; k < calls; k += step) {
            CAPTURE(k);
            std::filesystem::remove_all(plan.directory);
            std::filesystem::create_directory(plan.directory);
            plan.digests.save(plan.directory / "digest.key").value();
            faulty_system files{plan.directory};
            if (calls == 1) {
                REQUIRE(succeeded(plan.create(files.system())));
                calls = files.calls_made();
                continue;
            }
            files.set({.what = what, .at = k});
            const auto done = plan.create(files.system());
            if (what == kind::power_cut)
                files.restart({true, true});
            else
                files.set({});
            // A second attempt mends whatever the first left.
            if (!done)
                CHECK(succeeded(plan.create()));
            else
                ++made;
            // A power cut may bring the word back that it is being made, which does no harm before it is opened.
            if (what == kind::error) CHECK(code_of(plan.create()) == errc::already_exists);
            CHECK(has_write_ahead_log(plan.directory / "changes.sqlite"));
            const auto opened = plan.open();
            REQUIRE(succeeded(opened));
            CHECK(read_register(opened->index(), number_end) == plan.expected);
        }
    CHECK(calls > 40);
    CHECK(made < calls);
}

}  // namespace

TEST_CASE("applying with the k-th call failing, for some k") {
    stage on;
    const auto all = fail_calls(on, 7, false, {.what = kind::error, .error = EIO});
    CHECK(all.calls > 60);
    CHECK(all.failed_to_open > 2);
    CHECK(all.not_acknowledged > 1);
}

TEST_CASE("applying with all calls from the k-th on failing, for some k") {
    stage on;
    const auto all = fail_calls(on, 7, false, {.what = kind::error, .error = EIO, .sticky = true});
    CHECK(all.in_doubt > 1);
}

TEST_CASE("applying and a checkpoint with the power cut before some calls, and what was not synced lost") {
    stage on;
    CHECK(cut_power_before_calls(on, 13, true, {.unsynced_contents = true, .unsynced_names = true}).in_doubt > 1);
}

TEST_CASE("applying and a checkpoint with the k-th call failing, for every k" * doctest::test_suite("slow")) {
    stage on;
    const auto all = fail_calls(on, 1, true, {.what = kind::error, .error = EIO});
    CHECK(all.calls > 100);
    CHECK(all.not_acknowledged > 10);
    MESSAGE(all.calls << " calls; " << all.not_acknowledged << " batches not acknowledged, " << all.in_doubt
                      << " in doubt, " << all.doubtful_there << " of them there");
}

TEST_CASE("the same for want of space, once and from then on" * doctest::test_suite("slow")) {
    stage on;
    for (const bool sticky : {false, true})
        CHECK(fail_calls(on, 1, true, {.what = kind::error, .error = ENOSPC, .sticky = sticky}).calls > 100);
}

TEST_CASE("the same with half-made writes and reads, and failing from then on" * doctest::test_suite("nightly")) {
    stage on;
    for (const bool sticky : {false, true})
        CHECK(fail_calls(on, 1, true, {.what = kind::half, .sticky = sticky}).calls > 100);
    CHECK(fail_calls(on, 1, true, {.what = kind::error, .error = EIO, .sticky = true}).calls > 100);
}

TEST_CASE("applying and a checkpoint with the power cut before every call" * doctest::test_suite("slow")) {
    stage on;
    for (const bool names : {false, true})
        CHECK(cut_power_before_calls(on, 1, true, {.unsynced_contents = true, .unsynced_names = names}).calls > 100);
}

TEST_CASE("the same where contents arrived unsynced, and names or not" * doctest::test_suite("nightly")) {
    stage on;
    for (const bool names : {false, true})
        CHECK(cut_power_before_calls(on, 1, true, {.unsynced_contents = false, .unsynced_names = names}).calls > 100);
}

TEST_CASE("making a registry with the k-th call failing, or the power cut before it, for some k") {
    fail_making(7);
}

TEST_CASE("the same for every k" * doctest::test_suite("slow")) {
    fail_making(1);
}
