// SPDX-License-Identifier: Apache-2.0
// Compiled policies on disk: whole, or refused; and how large and how quickly made one of a nation is.
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <xacthuc/policy/policy_table.hpp>

#include "sanitized.hpp"
#include "unit/policy/framework_texts.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

void seal(std::vector<std::byte>& bytes) {
    auto* const begin = reinterpret_cast<unsigned char*>(bytes.data());
    crypto_hash_sha256(begin + bytes.size() - crypto_hash_sha256_BYTES, begin, bytes.size() - crypto_hash_sha256_BYTES);
}

}  // namespace

TEST_CASE("a compiled policy is saved and loaded as it is, with whom it is for") {
    const auto table = policy_table::compile(framework_texts{}.link().value()).value();
    const auto path = std::filesystem::temp_directory_path() / "xacthuc-policy-table-test.xtp";
    REQUIRE(table.save(path).has_value());
    const auto loaded = policy_table::load(path).value();
    CHECK(loaded.hash() == table.hash());
    CHECK(loaded.bytes() == table.bytes());
    CHECK(std::ranges::equal(loaded.agencies(), table.agencies()));
    CHECK(loaded.agencies()[0] == numbered_name{12, "health"});
    CHECK(std::ranges::equal(loaded.procedures(), table.procedures()));
    CHECK(loaded.frameworks().size() == 3);
    CHECK(loaded.of(12, 4964) == table.of(12, 4964));
    std::filesystem::remove(path);
    CHECK(policy_table::load(path).error().code == make_error_code(errc::not_found));
}

TEST_CASE("no byte of a compiled policy can be changed, left out or added") {
    const auto table = policy_table::compile(framework_texts{}.link().value()).value();
    const auto bytes = table.bytes();
    for (std::size_t at = 0; at < bytes.size(); ++at)
        for (unsigned bit = 0; bit < 8; ++bit) {
            auto changed = bytes;
            changed[at] ^= std::byte{1} << bit;
            REQUIRE(policy_table::from_bytes(changed).has_error());
        }
    for (std::size_t size = 0; size < bytes.size(); ++size)
        REQUIRE(policy_table::from_bytes(std::span{bytes}.first(size)).has_error());
    auto longer = bytes;
    longer.emplace_back();
    CHECK(policy_table::from_bytes(longer).has_error());
}

TEST_CASE("a compiled policy with any content and a right hash is refused or can be used") {
    const auto bytes = policy_table::compile(framework_texts{}.link().value())->bytes();
    std::mt19937_64 random{4};
    std::size_t taken = 0;
    for (int round = 0; round < (XACTHUC_TEST_SANITIZED ? 10'000 : 50'000); ++round) {
        auto changed = bytes;
        if (random() % 4 == 0) changed.resize(32 + random() % changed.size());
        for (auto changes = 1 + random() % 4; changes-- > 0;)
            changed[random() % changed.size()] = static_cast<std::byte>(random());
        if (random() % 4 == 0)
            std::memset(changed.data() + random() % (changed.size() - 4), static_cast<int>(random() % 256), 4);
        seal(changed);
        const auto read = policy_table::from_bytes(changed);
        if (!read) continue;
        ++taken;
        for (std::uint32_t agency = 0; agency < 65'536; agency += 251)
            for (const auto procedure : std::initializer_list<std::uint16_t>{0, 7, 4964, 65'535})
                REQUIRE(static_cast<unsigned>(read->of(static_cast<std::uint16_t>(agency), procedure).refusal) <= 309);
        REQUIRE(read->of(999, 4964).refusal != outcome::verified);
    }
    CHECK(taken > 100);
}

TEST_CASE("two hundred profiles of four thousand seven hundred procedures are compiled") {
    const unsigned profiles = XACTHUC_TEST_SANITIZED ? 20 : 200;
    auto nation = std::string{"framework = \"vn\"\nversion = 1\n[set.all]\nprocedures = ["};
    for (int k = 1; k <= 4700; ++k) nation += "\"p" + std::to_string(k) + "\", ";
    nation += "]\n";
    for (int k = 1; k <= 4700; ++k)
        nation += "[procedure.p" + std::to_string(k) + "]\nnumber = " + std::to_string(k) +
                  "\ntitle = { vi = \"a\", en = \"b\" }\npurpose = \"x\"\nlaw = \"y\"\nmay_ask = [\"name\", "
                  "\"life\"]\nanswer = \"per_claim\"\n"
                  "proof = [\"agency\"]\nquota.per_day = " +
                  std::to_string(1000 + k % 100) + "\n";
    for (unsigned k = 1; k <= profiles; ++k)
        nation += "[agency.a" + std::to_string(k) + "]\nnumber = " + std::to_string(k) +
                  "\ntitle = { vi = \"a\", en = \"b\" }\nmay = [\"@all\"]\n";
    std::vector<framework> all{parse_framework(nation, "vn.toml").value()};
    for (unsigned k = 1; k <= profiles; ++k) {
        const auto name = "a" + std::to_string(k);
        all.push_back(parse_framework("framework = \"vn/" + name +
                                          "\"\nversion = 1\nextends = { framework = \"vn\", version = 1, sha256 = \"" +
                                          hex_sha256(nation) + "\" }\n[tailor.p" + std::to_string(k) +
                                          "]\nanswer = \"one_bit\"\n",
                                      name + ".toml")
                          .value());
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto tree = policy_tree::link(std::move(all)).value();
    const auto linked = std::chrono::steady_clock::now();
    const auto table = policy_table::compile(tree).value();
    const std::chrono::duration<double> link_time = linked - begin;
    const std::chrono::duration<double> compile_time = std::chrono::steady_clock::now() - linked;
    MESSAGE("linked in " << link_time.count() << " s, compiled in " << compile_time.count() << " s, "
                         << table.memory_bytes() << " bytes");
    CHECK(table.profile_count() == profiles + 1);
    CHECK(table.of(17, 17).answer == answer_detail::one_bit);
    CHECK(table.of(17, 18).answer == answer_detail::per_claim);
}
