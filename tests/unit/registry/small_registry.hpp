// SPDX-License-Identifier: Apache-2.0
// A registry of some hundred citizens in a directory of the test's own, and changes to it whose outcome a plain map
// knows.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>
#include <xacthuc/index/index_builder.hpp>
#include <xacthuc/registry/registry.hpp>

#include "registry/registry_files.hpp"
#include "unit/registry/scratch_directory.hpp"

namespace xacthuc::tests {

[[nodiscard]] inline personal_id sample_id(std::uint64_t number) {
    return personal_id::from_trusted(1'190'000'000 + number);
}

// A record that says by its ward how often the citizen was changed.
[[nodiscard]] inline record sample_citizen(std::uint64_t number, std::uint32_t ward, const digest_key& key) {
    return make_record({.id = sample_id(number),
                        .name = "Nguyễn An",
                        .birth = date::from_parts(1990, 2).value(),
                        .residence = {1, ward}},
                       key)
        .value();
}

[[nodiscard]] inline public_key sample_key(std::uint64_t number) {
    public_key key;
    key.bytes.fill(static_cast<std::byte>(number));
    key.bytes[0] = std::byte{1};
    return key;
}

// What a register should hold: for each number the ward and the key.
struct sample_facts {
    std::uint32_t ward = 0;
    public_key key{};
    friend bool operator==(const sample_facts&, const sample_facts&) = default;
};
using sample_register = std::map<std::uint64_t, sample_facts>;

[[nodiscard]] inline std::uint64_t number_of(const change& what) {
    return what.id() - sample_id(0).value();
}

inline void make_in(sample_register& in, const change& what) {
    auto& facts = in[number_of(what)];
    switch (what.kind) {
        case change_kind::upsert_with_key:
            facts.key = what.key;
            [[fallthrough]];
        case change_kind::upsert:
            facts.ward = static_cast<std::uint32_t>(layout::ward.get(what.after.words[2]));
            break;
        case change_kind::erase:
            in.erase(number_of(what));
            break;
        case change_kind::set_key:
            facts.key = what.key;
            break;
    }
}

// The register as an index has it, among the numbers below `end`.
[[nodiscard]] inline sample_register read_register(const citizen_index& index, std::uint64_t end) {
    sample_register all;
    for (std::uint64_t number = 0; number < end; ++number) {
        const auto found = index.find(sample_id(number)).value();
        if (!found) continue;
        auto& facts = all[number];
        facts.ward = static_cast<std::uint32_t>(layout::ward.get(found->words[2]));
        static_cast<void>(index.find_key(sample_id(number), facts.key));
    }
    return all;
}

class small_registry {
  public:
    static constexpr std::uint64_t first_count = 300;
    static constexpr std::uint64_t number_end = 400;  // changes concern the numbers below

    explicit small_registry(bool with_keys = true) : with_keys_{with_keys} {
        auto builder = index_builder::create({.placement_seed = 0,
                                              .digest_key_fingerprint = digests.fingerprint(),
                                              .as_of = {7, 1'700'000'000'000},
                                              .with_keys = with_keys})
                           .value();
        {
            auto appender = builder.make_appender();
            for (std::uint64_t i = 0; i < first_count; ++i) {
                appender.append(sample_citizen(i, 1, digests), i).value();
                expected[i] = {1, {}};
            }
        }
        first.emplace(std::move(builder).build(1).value());
    }

    [[nodiscard]] detailed_result<void> create(registry_system system = plain_system()) const {
        return registry_opener::create(system, directory, *first, digests, authority, {});
    }
    [[nodiscard]] detailed_result<registry> open(registry_system system = plain_system()) const {
        return registry_opener::open(system, directory, authority.public_key(), {.authority = authority});
    }
    [[nodiscard]] detailed_result<registry> open_to_read() const {
        return registry::open(directory, authority.public_key(), {.how = open_registry_options::access::read});
    }

    // Changes that are valid one after the other upon `expected`, and makes them there.
    [[nodiscard]] std::vector<change> next_changes(std::size_t count) {
        std::vector<change> made;
        while (made.size() < count) {
            const auto number = random_() % number_end;
            const auto found = expected.find(number);
            const auto ward = static_cast<std::uint32_t>(random_() % 90'000 + 2);
            const auto lot = random_() % 10;
            if (lot < 7 || found == expected.end()) {
                const auto after = sample_citizen(number, ward, digests);
                made.push_back(with_keys_ && lot % 2 == 0 ? change::upsert(after, sample_key(random_() % 200))
                                                          : change::upsert(after));
            } else if (lot == 7 && with_keys_) {
                made.push_back(change::set_key(sample_id(number), sample_key(random_() % 200)));
            } else {
                made.push_back(change::erase(sample_id(number)));
            }
            make_in(expected, made.back());
        }
        return made;
    }

    scratch_directory place{scratch_directory::quick_place()};
    std::filesystem::path directory = place / "register";
    digest_key digests = digest_key::generate();
    authority_key authority = authority_key::generate();
    std::optional<citizen_index> first;
    sample_register expected;

  private:
    bool with_keys_;
    std::mt19937_64 random_{42};
};

}  // namespace xacthuc::tests
