// SPDX-License-Identifier: Apache-2.0
#include "policy/toml_values.hpp"

#include <algorithm>
#include <chrono>

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] std::string list_of(std::span<const std::string_view> words) {
    std::string list;
    for (const auto each : words) list += (list.empty() ? "" : ", ") + std::string{each};
    return list;
}

[[nodiscard]] std::string_view type_name(const toml::node& value) {
    switch (value.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "a list";
        case toml::node_type::string:
            return "a text";
        case toml::node_type::integer:
            return "a whole number";
        case toml::node_type::floating_point:
            return "a number with a fraction";
        case toml::node_type::boolean:
            return "true or false";
        case toml::node_type::date:
            return "a day";
        default:
            return "a time";
    }
}

}  // namespace

policy_result<toml::table> parse_toml(std::string_view text, const std::string& file) {
    auto document = toml::parse(text, std::string_view{file});
    if (document) return std::move(document).table();
    const auto& error = document.error();
    return policy_faults{
        {{file, static_cast<std::uint32_t>(error.source().begin.line)}, std::string{error.description()}}};
}

void toml_values::wrong_type(std::string_view key, const toml::node& value, std::string_view wanted) {
    fault(line_of(value), std::string{key} + " is " + std::string{wanted} + ", not " + std::string{type_name(value)});
}

std::optional<std::string> toml_values::text(std::string_view key, const toml::node& value) {
    const auto* const found = value.as_string();
    if (found == nullptr) {
        wrong_type(key, value, "a text");
        return std::nullopt;
    }
    if (found->get().empty()) {
        fault(line_of(value), std::string{key} + " is empty");
        return std::nullopt;
    }
    return found->get();
}

std::optional<std::uint32_t> toml_values::number(std::string_view key, const toml::node& value, std::uint32_t least,
                                                 std::uint32_t most) {
    const auto* const found = value.as_integer();
    if (found == nullptr) {
        wrong_type(key, value, "a whole number");
        return std::nullopt;
    }
    if (found->get() < least || found->get() > most) {
        fault(line_of(value), std::string{key} + " is from " + std::to_string(least) + " to " + std::to_string(most) +
                                  ", not " + std::to_string(found->get()));
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(found->get());
}

std::optional<bool> toml_values::yes_or_no(std::string_view key, const toml::node& value) {
    const auto* const found = value.as_boolean();
    if (found == nullptr) {
        wrong_type(key, value, "true or false");
        return std::nullopt;
    }
    return found->get();
}

std::optional<std::uint16_t> toml_values::day(std::string_view key, const toml::node& value) {
    const auto* const found = value.as_date();
    if (found == nullptr) {
        wrong_type(key, value, "a day such as 2027-01-31");
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{found->get().year}, std::chrono::month{found->get().month},
                                           std::chrono::day{found->get().day}};
    const auto days =
        date.ok() ? (std::chrono::sys_days{date} - std::chrono::sys_days{std::chrono::year{2000} / 1 / 1}).count() : -1;
    if (days <= first_policy_day || days >= last_policy_day) {
        fault(line_of(value),
              std::string{key} + " is a day from 2000-01-02 to " + policy_day_text(last_policy_day - 1));
        return std::nullopt;
    }
    return static_cast<std::uint16_t>(days);
}

std::optional<std::size_t> toml_values::word(std::string_view key, const toml::node& value,
                                             std::span<const std::string_view> words) {
    const auto found = text(key, value);
    if (!found) return std::nullopt;
    const auto place = std::ranges::find(words, *found);
    if (place == words.end()) {
        fault(line_of(value), std::string{key} + " is one of " + list_of(words) + ", not " + quoted(*found));
        return std::nullopt;
    }
    return static_cast<std::size_t>(place - words.begin());
}

std::optional<std::uint32_t> toml_values::words(std::string_view key, const toml::node& value,
                                                std::span<const std::string_view> words) {
    const auto* const list = value.as_array();
    if (list == nullptr) {
        wrong_type(key, value, "a list of texts");
        return std::nullopt;
    }
    std::uint32_t bits = 0;
    bool is_good = true;
    for (const auto& each : *list) {
        const auto place = word(key, each, words);
        is_good = is_good && place;
        if (!place) continue;
        if ((bits >> *place & 1U) != 0) {
            fault(line_of(each), std::string{key} + " has " + quoted(words[*place]) + " twice");
            is_good = false;
        }
        bits |= 1U << *place;
    }
    return is_good ? std::optional{bits} : std::nullopt;
}

std::optional<std::vector<std::string>> toml_values::texts(std::string_view key, const toml::node& value) {
    const auto* const list = value.as_array();
    if (list == nullptr) {
        wrong_type(key, value, "a list of texts");
        return std::nullopt;
    }
    std::vector<std::string> all;
    for (const auto& each : *list)
        if (auto found = text(key, each)) all.push_back(*std::move(found));
    return all;
}

const toml::table* toml_values::table(std::string_view key, const toml::node& value) {
    const auto* const found = value.as_table();
    if (found == nullptr) wrong_type(key, value, "a table");
    return found;
}

}  // namespace xacthuc::inline v0_1
