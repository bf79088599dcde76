// SPDX-License-Identifier: Apache-2.0
// Reads the files of witnesses that witness.hpp describes.
#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <xacthuc/ledger/witness.hpp>

#include "ledger/dated_file.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::uint32_t witnesses_max = 100;
constexpr std::uint32_t staleness_most_s = 366 * 86'400;
constexpr std::uint32_t timeout_most_ms = 60'000;

void read_witness(toml_values& values, const toml::table& in, std::uint32_t line, witness_policy& into) {
    std::optional<cosigner> who;
    std::string url;
    bool has_key = false;
    values.each_key("[[witness]]", in, [&](std::string_view key, const toml::node& value, std::uint32_t at) {
        if (key == "key") {
            has_key = true;
            const auto text = values.text(key, value);
            if (!text) return true;
            auto parsed = cosigner::parse(*text);
            if (parsed)
                who = *std::move(parsed);
            else
                values.fault(at, "key is not a witness's, NAME+DIGITS+BASE64 of a key for cosignatures");
        } else if (key == "url") {
            url = values.text(key, value).value_or("");
            if (!url.empty() && !url.starts_with("http://"))
                values.fault(at, "url begins with http://; for TLS there is a proxy on this machine");
        } else {
            return false;
        }
        return true;
    });
    if (!has_key) values.fault(line, "[[witness]] has a key");
    if (url.empty()) values.fault(line, "[[witness]] has a url");
    if (!who) return;
    if (std::ranges::any_of(into.witnesses, [&](const auto& one) { return one.who == *who; }))
        return values.fault(line, "the witness " + who->name() + " is there twice");
    into.witnesses.push_back({*std::move(who), std::move(url)});
}

void read_witnesses(toml_values& values, const toml::node& value, witness_policy& into) {
    const auto* const list = value.as_array();
    if (list == nullptr || !std::ranges::all_of(*list, [](const toml::node& each) { return each.is_table(); }))
        return values.fault(toml_values::line_of(value), "witness is written as [[witness]]");
    for (const auto& each : *list) read_witness(values, *each.as_table(), toml_values::line_of(each), into);
}

}  // namespace

policy_result<witness_policy> witness_policy::parse(std::string_view text, std::string file) {
    const auto document = parse_toml(text, file);
    if (!document) return document.error();
    policy_faults faults;
    toml_values values{std::move(file), faults};
    witness_policy made;
    std::optional<std::uint32_t> wanted;
    std::uint32_t wanted_line = 1;
    values.each_key("the file", *document, [&](std::string_view key, const toml::node& value, std::uint32_t at) {
        if (key == "quorum") {
            wanted_line = at;
            wanted = values.number(key, value, 1, witnesses_max);
            made.quorum = wanted.value_or(0);
        } else if (key == "staleness_max_s") {
            if (const auto read = values.number(key, value, 1, staleness_most_s))
                made.staleness_max = std::chrono::seconds{*read};
        } else if (key == "timeout_ms") {
            if (const auto read = values.number(key, value, 1, timeout_most_ms))
                made.timeout = std::chrono::milliseconds{*read};
        } else if (key == "witness") {
            read_witnesses(values, value, made);
        } else {
            return false;
        }
        return true;
    });
    if (faults.empty() && !wanted) values.fault(1, "it does not say how many have to cosign: quorum = 2");
    if (faults.empty() && made.quorum > made.witnesses.size())
        values.fault(wanted_line, "quorum is more than there are witnesses, " + std::to_string(made.witnesses.size()));
    if (!faults.empty()) {
        std::ranges::stable_sort(faults, {}, [](const policy_fault& fault) { return fault.at.line; });
        return faults;
    }
    return made;
}

policy_result<witness_policy> witness_policy::load(const std::filesystem::path& file) {
    const auto text = read_dated_text(file);
    if (!text) return text.error();
    return parse(*text, file.string());
}

}  // namespace xacthuc::inline v0_1
