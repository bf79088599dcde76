// SPDX-License-Identifier: Apache-2.0
#include "sources/table_mapping.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include "policy/toml_values.hpp"

namespace xacthuc::inline v0_1::sources {
namespace {

[[nodiscard]] std::optional<citizen_field> field_named(std::string_view word) noexcept {
    for (std::size_t k = 0; k < citizen_field_count; ++k)
        if (to_string(static_cast<citizen_field>(k)) == word) return static_cast<citizen_field>(k);
    return {};
}

class mapping_reader {
  public:
    mapping_reader(const std::filesystem::path& file, policy_faults& faults)
        : faults_{faults}, values_{file.string(), faults} {}

    [[nodiscard]] table_mapping read(const toml::table& of) {
        values_.each_key("the mapping", of, [&](std::string_view key, const toml::node& value, std::uint32_t line) {
            if (key == "table") {
                if (const auto name = values_.text(key, value)) read_table(*name, line);
            } else if (key == "columns") {
                read_columns(value);
            } else if (key == "values") {
                read_values(value);
            } else {
                return false;
            }
            return true;
        });
        if (made_.table.empty() && faults_.empty()) values_.fault(1, "there is no table");
        return made_;
    }

  private:
    // Names are taken as they are in the database, without quotes: it has them in lower case unless they were quoted.
    void read_table(const std::string& name, std::uint32_t line) {
        const auto dot = name.find('.');
        made_.schema = dot == std::string::npos ? "public" : name.substr(0, dot);
        made_.table = dot == std::string::npos ? name : name.substr(dot + 1);
        if (made_.schema.empty() || made_.table.empty() || made_.table.find('.') != std::string::npos)
            values_.fault(line, "table is written \"schema.table\", not \"" + name + '"');
    }

    void read_columns(const toml::node& value) {
        const auto* const table = values_.table("columns", value);
        if (table == nullptr) return;
        values_.each_key("[columns]", *table, [&](std::string_view key, const toml::node& found, std::uint32_t line) {
            const auto field = field_named(key);
            if (!field) return false;
            auto& into = made_.fields[static_cast<std::size_t>(*field)];
            if (found.is_boolean() && !found.as_boolean()->get()) {
                into.is_left_out = true;
                if (*field == citizen_field::id) values_.fault(line, "the id cannot be left out");
            } else if (const auto column = values_.text(key, found)) {
                into.column = *column;
            }
            return true;
        });
    }

    void read_values(const toml::node& value) {
        const auto* const table = values_.table("values", value);
        if (table == nullptr) return;
        values_.each_key("[values]", *table, [&](std::string_view key, const toml::node& found, std::uint32_t line) {
            const auto field = field_named(key);
            if (!field) return false;
            if (*field == citizen_field::id || *field == citizen_field::name)
                values_.fault(line, std::string{key} + " has no codes");
            else
                read_words(*field, found);
            return true;
        });
    }

    void read_words(citizen_field field, const toml::node& value) {
        const auto name = "values." + std::string{to_string(field)};
        const auto* const table = values_.table(name, value);
        if (table == nullptr) return;
        auto& into = made_.fields[static_cast<std::size_t>(field)].words;
        for (const auto& [code, word] : *table) {
            const auto* const text = word.as_string();
            citizen scratch;
            if (text == nullptr)
                values_.fault(toml_values::line_of(word), name + ": what a code means is a text");
            else if (const auto put = set_field(field, text->get(), scratch); !put)
                values_.fault(toml_values::line_of(word), name + ": " + toml_values::quoted(text->get()) +
                                                              " is no word of ours: " + put.error().message());
            else
                into.emplace(std::string{code.str()}, text->get());
        }
    }

    table_mapping made_;
    policy_faults& faults_;
    toml_values values_;
};

}  // namespace

bool has_codes(citizen_field field) noexcept {
    switch (field) {
        case citizen_field::sex:
        case citizen_field::life:
        case citizen_field::registration:
        case citizen_field::account_level:
        case citizen_field::account:
        case citizen_field::document:
        case citizen_field::province:
        case citizen_field::superseded:
            return true;
        default:
            return false;
    }
}

policy_result<table_mapping> parse_mapping(std::string_view text, const std::filesystem::path& file) {
    const auto document = parse_toml(text, file.string());
    if (!document) return document.error();
    policy_faults faults;
    auto made = mapping_reader{file, faults}.read(*document);
    if (!faults.empty()) return faults;
    return made;
}

detailed_result<table_mapping> load_mapping(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) return failure{errc::not_found, file.string()};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (in.bad()) return failure{errc::io, file.string()};
    auto made = parse_mapping(text, file);
    if (!made) return failure_of_faults(made.error(), errc::settings_faults);
    return *std::move(made);
}

}  // namespace xacthuc::inline v0_1::sources
