// SPDX-License-Identifier: Apache-2.0
#include "request_columns.hpp"

#include <bit>
#include <string>
#include <string_view>

#include "arguments.hpp"
#include "columns/made_row.hpp"
#include "interpreter.hpp"
#include "python_text.hpp"
#include "verdict_columns.hpp"

namespace xacthuc::python {
namespace {

// ((claim, its bit of masks), …)
[[nodiscard]] nb::tuple bits_of(claim_mask claims) {
    nb::list all;
    for_each_claim(claims, [&](claim kind) {
        all.append(nb::make_tuple(python_text(to_string(kind)), static_cast<unsigned>(kind)));
    });
    return nb::tuple{all};
}

// (((field, position of its column), …), ((claim, bit of masks), …)): what verify() would do with such a table. Throws
// what it does.
[[nodiscard]] nb::tuple request_plan(nb::handle rows, const nb::dict& keywords, const nb::object& ignore,
                                     const nb::object& require, const nb::list& kept) {
    const arrow_table table{rows};
    request_arguments given{{}, ignore, require};
    for (std::size_t i = 0; i < request_field_count; ++i) {
        const auto name = python_text(to_string(static_cast<request_field>(i)));
        given.fields[i] = keywords.contains(name) ? nb::object{keywords[name]} : nb::none();
    }
    std::vector<std::size_t> places;
    for (const auto place : kept) places.push_back(whole_number(place, "kept", 0, table.columns()));
    auto how = given.columns();
    how.kept = places;
    const auto claims = claims_of(request_columns{table, how});
    (void)required_claims(require, claims);
    nb::list columns;
    for (const auto& [field, position] : choose_columns(table, how))
        columns.append(nb::make_tuple(python_text(to_string(static_cast<request_field>(field))), position));
    return nb::make_tuple(nb::tuple{columns}, bits_of(claims));
}

}  // namespace

void define_request_plan(nb::module_& module) {
    module.def("request_plan", &request_plan, nb::arg("table").none(), nb::arg("keywords"), nb::arg("ignore").none(),
               nb::arg("require").none(), nb::arg("kept"));
    module.def("claim_bits", [] { return bits_of(all_claims); });
}

claim_mask claims_of(const request_columns& plan) {
    // Claims are the fields after the id, in the same order.
    const auto claims = static_cast<claim_mask>(plan.fields() >> 1U & ((1U << claim_count) - 1));
    if (claims == 0)
        throw column_error{
            "nothing is claimed: no column beside the id is known by its heading or named by a keyword, "
            "such as name= or birth_date="};
    return claims;
}

claim_mask required_claims(nb::handle names, claim_mask claims) {
    claim_mask required = 0;
    const auto add = [&](nb::handle name) {
        if (!nb::isinstance<nb::str>(name)) throw column_error{"require: wanted names of claims, such as ['name']"};
        const auto word = text_of(name);
        const auto kind = parse_claim(word);
        if (!kind) throw column_error{"require: there is no claim '" + word + "'"};
        required = static_cast<claim_mask>(required | mask_of(*kind));
    };
    if (names.is_none()) return 0;
    if (nb::isinstance<nb::str>(names)) {
        add(names);
    } else {
        if (!has_attribute(names, "__iter__")) throw column_error{"require: wanted names of claims, such as ['name']"};
        for (const auto name : names) add(name);
    }
    const auto missing = missing_claims(claims, required);
    if (missing != 0)
        throw column_error{"require: no column is named for " +
                           std::string{to_string(static_cast<claim>(std::countr_zero(missing)))}};
    return required;
}

void prepare_rows(const request_columns::rows& rows, std::int64_t first, const preparing& how,
                  std::span<request> requests, std::vector<row_problem>& problems) {
    for (std::size_t i = 0; i < requests.size(); ++i) {
        claim_set claims = rows.for_all();
        row_problem problem;
        bool is_good = rows.read(first + static_cast<std::int64_t>(i), claims, problem);
        if (is_good) {
            if (claims.agency == 0) claims.agency = how.agency;
            const auto why = columns::make_request(claims, how.key, how.required, requests[i]);
            if (why) problem = problem_at(static_cast<std::uint64_t>(first) + i, why);
            is_good = !why;
        }
        if (is_good) continue;
        requests[i] = {};
        problems.push_back(problem);
    }
}

}  // namespace xacthuc::python
