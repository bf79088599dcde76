// SPDX-License-Identifier: Apache-2.0
// A ledger from the first answer on: what it acknowledges, what its receipts show, what its public part tells, and that
// nothing in it can be changed unnoticed.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>
#include <xacthuc/ledger/ledger.hpp>

#include "broken_contract.hpp"
#include "hash/sha256.hpp"
#include "ledger/ledger_impl.hpp"
#include "unit/ledger/http_witness.hpp"
#include "unit/ledger/log_signer.hpp"
#include "unit/ledger/made_rows.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::int64_t begin_unix_ms = 1'795'878'000'000;  // 2026-11-28T22 in UTC+7
constexpr std::int64_t hour_ms = 3'600'000;

[[nodiscard]] ledger_options options_of(const log_signer& signer) {
    const auto identity = signer.identity();
    ledger_options options{.origin = identity.origin, .verifier = identity.verifier, .signer = identity.signer};
    options.queue_slots = 1 << 14;
    return options;
}
[[nodiscard]] ledger opened(const scratch_directory& in, const log_signer& signer) {
    auto made = ledger::open(in.path() / "ledger", options_of(signer));
    if (!made) FAIL(made.error().message());
    return std::move(*made);
}

[[nodiscard]] request question(std::uint64_t id, std::uint16_t agency = 7, std::uint16_t procedure = 9) {
    request q;
    q.words[0] = id | std::uint64_t{5} << 40;
    q.words[3] = std::uint64_t{agency} << 32 | std::uint64_t{procedure} << 48;
    return q;
}
[[nodiscard]] ledger_ticket answer_in(ledger& in, std::uint64_t first_id, std::size_t rows, std::int64_t now,
                                      std::uint8_t policy = 0) {
    std::vector<request> asked;
    for (std::size_t k = 0; k < rows; ++k) asked.push_back(question(first_id + k));
    const std::vector<verdict> shown(rows, verdict{outcome::verified, 5, 0, 0});
    ledger_call call;
    call.time_unix_ms = now;
    call.officer = 42;
    call.register_sequence = 1000;
    call.policy[0] = std::byte{policy};
    return in.append(call, asked, shown).value();
}

[[nodiscard]] std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}
void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
}

}  // namespace

TEST_CASE("an answer is acknowledged when it is published, and its receipt needs nothing but the key") {
    const scratch_directory in;
    const log_signer signer;
    auto made = opened(in, signer);
    CHECK(made.head().size == 0);
    REQUIRE(made.publish(begin_unix_ms).has_value());
    CHECK(made.head().size == 0);

    const auto ticket = answer_in(made, 100, 3, begin_unix_ms);
    CHECK_FALSE(made.is_published(ticket));
    CHECK(made.place(ticket, 0).error() == errc::not_found);
    std::atomic<bool> is_done{false};
    std::thread waiting{[&] {
        CHECK(made.wait(ticket).has_value());
        is_done = true;
    }};
    CHECK(made.gather(begin_unix_ms).value() == 3);
    CHECK_FALSE(is_done);
    REQUIRE(made.publish(begin_unix_ms + 10).has_value());
    waiting.join();
    CHECK(made.is_published(ticket));
    CHECK(made.head().size == 1);

    for (std::uint64_t row = 0; row < 3; ++row) {
        const auto text = made.receipt_for(ticket, row).value().encode();
        const auto shown = receipt::decode(text);
        REQUIRE(shown.has_value());
        CHECK(verify_receipt(*shown, signer.origin(), signer.verifier()).value() == made.head());
        CHECK(shown->row.id == 100 + row);
        CHECK(shown->row.agency == 7);
        CHECK(shown->row.procedure == 9);
        CHECK(shown->row.claims == 5);
        CHECK(shown->row.verdict() == verdict{outcome::verified, 5, 0, 0});
        CHECK(shown->row.time_unix_ms == begin_unix_ms);
        CHECK(shown->row.officer == 42);
        CHECK(shown->leaf.rows == 64);  // one question shows no less than 64 do
        CHECK(shown->leaf.register_sequence == 1000);
        CHECK(text.size() < 4096);
    }
    CHECK(made.receipt_for(ticket, 3).error().code == errc::not_found);
    CHECK(made.check().value().rows == 3);
}

TEST_CASE("no byte of a receipt can be changed: it is refused, or says the same") {
    const scratch_directory in;
    const log_signer signer;
    auto made = opened(in, signer);
    for (int k = 0; k < 5; ++k) {
        (void)answer_in(made, 100, 70, begin_unix_ms);
        REQUIRE(made.publish(begin_unix_ms).has_value());
    }
    const auto right = made.receipt_for(ledger_place{3, 66}).value();
    const auto text = right.encode();
    auto verifier = receipt_verifier::make(signer.origin(), signer.verifier()).value();
    CHECK(verifier.verify(right).value() == made.head());
    std::size_t refused = 0;
    for (std::size_t at = 0; at < text.size(); ++at)
        for (const int bit : {1, 2, 32}) {
            auto wrong = text;
            wrong[at] = static_cast<char>(wrong[at] ^ bit);
            const auto shown = receipt::decode(wrong);
            if (shown) REQUIRE((verifier.verify(*shown) == verify_receipt(*shown, signer.origin(), signer.verifier())));
            if (!shown || !verify_receipt(*shown, signer.origin(), signer.verifier())) {
                ++refused;
                continue;
            }
            REQUIRE(shown->row == right.row);
            REQUIRE(shown->leaf == right.leaf);
            REQUIRE(shown->leaf_index == right.leaf_index);
        }
    CHECK(refused > text.size() * 5 / 2);
    const log_signer other{2};
    CHECK(verify_receipt(right, signer.origin(), other.verifier()).error() == errc::bad_signature);
    CHECK(receipt_verifier::make(signer.origin(), other.verifier())->verify(right).error() == errc::bad_signature);
    CHECK(verify_receipt(right, "example.com/other", signer.verifier()).error() == errc::checkpoint_syntax);
    CHECK(receipt_verifier::make("example.com/other", signer.verifier())->verify(right).error() ==
          errc::checkpoint_syntax);
    CHECK(verifier.verify(right).value() == made.head());
    for (auto changed : {right, right, right}) {
        static int which = 0;
        (which == 0 ? changed.row_index : which == 1 ? changed.row.id : changed.row.verdict_bits) ^= 1;
        ++which;
        CHECK(verify_receipt(changed, signer.origin(), signer.verifier()).error() == errc::ledger_damaged);
    }
}

TEST_CASE("a receipt from a log of 2^30 entries and a group of 2^24 rows takes no more than 4 KiB") {
    const log_signer signer;
    receipt large;
    large.leaf.rows = std::uint64_t{1} << 24;
    large.row_path.resize(24);
    large.leaf_path.resize(30);
    large.leaf_index = (std::uint64_t{1} << 30) - 1;
    large.note.text = checkpoint{signer.origin(), std::uint64_t{1} << 30, {}}.text();
    REQUIRE(sign_note(large.note, signer.verifier(), [&](auto message) { return signer.sign(message); }).has_value());
    for (unsigned char k = 1; k <= 3; ++k) {
        const log_signer witness{k, "witness-" + std::to_string(k) + ".example.org"};
        const auto who = cosigner::make(witness.origin(), witness.verifier().key()).value();
        large.note.signatures.push_back(
            make_cosignature(large.note.text, who, 1'795'878'000, [&](auto message) { return witness.sign(message); }));
    }
    CHECK(large.encode().size() <= 4096);
    CHECK(receipt::decode(large.encode()).value() == large);
}

TEST_CASE("a ledger goes on where it was, and makes receipts of what it no longer has in memory") {
    const scratch_directory in;
    const log_signer signer;
    std::vector<ledger_row> rows;
    for (std::int64_t life = 0; life < 4; ++life) {
        auto made = opened(in, signer);
        CHECK(made.head().size == static_cast<std::uint64_t>(2 * life));
        for (std::int64_t k = 0; k < 2; ++k) {
            // The second group of each life is in the next hour.
            const auto ticket = answer_in(made, 1000 + rows.size() * 10, 130, begin_unix_ms + (life + k) * hour_ms);
            REQUIRE(made.publish(begin_unix_ms + (life + k) * hour_ms).has_value());
            rows.push_back(made.receipt_for(ticket, 129).value().row);
        }
        if (life % 2 == 1) CHECK(made.seal(begin_unix_ms + (life + 1) * hour_ms).value() == 2);
        for (std::uint64_t entry = 0; entry < rows.size(); ++entry) {
            const auto shown = made.receipt_for(ledger_place{entry, 129});
            REQUIRE(shown.has_value());
            CHECK(shown->row == rows[entry]);
            CHECK(verify_receipt(*shown, signer.origin(), signer.verifier()).has_value());
        }
        const auto checked = made.check();
        REQUIRE(checked.has_value());
        CHECK(checked->entries == rows.size());
        CHECK(checked->rows == rows.size() * 130);
    }
    const auto made = opened(in, signer);
    CHECK(bytes_of(in.path() / "ledger/rows/2026-11-28T22.xtr").size() > 0);
}

TEST_CASE("times do not go back, whatever the clock says") {
    const scratch_directory in;
    const log_signer signer;
    auto made = opened(in, signer);
    for (const std::int64_t now :
         {begin_unix_ms + hour_ms, begin_unix_ms, begin_unix_ms + hour_ms + 1, std::int64_t{-5}}) {
        (void)answer_in(made, 1, 1, now);
        REQUIRE(made.publish(now).has_value());
    }
    std::int64_t before = 0;
    for (std::uint64_t entry = 0; entry < 4; ++entry) {
        const auto shown = made.receipt_for(ledger_place{entry, 0}).value();
        CHECK(shown.leaf.time_unix_ms >= before);
        before = shown.leaf.time_unix_ms;
    }
    CHECK(made.check().has_value());
}

TEST_CASE("what was judged by two policies stands in two entries") {
    const scratch_directory in;
    const log_signer signer;
    auto made = opened(in, signer);
    const auto first = answer_in(made, 1, 2, begin_unix_ms, 1);
    const auto second = answer_in(made, 1, 2, begin_unix_ms, 1);
    const auto third = answer_in(made, 1, 2, begin_unix_ms, 2);
    REQUIRE(made.publish(begin_unix_ms).has_value());
    CHECK(made.head().size == 2);
    CHECK(made.place(first, 1).value() == ledger_place{0, 1});
    CHECK(made.place(second, 1).value() == ledger_place{0, 3});
    CHECK(made.place(third, 1).value() == ledger_place{1, 1});
    CHECK(made.receipt_for(third, 0).value().leaf.policy[0] == std::byte{2});
}

TEST_CASE("a queue that is full takes nothing, and a ledger that has failed takes nothing more") {
    const scratch_directory in;
    const log_signer signer;
    auto options = options_of(signer);
    options.queue_slots = 64;
    auto made = ledger::open(in.path() / "ledger", options).value();
    const std::vector<request> asked(96, question(1));
    const std::vector<verdict> shown(96);
    REQUIRE(made.append({}, asked, shown).has_value());
    CHECK(made.append({}, std::span{asked}.first(1), std::span{shown}.first(1)).error() == errc::ledger_full);
    CHECK_REFUSED("ledger::append: 96 verdicts for 1 requests",
                  made.append({}, std::span{asked}.first(1), shown).has_value());
    CHECK_REFUSED("ledger::append: 0 verdicts for 1 requests",
                  made.append({}, std::span{asked}.first(1), {}).has_value());
    REQUIRE(made.publish(begin_unix_ms).has_value());
    CHECK(made.append({}, asked, shown).has_value());
    // Its folder of rows is gone before the next hour begins.
    std::filesystem::remove_all(in.path() / "ledger/rows");
    CHECK_FALSE(made.publish(begin_unix_ms + hour_ms).has_value());
    CHECK(made.is_stopped());
    CHECK(made.append({}, asked, shown).error() == errc::ledger_stopped);
    CHECK(made.publish(begin_unix_ms).error().code == errc::ledger_stopped);
    CHECK(made.wait({64, 96}).error() == errc::ledger_stopped);
    CHECK(made.wait({0, 96}).has_value());
}

TEST_CASE("rows that are changed, exchanged, dropped, doubled or in another hour are found") {
    const scratch_directory in;
    const log_signer signer;
    const auto rows = in.path() / "ledger/rows";
    {
        auto made = opened(in, signer);
        for (std::int64_t hour = 0; hour < 3; ++hour)
            for (int k = 0; k < 3; ++k) {
                (void)answer_in(made, 1 + static_cast<std::uint64_t>(k) * 1000, 20, begin_unix_ms + hour * hour_ms);
                REQUIRE(made.publish(begin_unix_ms + hour * hour_ms).has_value());
            }
        REQUIRE(made.seal(begin_unix_ms + hour_ms).value() == 1);
        REQUIRE(made.check().has_value());
    }
    const auto day = day_key::load(system_file_calls(), in.path() / "ledger/day-keys/2026-11-28.key").value();
    const auto hour_of = [](std::int64_t k) { return ledger_hour::of(begin_unix_ms + k * hour_ms); };
    // Writes an hour again with other groups, as its owner could.
    const auto rewrite = [&](std::int64_t k, const std::function<void(std::vector<row_group>&)>& change) {
        std::vector<row_group> groups;
        std::vector<group_entry> entries;
        const auto path = open_hour_path(rows, hour_of(k));
        REQUIRE(read_open_hour(system_file_calls(), path, day,
                               [&](row_group&& group, const group_entry* entry) -> detailed_result<void> {
                                   groups.push_back(std::move(group));
                                   entries.push_back(*entry);
                                   return {};
                               })
                    .has_value());
        change(groups);
        std::filesystem::remove(path);
        auto writer = hour_writer::create(system_file_calls(), path).value();
        for (std::size_t g = 0; g < groups.size(); ++g) REQUIRE(writer.append(groups[g], entries[g], day).has_value());
    };
    const auto is_found = [&] {
        auto made = ledger::open(in.path() / "ledger", options_of(signer));
        return !made || !made->check();
    };
    const auto path = open_hour_path(rows, hour_of(1));
    const auto right = bytes_of(path);
    const auto sealed_path = sealed_hour_path(rows, hour_of(0));
    const auto sealed = bytes_of(sealed_path);
    CHECK_FALSE(is_found());
    const std::vector<std::function<void(std::vector<row_group>&)>> changes{
        [](auto& groups) { std::swap(groups[1].hidden_ids[3], groups[1].hidden_ids[4]); },
        [](auto& groups) { groups[1].hidden_ids[3] ^= 1; },
        [](auto& groups) { groups[1].kinds[0].verdict_bits ^= 1; },
        [](auto& groups) { groups[1].kinds[0].agency ^= 1; },
        [](auto& groups) { groups[1].calls[0].officer ^= 1; },
        [](auto& groups) { groups[1].calls[0].time_unix_ms ^= 1; },
        [](auto& groups) { groups[1].calls[0].register_sequence ^= 1; },
        [](auto& groups) { groups[1].calls[0].is_signed = true; },
        [](auto& groups) { groups[1].first_place ^= 1; },
        [](auto& groups) {
            --groups[1].calls[0].rows;
            groups[1].hidden_ids.pop_back();
            groups[1].kind_of.pop_back();
        },
        [](auto& groups) {
            ++groups[1].calls[0].rows;
            groups[1].hidden_ids.push_back(groups[1].hidden_ids.back());
            groups[1].kind_of.push_back(0);
        },
        [](auto& groups) { std::swap(groups[0].hidden_ids, groups[1].hidden_ids); },
        [](auto& groups) { std::swap(groups[0].leaf_index, groups[1].leaf_index); },
        [](auto& groups) { groups.pop_back(); },
        [](auto& groups) { groups.erase(groups.begin()); },
        [](auto& groups) { groups.erase(groups.begin() + 1); },
    };
    for (std::size_t k = 0; k < changes.size(); ++k) {
        CAPTURE(k);
        rewrite(1, changes[k]);
        CHECK(is_found());
        write_bytes(path, right);
    }
    CHECK_FALSE(is_found());
    // Hours whose files have changed places, and one that is gone.
    const auto other = open_hour_path(rows, hour_of(2));
    const auto later = bytes_of(other);
    write_bytes(path, later);
    write_bytes(other, right);
    CHECK(is_found());
    write_bytes(path, right);
    write_bytes(other, later);
    std::filesystem::rename(sealed_path, sealed_hour_path(rows, hour_of(-1)));
    CHECK(is_found());
    std::filesystem::remove(sealed_hour_path(rows, hour_of(-1)));
    CHECK(is_found());
    write_bytes(sealed_path, sealed);
    CHECK_FALSE(is_found());
}

TEST_CASE("a day that is forgotten cannot be opened, and one that is pruned is gone; the log stays what it is") {
    const scratch_directory in;
    const log_signer signer;
    auto made = opened(in, signer);
    for (std::int64_t day = 0; day < 4; ++day)
        for (std::int64_t k = 0; k < 2; ++k) {
            const auto now = begin_unix_ms + (24 * day + k) * hour_ms;
            (void)answer_in(made, 1, 1, now);
            REQUIRE(made.publish(now).has_value());
        }
    const auto head = made.head();
    CHECK(made.forget("2026-11-31").error().code == errc::date_syntax);
    CHECK(made.forget("2026-11-27").error().code == errc::not_found);
    REQUIRE(made.forget("2026-11-29").has_value());
    made = ledger::open(in.path() / "another", options_of(signer)).value();
    auto again = opened(in, signer);
    CHECK(again.receipt_for(ledger_place{2, 0}).error().code == errc::not_found);
    CHECK(again.receipt_for(ledger_place{0, 0}).has_value());
    auto checked = again.check().value();
    CHECK(checked.forgotten == 2);
    CHECK(checked.entries == 6);

    CHECK(again.prune("2026-11-30").value() == 4);
    CHECK_FALSE(std::filesystem::exists(in.path() / "ledger/day-keys/2026-11-28.key"));
    CHECK(again.receipt_for(ledger_place{0, 0}).error().code == errc::not_found);
    CHECK(again.receipt_for(ledger_place{4, 0}).has_value());
    checked = again.check().value();
    CHECK(checked.pruned == 4);
    CHECK(checked.entries == 4);
    CHECK(again.head() == head);
    CHECK(again.prune("2030-01-01").value() == 2);  // the last day stays
    (void)answer_in(again, 1, 1, begin_unix_ms + 100 * hour_ms);
    REQUIRE(again.publish(begin_unix_ms + 100 * hour_ms).has_value());
    again = ledger::open(in.path() / "third", options_of(signer)).value();
    auto last = opened(in, signer);
    CHECK(last.check().value().pruned == 6);
    CHECK(last.check().value().entries == 3);
}

TEST_CASE("the public part tells counts and times, and nothing that who knows all ids and names could check") {
    const scratch_directory in;
    const log_signer signer;
    auto made = opened(in, signer);
    // The same question, asked and answered the same, at the same time: two entries that have nothing in common.
    for (int k = 0; k < 2; ++k) {
        (void)answer_in(made, 123'456'789'012, 1, begin_unix_ms);
        REQUIRE(made.publish(begin_unix_ms).has_value());
    }
    const auto one = made.receipt_for(ledger_place{0, 0}).value();
    const auto two = made.receipt_for(ledger_place{1, 0}).value();
    CHECK(one.leaf.rows == two.leaf.rows);
    CHECK(one.leaf.time_unix_ms == two.leaf.time_unix_ms);
    CHECK(one.leaf.rows_root != two.leaf.rows_root);
    CHECK(one.leaf.contexts != two.leaf.contexts);
    CHECK(one.row.salt != two.row.salt);
    // Who guesses the row right, and has everything but the salt, finds none of its hashes in the public files.
    std::string published;
    for (const auto& file : std::filesystem::recursive_directory_iterator{in.path() / "ledger/log"})
        if (file.is_regular_file()) published += bytes_of(file.path());
    auto guessed = one.row;
    guessed.salt = {};
    std::array<std::byte, row_bytes> bytes;
    encode_row(guessed, bytes);
    const auto holds = [&](std::span<const std::byte> what) {
        return published.find(std::string{reinterpret_cast<const char*>(what.data()), what.size()}) !=
               std::string::npos;
    };
    CHECK_FALSE(holds(tree_leaf(bytes)));
    CHECK_FALSE(holds(std::span{bytes}.subspan(row_salt_bytes, 5)));
    CHECK_FALSE(holds(tree_leaf(std::span{bytes}.subspan(row_salt_bytes))));
    // The entry itself is there, and every byte of it but counts, times and hashes is known to be a constant.
    CHECK(holds(one.leaf.encode()));
    // Private files do not have the id in the clear either.
    for (const auto& file : std::filesystem::recursive_directory_iterator{in.path() / "ledger/rows"})
        CHECK(
            bytes_of(file.path()).find(std::string{reinterpret_cast<const char*>(bytes.data()) + row_salt_bytes, 5}) ==
            std::string::npos);
    const auto mode = std::filesystem::status(in.path() / "ledger/rows").permissions();
    CHECK((mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
          std::filesystem::perms::none);
}

TEST_CASE("without witnesses of late no rows are taken, and with them they are") {
    const scratch_directory in;
    const log_signer signer;
    http_witness witness{"witness.example.org", 9, signer};
    witness.time_s = begin_unix_ms / 1000;
    auto options = options_of(signer);
    options.witnesses.witnesses.push_back({witness.who(), witness.url()});
    options.witnesses.quorum = 1;
    options.witnesses.staleness_max = std::chrono::seconds{60};
    auto made = ledger::open(in.path() / "ledger", options).value();
    const std::vector<request> asked(1, question(1));
    const std::vector<verdict> shown(1);
    CHECK(made.append({}, asked, shown).error() == errc::ledger_stopped);
    CHECK_FALSE(made.is_witnessed(begin_unix_ms));
    CHECK(made.ask_witnesses(begin_unix_ms).value().empty());
    CHECK(made.is_witnessed(begin_unix_ms));
    const auto ticket = made.append({}, asked, shown);
    REQUIRE(ticket.has_value());
    REQUIRE(made.publish(begin_unix_ms + 59'000).has_value());
    CHECK(made.append({}, asked, shown).has_value());
    REQUIRE(made.publish(begin_unix_ms + 61'000).has_value());
    CHECK(made.append({}, asked, shown).error() == errc::ledger_stopped);
    CHECK_FALSE(made.is_stopped());
    witness.time_s = begin_unix_ms / 1000 + 61;
    CHECK(made.ask_witnesses(begin_unix_ms + 61'000).value().empty());
    CHECK(made.append({}, asked, shown).has_value());
    const auto receipt = made.receipt_for(*ticket, 0).value();
    CHECK(options.witnesses.is_fresh(receipt.note, static_cast<std::uint64_t>(begin_unix_ms / 1000 + 61)));
}

TEST_CASE("rows of many threads are all published, and each has its receipt") {
    const scratch_directory in;
    const log_signer signer;
    auto made = opened(in, signer);
    constexpr std::uint64_t threads = 3;
    constexpr std::uint64_t calls = 300;
    std::vector<std::vector<ledger_ticket>> tickets(threads);
    std::atomic<std::uint64_t> done{0};
    std::vector<std::thread> asking;
    for (std::uint64_t t = 0; t < threads; ++t)
        asking.emplace_back([&, t] {
            for (std::uint64_t c = 0; c < calls;) {
                const std::vector<request> asked(1 + c % 9, question(t * 1000 + c));
                const std::vector<verdict> shown(asked.size());
                ledger_call call;
                call.time_unix_ms = begin_unix_ms;
                const auto ticket = made.append(call, asked, shown);
                if (!ticket) {
                    std::this_thread::yield();
                    continue;
                }
                if (c % 50 == 0) CHECK(made.wait(*ticket).has_value());
                tickets[t].push_back(*ticket);
                ++c;
            }
            ++done;
        });
    while (done < threads) REQUIRE(made.publish(begin_unix_ms).has_value());
    for (auto& each : asking) each.join();
    REQUIRE(made.publish(begin_unix_ms).has_value());
    for (std::uint64_t t = 0; t < threads; ++t)
        for (std::uint64_t c = 0; c < calls; ++c) {
            REQUIRE(made.is_published(tickets[t][c]));
            const auto shown = made.receipt_for(tickets[t][c], c % 9).value();
            REQUIRE(shown.row.id == t * 1000 + c);
            if (c % 30 == 0) REQUIRE(verify_receipt(shown, signer.origin(), signer.verifier()).has_value());
        }
    CHECK(made.check().has_value());
}
