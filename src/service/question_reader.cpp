// SPDX-License-Identifier: Apache-2.0
#include "service/question_reader.hpp"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <limits>
#include <string>
#include <utility>
#include <xacthuc/domain/request_field.hpp>

#include "service/proof_text.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

namespace json = boost::json;

// Behind the fields of a request.
enum : std::size_t { officer_member = request_field_count, max_age_member, holder_member, answer_member, member_count };
constexpr std::size_t no_member = member_count;

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

[[nodiscard]] std::size_t member_of(std::string_view name) noexcept {
    return static_cast<std::size_t>(std::ranges::find(member_names, name) - member_names.begin());
}

// What Boost.JSON calls for each thing that it finds. A false return ends the parsing; `fault` says why.
struct question_handler {
    // What a limit would refuse is refused by the fault.
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    question* into = nullptr;
    question_place where = question_place::alone;
    question_fault fault;
    std::string texts;  // reserved for all of the question, so that views into it stay
    std::array<char, 32> key{};
    std::size_t key_size = 0;
    std::size_t member = no_member;
    std::size_t text_begin = 0;
    std::uint32_t seen = 0;
    std::size_t keys = 0;  // so far
    // Who asks twice mostly has the members in the same order.
    std::array<std::size_t, member_count> last_order{};
    bool is_open = false;
    bool in_proof = false;
    proof_text_reader proof;

    using error_code = json::error_code;
    using string_view = json::string_view;

    [[nodiscard]] bool refuse(problem what, error_code& error) {
        fault.what = what;
        if (in_proof)
            fault.member = proof.member();
        else if (member < member_count)
            fault.member = member_names[member];
        error = json::error::syntax;
        return false;
    }
    [[nodiscard]] bool check(problem what, error_code& error) { return what == problem::none || refuse(what, error); }

    [[nodiscard]] std::size_t find_member(std::string_view name) noexcept {
        if (keys >= last_order.size()) return member_of(name);
        auto& guess = last_order[keys++];
        if (name != member_names[guess])
            if (const auto found = member_of(name); found != no_member) return guess = found;
        return name == member_names[guess] ? guess : no_member;
    }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code& error) {
        if (is_open && (in_proof || member != holder_member)) return refuse(problem::member_type, error);
        in_proof = std::exchange(is_open, true);
        if (in_proof) proof.begin();
        return true;
    }
    bool on_object_end(std::size_t, error_code& error) {
        if (!in_proof) return true;
        if (!check(proof.end(into->holder.emplace()), error)) return false;
        in_proof = false;
        return true;
    }
    bool on_array_begin(error_code& error) {
        return refuse(is_open ? problem::member_type : problem::json_syntax, error);
    }
    bool on_array_end(std::size_t, error_code&) { return true; }

    bool on_key_part(string_view part, std::size_t, error_code& error) {
        if (key_size + part.size() > key.size()) {
            member = no_member;
            return refuse(problem::unknown_member, error);
        }
        std::ranges::copy(part, key.begin() + static_cast<std::ptrdiff_t>(key_size));
        key_size += part.size();
        return true;
    }
    bool on_key(string_view part, std::size_t size, error_code& error) {
        if (!on_key_part(part, size, error)) return false;
        const std::string_view name{key.data(), std::exchange(key_size, 0)};
        text_begin = texts.size();
        if (in_proof) return check(proof.key(name), error);
        member = find_member(name);
        const bool is_of_one = member == officer_member || member == max_age_member || member == holder_member;
        if (is_of_one && where == question_place::in_batch) member = no_member;
        if (member == no_member) return refuse(problem::unknown_member, error);
        if ((seen >> member & 1U) != 0) return refuse(problem::member_twice, error);
        seen |= 1U << member;
        return true;
    }

    bool on_string_part(string_view part, std::size_t, error_code&) {
        texts.append(part.data(), part.size());
        return true;
    }
    bool on_string(string_view part, std::size_t size, error_code& error) {
        if (!is_open) return refuse(problem::json_syntax, error);
        (void)on_string_part(part, size, error);
        const auto text = std::string_view{texts}.substr(text_begin);
        if (in_proof) return check(proof.text(text), error);
        if (member == answer_member) {
            if (text != "compact" && text != "names") return refuse(problem::member_type, error);
            into->form = text == "names" ? answer_form::names : answer_form::compact;
            return true;
        }
        if (member >= request_field_count) return refuse(problem::member_type, error);
        if (const auto put = set_field(static_cast<request_field>(member), text, into->claims); !put) {
            fault.error = put.error();
            return refuse(problem::none, error);
        }
        return true;
    }

    bool on_number_part(string_view, error_code&) { return true; }
    bool on_uint64(std::uint64_t value, string_view, error_code& error) {
        if (!is_open) return refuse(problem::json_syntax, error);
        if (in_proof) return check(proof.number(value), error);
        constexpr std::uint64_t code_max = std::numeric_limits<std::uint16_t>::max();
        if (member == officer_member) {
            into->officer = value;
        } else if (member == max_age_member && value <= std::numeric_limits<std::int64_t>::max()) {
            into->max_age_ms = static_cast<std::int64_t>(value);
        } else if (member == static_cast<std::size_t>(request_field::agency) && value <= code_max) {
            into->claims.agency = static_cast<std::uint16_t>(value);
        } else if (member == static_cast<std::size_t>(request_field::procedure) && value <= code_max) {
            into->claims.procedure = static_cast<std::uint16_t>(value);
        } else {
            return refuse(problem::member_type, error);
        }
        return true;
    }
    bool on_int64(std::int64_t value, string_view text, error_code& error) {
        if (value < 0) return refuse(is_open ? problem::member_type : problem::json_syntax, error);
        return on_uint64(static_cast<std::uint64_t>(value), text, error);
    }
    bool on_other(error_code& error) { return refuse(is_open ? problem::member_type : problem::json_syntax, error); }
    bool on_double(double, string_view, error_code& error) { return on_other(error); }
    bool on_bool(bool, error_code& error) { return on_other(error); }
    bool on_null(error_code& error) { return on_other(error); }
    bool on_comment_part(string_view, error_code&) { return true; }
    bool on_comment(string_view, error_code&) { return true; }
};

}  // namespace

struct question_reader::parser : json::basic_parser<question_handler> {
    parser() : basic_parser{json::parse_options{}} {}
    using basic_parser::handler;
};

question_reader::question_reader() : parser_{std::make_unique<parser>()} {}
question_reader::~question_reader() = default;

std::optional<question_fault> question_reader::read(std::string_view text, question_place where, question& into) {
    auto& handler = parser_->handler();
    into = {};
    parser_->reset();
    handler.into = &into;
    handler.where = where;
    handler.fault = {};
    handler.texts.clear();
    handler.texts.reserve(text.size());
    handler.key_size = 0;
    handler.member = no_member;
    handler.seen = 0;
    handler.keys = 0;
    handler.is_open = false;
    handler.in_proof = false;
    json::error_code error;
    const auto used = parser_->write_some(false, text.data(), text.size(), error);
    if (handler.fault.what != problem::none || handler.fault.error) return handler.fault;
    if (error || used != text.size() || !handler.is_open) return question_fault{problem::json_syntax};
    if ((handler.seen >> static_cast<unsigned>(request_field::id) & 1U) == 0)
        return question_fault{problem::member_missing, {}, member_names[static_cast<std::size_t>(request_field::id)]};
    return std::nullopt;
}

}  // namespace xacthuc::inline v0_1::service
