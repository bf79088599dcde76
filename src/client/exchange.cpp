// SPDX-License-Identifier: Apache-2.0
#include "client/exchange.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>
#include <charconv>
#include <iterator>

#include "client/answer_text.hpp"

namespace xacthuc::inline v0_1::client {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::size_t problem_bytes_max = std::size_t{64} << 10;
constexpr std::chrono::milliseconds first_pause{100};
constexpr unsigned retry_after_s_max = 60;

// Of the problems after which the service says to come again, those where it answered nothing: it was not ready, had no
// room for the answer's row, no memory, or no reader for the record.
constexpr std::array nothing_was_answered{1300, 1303, 1304, 1602};
// And those that are found before a citizen's proof is used up.
constexpr std::array proof_is_still_good{1300, 1304};

[[nodiscard]] bool may_be_asked_again(int code, bool has_holder_proof) {
    return has_holder_proof ? std::ranges::find(proof_is_still_good, code) != proof_is_still_good.end()
                            : std::ranges::find(nothing_was_answered, code) != nothing_was_answered.end();
}

// Between half of it and all, so that those who were refused together do not come together again.
[[nodiscard]] std::chrono::milliseconds with_jitter(std::chrono::milliseconds pause) {
    const auto half = static_cast<std::uint32_t>(pause.count() / 2);
    return std::chrono::milliseconds{half + randombytes_uniform(half + 1)};
}

[[nodiscard]] std::chrono::milliseconds retry_after(const reply& of) {
    const auto text = of[http::field::retry_after];
    unsigned seconds = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::chrono::seconds{std::min(seconds, retry_after_s_max)};
}

[[nodiscard]] std::int64_t now_s() {
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

[[nodiscard]] std::string text_of(const question_message& what, const header_fields& fields, std::string_view host) {
    std::string text;
    const auto add = [&](std::string_view name, std::string_view value) {
        (((text += name) += ": ") += value) += "\r\n";
    };
    ((text += what.method) += ' ') += what.target;
    text += " HTTP/1.1\r\n";
    add("Host", host);
    if (!what.content_type.empty()) {
        add("Content-Type", what.content_type);
        add("Content-Length", std::to_string(what.body.size()));
    }
    for (const auto& [name, value] : fields) add(name, value);
    (text += "\r\n") += what.body;
    return text;
}

}  // namespace

void exchange::start(completion<reply> done) {
    done_ = std::move(done);
    asio::post(in_->on(), [me = shared_from_this()] {
        if (me->is_over_) return;
        me->deadline_.expires_after(me->what_.timeout);
        me->deadline_.async_wait([me](auto error) {
            if (!error) me->end(asio::error::timed_out);
        });
        me->begin();
    });
}

void exchange::stop() {
    asio::post(in_->on(), [me = shared_from_this()] { me->end(asio::error::operation_aborted); });
}

void exchange::begin() {
    ++attempt_;
    is_sent_ = is_written_ = false;
    reader_.emplace(std::max(what_.answer_bytes_max, problem_bytes_max));
    auto fields = what_.fields;
    if (const auto& by = in_->as().signing)
        signature_ = append_signature(fields,
                                      {.method = what_.method,
                                       .authority = in_->to().authority,
                                       .with_tls = in_->to().with_tls,
                                       .target = what_.target,
                                       .content_type = what_.content_type,
                                       .body = what_.body,
                                       .fields = what_.fields},
                                      *by, now_s());
    text_ = text_of(what_, fields, in_->to().authority);
    in_->hand_out(shared_from_this());
}

void exchange::go_by_new(std::shared_ptr<wire> unconnected) {
    wire_ = std::move(unconnected);
    wire_->connect([me = shared_from_this(), number = attempt_, by = wire_](auto error) {
        if (me->is_over_ || me->attempt_ != number || me->wire_ != by) return;
        if (error) return me->broken(error);
        me->go_by(by);
    });
}

void exchange::go_by(std::shared_ptr<wire> free) {
    wire_ = std::move(free);
    write();
    read();
}

void exchange::write() {
    is_sent_ = true;
    // The text is kept by whoever writes it: this call may be over before.
    wire_->write(text_, [by = wire_, done = of_attempt(&exchange::wrote)](auto error, std::size_t bytes) {
        done(error, bytes);
    });
}

void exchange::wrote(error_code error, std::size_t bytes) {
    if (!error) {
        is_written_ = true;
        if (reader_->is_done()) judge();
        return;
    }
    // Of TLS nobody can say how much went. What came may still say why.
    is_sent_ = wire_->with_tls() || bytes != 0;
    if (!is_sent_ || reader_->is_done()) broken(error);
}

void exchange::read() {
    const auto room = reader_->room();
    if (room.size() == 0) return broken(http::error::buffer_overflow);
    wire_->read_some(
        room, [by = wire_, done = of_attempt(&exchange::came)](auto error, std::size_t bytes) { done(error, bytes); });
}

void exchange::came(error_code error, std::size_t bytes) {
    if (error) return broken(error);
    if (const auto wrong = reader_->take(bytes)) return broken(wrong);
    if (!reader_->is_done()) return read();
    // Before all was asked nobody knows the answer, only why there is none.
    if (is_written_ || reader_->status() != 200) judge();
}

void exchange::judge() {
    leave_wire(is_written_ && reader_->is_clean());
    auto got = reader_->release();
    if (got.result_int() == 200) {
        if (is_signed_right(got)) return over(std::move(got));
        return over(no_answer{.kind = no_answer_kind::unanswered,
                              .status = 200,
                              .title = "the answer is not signed by the service's key for this question"});
    }
    no_answer why{.kind = no_answer_kind::problem, .status = got.result_int()};
    if (why.status < 400 || !read_problem(got.body(), why)) {
        // Who stands in front of the service may have lost its answer.
        why.kind = no_answer_kind::unanswered;
        why.title = "HTTP " + std::to_string(why.status);
        return what_.only_reads ? again_or_over(std::move(why)) : over(std::move(why));
    }
    if (may_be_asked_again(why.code, what_.has_holder_proof)) return again_or_over(std::move(why), retry_after(got));
    over(std::move(why));
}

bool exchange::is_signed_right(const reply& got) const {
    const auto& by = in_->as().signing;
    if (!by || !by->service || !what_.is_answer_signed) return true;
    // Of a field that is there twice, nobody knows which is meant.
    const auto field = [&](boost::beast::string_view name) {
        const auto [first, end] = got.equal_range(name);
        const bool is_one = first != end && std::next(first) == end;
        return is_one ? std::string_view{first->value().data(), first->value().size()} : std::string_view{};
    };
    return is_answer_right({.status = got.result_int(),
                            .content_type = field("content-type"),
                            .body = got.body(),
                            .content_digest = field("content-digest"),
                            .signature_input = field("signature-input"),
                            .signature = field("signature"),
                            .method = what_.method,
                            .target = what_.target,
                            .request_signature = signature_},
                           *by->service);
}

void exchange::broken(error_code error) {
    leave_wire(false);
    const bool is_sent = is_sent_;
    no_answer why{.kind = is_sent ? no_answer_kind::unanswered : no_answer_kind::not_sent,
                  .title = is_sent ? "no answer came" : "nothing was sent",
                  .cause = error};
    // Whoever shows the wrong certificate will show it again.
    const bool is_refused = !is_sent && error.category() == asio::error::get_ssl_category();
    if (is_refused || (is_sent && !what_.only_reads)) return over(std::move(why));
    again_or_over(std::move(why));
}

void exchange::end(error_code why) {
    if (is_over_) return;
    const bool is_sent = is_sent_ && wire_ != nullptr;
    leave_wire(false);
    over(no_answer{.kind = is_sent ? no_answer_kind::unanswered : no_answer_kind::not_sent,
                   .title = is_sent ? "no answer came" : "nothing was sent",
                   .cause = why});
}

void exchange::again_or_over(no_answer why, std::chrono::milliseconds at_least) {
    auto pause = first_pause;
    for (unsigned k = 1; k < attempt_; ++k) pause *= 3;
    pause = std::max(with_jitter(pause), at_least);
    const bool is_in_time = std::chrono::steady_clock::now() + pause < deadline_.expiry();
    if (attempt_ >= in_->as().attempts || !is_in_time) return over(std::move(why));
    pause_.expires_after(pause);
    pause_.async_wait([me = shared_from_this()](auto error) {
        if (!error && !me->is_over_) me->begin();
    });
}

void exchange::leave_wire(bool can_be_used_again) {
    if (wire_ == nullptr) return;
    if (!can_be_used_again) wire_->close();
    auto left = std::move(wire_);
    wire_ = nullptr;
    in_->take_back(can_be_used_again ? std::move(left) : nullptr);
}

void exchange::over(answered<reply>&& with) {
    is_over_ = true;
    deadline_.cancel();
    pause_.cancel();
    if (done_) (*done_)(std::move(with));
}

}  // namespace xacthuc::inline v0_1::client
