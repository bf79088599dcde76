// SPDX-License-Identifier: Apache-2.0
// Reads one JSON object member by member, by Boost.JSON's parser and without a tree: texts, whole numbers, and a
// holder's proof, the only object within. Each member is taken once; whatever else comes is refused with its place.
//
// What is read derives from json_members and has
//
//   find_member(name)           its number, or no_member
//   name_of(member)             the name that faults have
//   proof_member                the number of the one that is a proof
//   proof_place()               where the proof goes, once it is whole
//   take_text(text, error)      what the member says; false: refused
//   take_number(value, error)
#pragma once

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "service/problem.hpp"
#include "service/proof_text.hpp"

namespace xacthuc::inline v0_1::service {

// The functions on_…() are those that boost::json::basic_parser calls for each thing that it finds; false ends it.
template <class Derived>
class json_members {
  public:
    // What a limit would refuse is refused by the fault.
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    static constexpr std::size_t no_member = std::numeric_limits<std::size_t>::max();
    using error_code = boost::json::error_code;
    using string_view = boost::json::string_view;

    // Reads the text. The views that take_text() gets stay until the next call.
    // Returns what is wrong, where something is.
    template <class Parser>
    [[nodiscard]] static std::optional<question_fault> read(Parser& parser, std::string_view text) {
        json_members& self = parser.handler();
        parser.reset();
        self.fault_ = {};
        self.texts_.clear();
        // So that views into it stay.
        self.texts_.reserve(text.size());
        self.key_size_ = 0;
        self.member_ = no_member;
        self.seen_ = 0;
        self.depth_ = 0;
        error_code error;
        const auto used = parser.write_some(false, text.data(), text.size(), error);
        if (self.fault_.what != problem::none || self.fault_.error) return self.fault_;
        if (error || used != text.size()) return question_fault{problem::json_syntax, {}, {}};
        return std::nullopt;
    }
    [[nodiscard]] bool has(std::size_t member) const noexcept { return (seen_ >> member & 1U) != 0; }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code& error) {
        if (depth_ != 0 && (depth_ != 1 || member_ != Derived::proof_member)) return refuse_value(error);
        if (++depth_ == in_proof) proof_.begin();
        return true;
    }
    bool on_object_end(std::size_t, error_code& error) {
        if (depth_ == in_proof && !check(proof_.end(derived().proof_place()), error)) return false;
        --depth_;
        return true;
    }
    bool on_array_begin(error_code& error) { return refuse_value(error); }
    bool on_array_end(std::size_t, error_code&) { return true; }

    bool on_key_part(string_view part, std::size_t, error_code& error) {
        if (key_size_ + part.size() > key_.size()) {
            member_ = no_member;
            return refuse(problem::unknown_member, error);
        }
        std::ranges::copy(part, key_.begin() + static_cast<std::ptrdiff_t>(key_size_));
        key_size_ += part.size();
        return true;
    }
    bool on_key(string_view part, std::size_t size, error_code& error) {
        if (!on_key_part(part, size, error)) return false;
        const std::string_view name{key_.data(), std::exchange(key_size_, 0)};
        text_begin_ = texts_.size();
        if (depth_ == in_proof) return check(proof_.key(name), error);
        member_ = derived().find_member(name);
        if (member_ == no_member) return refuse(problem::unknown_member, error);
        if (has(member_)) return refuse(problem::member_twice, error);
        seen_ |= 1U << member_;
        return true;
    }

    bool on_string_part(string_view part, std::size_t, error_code&) {
        texts_.append(part.data(), part.size());
        return true;
    }
    bool on_string(string_view part, std::size_t, error_code& error) {
        if (depth_ == 0) return refuse_value(error);
        texts_.append(part.data(), part.size());
        const auto text = std::string_view{texts_}.substr(text_begin_);
        return depth_ == in_proof ? check(proof_.text(text), error) : derived().take_text(text, error);
    }

    bool on_number_part(string_view, error_code&) { return true; }
    bool on_uint64(std::uint64_t value, string_view, error_code& error) {
        if (depth_ == 0) return refuse_value(error);
        return depth_ == in_proof ? check(proof_.number(value), error) : derived().take_number(value, error);
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

  protected:
    json_members() = default;

    [[nodiscard]] std::size_t member() const noexcept { return member_; }
    [[nodiscard]] bool refuse(problem what, error_code& error) {
        fault_.what = what;
        if (depth_ == in_proof)
            fault_.member = proof_.member();
        else if (member_ != no_member)
            fault_.member = Derived::name_of(member_);
        error = boost::json::error::syntax;
        return false;
    }
    [[nodiscard]] bool refuse(const boost::system::error_code& why, std::size_t member, error_code& error) {
        member_ = member;
        return refuse(why, error);
    }
    [[nodiscard]] bool refuse(const boost::system::error_code& why, error_code& error) {
        fault_.error = why;
        return refuse(problem::none, error);
    }
    // Of the wrong type or range; without an object around it, it is no question at all.
    [[nodiscard]] bool refuse_value(error_code& error) {
        return refuse(depth_ == 0 ? problem::json_syntax : problem::member_type, error);
    }

  private:
    static constexpr unsigned in_proof = 2;

    [[nodiscard]] Derived& derived() noexcept { return static_cast<Derived&>(*this); }
    [[nodiscard]] bool check(problem what, error_code& error) { return what == problem::none || refuse(what, error); }

    question_fault fault_;
    proof_text_reader proof_;
    std::string texts_;
    std::array<char, 32> key_{};
    std::size_t key_size_ = 0;
    std::size_t member_ = no_member;
    std::size_t text_begin_ = 0;
    std::uint32_t seen_ = 0;
    unsigned depth_ = 0;
};

}  // namespace xacthuc::inline v0_1::service
