// SPDX-License-Identifier: Apache-2.0
// Reads and applies the rules that history.hpp describes.
#include <algorithm>
#include <xacthuc/ledger/history.hpp>

#include "ledger/dated_file.hpp"
#include "policy/toml_values.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::uint32_t days_max = 366 * 100;
constexpr std::array<std::string_view, 2> shows_words{"agency", "all"};

bool read_rule_key(toml_values& values, std::string_view key, const toml::node& value, history_rules::rule& to) {
    if (key == "visible_after_days") {
        if (const auto days = values.number(key, value, 0, days_max)) to.visible_after_days = *days;
    } else if (key == "visible_from") {
        if (const auto day = values.day(key, value)) to.visible_from_unix_s = unix_s_of_policy_day(*day);
    } else if (key == "shows") {
        if (const auto place = values.word(key, value, shows_words)) to.shows_matter = *place == 1;
    } else {
        return false;
    }
    return true;
}

}  // namespace

policy_result<history_rules> history_rules::parse(std::string_view text, std::string file) {
    history_rules made;
    const auto read_procedure = [&](toml_values& values, const toml::table& in, std::uint32_t line) {
        rule read = made.usual_;
        std::optional<std::uint32_t> number;
        values.each_key("[[procedure]]", in, [&](std::string_view key, const toml::node& value, std::uint32_t) {
            if (key != "number") return read_rule_key(values, key, value, read);
            number = values.number(key, value, 1, 65'535);
            return true;
        });
        if (!number) return values.fault(line, "a [[procedure]] has a number");
        made.procedures_.emplace_back(static_cast<std::uint16_t>(*number), read);
    };
    const auto faults = read_dated_file(text, std::move(file),
                                        [&](toml_values& values, std::string_view key, const toml::node& value) {
                                            return read_rule_key(values, key, value, made.usual_);
                                        },
                                        {{"procedure", read_procedure}});
    if (!faults.empty()) return faults;
    std::ranges::stable_sort(made.procedures_, {}, [](const auto& each) { return each.first; });
    return made;
}

policy_result<history_rules> history_rules::load(const std::filesystem::path& file) {
    const auto text = read_dated_text(file);
    if (!text) return text.error();
    return parse(*text, file.string());
}

const history_rules::rule& history_rules::of(std::uint16_t procedure) const noexcept {
    const auto found =
        std::ranges::lower_bound(procedures_, procedure, {}, [](const auto& each) { return each.first; });
    return found != procedures_.end() && found->first == procedure ? found->second : usual_;
}

std::optional<history_entry> history_rules::shown(const history_entry& all, history_viewer to,
                                                  std::int64_t now_unix_s) const noexcept {
    if (to == history_viewer::inspector) return all;
    const auto& holds = of(all.procedure);
    const auto visible =
        std::max(all.time_unix_s + std::int64_t{holds.visible_after_days} * 86'400, holds.visible_from_unix_s);
    if (now_unix_s < visible) return std::nullopt;
    auto seen = all;
    seen.officer = 0;
    seen.is_withheld = all.officer != 0;
    if (!holds.shows_matter) {
        seen.procedure = 0;
        seen.claims = 0;
        seen.verdict = {};
        seen.is_withheld = true;
    }
    return seen;
}

}  // namespace xacthuc::inline v0_1
