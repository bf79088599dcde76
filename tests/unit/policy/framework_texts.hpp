// SPDX-License-Identifier: Apache-2.0
// A small nation's frameworks, as texts that a case changes a line of.
#pragma once

#include <doctest/doctest.h>
#include <sodium.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <xacthuc/policy/policy_tree.hpp>

namespace xacthuc::tests {

inline constexpr std::string_view national_text = R"(framework = "vn"
version = 3
valid = { from = 2026-01-01, to = 2030-12-31 }

[procedure.social-payment]
number = 4964
title = { vi = "Chi trả trợ cấp", en = "Social payment" }
purpose = "dpv:ServiceProvision"
law = "the law on social assistance"
may_ask = ["name", "birth_date", "life", "registration"]
must_ask = ["name", "birth_date"]
answer = "per_claim"
proof = ["agency"]
account_level_at_least = "none"
consent = "law"
proof_age_max = 300
quota = { per_day = 2_000_000, per_second = 500, officer_per_day = 1_000, misses_per_citizen_day = 5 }

[procedure.age-check]
number = 7
title = { vi = "Kiểm tra tuổi", en = "Age check" }
purpose = "dpv:IdentityVerification"
law = "general words"
may_ask = ["born_on_or_before"]
answer = "one_bit"
proof = ["agency", "holder"]
account_level_at_least = "level_1"
consent = "holder"

[set.all]
procedures = ["social-payment", "age-check"]

[agency.health]
number = 12
title = { vi = "Bộ Y tế", en = "Ministry of Health" }
may = ["social-payment"]
delegate_depth = 2

[agency.police]
number = 13
title = { vi = "Bộ Công an", en = "Ministry of Public Security" }
may = ["@all"]
)";

inline constexpr std::string_view health_text = R"(framework = "vn/health"
version = 2
extends = { framework = "vn", version = 3, sha256 = "HASH" }

[agency."health/48"]
number = 4801
title = { vi = "Sở Y tế Đà Nẵng", en = "Health department of Đà Nẵng" }
parent = "health"
delegate_depth = 1

[tailor.social-payment]
may_ask = ["name", "birth_date", "life"]
answer = "one_bit"
proof = ["agency", "holder"]
quota.per_day = 40_000
)";

inline constexpr std::string_view danang_text = R"(framework = "vn/health/48"
version = 1
extends = { framework = "vn/health", version = 2, sha256 = "HASH" }

[agency."health/48/1"]
number = 4802
title = { vi = "Trạm y tế", en = "Health station" }
parent = "health/48"
may = []

[tailor.social-payment]
must_ask = ["name", "birth_date", "life"]
valid = { from = 2027-01-01 }
)";

[[nodiscard]] inline std::string hex_sha256(std::string_view text) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    std::string digits(2 * hash.size() + 1, '\0');
    sodium_bin2hex(digits.data(), digits.size(), hash.data(), hash.size());
    digits.pop_back();
    return digits;
}

[[nodiscard]] inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, "not in the text: " << from);
    return text.replace(at, from.size(), to);
}

// The three, each built on the one before it.
struct framework_texts {
    std::string nation{national_text};
    std::string health{health_text};
    std::string danang{danang_text};

    // With the hashes of what they are built on, where the text asks for that.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> files() const {
        const auto with_hash = [](std::string text, std::string_view base) {
            const auto at = text.find("HASH");
            return at == std::string::npos ? text : text.replace(at, 4, hex_sha256(base));
        };
        const auto second = with_hash(health, nation);
        return {{"vn.toml", nation}, {"health.toml", second}, {"danang.toml", with_hash(danang, second)}};
    }
    [[nodiscard]] policy_result<policy_tree> link(const policy_check_options& options = {}) const {
        std::vector<framework> all;
        policy_faults faults;
        for (const auto& [file, text] : files()) {
            auto read = parse_framework(text, file);
            const auto more = read ? policy_faults{} : read.error();
            faults.insert(faults.end(), more.begin(), more.end());
            if (read) all.push_back(*std::move(read));
        }
        if (!faults.empty()) return faults;
        return policy_tree::link(std::move(all), options);
    }
};

// The messages of all faults, one a line; empty where there are none.
[[nodiscard]] inline std::string faults_of(const framework_texts& texts, const policy_check_options& options = {}) {
    const auto linked = texts.link(options);
    if (linked) return {};
    std::string all;
    const auto faults = linked.error();
    for (const auto& each : faults) all += each.message() + '\n';
    return all;
}

}  // namespace xacthuc::tests
