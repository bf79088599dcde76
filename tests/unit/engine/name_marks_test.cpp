// SPDX-License-Identifier: Apache-2.0
// Names that are the same but for their marks: every pair of Vietnamese syllables with the same letters, judged by
// every kernel. What the verdict must be follows from how the syllables were put together.
#include <map>
#include <string>
#include <tuple>
#include <vector>
#include <xacthuc/domain/name.hpp>

#include "unit/engine/small_nation.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// A syllable as it is spelled, and what it is apart from its letters.
struct syllable {
    std::string text;   // its tone as a mark on the last letter of its nucleus
    std::string marks;  // the same for two syllables of the same letters only when they are one
    std::string bare;   // its letters
    bool has_marks = false;
};

struct part {
    std::string text, bare;
};

// With each mark that a vowel can have, and each way in which such vowels follow one another.
[[nodiscard]] std::vector<part> nuclei() {
    return {{"a", "a"},   {"ă", "a"},   {"â", "a"},   {"e", "e"},   {"ê", "e"},   {"i", "i"},    {"y", "y"},
            {"o", "o"},   {"ô", "o"},   {"ơ", "o"},   {"u", "u"},   {"ư", "u"},   {"ia", "ia"},  {"iê", "ie"},
            {"yê", "ye"}, {"ua", "ua"}, {"ưa", "ua"}, {"uâ", "ua"}, {"uô", "uo"}, {"ươ", "uo"},  {"uơ", "uo"},
            {"oa", "oa"}, {"oă", "oa"}, {"oe", "oe"}, {"uê", "ue"}, {"uy", "uy"}, {"uyê", "uye"}};
}

[[nodiscard]] std::vector<syllable> all_syllables() {
    const std::vector<part> onsets{{"", ""},     {"b", "b"}, {"ch", "ch"}, {"d", "d"},   {"đ", "d"},   {"gi", "gi"},
                                   {"h", "h"},   {"k", "k"}, {"l", "l"},   {"m", "m"},   {"ng", "ng"}, {"ph", "ph"},
                                   {"qu", "qu"}, {"t", "t"}, {"th", "th"}, {"tr", "tr"}, {"v", "v"}};
    const std::vector<std::string> codas{"", "c", "i", "m", "n", "ng", "nh", "p", "t", "u", "y"};
    // None, huyền, sắc, hỏi, ngã, nặng.
    const std::vector<std::string> tones{"", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"};
    std::vector<syllable> all;
    for (const auto& onset : onsets)
        for (const auto& nucleus : nuclei())
            for (const auto& coda : codas)
                for (const auto& tone : tones) {
                    const auto bare = onset.bare + nucleus.bare + coda;
                    const auto letters = onset.text + nucleus.text;
                    all.push_back({letters + tone + coda, letters + coda + tone, bare, letters + coda + tone != bare});
                }
    return all;
}

[[nodiscard]] std::string capitals(std::string text) {
    for (auto& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

struct side {
    const syllable* is;
    name_digests digests;
};

[[nodiscard]] request asking(const name_digests& name, claim kind) {
    request q;
    q.words[0] = request_layout::id.put(1'099'000'001) | request_layout::claims.put(mask_of(kind));
    q.words[1] = name.exact;
    q.words[3] = layout::folded_name.put(name.folded);
    return q;
}

[[nodiscard]] record holding(const name_digests& name) {
    citizen who;
    who.id = personal_id::parse("001099000001").value();
    who.life = life_status::alive;
    return make_record(who, name).value();
}

[[nodiscard]] verdict right_verdict(const syllable& registered, const syllable& claimed, claim kind) {
    const auto grade = registered.marks == claimed.marks           ? name_grade::exact
                       : registered.has_marks && claimed.has_marks ? name_grade::marks_differ
                                                                   : name_grade::folded;
    const bool matches = grade == name_grade::exact || (kind == claim::name && grade == name_grade::folded);
    if (matches) return {outcome::verified, mask_of(kind), 0, 0, grade};
    return {static_cast<outcome>(100 + static_cast<int>(kind)), 0, mask_of(kind), 0, grade};
}

}  // namespace

TEST_CASE("no two syllables with different marks are verified as one another") {
    std::map<std::string, std::vector<side>> classes;
    const auto syllables = all_syllables();
    REQUIRE(syllables.size() > 25'000);
    for (const auto& one : syllables) {
        const auto digests = digest_name(one.text, test_key()).value();
        // Marks are in the digests, or they are not.
        REQUIRE((static_cast<std::uint32_t>(digests.exact) != digests.folded) == one.has_marks);
        REQUIRE(digest_name(capitals(one.bare), test_key()).value().folded == digests.folded);
        classes[one.bare].push_back({&one, digests});
    }
    std::size_t pairs = 0;
    std::size_t verified_with_other_marks = 0;
    std::map<name_grade, std::size_t> grades;
    for (const auto kind : {claim::name, claim::name_exact})
        for (const auto& [bare, sides] : classes) {
            std::vector<record> records;
            std::vector<request> requests;
            std::vector<verdict> expected;
            std::vector<bool> marked;
            for (const auto& registered : sides)
                for (const auto& claimed : sides) {
                    records.push_back(holding(registered.digests));
                    requests.push_back(asking(claimed.digests, kind));
                    expected.push_back(right_verdict(*registered.is, *claimed.is, kind));
                    marked.push_back(registered.is->has_marks && claimed.is->has_marks &&
                                     registered.is->marks != claimed.is->marks);
                }
            for (const auto& kernel : kernels::available()) {
                std::vector<verdict> answers(requests.size());
                kernel.judge(records, requests, answers);
                REQUIRE(answers == expected);
                for (std::size_t i = 0; i < answers.size(); ++i) {
                    ++grades[answers[i].name_grade()];
                    if (marked[i] && answers[i].outcome() == outcome::verified) ++verified_with_other_marks;
                }
            }
            pairs += requests.size();
        }
    MESSAGE("pairs: " << pairs << ", verified with other marks: " << verified_with_other_marks);
    CHECK(pairs > 500'000);
    CHECK(verified_with_other_marks == 0);
    CHECK(grades[name_grade::none] == 0);
    for (const auto grade : {name_grade::exact, name_grade::folded, name_grade::marks_differ}) CHECK(grades[grade] > 0);
}

TEST_CASE("whole names: banks' spelling is the same person, other marks are another") {
    const auto judged = [](std::string_view registered, std::string_view claimed) {
        const auto r = holding(digest_name(registered, test_key()).value());
        const auto q = asking(digest_name(claimed, test_key()).value(), claim::name);
        std::vector<verdict> answers(1);
        kernels::available().front().judge({&r, 1}, {&q, 1}, answers);
        return std::pair{answers[0].outcome(), answers[0].name_grade()};
    };
    const std::pair exact{outcome::verified, name_grade::exact};
    const std::pair folded{outcome::verified, name_grade::folded};
    const std::pair other{outcome::claim_mismatch, name_grade::marks_differ};
    CHECK(judged("Nguyễn Thị Hòa", "NGUYỄN THỊ HOÀ") == exact);
    CHECK(judged("Nguyễn Thị Hòa", "NGUYEN THI HOA") == folded);
    CHECK(judged("NGUYEN THI HOA", "Nguyễn Thị Hòa") == folded);
    CHECK(judged("NGUYEN THI HOA", "nguyen thi hoa") == exact);
    CHECK(judged("Nguyễn Thị Hòa", "Nguyễn Thị Hóa") == other);
    CHECK(judged("Nguyễn Thị Hòa", "Nguyện Thi Hoạ") == other);
    // Marks that are missing in part cannot be told from wrong ones by digests.
    CHECK(judged("Nguyễn Thị Hòa", "Nguyễn Thi Hoà") == other);
    CHECK(judged("Đặng An", "Dang An") == folded);
    CHECK(judged("Đặng An", "Đang An") == other);
    CHECK(judged("Strauß", "STRAUSS") == folded);
    CHECK(judged("Strauß Ø", "Strauss Ø") == other);
    CHECK(judged("H'Bia Niê", "H’BIA NIE") == folded);
    CHECK(judged("김 각", "김 각") == exact);
    CHECK(judged("Nguyễn Thị Hòa", "Trần Thị Hòa") == std::pair{outcome::claim_mismatch, name_grade::none});
}
