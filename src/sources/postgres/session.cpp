// SPDX-License-Identifier: Apache-2.0
#include "sources/postgres/session.hpp"

#include <array>
#include <charconv>
#include <new>
#include <vector>

namespace xacthuc::inline v0_1::postgres {
namespace {

using sources::source_error;
using sources::source_fault;

// libpq's words for people end with a line feed, and may have several lines.
[[nodiscard]] std::string without_end(const char* text) {
    std::string made = text == nullptr ? "" : text;
    while (!made.empty() && (made.back() == '\n' || made.back() == ' ')) made.pop_back();
    return made;
}

// Source: PostgreSQL's appendix "Error Codes".
[[nodiscard]] source_fault fault_of(std::string_view state) noexcept {
    const auto of_class = state.substr(0, 2);
    if (state.empty() || of_class == "08" || of_class == "53" || of_class == "57" || of_class == "XX" ||
        of_class == "58" || state == "55006")
        // 58P01: a file of the log is gone; no later attempt finds it.
        return state == "58P01" ? source_fault::broken_off : source_fault::unreachable;
    if (state == "55000") return source_fault::broken_off;
    return source_fault::refused;
}

[[nodiscard]] std::string quoted(char* made, std::string_view of) {
    const std::unique_ptr<char, copied_bytes::freeing> owned{made};
    if (!owned) throw source_error{source_fault::unfit, "cannot be quoted: " + std::string{of}};
    return owned.get();
}

}  // namespace

std::uint64_t answer::number(std::size_t row, std::size_t column) const noexcept {
    std::uint64_t value = 0;
    const auto digits = text(row, column);
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

session::session(const std::string& conninfo, purpose what_for) {
    // What comes later wins: conninfo may say how long to wait, but not in which encoding.
    const bool replicates = what_for == purpose::replication;
    const std::array keys{"connect_timeout",
                          "keepalives_idle",
                          "tcp_user_timeout",
                          "fallback_application_name",
                          "dbname",
                          "client_encoding",
                          replicates ? "replication" : nullptr,
                          static_cast<const char*>(nullptr)};
    const std::array values{"10",
                            "30",
                            "30000",
                            "xacthuc",
                            conninfo.c_str(),
                            "UTF8",
                            replicates ? "database" : nullptr,
                            static_cast<const char*>(nullptr)};
    of_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
    if (!of_) throw std::bad_alloc{};
    if (PQstatus(of_.get()) != CONNECTION_OK)
        throw source_error{source_fault::unreachable, without_end(PQerrorMessage(of_.get()))};
    for (const auto* const setting :
         {"SET datestyle = 'ISO'", "SET extra_float_digits = 3", "SET row_security = off", "SET statement_timeout = 0",
          "SET idle_in_transaction_session_timeout = 0", "SET search_path = ''"})
        run(setting);
}

void session::fail(const PGresult* result, const std::string& doing) const {
    const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const bool is_gone = PQstatus(of_.get()) != CONNECTION_OK;
    auto why = without_end(result != nullptr ? PQresultErrorMessage(result) : PQerrorMessage(of_.get()));
    if (why.empty()) why = without_end(PQerrorMessage(of_.get()));
    const auto kind = state == nullptr || is_gone ? source_fault::unreachable : fault_of(state);
    throw source_error{kind, doing + ": " + why};
}

answer session::check(PGresult* result, const std::string& doing) const {
    answer got{result};
    const auto status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) fail(result, doing);
    return got;
}

answer session::ask(const std::string& command, std::initializer_list<std::string> values) const {
    std::vector<const char*> texts;
    for (const auto& one : values) texts.push_back(one.c_str());
    return check(PQexecParams(of_.get(), command.c_str(), static_cast<int>(texts.size()), nullptr, texts.data(),
                              nullptr, nullptr, 0),
                 "the server's catalog");
}

answer session::run(const std::string& command) const {
    return check(PQexec(of_.get(), command.c_str()), command.substr(0, command.find('\n')));
}

void session::begin_copy(const std::string& command, ExecStatusType wanted) const {
    const answer got{PQexec(of_.get(), command.c_str())};
    if (PQresultStatus(got.get()) != wanted) fail(got.get(), command);
}

std::optional<copied_bytes> session::next_copied() const {
    char* bytes = nullptr;
    const int size = PQgetCopyData(of_.get(), &bytes, 0);
    if (size > 0)
        return copied_bytes{std::unique_ptr<char, copied_bytes::freeing>{bytes}, static_cast<std::size_t>(size)};
    if (size == -2) fail(nullptr, "COPY");
    const answer end{PQgetResult(of_.get())};
    if (PQresultStatus(end.get()) != PGRES_COMMAND_OK) fail(end.get(), "COPY");
    while (auto* const more = PQgetResult(of_.get())) PQclear(more);
    return {};
}

std::optional<copied_bytes> session::poll_copied() const {
    for (int attempt = 0; attempt < 2; ++attempt) {
        char* bytes = nullptr;
        const int size = PQgetCopyData(of_.get(), &bytes, 1);
        if (size > 0)
            return copied_bytes{std::unique_ptr<char, copied_bytes::freeing>{bytes}, static_cast<std::size_t>(size)};
        if (size == -2) fail(nullptr, "the stream of changes");
        if (size == -1) {
            const answer end{PQgetResult(of_.get())};
            if (PQresultStatus(end.get()) == PGRES_FATAL_ERROR) fail(end.get(), "the stream of changes");
            throw source_error{source_fault::unreachable, "the server ended the stream of changes"};
        }
        if (attempt == 0 && PQconsumeInput(of_.get()) == 0) fail(nullptr, "the stream of changes");
    }
    return {};
}

void session::send(std::span<const std::byte> bytes) const {
    // 0: no room for it now. It is said again later, with a newer position.
    if (PQputCopyData(of_.get(), reinterpret_cast<const char*>(bytes.data()), static_cast<int>(bytes.size())) < 0 ||
        PQflush(of_.get()) < 0)
        fail(nullptr, "the stream of changes");
}

bool session::flush() const {
    const int left = PQflush(of_.get());
    if (left < 0) fail(nullptr, "the stream of changes");
    return left != 0;
}

std::string session::quoted_name(std::string_view name) const {
    return quoted(PQescapeIdentifier(of_.get(), name.data(), name.size()), name);
}

std::string session::quoted_text(std::string_view text) const {
    return quoted(PQescapeLiteral(of_.get(), text.data(), text.size()), text);
}

}  // namespace xacthuc::inline v0_1::postgres
