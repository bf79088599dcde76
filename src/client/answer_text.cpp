// SPDX-License-Identifier: Apache-2.0
#include "client/answer_text.hpp"

#include <boost/json/parse.hpp>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace xacthuc::inline v0_1::client {
namespace {

namespace json = boost::json;

[[nodiscard]] std::string_view view_of(const json::string& text) noexcept {
    return {text.data(), text.size()};
}

// The members of an object, by name and type. What is missing or wrong is remembered.
class member_reader {
  public:
    explicit member_reader(std::string_view text) {
        boost::system::error_code failed;
        value_ = json::parse({text.data(), text.size()}, failed);
        of_ = failed ? nullptr : value_.if_object();
        is_right_ = of_ != nullptr;
    }
    explicit member_reader(const json::value& of) : of_{of.if_object()}, is_right_{of_ != nullptr} {}
    member_reader(const member_reader&) = delete;
    member_reader& operator=(const member_reader&) = delete;
    ~member_reader() = default;

    [[nodiscard]] bool is_right() const noexcept { return is_right_; }
    [[nodiscard]] bool has(std::string_view name) const noexcept { return find(name) != nullptr; }

    template <class Number>
    [[nodiscard]] Number number(std::string_view name, std::uint64_t most = std::numeric_limits<Number>::max()) {
        const auto* const found = find(name);
        std::uint64_t value = most;
        if (found != nullptr && found->is_int64() && found->get_int64() >= 0) {
            value = static_cast<std::uint64_t>(found->get_int64());
        } else if (found != nullptr && found->is_uint64()) {
            value = found->get_uint64();
        } else {
            is_right_ = false;
        }
        is_right_ = is_right_ && value <= most;
        return static_cast<Number>(std::min(value, most));
    }
    [[nodiscard]] moment time(std::string_view name) {
        return moment{std::chrono::milliseconds{number<std::int64_t>(name)}};
    }
    [[nodiscard]] std::string_view text(std::string_view name) {
        const auto* const found = find(name);
        if (found != nullptr && found->is_string()) return view_of(found->get_string());
        is_right_ = false;
        return {};
    }
    // Of a member that may be left out.
    [[nodiscard]] std::string_view text_or_none(std::string_view name) { return has(name) ? text(name) : ""; }
    [[nodiscard]] bool flag(std::string_view name) {
        const auto* const found = find(name);
        if (found == nullptr) return false;
        is_right_ = is_right_ && found->is_bool();
        return found->is_bool() && found->get_bool();
    }
    [[nodiscard]] const json::array* list(std::string_view name) {
        const auto* const found = find(name);
        is_right_ = is_right_ && found != nullptr && found->is_array();
        return is_right_ ? &found->get_array() : nullptr;
    }
    [[nodiscard]] outcome one_outcome() {
        constexpr std::uint64_t most = 1023;
        return static_cast<outcome>(number<std::uint16_t>("outcome", most));
    }
    [[nodiscard]] claim_mask mask(std::string_view name) { return number<claim_mask>(name, all_claims); }
    void must(bool holds) noexcept { is_right_ = is_right_ && holds; }

  private:
    [[nodiscard]] const json::value* find(std::string_view name) const noexcept {
        return of_ == nullptr ? nullptr : of_->if_contains({name.data(), name.size()});
    }

    json::value value_;
    const json::object* of_;
    bool is_right_;
};

[[nodiscard]] verdict verdict_of(member_reader& from) {
    const auto text = from.text("grade");
    std::optional<name_grade> grade;
    for (const auto each : {name_grade::none, name_grade::folded, name_grade::exact, name_grade::marks_differ})
        if (to_string(each) == text) grade = each;
    from.must(grade.has_value());
    return {from.one_outcome(),
            from.mask("matched"),
            from.mask("mismatched"),
            from.mask("unavailable"),
            grade.value_or(name_grade::none),
            from.flag("coarse"),
            from.flag("claim_coarse")};
}

// What stays nothing where the member is left out.
template <class T>
[[nodiscard]] std::optional<T> number_or_none(member_reader& from, std::string_view name) {
    return from.has(name) ? std::optional{from.number<T>(name)} : std::nullopt;
}

[[nodiscard]] std::optional<claim_mask> claims_of(member_reader& from) {
    if (!from.has("claims")) return std::nullopt;
    claim_mask made = 0;
    const auto* const names = from.list("claims");
    if (names == nullptr) return std::nullopt;
    for (const auto& each : *names) {
        const auto kind = each.is_string() ? parse_claim(view_of(each.get_string())) : std::nullopt;
        from.must(kind.has_value());
        if (kind) made = static_cast<claim_mask>(made | mask_of(*kind));
    }
    return made;
}

[[nodiscard]] access access_of(member_reader& from) {
    access made;
    made.at = from.time("at_unix_ms");
    made.agency = from.number<std::uint16_t>("agency");
    made.procedure = number_or_none<std::uint16_t>(from, "procedure");
    made.claims = claims_of(from);
    if (from.has("outcome")) made.outcome = from.one_outcome();
    made.withheld = from.flag("withheld");
    return made;
}

}  // namespace

std::optional<answer> read_answer(std::string_view text) {
    member_reader from{text};
    answer made;
    made.said = verdict_of(from);
    made.sequence = from.number<std::uint64_t>("sequence");
    made.as_of = from.time("as_of_unix_ms");
    made.receipt = from.text_or_none("receipt");
    return from.is_right() ? std::optional{std::move(made)} : std::nullopt;
}

std::optional<register_state> read_register_state(std::string_view text) {
    member_reader from{text};
    register_state made;
    made.sequence = from.number<std::uint64_t>("sequence");
    made.as_of = from.time("as_of_unix_ms");
    made.age = std::chrono::milliseconds{from.number<std::int64_t>("age_ms")};
    made.citizens = from.number<std::uint64_t>("citizens");
    const auto digits = from.text("digest_key");
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), made.digest_key, 16);
    from.must(failed == std::errc{} && digits.size() == 16 && end == digits.data() + digits.size());
    return from.is_right() ? std::optional{made} : std::nullopt;
}

std::optional<accesses> read_accesses(std::string_view text) {
    member_reader from{text};
    accesses made;
    made.total = from.number<std::uint64_t>("total");
    made.page = from.number<std::uint32_t>("page");
    const auto* const all = from.list("accesses");
    if (all == nullptr) return std::nullopt;
    for (const auto& each : *all) {
        member_reader one{each};
        made.shown.push_back(access_of(one));
        from.must(one.is_right());
    }
    return from.is_right() ? std::optional{std::move(made)} : std::nullopt;
}

std::optional<answered<verdict>> read_line(std::string_view text) {
    member_reader from{text};
    if (from.has("outcome")) {
        const auto said = verdict_of(from);
        return from.is_right() ? std::optional<answered<verdict>>{said} : std::nullopt;
    }
    no_answer why{.kind = no_answer_kind::problem};
    why.code = from.number<int>("code");
    why.title = from.text("title");
    why.member = from.text_or_none("member");
    return from.is_right() ? std::optional<answered<verdict>>{std::move(why)} : std::nullopt;
}

bool read_problem(std::string_view text, no_answer& into) {
    member_reader from{text};
    no_answer made;
    made.code = from.number<int>("code");
    made.title = from.text("title");
    made.member = from.text_or_none("member");
    made.detail = from.text_or_none("detail");
    if (!from.is_right()) return false;
    into.code = made.code;
    into.title = std::move(made.title);
    into.member = std::move(made.member);
    into.detail = std::move(made.detail);
    return true;
}

}  // namespace xacthuc::inline v0_1::client
