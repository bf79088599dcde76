// SPDX-License-Identifier: Apache-2.0
// Reads the tables of a framework file.
#pragma once

#include <map>
#include <string>
#include <vector>
#include <xacthuc/policy/framework.hpp>

#include "policy/toml_values.hpp"

namespace xacthuc::inline v0_1 {

class framework_reader {
  public:
    framework_reader(std::string file, policy_faults& faults) : values_{std::move(file), faults} {}

    [[nodiscard]] framework read(const toml::table& document);

  private:
    void read_valid(const toml::node& value, stated_fields& to);
    void read_quota(const toml::node& value, stated_fields& to);
    // One of the keys that say what may be asked; false where it is none of them.
    bool read_field(std::string_view key, const toml::node& value, std::uint32_t line, stated_fields& to);
    [[nodiscard]] bilingual_text read_title(const toml::node& value);
    [[nodiscard]] framework_base read_base(const toml::node& value);
    [[nodiscard]] procedure_text read_procedure(const std::string& name, const toml::table& in, std::uint32_t line);
    [[nodiscard]] agency_text read_agency(const std::string& name, const toml::table& in, std::uint32_t line);
    [[nodiscard]] tailoring read_tailoring(const std::string& name, const toml::table& in, std::uint32_t line);
    void read_sets(const toml::node& value);
    [[nodiscard]] std::vector<std::string> without_sets(const std::vector<std::string>& may, std::uint32_t line);
    void check_procedure(const procedure_text& made, const toml::table& in);
    template <class Read>
    void read_each(std::string_view kind, const toml::node& value, const Read& read);
    [[nodiscard]] bool is_name(std::string_view name, std::uint32_t line);

    toml_values values_;
    std::map<std::string, std::vector<std::string>, std::less<>> sets_;
};

}  // namespace xacthuc::inline v0_1
