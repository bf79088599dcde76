// SPDX-License-Identifier: Apache-2.0
// Asks a service, xacthucd, over HTTP: for programs that have no register of their own.
//
// A question counts: against quotas, towards alarms, in the ledger. So it is asked again by itself only where it surely
// was not answered: nothing was sent, because no connection came about, or the service said that it answered nothing
// and could soon (1300, 1303, 1304, 1602). Where a connection broke in between nobody knows, and the answer is
// no_answer_kind::unanswered. What only reads (the register's state, receipts) is asked again after that too.
//
// Each operation is asynchronous, as Asio has them: its last argument is a completion token (a callback, use_future,
// use_awaitable, …), and it ends with one answered<T>. blocking_client.hpp has the same operations for threads that
// wait. A call ends at its deadline, whatever happens, and when its cancellation slot says so.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <xacthuc/client/answer.hpp>
#include <xacthuc/client/client_options.hpp>
#include <xacthuc/client/completion.hpp>
#include <xacthuc/client/question_lines.hpp>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1::client {

// Calls, connections and what they share.
class exchanges;

// One service. Connections are kept and used again. Copies share them. Calls that are on their way when the last copy
// goes end as they would.
// Concurrency: any thread may call any operation.
class client {
  public:
    // url: https://HOST:PORT, unix:PATH of a socket, or on this machine http://HOST:PORT. Connects to nothing yet.
    // Errors: invalid_argument (of boost::system::errc): not such a URL, no attempts or connections, or a signer
    // without number or key; io: a file of `how` is not there or not what it has to be, with what OpenSSL says.
    [[nodiscard]] XACTHUC_API static detailed_result<client> open(const boost::asio::any_io_executor& by,
                                                                  std::string_view url, const client_options& how = {});

    // Asks one question. It is checked here as the service does it (prepare()); what it has a view of is not needed
    // after the call.
    template <class Token>
    auto async_verify(const claim_set& question, const asking& how, Token&& token) {
        return boost::asio::async_initiate<Token, void(answered<answer>)>(
            [me = *this](auto handler, const claim_set& asked, const asking& as) {
                me.start_verify(asked, as, me.waiting<answer>(std::move(handler)));
            },
            token, question, how);
    }

    // Asks many questions in one message, as lines. Each answer is a verdict, or what is wrong with that question
    // alone; after no_answer_kind::unanswered each question may or may not have been answered.
    template <class Token>
    auto async_verify_rows(question_lines questions, const asking& how, Token&& token) {
        return boost::asio::async_initiate<Token, void(answered<row_answers>)>(
            [me = *this](auto handler, question_lines&& asked, const asking& as) {
                me.start_verify_rows(std::move(asked), as, me.waiting<row_answers>(std::move(handler)));
            },
            token, std::move(questions), how);
    }

    // Asks prepared requests, for those who have the digest key: of its fingerprint they are told.
    // Requires: no more than the service takes as one body, 32,768 by default.
    template <class Token>
    auto async_verify_prepared(std::span<const request> requests, std::uint64_t digest_key, const asking& how,
                               Token&& token) {
        return boost::asio::async_initiate<Token, void(answered<prepared_answers>)>(
            [me = *this](auto handler, std::span<const request> asked, std::uint64_t key, const asking& as) {
                me.start_verify_prepared(asked, key, as, me.waiting<prepared_answers>(std::move(handler)));
            },
            token, requests, digest_key, how);
    }

    // What is asked, and how fresh it is.
    template <class Token>
    auto async_register_state(Token&& token) {
        return boost::asio::async_initiate<Token, void(answered<register_state>)>(
            [me = *this](auto handler) { me.start_register_state(me.waiting<register_state>(std::move(handler))); },
            token);
    }

    // Who asked about a citizen, for herself. Each page takes a proof of its own, over own_message().
    template <class Token>
    auto async_my_accesses(personal_id id, const holder_proof& proof, const access_query& which, Token&& token) {
        return boost::asio::async_initiate<Token, void(answered<accesses>)>(
            [me = *this](auto handler, personal_id who, const holder_proof& by, const access_query& query) {
                me.start_my_accesses(who, by, query, me.waiting<accesses>(std::move(handler)));
            },
            token, id, proof, which);
    }

    // The receipt of an answer, by its number: what verify_receipt() takes.
    template <class Token>
    auto async_receipt(std::string_view number, Token&& token) {
        return boost::asio::async_initiate<Token, void(answered<std::string>)>(
            [me = *this](auto handler, const std::string& which) {
                me.start_receipt(which, me.waiting<std::string>(std::move(handler)));
            },
            token, std::string{number});
    }

    // The one that it was opened by.
    [[nodiscard]] XACTHUC_API boost::asio::any_io_executor get_executor() const noexcept;

  private:
    explicit client(std::shared_ptr<exchanges> by) noexcept : by_{std::move(by)} {}

    template <class T, class Handler>
    [[nodiscard]] completion<T> waiting(Handler handler) const {
        return completion<T>{waiting_handler<T, Handler>{std::move(handler), get_executor()}};
    }
    XACTHUC_API void start_verify(const claim_set& question, const asking& how, completion<answer> done) const;
    XACTHUC_API void start_verify_rows(question_lines questions, const asking& how, completion<row_answers> done) const;
    XACTHUC_API void start_verify_prepared(std::span<const request> requests, std::uint64_t digest_key,
                                           const asking& how, completion<prepared_answers> done) const;
    XACTHUC_API void start_register_state(completion<register_state> done) const;
    XACTHUC_API void start_my_accesses(personal_id id, const holder_proof& proof, const access_query& which,
                                       completion<accesses> done) const;
    XACTHUC_API void start_receipt(const std::string& number, completion<std::string> done) const;

    std::shared_ptr<exchanges> by_;
};

// What a citizen signs to ask for her own list: the message of a request that has her number and nothing else.
[[nodiscard]] XACTHUC_API holder_message own_message(personal_id id, std::uint64_t digest_key,
                                                     std::int64_t issued_at_unix_ms, const proof_nonce& nonce) noexcept;

}  // namespace xacthuc::inline v0_1::client
