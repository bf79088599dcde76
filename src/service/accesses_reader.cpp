// SPDX-License-Identifier: Apache-2.0
#include "service/accesses_reader.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <xacthuc/domain/date.hpp>

#include "service/json_members.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

enum accesses_member : std::uint8_t { of_id, of_proof, of_from, of_to, of_limit, of_page, accesses_member_count };
constexpr std::array<std::string_view, accesses_member_count> accesses_members{
    "id", holder_proof_member, "from", "to", "limit", "page"};
constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t vietnam_ahead_s = 7 * 3600;

struct accesses_parts : json_members<accesses_parts> {
    static constexpr std::size_t proof_member = of_proof;

    accesses_question* into = nullptr;

    [[nodiscard]] static std::string_view name_of(std::size_t which) noexcept { return accesses_members[which]; }
    [[nodiscard]] static std::size_t find_member(std::string_view name) noexcept {
        const auto found = std::ranges::find(accesses_members, name);
        return found == accesses_members.end() ? no_member : static_cast<std::size_t>(found - accesses_members.begin());
    }
    [[nodiscard]] holder_proof& proof_place() { return into->proof; }

    [[nodiscard]] bool take_text(std::string_view given, error_code& error) {
        if (member() == of_id) return take_id(given, error);
        if (member() == of_from) return take_day(given, 0, into->from_unix_s, error);
        if (member() == of_to) return take_day(given, 1, into->end_unix_s, error);
        return refuse_value(error);
    }
    [[nodiscard]] bool take_number(std::uint64_t value, error_code& error) {
        if (member() == of_limit && value != 0 && value <= accesses_question::limit_max)
            into->limit = static_cast<std::uint32_t>(value);
        else if (member() == of_page && value <= std::numeric_limits<std::uint32_t>::max())
            into->page = static_cast<std::uint32_t>(value);
        else
            return refuse_value(error);
        return true;
    }

  private:
    [[nodiscard]] bool take_id(std::string_view given, error_code& error) {
        const auto made = personal_id::parse(given);
        if (made) into->id = *made;
        return made.has_value() || refuse(made.error(), error);
    }
    [[nodiscard]] bool take_day(std::string_view given, std::int64_t days_on, std::int64_t& to, error_code& error) {
        const auto made = date::parse(given);
        if (!made) return refuse(made.error(), error);
        if (made->known_to() != date::precision::day) return refuse_value(error);
        to = (made->unix_days() + days_on) * day_s - vietnam_ahead_s;
        return true;
    }
};

}  // namespace

std::optional<question_fault> read_accesses_question(std::string_view text, accesses_question& into) {
    boost::json::basic_parser<accesses_parts> parser{boost::json::parse_options{}};
    into = {};
    parser.handler().into = &into;
    if (auto fault = accesses_parts::read(parser, text)) return fault;
    for (const auto needed : {of_id, of_proof})
        if (!parser.handler().has(needed)) return question_fault{problem::member_missing, {}, accesses_members[needed]};
    return std::nullopt;
}

}  // namespace xacthuc::inline v0_1::service
