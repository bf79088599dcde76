// SPDX-License-Identifier: Apache-2.0
// One client: bytes in, requests cut out of them, answers out. Of one thread, its worker's.
//
//   tick     read all that is there | cut requests out, each answered at once or left to the tick's batch
//   its end  all answers in one write; then the next read, and never before the client has taken them
//
// So a client that does not read is not read from, and what a connection holds is bounded: a request that is not whole
// yet, and the answers of one tick.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/answer_signature.hpp"
#include "service/call_place.hpp"
#include "service/late_answer.hpp"
#include "service/line_batch.hpp"
#include "service/metrics.hpp"
#include "service/request_head.hpp"
#include "service/tick_batch.hpp"
#include "service/tls.hpp"

namespace xacthuc::inline v0_1::service {

class worker;
struct planned;

// A receipt's number in an answer, with its name, and blanks behind it: as long as the longest, so that an answer's
// length is known before the number is.
inline constexpr std::size_t receipt_room = sizeof(R"(,"receipt":"18446744073709551615-18446744073709551615")") - 1;

class connection : public std::enable_shared_from_this<connection> {
  public:
    using time_point = std::chrono::steady_clock::time_point;

    // Takes the socket. With an identity it speaks TLS; else the agency is the listener's.
    connection(worker& of, int socket, std::shared_ptr<const listener_settings> from,
               std::shared_ptr<const tls_identity> identity);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection();

    void start();
    // What the worker does at the end of a tick that the connection had a part in.
    void end_tick();
    // Closes it where it has waited too long.
    void check_time(time_point now);
    // The process ends: closes where nothing is on its way.
    void drain();
    // Rows of the ledger are public, or will not be.
    void look_at_hold();

    // For who answers.
    [[nodiscard]] std::optional<std::uint16_t> agency() const noexcept { return agency_; }
    [[nodiscard]] bool with_tls() const noexcept { return tls_ != nullptr; }
    // Whether what is asked here has to be signed.
    [[nodiscard]] bool must_sign() const noexcept;
    // Where the next answer goes, once what the tick's batch owes before it is there.
    [[nodiscard]] std::string& out();
    // For the tick's batch: one answer more will come from it, and here it is.
    void owe() noexcept { ++owed_; }
    [[nodiscard]] std::string& answered() noexcept {
        --owed_;
        return out_;
    }
    // No answer leaves before these rows are public.
    void hold_for(const ledger_ticket& rows) noexcept { hold_ = rows; }
    // There is room in the answers at this place for the number of a row's receipt, which is not known yet.
    void expect_receipt(std::shared_ptr<const call_place> call, std::size_t row, std::size_t at,
                        std::unique_ptr<const late_signature> signature) {
        receipts_.push_back({std::move(call), row, at, std::move(signature)});
    }
    // The answer comes later, from another thread: no request is taken until it is there.
    void await_answer(std::string_view correlator, bool closes);
    // Here it is.
    void take_answer(const late_answer& made);
    // Whether more may be answered in this tick.
    [[nodiscard]] bool has_room() const noexcept;
    // Answers with a problem and closes.
    void refuse(problem why);
    void close();

  private:
    enum class phase : std::uint8_t { serving, lingering, closed };

    void await_read();
    void await_write();
    void on_readable();
    void consume(std::string_view bytes);
    [[nodiscard]] std::size_t take(std::string_view bytes);
    [[nodiscard]] std::size_t take_request(std::string_view rest);
    [[nodiscard]] bool begin_lines(const planned& what, const head_reading& read, std::string_view body, bool closes);
    [[nodiscard]] bool take_whole(const head_reading& read, std::string_view rest, std::size_t length);
    void resume();
    void flush();
    [[nodiscard]] bool send_wire();
    void after_answers();
    void linger();
    void account() noexcept;
    void set_deadline(limit_met why, std::chrono::milliseconds how_long);
    void fail_hold();
    [[nodiscard]] bool write_receipts();

    struct expected_receipt {
        std::shared_ptr<const call_place> call;
        std::size_t row;
        std::size_t at;
        std::unique_ptr<const late_signature> signature;  // null: the answer is not signed
    };

    worker& worker_;
    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> socket_;
    std::optional<std::uint16_t> agency_;
    std::shared_ptr<const listener_settings> from_;
    std::unique_ptr<tls_session> tls_;
    std::string in_;    // of requests that are not whole yet
    std::string out_;   // answers
    std::string wire_;  // answers as TLS has them
    std::size_t sent_ = 0;
    std::size_t needed_ = 0;  // so many bytes until the request is whole; 0: its head is not known yet
    std::size_t owed_ = 0;
    std::size_t requests_in_tick_ = 0;
    std::size_t accounted_ = 0;
    std::size_t lingered_ = 0;
    std::optional<line_stream> lines_;
    std::optional<ledger_ticket> hold_;
    std::vector<expected_receipt> receipts_;
    std::string awaited_correlator_;
    time_point deadline_{};
    limit_met deadline_why_ = limit_met::first_byte;
    std::optional<time_point> request_begun_;
    std::optional<time_point> asked_at_;  // since when answers are owed
    phase phase_ = phase::serving;
    bool has_continued_ = false;
    bool has_come_on_ = false;  // over TLS: something was said since the deadline was set
    bool closes_ = false;
    bool resumes_ = false;
    bool is_writing_ = false;
    bool is_touched_ = false;
    bool awaits_ = false;
    bool closes_when_answered_ = false;
};

}  // namespace xacthuc::inline v0_1::service
