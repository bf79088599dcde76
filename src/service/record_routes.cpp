// SPDX-License-Identifier: Apache-2.0
#include "service/record_routes.hpp"

#include <memory>
#include <utility>

#include "service/accesses_reader.hpp"
#include "service/connection.hpp"
#include "service/ledger_records.hpp"
#include "service/proof_text.hpp"
#include "service/worker.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

// The connection may be gone when the answer comes, and is only ever touched by its own thread.
[[nodiscard]] give_late give_to(worker& in, connection& whom) {
    return [to = &in, waits = whom.weak_from_this()](late_answer made) {
        to->post([waits, answer = std::move(made)] {
            if (const auto still = waits.lock()) still->take_answer(answer);
        });
    };
}

[[nodiscard]] question_fault awaited(const record_request& by, bool is_taken) {
    if (!is_taken) return {problem::records_busy, {}, {}};
    by.from.await_answer(by.correlator, by.closes);
    return {};
}

}  // namespace

question_fault ask_for_accesses(worker& in, const record_request& by, std::string_view body) {
    auto* const records = in.all().source->records();
    if (records == nullptr) return {problem::no_ledger, {}, {}};
    const auto* const registered = in.in_use();
    if (registered == nullptr) return {problem::not_ready, {}, {}};
    accesses_question asked;
    if (const auto fault = read_accesses_question(body, asked)) return *fault;
    const auto refused = in.all().source->holders().check(*registered, asked.id, asked.proof, in.now_unix_ms());
    if (refused != problem::none) return {refused, {}, holder_proof_member};
    return awaited(by, records->tell_accesses(asked, in.now_unix_ms(), give_to(in, by.from)));
}

question_fault ask_for_receipt(worker& in, const record_request& by, std::string_view id) {
    auto* const records = in.all().source->records();
    if (records == nullptr) return {problem::no_ledger, {}, {}};
    const auto place = parse_receipt_id(id);
    if (!place) return {problem::no_such_receipt, {}, {}};
    return awaited(by, records->tell_receipt(*place, by.agency.value_or(0), give_to(in, by.from)));
}

question_fault ask_for_log_file(worker& in, const record_request& by, std::string_view path) {
    auto* const records = in.all().source->records();
    if (records == nullptr) return {problem::no_ledger, {}, {}};
    auto file = parse_log_file_path(path);
    if (!file) return {problem::no_such_path, {}, {}};
    return awaited(by, records->tell_file(*std::move(file), give_to(in, by.from)));
}

}  // namespace xacthuc::inline v0_1::service
