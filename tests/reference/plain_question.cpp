// SPDX-License-Identifier: Apache-2.0
#include "reference/plain_question.hpp"

#include <array>
#include <limits>
#include <set>
#include <xacthuc/domain/request_field.hpp>

#include "reference/plain_json.hpp"

namespace xacthuc::tests {
namespace {

// A whole number from 0 to the most; none: something else.
[[nodiscard]] std::optional<std::uint64_t> whole_number(const plain_json& of, std::uint64_t most) {
    if (of.kind != plain_json::kinds::number) return std::nullopt;
    if (of.text == "-0") return 0;
    if (of.text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    // A number of JSON does not begin with a 0.
    const auto limit = std::to_string(most);
    const bool is_within = of.text.size() < limit.size() || (of.text.size() == limit.size() && of.text <= limit);
    return is_within ? std::optional{std::uint64_t{std::stoull(of.text)}} : std::nullopt;
}

template <std::size_t Size>
[[nodiscard]] bool read_hex(const plain_json& of, std::array<std::byte, Size>& into) {
    if (of.kind != plain_json::kinds::text || of.text.size() != 2 * Size) return false;
    if (of.text.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return false;
    for (std::size_t k = 0; k < Size; ++k)
        into[k] = static_cast<std::byte>(std::stoul(of.text.substr(2 * k, 2), nullptr, 16));
    return true;
}

[[nodiscard]] std::optional<holder_proof> read_proof(const plain_json& of) {
    if (of.kind != plain_json::kinds::object || of.names.size() != 3) return std::nullopt;
    holder_proof made{};
    std::set<std::string> names;
    for (std::size_t k = 0; k < of.names.size(); ++k) {
        const auto& name = of.names[k];
        const auto& value = of.items[k];
        names.insert(name);
        bool is_read = false;
        if (name == "issued_at_unix_ms") {
            const auto at = whole_number(value, std::numeric_limits<std::int64_t>::max());
            if (at) made.issued_at_unix_ms = static_cast<std::int64_t>(*at);
            is_read = at.has_value();
        }
        if (name == "nonce") is_read = read_hex(value, made.nonce);
        if (name == "signature") is_read = read_hex(value, made.signature.bytes);
        if (!is_read) return std::nullopt;
    }
    return names.size() == 3 ? std::optional{made} : std::nullopt;
}

[[nodiscard]] bool read_field(request_field field, const plain_json& value, plain_question& into) {
    if (value.kind == plain_json::kinds::text)
        return set_field(field, into.texts->emplace_back(value.text), into.claims).has_value();
    const auto code = whole_number(value, 65'535);
    if (!code) return false;
    if (field == request_field::agency) into.claims.agency = static_cast<std::uint16_t>(*code);
    if (field == request_field::procedure) into.claims.procedure = static_cast<std::uint16_t>(*code);
    return field == request_field::agency || field == request_field::procedure;
}

[[nodiscard]] bool read_member(const std::string& name, const plain_json& value, bool is_in_batch,
                               plain_question& into) {
    for (std::size_t k = 0; k < request_field_count; ++k) {
        const auto field = static_cast<request_field>(k);
        if (name == to_string(field)) return read_field(field, value, into);
    }
    if (name == "answer") {
        into.wants_names = value.text == "names";
        return value.kind == plain_json::kinds::text && (value.text == "names" || value.text == "compact");
    }
    if (name == "holder_proof") {
        into.holder = read_proof(value);
        return into.holder.has_value();
    }
    if (is_in_batch) return false;
    if (name == "officer") {
        const auto who = whole_number(value, std::numeric_limits<std::uint64_t>::max());
        into.officer = who.value_or(0);
        return who.has_value();
    }
    if (name == "max_age_ms") {
        into.max_age_ms = whole_number(value, std::numeric_limits<std::int64_t>::max());
        return into.max_age_ms.has_value();
    }
    return false;
}

}  // namespace

std::optional<plain_question> read_plain_question(std::string_view text, bool is_in_batch) {
    const auto tree = read_plain_json(text);
    if (!tree || tree->kind != plain_json::kinds::object) return std::nullopt;
    plain_question made;
    std::set<std::string> names;
    for (std::size_t k = 0; k < tree->names.size(); ++k) {
        const auto& name = tree->names[k];
        if (!names.insert(name).second || !read_member(name, tree->items[k], is_in_batch, made)) return std::nullopt;
    }
    return names.contains("id") ? std::optional{std::move(made)} : std::nullopt;
}

}  // namespace xacthuc::tests
