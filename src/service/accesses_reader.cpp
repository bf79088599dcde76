// SPDX-License-Identifier: Apache-2.0
#include "service/accesses_reader.hpp"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <string>
#include <xacthuc/domain/date.hpp>

#include "service/proof_text.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

namespace json = boost::json;

enum accesses_member : std::uint8_t { of_id, of_proof, of_from, of_to, of_limit, of_page, accesses_member_count };
constexpr std::array<std::string_view, accesses_member_count> accesses_members{
    "id", holder_proof_member, "from", "to", "limit", "page"};
constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t vietnam_ahead_s = 7 * 3600;

struct accesses_handler {
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    accesses_question* into = nullptr;
    question_fault fault{};
    proof_text_reader proof{};
    std::string text{};
    std::size_t member = accesses_member_count;
    unsigned seen = 0;
    unsigned depth = 0;

    using error_code = json::error_code;
    using string_view = json::string_view;

    [[nodiscard]] bool refuse(problem what, error_code& error) {
        fault.what = what;
        if (depth == 2)
            fault.member = proof.member();
        else if (member < accesses_member_count)
            fault.member = accesses_members[member];
        error = json::error::syntax;
        return false;
    }
    [[nodiscard]] bool check(problem what, error_code& error) { return what == problem::none || refuse(what, error); }
    [[nodiscard]] bool refuse_value(error_code& error) {
        return refuse(depth == 0 ? problem::json_syntax : problem::member_type, error);
    }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code& error) {
        if (depth != 0 && (depth != 1 || member != of_proof)) return refuse_value(error);
        if (++depth == 2) proof.begin();
        return true;
    }
    bool on_object_end(std::size_t, error_code& error) {
        if (depth == 2 && !check(proof.end(into->proof), error)) return false;
        --depth;
        return true;
    }
    bool on_array_begin(error_code& error) { return refuse_value(error); }
    bool on_array_end(std::size_t, error_code&) { return true; }

    bool on_key_part(string_view part, std::size_t, error_code&) {
        text.append(part.data(), part.size());
        return true;
    }
    bool on_key(string_view part, std::size_t, error_code& error) {
        text.append(part.data(), part.size());
        const auto name = std::exchange(text, {});
        if (depth == 2) return check(proof.key(name), error);
        member = static_cast<std::size_t>(std::ranges::find(accesses_members, name) - accesses_members.begin());
        if (member == accesses_member_count) return refuse(problem::unknown_member, error);
        if ((seen >> member & 1U) != 0) return refuse(problem::member_twice, error);
        seen |= 1U << member;
        return true;
    }

    bool on_string_part(string_view part, std::size_t, error_code&) {
        text.append(part.data(), part.size());
        return true;
    }
    bool on_string(string_view part, std::size_t, error_code& error) {
        text.append(part.data(), part.size());
        const auto given = std::exchange(text, {});
        if (depth == 2) return check(proof.text(given), error);
        if (depth == 0) return refuse_value(error);
        if (member == of_id) return take_id(given, error);
        if (member == of_from) return take_day(given, 0, into->from_unix_s, error);
        if (member == of_to) return take_day(given, 1, into->end_unix_s, error);
        return refuse_value(error);
    }
    [[nodiscard]] bool take_id(std::string_view given, error_code& error) {
        const auto made = personal_id::parse(given);
        if (made) into->id = *made;
        return made.has_value() || refuse_for(made.error(), error);
    }
    [[nodiscard]] bool take_day(std::string_view given, std::int64_t days_on, std::int64_t& to, error_code& error) {
        const auto made = date::parse(given);
        if (!made) return refuse_for(made.error(), error);
        if (made->known_to() != date::precision::day) return refuse_value(error);
        to = (made->unix_days() + days_on) * day_s - vietnam_ahead_s;
        return true;
    }
    [[nodiscard]] bool refuse_for(const boost::system::error_code& why, error_code& error) {
        fault.error = why;
        return refuse(problem::none, error);
    }

    bool on_number_part(string_view, error_code&) { return true; }
    bool on_uint64(std::uint64_t value, string_view, error_code& error) {
        if (depth == 2) return check(proof.number(value), error);
        if (member == of_limit && depth == 1 && value != 0 && value <= accesses_question::limit_max)
            into->limit = static_cast<std::uint32_t>(value);
        else if (member == of_page && depth == 1 && value <= std::numeric_limits<std::uint32_t>::max())
            into->page = static_cast<std::uint32_t>(value);
        else
            return refuse_value(error);
        return true;
    }
    bool on_int64(std::int64_t value, string_view digits, error_code& error) {
        if (value < 0) return refuse_value(error);
        return on_uint64(static_cast<std::uint64_t>(value), digits, error);
    }
    bool on_double(double, string_view, error_code& error) { return refuse_value(error); }
    bool on_bool(bool, error_code& error) { return refuse_value(error); }
    bool on_null(error_code& error) { return refuse_value(error); }
    bool on_comment_part(string_view, error_code&) { return true; }
    bool on_comment(string_view, error_code&) { return true; }
};

}  // namespace

std::optional<question_fault> read_accesses_question(std::string_view text, accesses_question& into) {
    json::basic_parser<accesses_handler> parser{json::parse_options{}};
    auto& handler = parser.handler();
    into = {};
    handler.into = &into;
    json::error_code error;
    const auto used = parser.write_some(false, text.data(), text.size(), error);
    if (handler.fault.what != problem::none || handler.fault.error) return handler.fault;
    if (error || used != text.size() || handler.seen == 0) {
        // An object without any member is one that lacks the first.
        const bool is_empty = !error && used == text.size();
        return is_empty ? question_fault{problem::member_missing, {}, accesses_members[of_id]}
                        : question_fault{problem::json_syntax, {}, {}};
    }
    for (const auto needed : {of_id, of_proof})
        if ((handler.seen >> needed & 1U) == 0)
            return question_fault{problem::member_missing, {}, accesses_members[needed]};
    return std::nullopt;
}

}  // namespace xacthuc::inline v0_1::service
