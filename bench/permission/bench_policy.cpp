// SPDX-License-Identifier: Apache-2.0
#include "permission/bench_policy.hpp"

#include <array>
#include <string>

namespace xacthuc::bench {
namespace {}  // namespace

policy_tree make_bench_policy(const policy_size& size) {
    std::string nation = "framework = \"vn\"\nversion = 1\n[set.all]\nprocedures = [";
    for (unsigned p = 1; p <= size.procedures; ++p) nation += "\"p" + std::to_string(p) + "\", ";
    nation += "]\n";
    const auto all = text_of(widest_rule, rule_field::may_ask);
    for (unsigned p = 1; p <= size.procedures; ++p)
        nation +=
            "[procedure.p" + std::to_string(p) + "]\nnumber = " + std::to_string(p) +
            "\ntitle = { vi = \"thủ tục\", en = \"procedure\" }\npurpose = \"dpv:ServiceProvision\"\nlaw = "
            "\"none\"\nmay_ask = " +
            all +
            "\nanswer = \"per_claim\"\nproof = []\nquota = { per_day = 4_000_000_000, misses_per_citizen_day = 14 }\n";
    for (unsigned a = 1; a <= size.agencies; ++a)
        nation += "[agency.a" + std::to_string(a) + "]\nnumber = " + std::to_string(a) +
                  "\ntitle = { vi = \"cơ quan\", en = \"agency\" }\nmay = [\"@all\"]\n";
    std::vector<framework> texts{parse_framework(nation, "vn.toml").value()};
    const auto base = hex_of(texts.front().sha256);
    for (unsigned a = 1; a <= size.agencies; ++a) {
        const auto name = "a" + std::to_string(a);
        auto text = "framework = \"vn/" + name +
                    "\"\nversion = 1\nextends = { framework = \"vn\", version = 1, sha256 = \"" + base + "\" }\n";
        for (unsigned p = 1; p <= size.procedures; ++p)
            text += "[tailor.p" + std::to_string(p) +
                    "]\nquota.per_day = " + std::to_string(3'000'000'000U + a * 1000 + p) + "\n";
        texts.push_back(parse_framework(text, name + ".toml").value());
    }
    return policy_tree::link(std::move(texts)).value();
}

}  // namespace xacthuc::bench
