// SPDX-License-Identifier: Apache-2.0
// Bills count the claims that were answered, by the tariff of the day, and what a statute exempts costs nothing.
#include <doctest/doctest.h>

#include <random>
#include <xacthuc/ledger/bill.hpp>

using namespace xacthuc;

namespace {

constexpr std::int64_t new_year_2027 = 1'798'736'400;  // 2027-01-01T00:00+07:00
constexpr std::int64_t new_year_2028 = new_year_2027 + 365 * 86'400;

constexpr auto first = R"(
from = 2027-01-01
currency = "VND"
per_claim = 50

[[procedure]]
number = 7
per_claim = 20

[[procedure]]
number = 8
exempt = "made-up act 1, article 2"

[[agency]]
number = 3
exempt = "made-up act 4"
)";
constexpr auto second = R"(
from = 2028-01-01
currency = "VND"
per_claim = 60
)";

[[nodiscard]] std::string fault_of(std::string_view text) {
    const auto read = tariff::parse(text, "t.toml");
    return read ? std::string{} : read.error().front().message();
}

}  // namespace

TEST_CASE("a tariff names prices, and exemptions with their statutes") {
    const auto read = tariff::parse(first, "t.toml").value();
    CHECK(read.from_unix_s() == new_year_2027);
    CHECK(read.currency() == "VND");
    CHECK(read.of(1, 1).per_claim == 50);
    CHECK(read.of(1, 7).per_claim == 20);
    CHECK(read.of(1, 8).per_claim == 0);
    CHECK(read.of(1, 8).exemption == "made-up act 1, article 2");
    CHECK(read.of(3, 7).exemption == "made-up act 4");
    CHECK(read.of(3, 8).exemption == "made-up act 1, article 2");
}

TEST_CASE("what is wrong with a tariff is told with its line") {
    CHECK(fault_of(first).empty());
    CHECK(fault_of("per_claim = 5\ncurrency = \"VND\"").find("from which day") != std::string::npos);
    CHECK(fault_of("from = 2027-01-01\nper_claim = 5").find("currency") != std::string::npos);
    CHECK(fault_of("from = 2027-01-01\ncurrency = \"VND\"").find("price") != std::string::npos);
    CHECK(fault_of("from = 2027-01-01\ncurrency = \"VND\"\nper_claim = -1").starts_with("t.toml:3: per_claim"));
    CHECK(fault_of("from = 2027-01-01\ncurrency = \"VND\"\nper_claim = 1\nper_clam = 2").starts_with("t.toml:4: "));
    CHECK(fault_of(std::string{second} + "[[procedure]]\nper_claim = 1\n").find("has a number") != std::string::npos);
    CHECK(
        fault_of(std::string{second} + "[[procedure]]\nnumber = 1\nper_claim = 1\nexempt = \"x\"\n").find("not both") !=
        std::string::npos);
    CHECK(fault_of(std::string{second} + "[[agency]]\nnumber = 1\n[[agency]]\nnumber = 1\n").find("twice") !=
          std::string::npos);
    CHECK(fault_of(std::string{second} + "[procedure]\nnumber = 1\n").find("[[procedure]]") != std::string::npos);
    CHECK(!fault_of("from = ").empty());
}

TEST_CASE("claims that matched or did not are answered; what the register does not know is not") {
    CHECK(answered_claims({outcome::verified, 7, 0, 0}) == 3);
    CHECK(answered_claims({outcome::claim_mismatch, 6, 1, 8}) == 3);
    CHECK(answered_claims({outcome::not_found, 0, 0, 0}) == 0);
    CHECK(answered_claims({outcome::not_verified, 0, 0, 0}) == 1);
    CHECK(answered_claims({outcome::verified, 0, 0, 0}) == 1);
    CHECK(answered_claims({outcome::quota_used_up, 0, 0, 0}) == 0);
}

TEST_CASE("every outcome is of one class") {
    CHECK(class_of(outcome::verified) == outcome_class::verified);
    CHECK(class_of(outcome::claim_mismatch) == outcome_class::mismatched);
    CHECK(class_of(outcome::deceased) == outcome_class::stated);
    CHECK(class_of(outcome::consent_missing) == outcome_class::refused);
    CHECK(class_of(outcome::proofs_full) == outcome_class::refused);
    CHECK(class_of(outcome::misses_used_up) == outcome_class::refused);
    CHECK(class_of(outcome::proof_expired) == outcome_class::faulty);
    CHECK(class_of(outcome::malformed) == outcome_class::faulty);
    CHECK(to_string(outcome_class::stated) == "stated");
}

TEST_CASE("each answer is billed by the tariff of its moment, however many come together") {
    std::vector<tariff> tariffs{tariff::parse(second, "").value(), tariff::parse(first, "").value()};
    auto one_by_one = metering::begin(tariffs).value();
    auto together = metering::begin(tariffs).value();
    std::mt19937_64 random{1};
    std::uint64_t expected = 0;
    std::uint64_t answers = 0;
    for (std::size_t i = 0; i < 2'000; ++i) {
        const auto time = new_year_2027 - 86'400 + static_cast<std::int64_t>(random() % (2 * 366 * 86'400U));
        const auto agency = static_cast<std::uint16_t>(1 + random() % 4);
        const auto procedure = static_cast<std::uint16_t>(6 + random() % 4);
        const auto claims = static_cast<claim_mask>(1 + random() % 15);
        const auto times = 1 + random() % 9;
        const verdict shown{random() % 2 ? outcome::verified : outcome::claim_mismatch, claims, 0, 0};
        for (std::size_t k = 0; k < times; ++k) one_by_one.add(time, agency, procedure, shown);
        together.add(time, agency, procedure, shown, times);
        std::uint64_t price = 0;
        if (time >= new_year_2028)
            price = 60;
        else if (time >= new_year_2027 && procedure != 8 && agency != 3)
            price = procedure == 7 ? 20 : 50;
        expected += price * answered_claims(shown) * times;
        answers += times;
    }
    CHECK(one_by_one.lines() == together.lines());
    const checkpoint from{"example.org/ledger", 10, {}, {}};
    const checkpoint to{"example.org/ledger", 20, {std::byte{1}}, {}};
    const auto made = make_bill(together, from, to);
    CHECK(made.amount == expected);
    CHECK(made.answers == answers);
    CHECK(made.currency == "VND");
    CHECK(made.from == from);
    CHECK(made.to == to);
}

TEST_CASE("the first second of a tariff's day is billed by it, and the second before is not") {
    auto counted = metering::begin({tariff::parse(first, "").value()}).value();
    const verdict shown{outcome::verified, 1, 0, 0};
    counted.add(new_year_2027 - 1, 1, 1, shown);
    counted.add(new_year_2027, 1, 1, shown);
    const auto lines = counted.lines();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].amount == 0);
    CHECK(lines[0].tariff_from_unix_s == 0);
    CHECK(lines[1].amount == 50);
}

TEST_CASE("no tariff, two of one day or two currencies make no bill") {
    const auto one = tariff::parse(first, "").value();
    CHECK(!metering::begin({}));
    CHECK(!metering::begin({one, one}));
    CHECK(!metering::begin({one, tariff::parse("from = 2029-01-01\ncurrency = \"EUR\"\nper_claim = 1", "").value()}));
}
