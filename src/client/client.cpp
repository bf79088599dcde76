// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>
#include <xacthuc/client/client.hpp>

#include "client/answer_text.hpp"
#include "client/exchange.hpp"
#include "client/exchanges.hpp"
#include "client/question_text.hpp"
#include "http_fields/correlator.hpp"

namespace xacthuc::inline v0_1::client {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view lines_type = "application/x-ndjson";
constexpr std::string_view requests_type = "application/vnd.xacthuc.requests";
// A verdict or a fault as a line has less; an access has less, with the names of all claims.
constexpr std::size_t line_bytes_max = 1024;
constexpr std::size_t access_bytes_max = 1024;
constexpr std::size_t head_room = std::size_t{4} << 10;
constexpr std::size_t receipt_bytes_max = std::size_t{1} << 20;

[[nodiscard]] no_answer not_of_the_contract(unsigned status) {
    return {.kind = no_answer_kind::unanswered, .status = status, .title = "what came is no answer of the service"};
}

// Sends it, and gives what `read` makes of the reply: it returns an optional.
template <class T, class Read>
void send(const std::shared_ptr<exchanges>& by, question_message what, completion<T> done, Read read) {
    const auto call = std::make_shared<exchange>(by, std::move(what));
    done.on_stop([of = std::weak_ptr{call}] {
        if (const auto still = of.lock()) still->stop();
    });
    call->start(completion<reply>{[done = std::move(done), read = std::move(read)](answered<reply>&& got) mutable {
        if (!got) return done(std::move(got).error());
        if (auto made = read(*got)) return done(*std::move(made));
        done(not_of_the_contract(got->result_int()));
    }});
}

template <class T>
void refuse(completion<T> done, no_answer why) {
    done(std::move(why));
}

[[nodiscard]] std::string_view view_of(boost::beast::string_view text) noexcept {
    return {text.data(), text.size()};
}

template <class Number>
[[nodiscard]] std::optional<Number> number_in(const reply& from, std::string_view field) {
    const auto text = view_of(from[boost::beast::string_view{field.data(), field.size()}]);
    Number value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc{} && end == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

[[nodiscard]] std::optional<row_answers> read_rows(std::string_view text, const question_lines& of) {
    row_answers made;
    made.reserve(of.size());
    for (const auto& fault : of.faults()) {
        if (fault) {
            made.emplace_back(*fault);
            continue;
        }
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        auto row = read_line(text.substr(0, end));
        if (!row) return std::nullopt;
        made.push_back(*std::move(row));
        text.remove_prefix(end + 1);
    }
    return text.empty() ? std::optional{std::move(made)} : std::nullopt;
}

[[nodiscard]] std::optional<prepared_answers> read_prepared(const reply& from, std::size_t count) {
    prepared_answers made;
    const auto& bytes = from.body();
    const auto sequence = number_in<std::uint64_t>(from, "xacthuc-sequence");
    const auto as_of = number_in<std::int64_t>(from, "xacthuc-as-of-unix-ms");
    if (bytes.size() != count * sizeof(verdict) || !sequence || !as_of) return std::nullopt;
    made.said.resize(count);
    static_assert(std::is_trivially_copyable_v<verdict>);
    std::memcpy(made.said.data(), bytes.data(), bytes.size());
    made.sequence = *sequence;
    made.as_of = moment{std::chrono::milliseconds{*as_of}};
    return made;
}

[[nodiscard]] std::string bytes_of(std::span<const request> all) {
    return {reinterpret_cast<const char*>(all.data()), all.size_bytes()};
}

[[nodiscard]] std::string digits_of(std::uint64_t fingerprint) {
    std::string text(16, '0');
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), fingerprint, 16).ptr;
    std::copy_backward(digits.data(), end, text.end());
    return text;
}

// The fields that a question has beside its body; or why it cannot be asked so.
[[nodiscard]] std::optional<no_answer> add_fields(question_message& to, const asking& how, bool with_officer) {
    if (!how.correlator.empty()) {
        if (!is_correlator(how.correlator))
            return no_answer{.kind = no_answer_kind::argument,
                             .code = 1103,
                             .title = "x-correlator has characters or a length that it must not have"};
        to.fields.emplace_back("x-correlator", how.correlator);
    }
    if (with_officer && how.officer) to.fields.emplace_back("xacthuc-officer", std::to_string(*how.officer));
    return std::nullopt;
}

[[nodiscard]] bool is_receipt_number(std::string_view text) noexcept {
    const auto line = text.find('-');
    const auto is_number = [](std::string_view digits) {
        return !digits.empty() && digits.size() <= 20 &&
               std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    };
    return line != std::string_view::npos && is_number(text.substr(0, line)) && is_number(text.substr(line + 1));
}

}  // namespace

detailed_result<client> client::open(const boost::asio::any_io_executor& by, std::string_view url,
                                     const client_options& how) {
    auto made = exchanges::open(by, url, how);
    if (!made) return made.error();
    return client{*std::move(made)};
}

boost::asio::any_io_executor client::get_executor() const noexcept {
    return by_->on().get_inner_executor();
}

void client::start_verify(const claim_set& question, const asking& how, completion<answer> done) const {
    if (auto fault = fault_of(question)) return refuse(std::move(done), *std::move(fault));
    question_message made{.target = "/v1/verify",
                          .content_type = json_type,
                          .is_answer_signed = true,
                          .has_holder_proof = how.proof.has_value(),
                          .timeout = how.timeout.value_or(by_->as().timeout)};
    append_question(made.body, question, how);
    if (auto fault = add_fields(made, how, false)) return refuse(std::move(done), *std::move(fault));
    send(by_, std::move(made), std::move(done), [](const reply& got) { return read_answer(got.body()); });
}

void client::start_verify_rows(question_lines questions, const asking& how, completion<row_answers> done) const {
    if (questions.text().empty()) return done(*read_rows({}, questions));
    question_message made{.target = "/v1/verify/batch",
                          .content_type = lines_type,
                          .body = questions.text(),
                          .has_holder_proof = questions.has_proofs(),
                          .answer_bytes_max = head_room + questions.size() * line_bytes_max,
                          .timeout = how.timeout.value_or(by_->as().timeout)};
    if (auto fault = add_fields(made, how, true)) return refuse(std::move(done), *std::move(fault));
    send(by_, std::move(made), std::move(done),
         [of = std::move(questions)](const reply& got) { return read_rows(got.body(), of); });
}

void client::start_verify_prepared(std::span<const request> requests, std::uint64_t digest_key, const asking& how,
                                   completion<prepared_answers> done) const {
    question_message made{.target = "/v1/verify/batch",
                          .content_type = requests_type,
                          .body = bytes_of(requests),
                          .is_answer_signed = true,
                          .answer_bytes_max = requests.size() * sizeof(verdict),
                          .timeout = how.timeout.value_or(by_->as().timeout)};
    made.fields.emplace_back("xacthuc-digest-key", digits_of(digest_key));
    if (auto fault = add_fields(made, how, true)) return refuse(std::move(done), *std::move(fault));
    send(by_, std::move(made), std::move(done),
         [count = requests.size()](const reply& got) { return read_prepared(got, count); });
}

void client::start_register_state(completion<register_state> done) const {
    send(by_,
         {.method = "GET",
          .target = "/v1/register",
          .is_answer_signed = true,
          .only_reads = true,
          .timeout = by_->as().timeout},
         std::move(done), [](const reply& got) { return read_register_state(got.body()); });
}

void client::start_my_accesses(personal_id id, const holder_proof& proof, const access_query& which,
                               completion<accesses> done) const {
    send(by_,
         {.target = "/v1/my/accesses",
          .content_type = json_type,
          .body = accesses_question(id, proof, which),
          .has_holder_proof = true,
          .answer_bytes_max = head_room + which.limit * access_bytes_max,
          .timeout = by_->as().timeout},
         std::move(done), [](const reply& got) { return read_accesses(got.body()); });
}

void client::start_receipt(const std::string& number, completion<std::string> done) const {
    if (!is_receipt_number(number))
        return refuse(std::move(done), {.kind = no_answer_kind::argument, .title = "not the number of a receipt"});
    send(by_,
         {.method = "GET",
          .target = "/v1/receipts/" + number,
          .only_reads = true,
          .answer_bytes_max = receipt_bytes_max,
          .timeout = by_->as().timeout},
         std::move(done), [](const reply& got) { return std::optional{got.body()}; });
}

holder_message own_message(personal_id id, std::uint64_t digest_key, std::int64_t issued_at_unix_ms,
                           const proof_nonce& nonce) noexcept {
    return message_for_holder(request{.words = {id.value()}}, digest_key, issued_at_unix_ms, nonce);
}

}  // namespace xacthuc::inline v0_1::client
