// SPDX-License-Identifier: Apache-2.0
// The fast path against the rules, and the properties of canonical names: on every code point, alone and in context,
// and on random strings.
#include "domain/name_rules.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>

#include "name_properties.hpp"

using namespace xacthuc;
using namespace xacthuc::test;

namespace {

[[nodiscard]] std::string hexadecimal(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string shown;
    for (const char byte : bytes) {
        shown.push_back(digits[static_cast<unsigned char>(byte) >> 4]);
        shown.push_back(digits[static_cast<unsigned char>(byte) & 15]);
    }
    return shown;
}

void check_properties(const std::string& name) {
    if (const char* broken = broken_property(name))
        FAIL_CHECK(std::string{broken} << ", broken by bytes " << hexadecimal(name));
}

[[nodiscard]] bool fast_path_agrees(const std::string& name) {
    name_forms fast;
    name_forms by_rules;
    const auto made = canonicalize(name, fast);
    const auto ruled = canonicalize_by_rules(name, by_rules);
    if (made.has_value() != ruled.has_value() || (!made && made.error() != ruled.error())) return false;
    return fast.exact() == by_rules.exact() && fast.folded() == by_rules.folded();
}

[[nodiscard]] bool is_surrogate(char32_t c) {
    return c >= 0xD800 && c < 0xE000;
}

// Characters between which rules meet: vowels with and without marks, every mark and tone letter, spaces, what is
// dropped, apostrophes, hyphens, letters of other scripts that compose, case mappings that change length.
constexpr std::u32string_view alphabet =
    U"aAeEiIoOuUyYnNcdđĐhqgtăâêôơưàáảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
    U"\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031B\u0308\u030C\u0327\u0340\u0341\u0345\u0344"
    U"\u02CB\u02CA\u02C0\u02DC\u02CC -'.1\t\n\u00A0\u2003\u3000\u200B\u200D\u00AD\u034F\u202E\uFEFF\uFE0F"
    U"`\u00B4\u02BC\u2018\u2019\u2010\u2013\u2212\u00D0\u00F0\u0189\u0256ñčßẞæœøłþŧǖǘǆıİſŉǰΐᾳἂ가각\u1100\u1161\u11A8"
    U"\u1FEF\u037E\u212A\u212B\uFB01Ａａ\u0958\U0001F600\U0001D160";

[[nodiscard]] std::string random_name(std::mt19937_64& random) {
    std::string name;
    const std::size_t length = 1 + random() % 24;
    for (std::size_t i = 0; i < length; ++i) {
        const auto choice = random() % 256;
        if (choice == 0) {
            name.push_back(static_cast<char>(random()));
        } else if (choice < 8) {
            const auto c = static_cast<char32_t>(random() % 0x110000);
            if (!is_surrogate(c)) name += encode(c);
        } else if (choice < 24) {
            name += encode(static_cast<char32_t>(0x20 + random() % 0x2050));
        } else {
            name += encode(alphabet[random() % alphabet.size()]);
        }
    }
    if (random() % 512 == 0) name.append(name_bytes_max - 10 + random() % 20, 'x');
    return name;
}

void check_random_names(std::uint64_t seed, std::size_t count) {
    std::mt19937_64 random{seed};
    for (std::size_t i = 0; i < count; ++i) check_properties(random_name(random));
}

}  // namespace

// The fast path knows code points below U+3040 and around U+FEFF; of the others one in 61 is tried here and each one in
// the slow suite.
TEST_CASE("the fast path agrees with the rules on code points alone and inside a syllable") {
    for (char32_t c = 0; c < 0x110000; c += c < 0x3100 || c >> 8 == 0xFE ? 1 : 61) {
        if (is_surrogate(c)) continue;
        const std::string letter = encode(c);
        for (const std::string& name : {letter, "Ho" + letter + "á n", "â" + letter + "\u0323"}) {
            if (!fast_path_agrees(name)) FAIL_CHECK("the fast path goes its own way on " << hexadecimal(name));
        }
    }
}

TEST_CASE("code points below U+2100 keep all properties beside marks and letters of the alphabet") {
    for (char32_t c = 1; c < 0x2100; ++c)
        for (std::size_t i = c % 32; i < alphabet.size(); i += 32) {
            check_properties(encode(c) + encode(alphabet[i]));
            check_properties(encode(alphabet[i]) + encode(c));
        }
}

TEST_CASE("every pair of the alphabet inside a word keeps all properties") {
    for (const char32_t a : alphabet)
        for (const char32_t b : alphabet) check_properties("ho" + encode(a) + encode(b) + "n \u0301");
}

TEST_CASE("random names keep all properties") {
    check_random_names(20250701, 100'000);
}

TEST_CASE("many random names keep all properties" * doctest::test_suite("slow")) {
    check_random_names(1, 2'000'000);
}

TEST_CASE("every code point keeps all properties in every context" * doctest::test_suite("slow")) {
    for (char32_t c = 0; c < 0x110000; ++c) {
        if (is_surrogate(c)) continue;
        const std::string letter = encode(c);
        check_properties(letter);
        check_properties("hoà" + letter);
        check_properties(letter + "\u0301");
        check_properties("o" + letter + "\u0323\u0302n");
        check_properties("a " + letter + " b");
    }
}
