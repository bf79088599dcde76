// SPDX-License-Identifier: Apache-2.0
#include "service/routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <charconv>
#include <cstring>

#include "columns/made_row.hpp"
#include "http_fields/content_digest.hpp"
#include "http_fields/correlator.hpp"
#include "service/answer_signature.hpp"
#include "service/body_hash.hpp"
#include "service/connection.hpp"
#include "service/contract.hpp"
#include "service/desk.hpp"
#include "service/proof_text.hpp"
#include "service/record_routes.hpp"
#include "service/verdict_text.hpp"
#include "service/worker.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

constexpr std::string_view lines_type = "application/x-ndjson";
constexpr std::string_view requests_type = "application/vnd.xacthuc.requests";
constexpr std::string_view verdicts_type = "application/vnd.xacthuc.verdicts";

constexpr std::array<route, route_count> every_route{{
    {"/v1/verify", http_method::post, route_kind::verify},
    {"/v1/verify/batch", http_method::post, route_kind::batch},
    {"/v1/register", http_method::get, route_kind::register_state},
    {"/livez", http_method::get, route_kind::live},
    {"/readyz", http_method::get, route_kind::ready},
    {"/metrics", http_method::get, route_kind::metrics},
    {"/openapi.json", http_method::get, route_kind::contract},
    {"/", http_method::get, route_kind::desk},
    {"/v1/my/accesses", http_method::post, route_kind::accesses},
    {"/v1/receipts/", http_method::get, route_kind::receipt},
    {"/v1/ledger/", http_method::get, route_kind::log_file},
}};

// One that ends with a slash is all that begin so.
[[nodiscard]] bool is_of_route(const route& of, std::string_view path) noexcept {
    return of.path.size() > 1 && of.path.ends_with('/') ? path.starts_with(of.path) : path == of.path;
}

// What is given to everybody is given without a look at it.
[[nodiscard]] bool looks_at_signature(route_kind kind) noexcept {
    constexpr std::array of_all{route_kind::live,     route_kind::ready,    route_kind::metrics,
                                route_kind::contract, route_kind::log_file, route_kind::desk};
    return std::ranges::find(of_all, kind) == of_all.end();
}

// Without its parameters.
[[nodiscard]] bool is_type(std::string_view given, std::string_view wanted) noexcept {
    given = given.substr(0, given.find(';'));
    while (given.ends_with(' ') || given.ends_with('\t')) given.remove_suffix(1);
    return boost::beast::iequals({given.data(), given.size()}, {wanted.data(), wanted.size()});
}

template <class Number>
[[nodiscard]] bool parse_whole(std::string_view text, Number& into, int base = 10) noexcept {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), into, base);
    return failed == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::optional<question_fault> fault_of_holder(const question& asked, const served_register& in) {
    // Nobody else remembers that a proof was used.
    if (!asked.holder || in.has_guards()) return std::nullopt;
    return question_fault{problem::holder_proof_not_taken, {}, holder_proof_member};
}

std::optional<question_fault> prepare_question(question& asked, const digest_key& key,
                                               std::optional<std::uint16_t> agency, request& into) {
    if (asked.claims.agency == 0) asked.claims.agency = agency.value_or(0);
    const auto why = columns::make_request(asked.claims, key, 0, into);
    if (!why) return std::nullopt;
    return question_fault{problem::none, why.why(), why.name()};
}

planned plan(const request_head& head) noexcept {
    planned made;
    made.file = find_desk_file(head.path);
    const auto path = made.file != nullptr ? "/" : head.path;
    const auto found = std::ranges::find_if(every_route, [&](const route& of) { return is_of_route(of, path); });
    if (found == every_route.end()) {
        made.refused = problem::no_such_path;
        return made;
    }
    made.to = &*found;
    made.rest = head.path.substr(found->path.size());
    if (head.method != found->method) {
        made.refused = problem::method_not_allowed;
    } else if (!is_correlator(head.correlator)) {
        made.refused = problem::correlator;
    } else if (!head.officer.empty() && !parse_whole(head.officer, made.officer)) {
        made.refused = problem::officer;
    } else if (found->kind == route_kind::verify || found->kind == route_kind::accesses) {
        if (!is_type(head.content_type, json_type)) made.refused = problem::media_type;
    } else if (found->kind == route_kind::batch) {
        made.takes_lines = is_type(head.content_type, lines_type);
        if (!made.takes_lines && !is_type(head.content_type, requests_type)) made.refused = problem::media_type;
    }
    return made;
}

std::optional<std::uint16_t> routes::exchange::agency() const noexcept {
    return proof != nullptr ? proof->agency : to.agency();
}

std::string routes::signature_lines(const exchange& with, unsigned status, std::string_view type,
                                    std::string_view body) const {
    std::string lines;
    const auto& keys = worker_.signatures();
    if (!keys.can_sign() || !(is_signed(with.head) || with.head.wants_signature)) return lines;
    append_answer_signature(lines,
                            {.status = status,
                             .type = type,
                             .body = body,
                             .method = with.head.method == http_method::get ? "GET" : "POST",
                             .path = with.head.path,
                             .request = with.proof},
                            keys, worker_.now_unix_ms());
    return lines;
}

void routes::give(const exchange& with, std::string_view type, std::string_view body, std::string_view further) {
    const auto lines = signature_lines(with, 200, type, body);
    append_answer(with.to.out(),
                  {.type = type,
                   .correlator = with.head.correlator,
                   .further = further,
                   .signature = lines,
                   .closes = with.closes},
                  body, worker_.date());
}

void routes::give(const exchange& with, problem why) {
    give(with, question_fault{why, {}, {}});
}

void routes::give(const exchange& with, const question_fault& why) {
    give_problem(with, why.what, status_of(why), problem_document(why));
}

void routes::give(const exchange& with, const signature_fault& why) {
    give_problem(with, why.what, facts_of(why.what).status, problem_document(why.what, {}, detail_of(why)));
}

void routes::give_problem(const exchange& with, problem why, unsigned status, std::string_view document) {
    worker_.metrics().count(why);
    const auto lines = signature_lines(with, status, problem_type, document);
    answer_head head{.status = status, .type = problem_type, .signature = lines, .closes = with.closes};
    head.retry_after_s = worker_.signatures().retry_after_s(why);
    if (is_correlator(with.head.correlator)) head.correlator = with.head.correlator;
    if (why == problem::method_not_allowed) head.allow = with.what.to->method == http_method::get ? "GET" : "POST";
    // What answers HEAD ends with its head: a client takes more for the next answer.
    if (with.head.is_for_head) {
        head.length = document.size();
        return append_head(with.to.out(), head, worker_.date());
    }
    append_answer(with.to.out(), head, document, worker_.date());
}

bool routes::admit(exchange& with, std::string_view body) {
    const auto& head = with.head;
    const bool asks = with.what.to->kind == route_kind::verify || with.what.to->kind == route_kind::batch;
    if (is_signed(head)) {
        base_.clear();
        const auto fault =
            admit_signature({head, with.to.with_tls(), head.content_length.value_or(0) != 0}, with.to.agency(),
                            worker_.signatures(), worker_.now_unix_ms(), proof_, base_);
        if (fault.what != problem::none) return give(with, fault), false;
        with.proof = &proof_;
    } else if (asks && with.to.must_sign()) {
        return give(with, problem::signature_missing), false;
    }
    if (head.content_digest.empty()) return true;
    if (head.repeats_signature || !is_content_digest_right(head.content_digest, body, body_hash))
        return give(with, problem::content_digest), false;
    return true;
}

bool routes::verify_signature(const exchange& with) {
    if (with.proof == nullptr) return true;
    verify_signatures({with.proof, 1}, base_, worker_.nonces(), worker_.now_unix_ms());
    if (with.proof->refused == problem::none) return true;
    return give(with, with.proof->refused), false;
}

std::optional<std::uint16_t> routes::agency_of_lines(connection& to, const planned& what, const request_head& head,
                                                     std::string_view body, bool closes) {
    exchange with{to, what, head, closes};
    if (worker_.in_use() == nullptr) return give(with, problem::not_ready), std::nullopt;
    if (!admit(with, body) || !verify_signature(with)) return std::nullopt;
    return with.proof->agency;
}

void routes::answer(connection& to, const planned& what, const request_head& head, std::string_view body, bool closes) {
    exchange with{to, what, head, closes};
    if (what.file != nullptr && !worker_.all().has_desk) return give(with, problem::no_such_path);
    if (what.refused != problem::none) return give(with, what.refused);
    worker_.metrics().count(what.to->kind);
    const auto kind = what.to->kind;
    if (looks_at_signature(kind) && !admit(with, body)) return;
    // Those of questions wait for the others of their tick.
    if (looks_at_signature(kind) && kind != route_kind::verify && !verify_signature(with)) return;
    switch (what.to->kind) {
        case route_kind::verify:
            return verify(with, body);
        case route_kind::batch:
            return verify_binary(with, body);
        case route_kind::register_state:
            return tell_register(with);
        case route_kind::live:
            return give(with, json_type, "{\"live\":true}");
        case route_kind::ready:
            return tell_readiness(with);
        case route_kind::metrics:
            return tell_metrics(with);
        case route_kind::contract:
            return give(with, json_type, contract());
        case route_kind::desk:
            return give_file(with);
        case route_kind::accesses:
        case route_kind::receipt:
        case route_kind::log_file:
            return ask_records(with, body);
    }
}

void routes::ask_records(const exchange& with, std::string_view body) {
    const record_request by{with.to, with.head.correlator, with.agency(), with.closes};
    const auto kind = with.what.to->kind;
    const auto fault = kind == route_kind::accesses  ? ask_for_accesses(worker_, by, body)
                       : kind == route_kind::receipt ? ask_for_receipt(worker_, by, with.what.rest)
                                                     : ask_for_log_file(worker_, by, with.what.rest);
    if (fault.what != problem::none || fault.error) give(with, fault);
}

void routes::begin_lines(connection& to, const request_head& head, bool closes) {
    worker_.metrics().count(route_kind::batch);
    append_head(to.out(), {.type = lines_type, .length = std::nullopt, .correlator = head.correlator, .closes = closes},
                worker_.date());
}

void routes::verify(const exchange& with, std::string_view body) {
    const auto* const by = worker_.in_use();
    if (by == nullptr) return give(with, problem::not_ready);
    question asked;
    request made;
    // Who signed wrongly is told that, and not what is wrong with the question.
    if (const auto fault = read_question(with, *by, body, asked, made))
        return verify_signature(with) ? give(with, *fault) : void();
    if (asked.officer == 0) asked.officer = with.what.officer;
    auto& batch = worker_.batch();
    const bool signs = worker_.signatures().can_sign() && (with.proof != nullptr || with.head.wants_signature);
    batch.add({.from = &with.to,
               .who = {with.agency(), asked.officer, asked.holder.has_value()},
               .form = asked.form,
               .closes = with.closes,
               .is_signed = with.proof != nullptr,
               .signs = signs},
              made, with.head.correlator);
    if (asked.holder) batch.add_holder(*asked.holder);
    if (with.proof != nullptr) batch.add_signature(proof_, base_);
    with.to.owe();
    if (batch.is_full() || !worker_.most().tick_batches) worker_.answer_batch();
}

std::optional<question_fault> routes::read_question(const exchange& with, const register_in_use& by,
                                                    std::string_view body, question& asked, request& made) {
    if (auto fault = reader_.read(body, question_place::alone, asked)) return fault;
    if (auto fault = prepare_question(asked, by.key, with.agency(), made)) return fault;
    if (auto fault = fault_of_holder(asked, *worker_.all().source)) return fault;
    if (asked.max_age_ms && worker_.age_ms() > *asked.max_age_ms)
        return question_fault{problem::register_too_old, {}, {}};
    return std::nullopt;
}

void routes::verify_binary(const exchange& with, std::string_view body) {
    const auto* const by = worker_.in_use();
    if (by == nullptr) return give(with, problem::not_ready);
    std::uint64_t fingerprint = 0;
    if (with.head.digest_key.size() != 16 || !parse_whole(with.head.digest_key, fingerprint, 16) ||
        fingerprint != by->key.fingerprint())
        return give(with, problem::digest_key_differs);
    if (body.size() % sizeof(request) != 0) return give(with, problem::batch_length);
    const auto count = body.size() / sizeof(request);
    asked_.resize(count);
    verdicts_.resize(count);
    if (count != 0) std::memcpy(asked_.data(), body.data(), body.size());
    std::optional<ledger_ticket> ticket;
    request_batch batch{.requests = asked_, .asker = with.agency(), .officer = with.what.officer, .ticket = &ticket};
    batch.proofs.now_unix_ms = worker_.now_unix_ms();
    const auto as_of = by->answers.answer(batch, verdicts_);
    if (ticket) with.to.hold_for(*ticket);
    if (count != 0) {
        // The ledger takes all rows of a call, or none.
        const auto first = verdicts_.front().outcome();
        if (first == outcome::ledger_full) return give(with, problem::ledger_full);
        if (first == outcome::ledger_stopped) return give(with, problem::ledger_stopped);
    }
    worker_.metrics().count(verdicts_);
    const auto fresh =
        fmt::format("xacthuc-sequence: {}\r\nxacthuc-as-of-unix-ms: {}\r\n", as_of.sequence, as_of.as_of_unix_ms);
    give(with, verdicts_type, {reinterpret_cast<const char*>(verdicts_.data()), count * sizeof(verdict)}, fresh);
}

void routes::tell_register(const exchange& with) {
    const auto* const by = worker_.in_use();
    if (by == nullptr) return give(with, problem::not_ready);
    const auto facts = by->opened.index().facts();
    give(with, json_type,
         fmt::format(
             "{{\"sequence\":{},\"as_of_unix_ms\":{},\"age_ms\":{},\"citizens\":{},\"digest_key\":\"{:016x}\"}}",
             facts.as_of.sequence, facts.as_of.as_of_unix_ms, worker_.age_ms(), facts.citizens, by->key.fingerprint()));
}

void routes::tell_readiness(const exchange& with) {
    const auto found = worker_.look();
    if (found.is_ready()) return give(with, json_type, "{\"ready\":true}");
    give_problem(with, problem::not_ready, facts_of(problem::not_ready).status, readiness_problem(found));
}

void routes::give_file(const exchange& with) {
    const auto& file = *with.what.file;
    // A browser keeps the files and asks each time whether they are still the same.
    answer_head head{.type = file.type,
                     .correlator = with.head.correlator,
                     .further = file.headers,
                     .cache = "no-cache",
                     .closes = with.closes};
    if (with.head.if_none_match.find(file.tag) != std::string_view::npos)
        return append_not_modified(with.to.out(), head, worker_.date());
    append_answer(with.to.out(), head, file.bytes, worker_.date());
}

void routes::tell_metrics(const exchange& with) {
    give(with, "text/plain; version=0.0.4; charset=utf-8", worker_.metrics_of_all());
}

}  // namespace xacthuc::inline v0_1::service
