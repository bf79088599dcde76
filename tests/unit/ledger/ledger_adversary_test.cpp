// SPDX-License-Identifier: Apache-2.0
// A made-up year of a ledger, and somebody who has all of its public files, knows the formats, all ids, agencies,
// procedures and officers, and of each question all but one thing: what he cannot have confirmed by the hashes. The
// same somebody has everything confirmed where the salts are left out, or made of what is public.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "hash/sha256.hpp"
#include "ledger/ledger_impl.hpp"
#include "ledger/little_endian.hpp"
#include "unit/ledger/log_signer.hpp"
#include "unit/registry/model_files.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::size_t citizens = 200;
constexpr std::size_t agencies = 6;
constexpr std::size_t procedures = 5;
constexpr std::size_t officers = 8;
constexpr std::size_t rows_least = 64;

// What hides the rows and contexts of one entry, known or guessed.
struct hiding {
    std::vector<std::byte> salts;
    std::array<std::byte, 32> context{};

    [[nodiscard]] static hiding of_zeros(std::size_t rows) {
        return {std::vector<std::byte>(rows * row_salt_bytes), {}};
    }
    // Made of something by hashing.
    [[nodiscard]] static hiding of_text(const std::string& text, std::size_t rows) {
        hiding made = of_zeros(rows);
        for (std::size_t k = 0; k < rows; ++k) {
            const auto of_row = text + ' ' + std::to_string(k);
            const auto hash = sha256(std::as_bytes(std::span{of_row}));
            std::copy_n(hash.begin(), row_salt_bytes,
                        made.salts.begin() + static_cast<std::ptrdiff_t>(k * row_salt_bytes));
        }
        made.context = sha256(std::as_bytes(std::span{text}));
        return made;
    }
};

[[nodiscard]] tree_hash row_leaf(ledger_row row, const hiding& by, std::size_t k) {
    std::copy_n(by.salts.begin() + static_cast<std::ptrdiff_t>(k * row_salt_bytes), row_salt_bytes, row.salt.begin());
    std::array<std::byte, row_bytes> bytes;
    encode_row(row, bytes);
    return tree_leaf(bytes);
}
[[nodiscard]] std::vector<tree_hash> row_leaves(const std::vector<ledger_row>& rows, const hiding& by) {
    std::vector<tree_hash> leaves;
    for (const auto& each : rows) leaves.push_back(row_leaf(each, by, leaves.size()));
    while (leaves.size() < rows_least) leaves.push_back(row_leaf({}, by, leaves.size()));
    return leaves;
}
[[nodiscard]] tree_hash context_of(const ledger_row& asked, std::size_t rows, const hiding& by) {
    std::array<std::byte, 52> message;
    std::ranges::copy(by.context, message.begin());
    store_little(asked.agency, message.data() + 32, 2);
    store_little(asked.procedure, message.data() + 34, 2);
    store_little(asked.officer, message.data() + 36, 8);
    store_little(rows, message.data() + 44, 8);
    return sha256(message);
}

// A ledger's year in memory. What was asked is known here, and to who plays the adversary in part.
class made_year {
  public:
    explicit made_year(std::size_t groups) : random_{5}, calls_{files_.calls()} {
        calls_.sync = [](void*, int) { return 0; };  // the power stays
        const auto identity = signer_.identity();
        ledger_options with{.origin = identity.origin, .verifier = identity.verifier, .signer = identity.signer};
        with.queue_slots = 1024;
        auto made = ledger::impl::open(calls_, "/data/ledger", with).value();
        for (std::size_t k = 0; k < citizens; ++k) ids.push_back(1'000'000'000 + k * 7919 + random_() % 7919);
        const auto apart = year_ms / static_cast<std::int64_t>(groups);
        for (std::size_t k = 0; k < groups; ++k) {
            const auto now = begin_unix_ms + static_cast<std::int64_t>(k) * apart +
                             static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(apart));
            const auto rows = make_rows(now);
            const bool is_signed = k % 10 == 3;
            answer(made, rows, now, is_signed);
            // What is asked a second time at the same moment stands in an entry of its own.
            if (k % 50 == 0) {
                twins.push_back(asked.size());
                answer(made, rows, now, false);
            }
        }
        for (const auto& name : files_.file_names())
            if (name.starts_with(log_folder)) published[name.substr(log_folder.size())] = files_.contents(name);
    }

    // Of the salts and contexts of an entry, what only the owner has.
    [[nodiscard]] hiding secrets_of(std::size_t entry) const {
        const auto path = "/data/ledger/day-keys/" + text_of_day(day_of(entry)) + ".key";
        const auto key = day_key::load(calls_, path).value();
        std::uint64_t place = 0;
        for (auto before = entry; before-- > 0 && day_of(before) == day_of(entry);)
            place += std::max(rows_least, asked[before].size());
        auto secrets = hiding::of_zeros(std::max(rows_least, asked[entry].size()));
        key.salts(place, secrets.salts);
        secrets.context = key.context_secret(place);
        return secrets;
    }

    std::map<std::string, model_files::bytes> published;
    std::vector<std::uint64_t> ids;
    std::vector<std::vector<ledger_row>> asked;  // of each entry, without the salts
    std::vector<bool> are_signed;                // of each entry
    std::vector<std::size_t> twins;              // entries that are like the one before them

  private:
    static constexpr std::int64_t begin_unix_ms = 1'798'736'400'000;  // 2027-01-01T00 in UTC+7
    static constexpr std::int64_t year_ms = std::int64_t{365} * 86'400'000;
    static constexpr std::string_view log_folder = "/data/ledger/log/";

    [[nodiscard]] std::int64_t day_of(std::size_t entry) const {
        return ledger_hour::of(asked[entry].front().time_unix_ms).day();
    }
    // Most ask one question.
    [[nodiscard]] std::vector<ledger_row> make_rows(std::int64_t now) {
        const auto luck = random_() % 20;
        std::vector<ledger_row> rows(luck < 15 ? 1 : luck < 19 ? 2 + random_() % 63 : 65 + random_() % 40);
        const auto by = random_();
        for (auto& each : rows) {
            each.id = ids[random_() % citizens];
            each.agency = static_cast<std::uint16_t>(1 + by % agencies);
            each.procedure = static_cast<std::uint16_t>(1 + by / 16 % procedures);
            each.officer = 1 + by / 256 % officers;
            each.claims = 5;
            each.verdict_bits = verdict{outcome::verified, 5, 0, 0}.bits();
            each.time_unix_ms = now;
        }
        return rows;
    }
    void answer(ledger& in, const std::vector<ledger_row>& rows, std::int64_t now, bool is_signed) {
        ledger_call call{.time_unix_ms = now, .officer = rows[0].officer, .register_sequence = 900};
        if (is_signed) std::ranges::generate(call.agency_signature, [&] { return static_cast<std::byte>(random_()); });
        std::vector<request> requests(rows.size());
        std::vector<verdict> verdicts;
        for (std::size_t k = 0; k < rows.size(); ++k) {
            requests[k].words[0] = rows[k].id | std::uint64_t{rows[k].claims} << 40;
            requests[k].words[3] = std::uint64_t{rows[k].agency} << 32 | std::uint64_t{rows[k].procedure} << 48;
            verdicts.push_back(rows[k].verdict());
        }
        REQUIRE(in.append(call, requests, verdicts).has_value());
        REQUIRE(in.publish(now).has_value());
        asked.push_back(rows);
        are_signed.push_back(is_signed);
    }

    std::mt19937_64 random_;
    model_files files_;
    file_calls calls_;
    log_signer signer_;
};

[[nodiscard]] const made_year& the_year() {
    static const made_year year{2'000};
    return year;
}

// Reads what anybody can.
[[nodiscard]] std::vector<group_leaf> public_entries(const std::map<std::string, model_files::bytes>& published,
                                                     std::size_t size) {
    std::vector<group_leaf> entries;
    while (entries.size() < size) {
        auto number = std::to_string(entries.size() / 256);
        number.insert(0, 3 - number.size(), '0');
        const auto left = size - entries.size();
        const auto& bundle =
            published.at("tile/entries/" + number + (left < 256 ? ".p/" + std::to_string(left) : std::string{}));
        constexpr auto stride = group_leaf_bytes + 2;
        REQUIRE(bundle.size() == std::min<std::size_t>(left, 256) * stride);
        for (std::size_t at = 2; at < bundle.size(); at += stride)
            entries.push_back(group_leaf::decode(std::span{bundle}.subspan(at, group_leaf_bytes)).value());
    }
    return entries;
}

// How often a guess came true, of entries that answer one question.
struct confirmed {
    std::size_t entries = 0;
    std::size_t ids = 0;
    std::size_t agencies = 0;
    std::size_t procedures = 0;
    std::size_t officers = 0;
    std::size_t contexts = 0;

    friend bool operator==(const confirmed&, const confirmed&) = default;
};

// Tries every candidate for each thing that he does not know of a question, while he knows the others.
class adversary {
  public:
    adversary(const group_leaf& entry, const ledger_row& known, const hiding& guess)
        : entry_{entry}, known_{known}, guess_{guess} {
        path_ = prove_inclusion(row_leaves({known}, guess), 0);
    }
    void try_all(const std::vector<std::uint64_t>& ids, confirmed& into) const {
        ++into.entries;
        for (const auto id : ids) into.ids += is_row([&](auto& row) { row.id = id; });
        for (std::uint16_t k = 1; k <= agencies; ++k) into.agencies += is_row([&](auto& row) { row.agency = k; });
        for (std::uint16_t k = 1; k <= procedures; ++k)
            into.procedures += is_row([&](auto& row) { row.procedure = k; });
        for (std::uint64_t k = 1; k <= officers; ++k) into.officers += is_row([&](auto& row) { row.officer = k; });
        // Of who asked he knows nothing.
        auto row = known_;
        for (row.agency = 1; row.agency <= agencies; ++row.agency)
            for (row.procedure = 1; row.procedure <= procedures; ++row.procedure)
                for (row.officer = 1; row.officer <= officers; ++row.officer)
                    into.contexts += context_of(row, 1, guess_) == entry_.contexts ? 1U : 0U;
    }

  private:
    template <class Change>
    [[nodiscard]] std::size_t is_row(const Change& change) const {
        auto row = known_;
        row.time_unix_ms = entry_.time_unix_ms;
        change(row);
        return included_root(row_leaf(row, guess_, 0), 0, rows_least, path_) == entry_.rows_root ? 1 : 0;
    }

    const group_leaf& entry_;
    const ledger_row& known_;
    const hiding& guess_;
    std::vector<tree_hash> path_;
};

using guessing = std::function<hiding(std::size_t entry, const group_leaf& leaf)>;

[[nodiscard]] confirmed play(const std::vector<group_leaf>& entries, const guessing& guess, std::size_t every = 4) {
    confirmed by;
    for (std::size_t k = 0; k < entries.size(); k += every) {
        const auto& asked = the_year().asked[k];
        if (asked.size() == 1) adversary{entries[k], asked[0], guess(k, entries[k])}.try_all(the_year().ids, by);
    }
    return by;
}

// What somebody may try who has no secret.
[[nodiscard]] std::vector<guessing> public_guesses() {
    return {
        [](std::size_t, const group_leaf&) { return hiding::of_zeros(rows_least); },
        [](std::size_t entry, const group_leaf&) { return hiding::of_text(std::to_string(entry), rows_least); },
        [](std::size_t, const group_leaf& leaf) {
            return hiding::of_text(std::to_string(leaf.time_unix_ms), rows_least);
        },
    };
}

}  // namespace

TEST_CASE("who has all public files and knows all but one thing of a question has nothing confirmed") {
    const auto& year = the_year();
    const auto entries = public_entries(year.published, year.asked.size());
    for (const auto& guess : public_guesses()) {
        const auto by = play(entries, guess);
        CHECK(by.entries > 300);
        CHECK(by == confirmed{.entries = by.entries});
    }
    // With the secrets of the owner the same procedure has everything confirmed: it is the secrets that hide it.
    const auto by = play(entries, [&](std::size_t entry, const group_leaf&) { return year.secrets_of(entry); });
    const auto all = by.entries;
    CHECK(by == confirmed{all, all, all, all, all, all});
}

TEST_CASE("were the salts left out, or made of what is public, he would have everything confirmed") {
    const auto& year = the_year();
    const auto entries = public_entries(year.published, year.asked.size());
    const auto guesses = public_guesses();
    for (const auto& salted : guesses) {
        auto mutants = entries;
        for (std::size_t k = 0; k < entries.size(); ++k) {
            if (year.asked[k].size() != 1) continue;
            const auto by = salted(k, entries[k]);
            mutants[k].rows_root = tree_root(row_leaves(year.asked[k], by));
            mutants[k].contexts = context_of(year.asked[k][0], 1, by);
        }
        std::size_t guessed = 0;
        for (const auto& guess : guesses) {
            const auto by = play(mutants, guess, 16);
            const auto all = by.entries;
            guessed += by == confirmed{all, all, all, all, all, all} ? 1U : 0U;
        }
        CHECK(guessed == 1);
    }
}

TEST_CASE("the same questions leave nothing alike in two entries but the time, the count, the state and the policy") {
    const auto& year = the_year();
    const auto entries = public_entries(year.published, year.asked.size());
    CHECK(year.twins.size() == 40);
    for (const auto k : year.twins) {
        REQUIRE(year.asked[k] == year.asked[k - 1]);
        auto one = entries[k - 1];
        const auto& other = entries[k];
        CHECK(one.rows_root != other.rows_root);
        CHECK(one.contexts != other.contexts);
        one.rows_root = other.rows_root;
        one.contexts = other.contexts;
        CHECK(one == other);
    }
    // In the whole year no eight bytes of a hash are those of another.
    std::set<std::string> seen;
    for (const auto& each : entries)
        for (const auto& hash : {each.rows_root, each.contexts})
            for (std::size_t at = 0; at < hash.size(); at += 8)
                seen.emplace(reinterpret_cast<const char*>(hash.data()) + at, 8);
    CHECK(seen.size() == entries.size() * 8);
    // Whether anybody signed is told, and not who.
    for (std::size_t k = 0; k < entries.size(); ++k)
        REQUIRE((entries[k].signatures == sha256({})) == !year.are_signed[k]);
}

TEST_CASE("one question shows as many rows as sixty-four do") {
    const auto& year = the_year();
    const auto entries = public_entries(year.published, year.asked.size());
    std::set<std::size_t> small;
    for (std::size_t k = 0; k < entries.size(); ++k) {
        REQUIRE(entries[k].rows == std::max(rows_least, year.asked[k].size()));
        if (entries[k].rows == rows_least) small.insert(year.asked[k].size());
    }
    CHECK(small.size() > 50);
    CHECK(*small.begin() == 1);
}

TEST_CASE("all public files are made of the entries and the log's key") {
    const auto& year = the_year();
    std::vector<std::vector<tree_hash>> levels(1);
    for (const auto& each : public_entries(year.published, year.asked.size()))
        levels[0].push_back(tree_leaf(each.encode()));
    for (std::size_t level = 0; levels[level].size() >= 256; ++level) {
        std::vector<tree_hash> above;
        const std::span below{levels[level]};
        for (std::size_t at = 0; at + 256 <= below.size(); at += 256)
            above.push_back(tree_root(below.subspan(at, 256)));
        levels.push_back(std::move(above));
    }
    std::size_t tiles = 0;
    for (const auto& file : year.published) {
        const auto& name = file.first;
        const auto& bytes = file.second;
        CAPTURE(name);
        if (name == "log.lock") {
            CHECK(bytes.empty());
        } else if (name.starts_with("tile/") && name[5] != 'e' && !bytes.empty()) {
            ++tiles;
            const auto level = static_cast<std::size_t>(std::stoul(name.substr(5)));
            const auto first = 256 * std::stoul(name.substr(7));
            const auto tile = std::as_bytes(std::span{levels.at(level)}.subspan(first));
            CHECK(std::ranges::equal(bytes, tile.first(bytes.size())));
        }
    }
    CHECK(tiles >= 9);
    const auto& note = year.published.at("checkpoint");
    const std::string text{reinterpret_cast<const char*>(note.data()), note.size()};
    const auto head = checkpoint{"example.com/ledger", year.asked.size(), tree_root(levels[0])}.text();
    CHECK(text.starts_with(head));
    CHECK(std::ranges::count(text, '\n') == 5);
}
