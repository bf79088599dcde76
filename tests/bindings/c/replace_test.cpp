// SPDX-License-Identifier: Apache-2.0
// A register is replaced by newer snapshots while others verify: nobody waits for it, whoever begins afterwards gets
// the new one, and each old one is freed while the others go on.
#include <doctest/doctest.h>
#include <unistd.h>
#include <xacthuc.h>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
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

TEST_CASE("policies are put in force in turn while three threads verify, and each call is judged by one") {
    const opened_people all;
    const auto file = folder + "/other-policy-" + std::to_string(::getpid()) + ".toml";
    std::ofstream{file} << R"(framework = "vn"
version = 1
[procedure.other]
number = 1
title = { vi = "Khác", en = "Other" }
purpose = "dpv:Verification"
law = "general words"
may_ask = ["name"]
must_ask = ["name"]
answer = "per_claim"
proof = []
[agency.other]
number = 5
title = { vi = "Khác", en = "Other" }
may = ["other"]
)";
    char words[1024] = "";
    xt_detail detail{words, sizeof words, 0};
    xt_policy_options drafts{};
    drafts.struct_size = XT_POLICY_OPTIONS_BYTES;
    drafts.is_unsigned = 1;
    xt_policy* policies[2]{};
    REQUIRE(xt_policy_load((folder + "/policy.xtp").c_str(), nullptr, &policies[0], &detail) == XT_OK);
    const auto loaded = xt_policy_load(file.c_str(), &drafts, &policies[1], &detail);
    std::filesystem::remove(file);
    CAPTURE(words);
    REQUIRE(loaded == XT_OK);
    REQUIRE(xt_register_set_policy(all.people, policies[0]) == XT_OK);
    xt_claims claims{};
    claims.struct_size = XT_CLAIMS_BYTES;
    claims.id = xt_text_of("001199000001");
    claims.name = xt_text_of("AN");
    claims.agency = 5;
    claims.procedure = 101;
    xt_request request;
    REQUIRE(xt_prepare(all.key, &claims, &request, nullptr) == XT_OK);
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> wrong{0};
    std::atomic<std::uint64_t> calls{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t)
        threads.emplace_back([&] {
            // At no multiple of 32 bytes a call is answered in pieces.
            constexpr std::size_t count = 2000;
            std::vector<xt_request> requests(count + 1);
            auto* first = reinterpret_cast<std::uint64_t*>(requests.data());
            if (reinterpret_cast<std::uintptr_t>(first) % 32 == 0) ++first;
            for (std::size_t i = 0; i < count; ++i) std::memcpy(first + 4 * i, &request, sizeof request);
            const auto* const asked = reinterpret_cast<const xt_request*>(first);
            std::vector<xt_verdict> verdicts(count);
            while (!stop) {
                if (xt_verify(all.people, asked, count, verdicts.data(), nullptr) != XT_OK) ++wrong;
                const auto outcome = xt_verdict_outcome(verdicts.front());
                if (outcome != XT_OUTCOME_REQUIRED_CLAIM_MISSING && outcome != XT_OUTCOME_UNKNOWN_PROCEDURE) ++wrong;
                for (const auto& each : verdicts) wrong += xt_verdict_outcome(each) != outcome;
                ++calls;
            }
        });
    for (int i = 1; i <= 200 || calls < 50; ++i)
        if (xt_register_set_policy(all.people, policies[i % 2]) != XT_OK) ++wrong;
    stop = true;
    threads.clear();
    CHECK(wrong == 0);
    for (auto* const each : policies) xt_policy_free(each);
}
