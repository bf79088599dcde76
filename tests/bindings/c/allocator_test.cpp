// SPDX-License-Identifier: Apache-2.0
// The library for C with the k-th allocation refused, once and from then on: every call comes back with a code, leaves
// the variable for its handle as it was, and works again afterwards.
#include <doctest/doctest.h>
#include <unistd.h>
#include <xacthuc.h>

#include <filesystem>
#include <string>

#include "durability/failing_allocator.hpp"

using xacthuc::tests::failing_allocator;

namespace {

const std::filesystem::path folder{XACTHUC_C_FIXTURE};

// work() returns a status. Some k of many: the first 40 each, then ever fewer.
template <class Work>
void for_every_k(const char* name, const Work& work) {
    std::size_t tried = 0;
    std::size_t refused = 0;
    for (const bool sticky : {false, true})
        for (std::size_t k = 0;; k += k < 40 ? 1 : 1 + k / 16) {
            CAPTURE(name);
            CAPTURE(k);
            failing_allocator::fail(k, sticky);
            const xt_status status = work();
            if (failing_allocator::relent() <= k) {
                CHECK(status == XT_OK);
                break;
            }
            ++tried;
            refused += status != XT_OK;
        }
    CHECK(work() == XT_OK);
    CHECK(tried > 0);
    CHECK(refused > 0);
    MESSAGE(std::string{name} << ": " << tried << " allocations refused");
}

// A call that makes a handle: make(Handle**). Where it fails the variable is as it was.
template <class Handle, class Make, class Free>
void for_every_k_of(const char* name, const Make& make, const Free& free) {
    Handle* const before = reinterpret_cast<Handle*>(std::uintptr_t{64});
    std::size_t changed = 0;
    for_every_k(name, [&] {
        Handle* made = before;
        const xt_status status = make(&made);
        if (status == XT_OK)
            free(made);
        else
            changed += made != before;
        return status;
    });
    CHECK(changed == 0);
}

template <class Handle, class Load>
Handle* loaded(const Load& load, const char* name) {
    Handle* made = nullptr;
    REQUIRE(load((folder / name).c_str(), &made, nullptr) == XT_OK);
    return made;
}

xt_change changed(const xt_digest_key* key, const char* id) {
    xt_citizen who{};
    who.struct_size = XT_CITIZEN_BYTES;
    who.id = {id, XT_ZERO_TERMINATED};
    who.name = {"An", XT_ZERO_TERMINATED};
    xt_change change;
    REQUIRE(xt_change_upsert(key, &who, nullptr, &change, nullptr) == XT_OK);
    return change;
}

// What is refused in the middle of publishing ends the ledger: so each try has a new handle.
void ledger_calls(const std::filesystem::path& at, xt_register* people) {
    xt_ledger_options options{};
    options.struct_size = XT_LEDGER_OPTIONS_BYTES;
    options.origin = "example.vn/of-no-memory";
    options.queue_rows = 64;
    const auto folder_of_it = at.string();
    const auto open = [&](xt_ledger** made) { return xt_ledger_open(folder_of_it.c_str(), &options, made, nullptr); };
    for_every_k_of<xt_ledger>("xt_ledger_open", open, xt_ledger_free);
    xt_ledger* ledger = nullptr;
    options.durability = XT_LEDGER_LATER;
    REQUIRE(open(&ledger) == XT_OK);
    REQUIRE(xt_register_set_ledger(people, ledger) == XT_OK);
    const xt_request asked{{1'199'000'001, 0, 0, 0}};
    xt_verdict verdict{};
    xt_ticket ticket{};
    xt_call call{};
    call.struct_size = XT_CALL_BYTES;
    call.ticket = &ticket;
    REQUIRE(xt_verify_call(people, &asked, 1, &call, &verdict, nullptr) == XT_OK);
    REQUIRE(xt_ledger_publish(ledger, nullptr) == XT_OK);
    xt_place row{};
    REQUIRE(xt_ledger_place(ledger, &ticket, 0, &row) == XT_OK);
    char text[XT_RECEIPT_BYTES];
    for_every_k("xt_ledger_receipt",
                [&] { return xt_ledger_receipt(ledger, &row, text, sizeof text, nullptr, nullptr); });
    char key[256];
    REQUIRE(xt_ledger_key(ledger, key, sizeof key, nullptr) == XT_OK);
    xt_receipt_facts facts{};
    facts.struct_size = XT_RECEIPT_FACTS_BYTES;
    for_every_k("xt_receipt_verify", [&] { return xt_receipt_verify(text, XT_ZERO_TERMINATED, key, &facts, nullptr); });
    for_every_k_of<xt_history>(
        "xt_history_open",
        [&](xt_history** made) { return xt_history_open(folder_of_it.c_str(), nullptr, made, nullptr); },
        xt_history_free);
    xt_history* history = nullptr;
    REQUIRE(xt_history_open(folder_of_it.c_str(), nullptr, &history, nullptr) == XT_OK);
    for_every_k("xt_history_of", [&] {
        std::size_t count = 0;
        return xt_history_of(history, {"001199000001", XT_ZERO_TERMINATED}, XT_VIEWER_HOLDER, nullptr, 0, &count,
                             nullptr);
    });
    xt_history_free(history);
    // Its memory ends in the middle: it stops, says so from then on, and the answer is not told.
    failing_allocator::fail(0, true);
    const xt_status published = xt_ledger_publish(ledger, nullptr);
    failing_allocator::relent();
    CHECK(published == XT_OK);  // there was nothing to publish
    REQUIRE(xt_verify_call(people, &asked, 1, &call, &verdict, nullptr) == XT_OK);
    failing_allocator::fail(0, true);
    CHECK(xt_ledger_publish(ledger, nullptr) == XT_OUT_OF_MEMORY);
    failing_allocator::relent();
    CHECK(xt_ledger_publish(ledger, nullptr) == XT_LEDGER_STOPPED);
    CHECK(xt_ledger_wait(ledger, &ticket) == XT_LEDGER_STOPPED);
    REQUIRE(xt_verify_call(people, &asked, 1, &call, &verdict, nullptr) == XT_OK);
    CHECK(xt_verdict_outcome(verdict) == XT_OUTCOME_LEDGER_STOPPED);
    xt_ledger_free(ledger);
}

}  // namespace

TEST_CASE("every call of the library for C that allocates, with its allocations failing") {
    auto* const key = loaded<xt_digest_key>(xt_digest_key_load, "digest.key");
    auto* const trusted = loaded<xt_authority>(xt_authority_load, "authority.pub");
    auto* const secret = loaded<xt_authority_key>(xt_authority_key_load, "authority.key");
    const auto people = (folder / "people.xts").string();
    const auto key_file = (folder / "digest.key").string();
    for_every_k_of<xt_digest_key>(
        "xt_digest_key_load", [&](xt_digest_key** made) { return xt_digest_key_load(key_file.c_str(), made, nullptr); },
        xt_digest_key_free);
    for_every_k_of<xt_agency_keys>(
        "xt_agency_keys_create", [](xt_agency_keys** made) { return xt_agency_keys_create(0, made); },
        xt_agency_keys_free);
    for_every_k_of<xt_register>(
        "xt_register_open_snapshot",
        [&](xt_register** made) {
            return xt_register_open_snapshot(people.c_str(), trusted, key, nullptr, made, nullptr);
        },
        xt_register_free);

    xt_register* snapshot = nullptr;
    REQUIRE(xt_register_open_snapshot(people.c_str(), trusted, key, nullptr, &snapshot, nullptr) == XT_OK);
    const auto place = std::filesystem::temp_directory_path() / ("xacthuc-allocator-" + std::to_string(::getpid()));
    std::filesystem::create_directory(place);
    const auto copy = (place / "copy.xts").string();
    for_every_k("xt_register_save", [&] { return xt_register_save(snapshot, copy.c_str(), secret, 1, nullptr); });
    const auto directory = (place / "register").string();
    REQUIRE(xt_register_create_directory(directory.c_str(), snapshot, key, secret, 1, nullptr) == XT_OK);
    xt_registry_options how{};
    how.struct_size = XT_REGISTRY_OPTIONS_BYTES;
    how.authority = secret;
    for_every_k_of<xt_register>(
        "xt_register_open_directory",
        [&](xt_register** made) { return xt_register_open_directory(directory.c_str(), trusted, &how, made, nullptr); },
        xt_register_free);
    xt_register* opened = nullptr;
    REQUIRE(xt_register_open_directory(directory.c_str(), trusted, &how, &opened, nullptr) == XT_OK);
    const auto change = changed(key, "001199000001");
    for_every_k("xt_register_apply", [&] { return xt_register_apply(opened, &change, 1, nullptr, nullptr, nullptr); });
    for_every_k("xt_register_checkpoint", [&] {
        const xt_status applied = xt_register_apply(opened, &change, 1, nullptr, nullptr, nullptr);
        return applied != XT_OK ? applied : xt_register_checkpoint(opened, 1, 2, nullptr, nullptr);
    });
    for_every_k_of<xt_feed>(
        "xt_feed_open", [&](xt_feed** made) { return xt_feed_open(directory.c_str(), key, nullptr, made, nullptr); },
        xt_feed_free);
    for_every_k("xt_feed_next", [&] {
        xt_feed* feed = nullptr;
        xt_change got[4];
        size_t count = 0;
        const xt_status opening = xt_feed_open(directory.c_str(), key, nullptr, &feed, nullptr);
        const xt_status status = opening == XT_OK ? xt_feed_next(feed, got, 4, 0, &count, nullptr) : opening;
        xt_feed_free(feed);
        return status;
    });
    const uint32_t by[1] = {XT_DIMENSION_SEX};
    for_every_k_of<xt_counts>(
        "xt_count_by", [&](xt_counts** made) { return xt_count_by(snapshot, by, 1, nullptr, made, nullptr); },
        xt_counts_free);
    for_every_k("xt_register_replace",
                [&] { return xt_register_replace(snapshot, people.c_str(), trusted, key, nullptr, nullptr); });
    ledger_calls(place / "ledger", snapshot);
    for_every_k("xt_change_json", [&] { return xt_change_json(&change, nullptr, 0, nullptr); });
    xt_register_free(opened);
    xt_register_free(snapshot);
    xt_authority_key_free(secret);
    xt_authority_free(trusted);
    xt_digest_key_free(key);
    std::filesystem::remove_all(place);
}
