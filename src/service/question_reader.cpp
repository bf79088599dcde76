// SPDX-License-Identifier: Apache-2.0
#include "service/question_reader.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <xacthuc/domain/request_field.hpp>

#include "columns/made_row.hpp"
#include "service/json_members.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

namespace json = boost::json;

// Behind the fields of a request.
enum : std::size_t { officer_member = request_field_count, max_age_member, holder_member, answer_member, member_count };

[[nodiscard]] std::array<std::string_view, member_count> name_members() {
    std::array<std::string_view, member_count> names{};
    for (std::size_t k = 0; k < request_field_count; ++k) names[k] = to_string(static_cast<request_field>(k));
    names[officer_member] = "officer";
    names[max_age_member] = "max_age_ms";
    names[holder_member] = holder_proof_member;
    names[answer_member] = "answer";
    return names;
}
const std::array<std::string_view, member_count> member_names = name_members();

struct question_members : json_members<question_members> {
    static constexpr std::size_t proof_member = holder_member;

    question* into = nullptr;
    question_place where = question_place::alone;
    std::size_t keys = 0;  // so far
    // Who asks twice mostly has the members in the same order.
    std::array<std::size_t, member_count> last_order{};

    [[nodiscard]] static std::string_view name_of(std::size_t which) noexcept { return member_names[which]; }
    [[nodiscard]] std::size_t find_member(std::string_view name) noexcept {
        const auto found = guess_member(name);
        const bool is_of_one = found == officer_member || found == max_age_member;
        return is_of_one && where == question_place::in_batch ? no_member : found;
    }
    [[nodiscard]] holder_proof& proof_place() { return into->holder.emplace(); }

    [[nodiscard]] bool take_text(std::string_view text, error_code& error) {
        if (member() == answer_member) {
            if (text != "compact" && text != "names") return refuse(problem::member_type, error);
            into->form = text == "names" ? answer_form::names : answer_form::compact;
            return true;
        }
        if (member() >= request_field_count) return refuse(problem::member_type, error);
        const auto why = columns::put_text(static_cast<request_field>(member()), text, into->claims);
        return !why || refuse(why.why(), static_cast<std::size_t>(*why.field), error);
    }
    [[nodiscard]] bool take_number(std::uint64_t value, error_code& error) {
        constexpr std::uint64_t code_max = std::numeric_limits<std::uint16_t>::max();
        if (member() == officer_member) {
            into->officer = value;
        } else if (member() == max_age_member && value <= std::numeric_limits<std::int64_t>::max()) {
            into->max_age_ms = static_cast<std::int64_t>(value);
        } else if (member() == static_cast<std::size_t>(request_field::agency) && value <= code_max) {
            into->claims.agency = static_cast<std::uint16_t>(value);
        } else if (member() == static_cast<std::size_t>(request_field::procedure) && value <= code_max) {
            into->claims.procedure = static_cast<std::uint16_t>(value);
        } else {
            return refuse_value(error);
        }
        return true;
    }

  private:
    [[nodiscard]] static std::size_t member_of(std::string_view name) noexcept {
        const auto found = std::ranges::find(member_names, name);
        return found == member_names.end() ? no_member : static_cast<std::size_t>(found - member_names.begin());
    }
    [[nodiscard]] std::size_t guess_member(std::string_view name) noexcept {
        if (keys >= last_order.size()) return member_of(name);
        auto& guess = last_order[keys++];
        if (name == member_names[guess]) return guess;
        const auto found = member_of(name);
        return found == no_member ? found : guess = found;
    }
};

}  // namespace

struct question_reader::parser : json::basic_parser<question_members> {
    parser() : basic_parser{json::parse_options{}} {}
    using basic_parser::handler;
};

question_reader::question_reader() : parser_{std::make_unique<parser>()} {}
question_reader::~question_reader() = default;

std::optional<question_fault> question_reader::read(std::string_view text, question_place where, question& into) {
    auto& members = parser_->handler();
    into = {};
    members.into = &into;
    members.where = where;
    members.keys = 0;
    if (auto fault = question_members::read(*parser_, text)) return fault;
    constexpr auto id = static_cast<std::size_t>(request_field::id);
    if (!members.has(id)) return question_fault{problem::member_missing, {}, member_names[id]};
    return std::nullopt;
}

}  // namespace xacthuc::inline v0_1::service
