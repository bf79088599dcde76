// SPDX-License-Identifier: Apache-2.0
// A register is replaced by newer snapshots while others verify: nobody waits for it, whoever begins afterwards gets
// the new one, and each old one is freed while the others go on.
#include <doctest/doctest.h>
#include <unistd.h>
#include <xacthuc.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace {

const std::string folder{XACTHUC_C_FIXTURE};

struct opened_people {
    xt_authority* trusted = nullptr;
    xt_authority_key* secret = nullptr;
    xt_digest_key* key = nullptr;
    xt_register* people = nullptr;
    std::string newer = folder + "/replacing-" + std::to_string(::getpid()) + ".xts";

    opened_people() {
        REQUIRE(xt_authority_load((folder + "/authority.pub").c_str(), &trusted, nullptr) == XT_OK);
        REQUIRE(xt_authority_key_load((folder + "/authority.key").c_str(), &secret, nullptr) == XT_OK);
        REQUIRE(xt_digest_key_load((folder + "/digest.key").c_str(), &key, nullptr) == XT_OK);
        REQUIRE(xt_register_open_snapshot((folder + "/people.xts").c_str(), trusted, key, nullptr, &people, nullptr) ==
                XT_OK);
    }
    opened_people(const opened_people&) = delete;
    opened_people& operator=(const opened_people&) = delete;
    ~opened_people() {
        xt_register_free(people);
        xt_digest_key_free(key);
        xt_authority_key_free(secret);
        xt_authority_free(trusted);
        std::filesystem::remove(newer);
    }

    // A snapshot with a citizen more, as of this change.
    void write_newer(std::uint64_t sequence) const {
        xt_register* other = nullptr;
        REQUIRE(xt_register_open_snapshot((folder + "/people.xts").c_str(), trusted, key, nullptr, &other, nullptr) ==
                XT_OK);
        xt_citizen who{};
        who.struct_size = XT_CITIZEN_BYTES;
        who.id = {"001199000055", XT_ZERO_TERMINATED};
        who.name = {"An", XT_ZERO_TERMINATED};
        xt_change change;
        REQUIRE(xt_change_upsert(key, &who, nullptr, &change, nullptr) == XT_OK);
        change.sequence = sequence;
        REQUIRE(xt_register_apply(other, &change, 1, nullptr, nullptr, nullptr) == XT_OK);
        REQUIRE(xt_register_save(other, newer.c_str(), secret, 1, nullptr) == XT_OK);
        xt_register_free(other);
    }
};

}  // namespace

TEST_CASE("a register is replaced while four threads verify") {
    const opened_people all;
    constexpr std::uint64_t first_sequence = 8;
    constexpr std::uint64_t replacements = 5;
    std::atomic<std::uint64_t> replaced_at_least{7};
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> wrong{0};
    std::atomic<std::uint64_t> calls{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            const xt_field fields[]{{"001199000055", XT_ZERO_TERMINATED, XT_FIELD_ID, 0},
                                    {"AN", XT_ZERO_TERMINATED, XT_FIELD_NAME, 0}};
            while (!stop) {
                const auto at_least = replaced_at_least.load();
                xt_verdict verdict{};
                xt_freshness now{};
                const auto status = xt_verify_fields(all.people, nullptr, fields, 2, 0, &verdict, &now, nullptr);
                const bool is_new = now.sequence >= first_sequence;
                const auto wanted = is_new ? XT_OUTCOME_VERIFIED : XT_OUTCOME_NOT_FOUND;
                if (status != XT_OK || now.sequence < at_least || xt_verdict_outcome(verdict) != wanted) ++wrong;
                ++calls;
            }
        });
    for (std::uint64_t i = 0; i < replacements; ++i) {
        all.write_newer(first_sequence + i);
        CHECK(xt_register_replace(all.people, all.newer.c_str(), all.trusted, all.key, nullptr, nullptr) == XT_OK);
        replaced_at_least = first_sequence + i;
    }
    stop = true;
    threads.clear();
    CHECK(wrong == 0);
    CHECK(calls > replacements);
}
