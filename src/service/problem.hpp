// SPDX-License-Identifier: Apache-2.0
// Why the service did not answer: each reason has a stable number, a status and a title, and becomes a problem
// document.
//
// Numbers below 1000 are those of errc, which say what is wrong with a field of a question; outcomes of verdicts are
// answers and no problems. A document says which field is wrong, never what stood in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <xacthuc/domain/error.hpp>

namespace xacthuc::inline v0_1::service {

// Appended to and never renumbered, as errc. The hundreds: 10xx the message as HTTP, 11xx what was asked for, 12xx the
// question, 13xx the service, 14xx who asks, by certificate, 15xx by signature, 16xx the ledger's records and a
// citizen's proof that she asks.
enum class problem : std::uint16_t {
    none = 0,
    malformed_head = 1000,
    bare_line_feed = 1001,
    folded_header = 1002,
    transfer_encoding = 1003,
    content_length = 1004,
    old_version = 1005,
    host = 1006,
    head_too_large = 1007,
    body_too_large = 1008,
    length_required = 1009,
    expectation = 1010,
    request_timeout = 1011,
    body_not_wanted = 1012,
    misdirected = 1013,
    header_twice = 1014,

    no_such_path = 1100,
    method_not_allowed = 1101,
    media_type = 1102,
    correlator = 1103,
    officer = 1104,

    json_syntax = 1200,
    unknown_member = 1201,
    member_twice = 1202,
    member_type = 1203,
    member_missing = 1204,
    line_too_long = 1205,
    batch_length = 1206,
    digest_key_differs = 1207,

    not_ready = 1300,
    register_too_old = 1301,
    ledger_stopped = 1302,
    ledger_full = 1303,
    memory_full = 1304,

    certificate_missing = 1400,
    certificate_expired = 1401,
    certificate_revoked = 1402,
    certificate_not_trusted = 1403,
    certificate_names_nobody = 1404,

    signature_missing = 1500,
    signature_syntax = 1501,
    signature_parameters = 1502,
    signature_algorithm = 1503,
    signature_component = 1504,
    signature_covers = 1505,
    content_digest = 1506,
    signature_key_unknown = 1507,
    signature_key_revoked = 1508,
    signature_agency_differs = 1509,
    signature_stale = 1510,
    signature_early = 1511,
    signature_expired = 1512,
    signature_wrong = 1513,
    signature_repeated = 1514,
    nonces_unknown = 1515,
    nonces_full = 1516,

    no_ledger = 1600,
    no_such_receipt = 1601,
    records_busy = 1602,
    records_unreadable = 1603,
    holder_proof_expired = 1610,
    holder_proof_early = 1611,
    holder_proof_repeated = 1612,
    holder_proof_wrong = 1613,
    holder_proofs_full = 1614,
    holder_proof_not_taken = 1615,
};

struct problem_facts {
    problem what;
    std::uint16_t status;
    std::string_view word;  // in metrics
    std::string_view title;
};
[[nodiscard]] const problem_facts& facts_of(problem what) noexcept;
// Each there is, in the order of numbers: a place among them is what metrics count by.
inline constexpr std::size_t problem_count = 66;
[[nodiscard]] const problem_facts& problem_at(std::size_t place) noexcept;
[[nodiscard]] std::size_t place_of(problem what) noexcept;

// What is wrong with a question: a problem, or an error of the domain; and the member that it is about, by a name of
// ours.
struct question_fault {
    problem what = problem::none;
    boost::system::error_code error{};
    std::string_view member{};
};

// {"type":…,"title":…,"status":…,"code":…} of RFC 9457.
// The detail is a sentence of ours.
[[nodiscard]] std::string problem_document(problem what, std::string_view member = {}, std::string_view detail = {});
[[nodiscard]] std::string problem_document(const question_fault& fault);
// The same on a line of its own in an answer of many: without type and status.
void append_fault_line(std::string& to, const question_fault& fault);
[[nodiscard]] unsigned status_of(const question_fault& fault) noexcept;

}  // namespace xacthuc::inline v0_1::service
