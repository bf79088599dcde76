// SPDX-License-Identifier: Apache-2.0
// What there is to ask for, and who answers it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>

#include "service/answer_text.hpp"
#include "service/line_batch.hpp"
#include "service/metrics.hpp"
#include "service/question_reader.hpp"
#include "service/request_head.hpp"
#include "service/served_register.hpp"
#include "service/signature_gate.hpp"

namespace xacthuc::inline v0_1::service {

class worker;
class connection;

// Makes a request of a question; the agency is the asker's where the question names none.
[[nodiscard]] std::optional<question_fault> prepare_question(question& asked, const digest_key& key,
                                                             std::optional<std::uint16_t> agency, request& into);

// What is wrong with asking it with a holder's proof, where it has one.
[[nodiscard]] std::optional<question_fault> fault_of_holder(const question& asked, const served_register& in);

// A path and how it is asked.
struct route {
    std::string_view path;
    http_method method;
    route_kind kind;
};

struct desk_file;

// What a head asks for, before its body is there.
struct planned {
    const route* to = nullptr;
    problem refused = problem::none;
    bool takes_lines = false;  // the body is a batch of lines, to be answered as it comes
    std::uint64_t officer = 0;
    const desk_file* file = nullptr;
    std::string_view rest{};  // of a path whose beginning says who answers
};
[[nodiscard]] planned plan(const request_head& head) noexcept;

// Concurrency: single thread.
class routes {
  public:
    explicit routes(worker& of) : worker_{of}, lines_{of} {}

    // Answers a whole request, or leaves it to the tick's batch.
    void answer(connection& to, const planned& what, const request_head& head, std::string_view body, bool closes);
    // Whose batch of lines it is that has come whole and is signed; none: it is answered with what is wrong.
    [[nodiscard]] std::optional<std::uint16_t> agency_of_lines(connection& to, const planned& what,
                                                               const request_head& head, std::string_view body,
                                                               bool closes);
    // Answers the head of a batch of lines.
    void begin_lines(connection& to, const request_head& head, bool closes);
    [[nodiscard]] line_batch& lines() noexcept { return lines_; }

  private:
    struct exchange {
        connection& to;
        const planned& what;
        const request_head& head;
        bool closes;
        signed_request* proof = nullptr;  // null: it is not signed

        [[nodiscard]] std::optional<std::uint16_t> agency() const noexcept;
    };

    // False: what is wrong with the signature is answered.
    [[nodiscard]] bool admit(exchange& with, std::string_view body);
    [[nodiscard]] bool verify_signature(const exchange& with);
    [[nodiscard]] std::optional<question_fault> read_question(const exchange& with, const register_in_use& by,
                                                              std::string_view body, question& asked, request& made);
    void verify(const exchange& with, std::string_view body);
    void verify_binary(const exchange& with, std::string_view body);
    void tell_register(const exchange& with);
    void tell_readiness(const exchange& with);
    void tell_metrics(const exchange& with);
    void give_file(const exchange& with);
    void ask_records(const exchange& with, std::string_view body);
    void give(const exchange& with, std::string_view type, std::string_view body, std::string_view further = {});
    void give(const exchange& with, problem why);
    void give(const exchange& with, const question_fault& why);
    void give(const exchange& with, const signature_fault& why);
    void give_problem(const exchange& with, problem why, unsigned status, std::string_view document);
    // The head of an answer with the service's signature, where it is asked for.
    [[nodiscard]] std::string signature_lines(const exchange& with, unsigned status, std::string_view type,
                                              std::string_view body) const;

    worker& worker_;
    question_reader reader_;
    line_batch lines_;
    signed_request proof_;
    std::string base_;  // what proof_ is over
    std::vector<request> asked_;
    std::vector<verdict> verdicts_;
};

}  // namespace xacthuc::inline v0_1::service
