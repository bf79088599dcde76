// SPDX-License-Identifier: Apache-2.0
// One call: a request, sent as often as it surely was not answered, and what came of it.
//
//   begin ─► wait for a connection ─► connect ─► write and read ─► judge ─► over
//     ▲                                                              │
//     └──────────── pause, where nothing was answered ◄──────────────┘
//
// It is written and read at once: a batch of lines is answered while it comes, and a service that does not want a
// connection says why before it reads. The deadline and whoever asked can end it at any time; what is known then says
// whether the question may have counted.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <xacthuc/client/completion.hpp>
#include <xacthuc/client/no_answer.hpp>

#include "client/exchanges.hpp"
#include "client/message_signature.hpp"
#include "client/reply_reader.hpp"
#include "client/wire.hpp"

namespace xacthuc::inline v0_1::client {

// What is asked, as HTTP.
struct question_message {
    std::string_view method = "POST";
    std::string target;
    std::string_view content_type{};  // empty: there is no body
    std::string body{};
    header_fields fields{};
    bool is_answer_signed = false;  // by a service that signs
    bool only_reads = false;        // may be asked again whatever came of it
    bool has_holder_proof = false;  // which is good once, also where there was no answer
    std::size_t answer_bytes_max = std::size_t{64} << 10;
    std::chrono::milliseconds timeout{};
};

// Concurrency: the strand, but for start() and stop().
class exchange : public std::enable_shared_from_this<exchange> {
  public:
    exchange(std::shared_ptr<exchanges> in, question_message what)
        : in_{std::move(in)}, what_{std::move(what)}, deadline_{in_->on()}, pause_{in_->on()} {}

    // Gives a reply whose status is 200, or why there is none.
    void start(completion<reply> done);
    void stop();

    // What exchanges calls.
    [[nodiscard]] bool is_over() const noexcept { return is_over_; }
    void go_by(std::shared_ptr<wire> free);
    void go_by_new(std::shared_ptr<wire> unconnected);

  private:
    using error_code = boost::system::error_code;

    void begin();
    void write();
    void read();
    void wrote(error_code error, std::size_t bytes);
    void came(error_code error, std::size_t bytes);
    void judge();
    [[nodiscard]] bool is_signed_right(const reply& got) const;
    // The connection is of no more use, and there is no answer by it.
    void broken(error_code error);
    void end(error_code why);
    void again_or_over(no_answer why, std::chrono::milliseconds at_least = {});
    void leave_wire(bool can_be_used_again);
    void over(answered<reply>&& with);

    // A handler that is left alone when the attempt that it is of has ended.
    template <class Step>
    [[nodiscard]] auto of_attempt(Step step) {
        return [me = shared_from_this(), number = attempt_, step](auto&&... result) {
            if (!me->is_over_ && me->attempt_ == number && me->wire_ != nullptr) (*me.*step)(result...);
        };
    }

    std::shared_ptr<exchanges> in_;
    question_message what_;
    std::optional<completion<reply>> done_;
    boost::asio::steady_timer deadline_;
    boost::asio::steady_timer pause_;
    std::string text_;
    std::string signature_;  // of this attempt; empty: it is not signed
    std::shared_ptr<wire> wire_;
    std::optional<reply_reader> reader_;
    unsigned attempt_ = 0;
    bool is_sent_ = false;     // something, of this attempt
    bool is_written_ = false;  // all of it
    bool is_over_ = false;
};

}  // namespace xacthuc::inline v0_1::client
