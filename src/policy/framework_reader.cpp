// SPDX-License-Identifier: Apache-2.0
#include "policy/framework_reader.hpp"

#include <algorithm>
#include <array>

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::array<std::string_view, 2> proof_words{"agency", "holder"};
constexpr std::array<std::string_view, 2> answer_words{"one_bit", "per_claim"};
constexpr std::array<std::string_view, 2> consent_words{"law", "holder"};
constexpr std::array<std::string_view, 3> level_words{"none", "level_1", "level_2"};
constexpr std::array<account_level, 3> levels{account_level::unknown, account_level::level_1, account_level::level_2};
constexpr std::uint32_t proof_age_seconds_max = 31U * 86'400U;

[[nodiscard]] std::span<const std::string_view> claim_words() {
    static const auto words = [] {
        std::array<std::string_view, claim_count> all;
        for (std::size_t k = 0; k < all.size(); ++k) all[k] = to_string(static_cast<claim>(k));
        return all;
    }();
    return words;
}

void state(stated_fields& to, rule_field field, std::uint32_t line) {
    to.lines[static_cast<std::size_t>(field)] = line;
}

[[nodiscard]] std::optional<sha256_digest> digest_of(std::string_view digits) {
    sha256_digest digest{};
    if (digits.size() != 2 * digest.size()) return std::nullopt;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const auto c = digits[i];
        const bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && (c < 'a' || c > 'f')) return std::nullopt;
        const auto value = static_cast<std::byte>(is_digit ? c - '0' : c - 'a' + 10);
        digest[i / 2] = digest[i / 2] << 4 | value;
    }
    return digest;
}

}  // namespace

void framework_reader::read_valid(const toml::node& value, stated_fields& to) {
    const auto* const in = values_.table("valid", value);
    if (in == nullptr) return;
    values_.each_key("valid", *in, [&](std::string_view key, const toml::node& each, std::uint32_t line) {
        if (key == "from") {
            if (const auto day = values_.day("valid.from", each)) to.values.valid_from = *day;
            state(to, rule_field::valid_from, line);
        } else if (key == "to") {
            if (const auto day = values_.day("valid.to", each)) to.values.valid_to = *day;
            state(to, rule_field::valid_to, line);
        } else {
            return false;
        }
        return true;
    });
    if (to.values.valid_from > to.values.valid_to)
        values_.fault(toml_values::line_of(value), "valid.from " + text_of(to.values, rule_field::valid_from) +
                                                       " is after valid.to " +
                                                       text_of(to.values, rule_field::valid_to));
}

void framework_reader::read_quota(const toml::node& value, stated_fields& to) {
    const auto* const in = values_.table("quota", value);
    if (in == nullptr) return;
    const auto limit = [&](const toml::node& each, rule_field field, std::uint32_t& number, std::uint32_t line) {
        if (const auto read = values_.number(to_string(field), each, 1, no_limit - 1)) number = *read;
        state(to, field, line);
        return true;
    };
    values_.each_key("quota", *in, [&](std::string_view key, const toml::node& each, std::uint32_t line) {
        if (key == "per_second") return limit(each, rule_field::per_second, to.values.per_second, line);
        if (key == "per_day") return limit(each, rule_field::per_day, to.values.per_day, line);
        if (key == "officer_per_day") return limit(each, rule_field::officer_per_day, to.values.officer_per_day, line);
        if (key != "misses_per_citizen_day") return false;
        if (const auto read = values_.number("quota.misses_per_citizen_day", each, 0, misses_no_limit - 1))
            to.values.misses_per_citizen_day = static_cast<std::uint8_t>(*read);
        state(to, rule_field::misses_per_citizen_day, line);
        return true;
    });
}

bool framework_reader::read_field(std::string_view key, const toml::node& value, std::uint32_t line,
                                  stated_fields& to) {
    auto& rule = to.values;
    if (key == "may_ask" || key == "must_ask") {
        const bool may = key == "may_ask";
        if (const auto claims = values_.words(key, value, claim_words()))
            (may ? rule.may_ask : rule.must_ask) = static_cast<claim_mask>(*claims);
        state(to, may ? rule_field::may_ask : rule_field::must_ask, line);
    } else if (key == "answer") {
        if (const auto place = values_.word(key, value, answer_words)) rule.answer = static_cast<answer_detail>(*place);
        state(to, rule_field::answer, line);
    } else if (key == "proof") {
        if (const auto bits = values_.words(key, value, proof_words)) rule.proof = static_cast<proof_mask>(*bits);
        state(to, rule_field::proof, line);
    } else if (key == "account_level_at_least") {
        if (const auto place = values_.word(key, value, level_words)) rule.account_level_at_least = levels[*place];
        state(to, rule_field::account_level_at_least, line);
    } else if (key == "consent") {
        if (const auto place = values_.word(key, value, consent_words))
            rule.consent = static_cast<consent_basis>(*place);
        state(to, rule_field::consent, line);
    } else if (key == "proof_age_max") {
        if (const auto seconds = values_.number(key, value, 1, proof_age_seconds_max))
            rule.proof_age_max_ms = *seconds * 1000;
        state(to, rule_field::proof_age_max, line);
    } else if (key == "quota") {
        read_quota(value, to);
    } else if (key == "valid") {
        read_valid(value, to);
    } else {
        return false;
    }
    return true;
}

bilingual_text framework_reader::read_title(const toml::node& value) {
    bilingual_text title;
    const auto* const in = values_.table("title", value);
    if (in == nullptr) return title;
    values_.each_key("title", *in, [&](std::string_view key, const toml::node& each, std::uint32_t) {
        if (key != "vi" && key != "en") return false;
        if (auto text = values_.text(key == "vi" ? "title.vi" : "title.en", each))
            (key == "vi" ? title.vi : title.en) = *std::move(text);
        return true;
    });
    return title;
}

framework_base framework_reader::read_base(const toml::node& value) {
    framework_base base;
    base.line = toml_values::line_of(value);
    const auto* const in = values_.table("extends", value);
    if (in == nullptr) return base;
    bool has_digest = false;
    values_.each_key("extends", *in, [&](std::string_view key, const toml::node& each, std::uint32_t) {
        if (key == "framework") {
            if (auto text = values_.text("extends.framework", each)) base.framework = *std::move(text);
        } else if (key == "version") {
            if (const auto number = values_.number("extends.version", each, 1, no_limit)) base.version = *number;
        } else if (key == "sha256") {
            has_digest = true;
            const auto text = values_.text("extends.sha256", each);
            if (const auto digest = text ? digest_of(*text) : std::nullopt)
                base.sha256 = *digest;
            else
                values_.fault(toml_values::line_of(each), "extends.sha256 has 64 digits, of 0 to 9 and a to f");
        } else {
            return false;
        }
        return true;
    });
    if (base.framework.empty() || base.version == 0 || !has_digest)
        values_.fault(base.line, "extends has to have framework, version and sha256");
    return base;
}

void framework_reader::check_procedure(const procedure_text& made, const toml::table& in) {
    const auto missing = [&](bool is_there, std::string_view key) {
        if (!is_there)
            values_.fault(made.line, "procedure " + toml_values::quoted(made.name) + " has no " + std::string{key});
    };
    for (const auto* key : {"number", "purpose", "law", "may_ask", "answer", "proof"}) missing(in.contains(key), key);
    missing(!made.title.vi.empty() && !made.title.en.empty(), "title in both languages, vi and en");
}

procedure_text framework_reader::read_procedure(const std::string& name, const toml::table& in, std::uint32_t line) {
    procedure_text made;
    made.name = name;
    made.line = line;
    values_.each_key("procedure " + toml_values::quoted(name), in,
                     [&](std::string_view key, const toml::node& value, std::uint32_t at) {
                         if (key == "number") {
                             if (const auto number = values_.number(key, value, 1, 65'535))
                                 made.number = static_cast<std::uint16_t>(*number);
                         } else if (key == "purpose") {
                             if (auto text = values_.text(key, value)) made.purpose = *std::move(text);
                         } else if (key == "law") {
                             if (auto text = values_.text(key, value)) made.law = *std::move(text);
                         } else if (key == "title") {
                             made.title = read_title(value);
                         } else {
                             return read_field(key, value, at, made.asks);
                         }
                         return true;
                     });
    check_procedure(made, in);
    return made;
}

agency_text framework_reader::read_agency(const std::string& name, const toml::table& in, std::uint32_t line) {
    agency_text made;
    made.name = name;
    made.line = line;
    values_.each_key("agency " + toml_values::quoted(name), in,
                     [&](std::string_view key, const toml::node& value, std::uint32_t at) {
                         if (key == "number") {
                             if (const auto number = values_.number(key, value, 1, 65'535))
                                 made.number = static_cast<std::uint16_t>(*number);
                         } else if (key == "title") {
                             made.title = read_title(value);
                         } else if (key == "key") {
                             const auto text = values_.text(key, value);
                             if (!text) return true;
                             if (auto key_of = note_verifier::parse(*text))
                                 made.key = *std::move(key_of);
                             else
                                 values_.fault(at, "key is " + key_of.error().message());
                         } else if (key == "parent") {
                             if (auto text = values_.text(key, value)) made.parent = *std::move(text);
                             made.parent_line = at;
                         } else if (key == "may") {
                             if (const auto list = values_.texts(key, value)) made.may = without_sets(*list, at);
                             made.may_line = at;
                         } else if (key == "delegate_depth") {
                             if (const auto depth = values_.number(key, value, 0, 16))
                                 made.delegate_depth = static_cast<std::uint8_t>(*depth);
                             made.delegate_depth_line = at;
                         } else if (key == "suspended") {
                             if (const auto is = values_.yes_or_no(key, value)) made.suspended = *is;
                         } else {
                             return false;
                         }
                         return true;
                     });
    if (!in.contains("number")) values_.fault(line, "agency " + toml_values::quoted(name) + " has no number");
    if (made.title.vi.empty() || made.title.en.empty())
        values_.fault(line, "agency " + toml_values::quoted(name) + " has no title in both languages, vi and en");
    return made;
}

tailoring framework_reader::read_tailoring(const std::string& name, const toml::table& in, std::uint32_t line) {
    tailoring made{.procedure = name, .asks = {}, .line = line};
    values_.each_key("tailor " + toml_values::quoted(name), in,
                     [&](std::string_view key, const toml::node& value, std::uint32_t at) {
                         return read_field(key, value, at, made.asks);
                     });
    return made;
}

void framework_reader::read_sets(const toml::node& value) {
    read_each("set", value, [&](const std::string& name, const toml::table& in, std::uint32_t line) {
        auto& procedures = sets_[name];
        values_.each_key("set " + toml_values::quoted(name), in,
                         [&](std::string_view key, const toml::node& each, std::uint32_t) {
                             if (key != "procedures") return false;
                             if (auto list = values_.texts(key, each)) procedures = *std::move(list);
                             return true;
                         });
        if (procedures.empty()) values_.fault(line, "set " + toml_values::quoted(name) + " has no procedures");
    });
}

std::vector<std::string> framework_reader::without_sets(const std::vector<std::string>& may, std::uint32_t line) {
    std::vector<std::string> all;
    for (const auto& each : may) {
        if (!each.starts_with('@')) {
            all.push_back(each);
            continue;
        }
        const auto set = sets_.find(std::string_view{each}.substr(1));
        if (set == sets_.end())
            values_.fault(line,
                          "may has " + toml_values::quoted(each) + ", and there is no [set." + each.substr(1) + "]");
        else
            all.insert(all.end(), set->second.begin(), set->second.end());
    }
    std::ranges::sort(all);
    for (auto same = std::ranges::adjacent_find(all); same != all.end(); same = std::adjacent_find(same + 1, all.end()))
        values_.fault(line, "may has " + toml_values::quoted(*same) + " twice");
    return all;
}

bool framework_reader::is_name(std::string_view name, std::uint32_t line) {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '/';
    };
    const bool is = !name.empty() && std::ranges::all_of(name, is_letter) && !name.starts_with('/') &&
                    !name.ends_with('/') && name.find("//") == std::string_view::npos;
    if (!is)
        values_.fault(line,
                      toml_values::quoted(name) + " is not a name: a to z, 0 to 9, - and _, with / between parts");
    return is;
}

template <class Read>
void framework_reader::read_each(std::string_view kind, const toml::node& value, const Read& read) {
    const auto* const all = values_.table(kind, value);
    if (all == nullptr) return;
    for (const auto& [key, each] : *all) {
        const auto line = static_cast<std::uint32_t>(key.source().begin.line);
        if (!is_name(key.str(), line)) continue;
        if (const auto* const in = values_.table(std::string{kind} + '.' + std::string{key.str()}, each))
            read(std::string{key.str()}, *in, line);
    }
}

framework framework_reader::read(const toml::table& document) {
    framework made;
    made.file = values_.file();
    // Before the agencies that name them.
    if (const auto* const sets = document.get("set")) read_sets(*sets);
    values_.each_key("a framework", document, [&](std::string_view key, const toml::node& value, std::uint32_t line) {
        if (key == "framework") {
            made.line = line;
            if (auto text = values_.text(key, value); text && is_name(*text, line)) made.name = *std::move(text);
        } else if (key == "version") {
            if (const auto number = values_.number(key, value, 1, no_limit)) made.version = *number;
        } else if (key == "title") {
            made.title = read_title(value);
        } else if (key == "valid") {
            read_valid(value, made.valid);
        } else if (key == "extends") {
            made.base = read_base(value);
        } else if (key == "procedure") {
            read_each(key, value, [&](const auto& name, const auto& in, auto at) {
                made.procedures.push_back(read_procedure(name, in, at));
            });
        } else if (key == "agency") {
            read_each(key, value, [&](const auto& name, const auto& in, auto at) {
                made.agencies.push_back(read_agency(name, in, at));
            });
        } else if (key == "tailor") {
            read_each(key, value, [&](const auto& name, const auto& in, auto at) {
                made.tailorings.push_back(read_tailoring(name, in, at));
            });
        } else {
            return key == "set";
        }
        return true;
    });
    if (!document.contains("framework")) values_.fault(made.line, "no framework = \"…\", the name of this framework");
    if (!document.contains("version")) values_.fault(made.line, "no version = …, a number from 1 on");
    return made;
}

}  // namespace xacthuc::inline v0_1
