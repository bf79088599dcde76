// SPDX-License-Identifier: Apache-2.0
// Holds answers against openapi.json: path, method, status, media type and every member of the body. It knows of JSON
// Schema what the contract uses, and refuses the rest.
#pragma once

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <regex>
#include <sstream>
#include <string>

#include "service/raw_client.hpp"

namespace xacthuc::tests {

class contract_check {
  public:
    explicit contract_check(std::string_view text) : all_(boost::json::parse({text.data(), text.size()})) {}

    // What is wrong with an answer; empty where nothing is.
    [[nodiscard]] std::string wrong(const std::string& path, const std::string& method,
                                    const http_answer& answer) const {
        const auto* const operation = find(all_, {"paths", path, method});
        if (operation == nullptr) return "no such operation";
        const auto* response = find(*operation, {"responses", std::to_string(answer.status)});
        if (response == nullptr) return "status " + std::to_string(answer.status) + " is not told of";
        response = &resolved(*response);
        const auto given = answer.header("content-type");
        const auto* const content = find(*response, {"content", given.substr(0, given.find(';'))});
        if (content == nullptr) return "media type " + given + " is not told of";
        if (given.starts_with("text/") || given.starts_with("application/vnd.") || given == "application/octet-stream")
            return "";
        const auto& schema = content->as_object().at("schema");
        if (given != "application/x-ndjson") return wrong_value(schema, boost::json::parse(answer.body));
        std::istringstream lines{answer.body};
        for (std::string line; std::getline(lines, line);)
            if (auto what = wrong_value(schema, boost::json::parse(line)); !what.empty()) return what;
        return "";
    }

  private:
    using value = boost::json::value;

    [[nodiscard]] static const value* find(const value& in, std::initializer_list<std::string> path) {
        const auto* at = &in;
        for (const auto& each : path) {
            if (!at->is_object()) return nullptr;
            at = at->as_object().if_contains(each);
            if (at == nullptr) return nullptr;
        }
        return at;
    }
    [[nodiscard]] const value& resolved(const value& of) const {
        const auto* const reference = find(of, {"$ref"});
        if (reference == nullptr) return of;
        const value* at = &all_;
        std::istringstream parts{std::string{reference->as_string()}.substr(2)};
        for (std::string part; std::getline(parts, part, '/');) at = &at->as_object().at(part);
        return *at;
    }

    [[nodiscard]] std::string wrong_value(const value& schema_or_reference, const value& of) const {
        const auto& schema = resolved(schema_or_reference).as_object();
        if (const auto* const choices = schema.if_contains("oneOf")) {
            int fit = 0;
            std::string why;
            for (const auto& each : choices->as_array()) {
                const auto what = wrong_value(each, of);
                fit += what.empty() ? 1 : 0;
                why += what + "; ";
            }
            return fit == 1 ? "" : "fits " + std::to_string(fit) + " of the choices: " + why;
        }
        const std::string type{schema.at("type").as_string()};
        if (type == "object") return wrong_object(schema, of);
        if (type == "array") {
            if (!of.is_array()) return "no array";
            for (const auto& each : of.as_array())
                if (auto what = wrong_value(schema.at("items"), each); !what.empty()) return what;
            return "";
        }
        if (type == "boolean") return of.is_bool() ? "" : "no boolean";
        if (type == "integer") {
            if (!of.is_int64() && !of.is_uint64()) return "no integer";
            const auto number = of.to_number<std::int64_t>();
            if (const auto* const least = schema.if_contains("minimum"); least != nullptr && number < least->as_int64())
                return "below the least";
            if (const auto* const most = schema.if_contains("maximum"); most != nullptr && number > most->as_int64())
                return "above the most";
            return "";
        }
        if (type != "string") return "a schema of type " + type;
        if (!of.is_string()) return "no string";
        const std::string text{of.as_string()};
        if (const auto* const pattern = schema.if_contains("pattern"))
            if (!std::regex_search(text, std::regex{std::string{pattern->as_string()}})) return "not of the pattern";
        if (const auto* const words = schema.if_contains("enum")) {
            for (const auto& each : words->as_array())
                if (each == of) return "";
            return "not one of the words";
        }
        return "";
    }

    [[nodiscard]] std::string wrong_object(const boost::json::object& schema, const value& of) const {
        if (!of.is_object()) return "no object";
        const auto* const properties = schema.if_contains("properties");
        if (properties == nullptr) return "";
        if (const auto* const required = schema.if_contains("required"))
            for (const auto& each : required->as_array())
                if (!of.as_object().contains(each.as_string())) return "without " + std::string{each.as_string()};
        for (const auto& [name, member] : of.as_object()) {
            const auto* const property = properties->as_object().if_contains(name);
            if (property == nullptr) return "with " + std::string{name};
            if (auto what = wrong_value(*property, member); !what.empty()) return std::string{name} + ": " + what;
        }
        return "";
    }

    value all_;
};

}  // namespace xacthuc::tests
