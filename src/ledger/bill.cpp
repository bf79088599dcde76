// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <xacthuc/ledger/bill.hpp>
#include <xacthuc/ledger/row_reader.hpp>

namespace xacthuc::inline v0_1 {

outcome_class class_of(outcome what) noexcept {
    const auto number = static_cast<unsigned>(what);
    if (number == 0) return outcome_class::verified;
    if (number < 200) return outcome_class::mismatched;
    if (number < 300) return outcome_class::stated;
    if (number < 400 || what == outcome::proofs_full || (number >= 410 && number < 420)) return outcome_class::refused;
    return outcome_class::faulty;
}

std::string_view to_string(outcome_class of) noexcept {
    static constexpr std::array<std::string_view, 5> words{"verified", "mismatched", "stated", "refused", "faulty"};
    return words[static_cast<std::size_t>(of)];
}

unsigned answered_claims(const verdict& shown) noexcept {
    const auto known =
        static_cast<unsigned>(std::popcount(static_cast<unsigned>(shown.matched() | shown.mismatched())));
    const auto what = shown.outcome();
    const bool is_one_bit = what == outcome::verified || what == outcome::not_verified;
    return known == 0 && is_one_bit ? 1 : known;
}

policy_result<metering> metering::begin(std::vector<tariff> tariffs) {
    const auto wrong = [](std::string what) { return policy_faults{{{std::string{}, 0}, std::move(what)}}; };
    if (tariffs.empty()) return wrong("there is no tariff");
    std::ranges::sort(tariffs, {}, &tariff::from_unix_s);
    for (std::size_t k = 1; k < tariffs.size(); ++k) {
        if (tariffs[k].from_unix_s() == tariffs[k - 1].from_unix_s()) return wrong("two tariffs are from the same day");
        if (tariffs[k].currency() != tariffs[0].currency()) return wrong("tariffs of two currencies make no bill");
    }
    return metering{std::move(tariffs)};
}

void metering::add(std::int64_t time_unix_s, std::uint16_t agency, std::uint16_t procedure, const verdict& shown,
                   std::uint64_t answers) {
    const auto next = std::ranges::upper_bound(tariffs_, time_unix_s, {}, &tariff::from_unix_s);
    const auto number = static_cast<std::size_t>(next - tariffs_.begin());
    auto& to = counts_[{number, agency, procedure, class_of(shown.outcome())}];
    to.answers += answers;
    to.claims += answers * answered_claims(shown);
}

std::vector<metering::line> metering::lines() const {
    std::vector<line> all;
    for (const auto& [of, count] : counts_) {
        const auto& [number, agency, procedure, what] = of;
        line made;
        made.agency = agency;
        made.procedure = procedure;
        made.what = what;
        made.answers = count.answers;
        made.claims = count.claims;
        if (number != 0) {
            const auto& by = tariffs_[number - 1];
            const auto price = by.of(agency, procedure);
            made.tariff_from_unix_s = by.from_unix_s();
            made.per_claim = price.per_claim;
            made.exemption = price.exemption;
            made.amount = count.claims * price.per_claim;
        }
        all.push_back(std::move(made));
    }
    return all;
}

detailed_result<void> meter_entries(const std::filesystem::path& directory, std::uint64_t from_size,
                                    std::uint64_t to_size, metering& to) {
    return read_billed_rows(directory, from_size, to_size, [&](const billed_row& one) {
        to.add(one.time_unix_ms / 1000, one.agency, one.procedure, one.verdict);
    });
}

bill make_bill(const metering& of, const checkpoint& from, const checkpoint& to) {
    bill made{from, to, of.currency(), of.lines()};
    for (const auto& line : made.lines) {
        made.answers += line.answers;
        made.claims += line.claims;
        made.amount += line.amount;
    }
    return made;
}

}  // namespace xacthuc::inline v0_1
