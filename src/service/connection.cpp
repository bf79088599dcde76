// SPDX-License-Identifier: Apache-2.0
#include "service/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <cerrno>
#include <utility>

#include "service/answer_text.hpp"
#include "service/ledger_records.hpp"
#include "service/worker.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

using std::chrono::milliseconds;

// Answers beyond this wait for the next tick.
constexpr std::size_t answers_max = std::size_t{256} << 10;
// A buffer that was larger is given back.
constexpr std::size_t buffer_kept = std::size_t{16} << 10;
// What a client that was refused may still send until it has read why.
constexpr std::size_t lingering_bytes = std::size_t{1} << 20;
constexpr milliseconds lingering_time{1'000};

// An old client that calls it by no name is no browser.
[[nodiscard]] bool is_called(const std::vector<std::string>& names, std::string_view host) noexcept {
    if (names.empty() || host.empty()) return true;
    // A colon behind a bracket, or the only one, is that of a port.
    if (const auto colon = host.rfind(':'); colon != std::string_view::npos && host.find(']', colon) == host.npos)
        host = host.substr(0, colon);
    return std::ranges::any_of(names, [&](const std::string& each) {
        return boost::beast::iequals({each.data(), each.size()}, {host.data(), host.size()});
    });
}

void give_back(std::string& buffer) {
    if (buffer.capacity() > buffer_kept) std::string{}.swap(buffer);
}

}  // namespace

connection::connection(worker& of, int socket, std::shared_ptr<const listener_settings> from,
                       std::shared_ptr<const tls_identity> identity)
    : worker_{of},
      socket_{of.context(), socket},
      agency_{from->agency},
      from_{std::move(from)},
      tls_{identity ? std::make_unique<tls_session>(std::move(identity)) : nullptr} {}

connection::~connection() {
    worker_.all().buffered_bytes.fetch_sub(accounted_, std::memory_order_relaxed);
    worker_.all().connections.fetch_sub(1, std::memory_order_relaxed);
    worker_.metrics().connections_ended.add();
}

void connection::start() {
    set_deadline(limit_met::first_byte, worker_.most().first_byte);
    await_read();
}

void connection::set_deadline(limit_met why, milliseconds how_long) {
    deadline_why_ = why;
    deadline_ = worker_.now() + how_long;
}

void connection::await_read() {
    socket_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                       [self = shared_from_this()](const boost::system::error_code& error) {
                           if (!error) self->on_readable();
                       });
}

void connection::await_write() {
    is_writing_ = true;
    socket_.async_wait(boost::asio::posix::descriptor_base::wait_write,
                       [self = shared_from_this()](const boost::system::error_code& error) {
                           if (error || self->phase_ == phase::closed) return;
                           self->is_writing_ = false;
                           self->flush();
                       });
}

void connection::on_readable() {
    if (phase_ == phase::closed) return;
    auto& buffer = worker_.read_buffer();
    const auto got = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR ? await_read() : close();
    const auto size = static_cast<std::size_t>(got);
    worker_.metrics().bytes_read.add(size);
    if (phase_ == phase::lingering) {
        lingered_ += size;
        return size == 0 || lingered_ > lingering_bytes ? close() : await_read();
    }
    if (size == 0) return close();
    if (!is_touched_) worker_.touch(shared_from_this());
    is_touched_ = true;
    std::string_view bytes{buffer.data(), size};
    if (!tls_) return consume(bytes);
    auto& plain = worker_.plain_buffer();
    plain.clear();
    const bool was_open = tls_->is_open();
    const bool goes_on = tls_->feed(bytes, plain);
    has_come_on_ = has_come_on_ || !plain.empty() || was_open != tls_->is_open();
    if (!agency_) agency_ = tls_->agency();
    if (!plain.empty()) consume(plain);
    if (!goes_on) closes_ = true;
}

void connection::consume(std::string_view bytes) {
    if (in_.empty()) {
        const auto used = take(bytes);
        in_.assign(bytes.substr(used));
    } else {
        in_ += bytes;
        in_.erase(0, take(in_));
    }
    if (in_.empty()) {
        give_back(in_);
        if (!lines_) request_begun_.reset();
    } else if (!request_begun_) {
        request_begun_ = worker_.now();
    }
}

std::size_t connection::take(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && !closes_ && !awaits_) {
        if (!has_room()) {
            resumes_ = true;
            break;
        }
        const auto step = take_request(bytes.substr(used));
        if (step == 0) break;
        request_begun_.reset();
        used += step;
    }
    return closes_ ? bytes.size() : used;
}

bool connection::has_room() const noexcept {
    auto& metrics = worker_.metrics();
    if (requests_in_tick_ >= worker_.most().requests_per_tick) {
        metrics.count(limit_met::requests_per_tick);
        return false;
    }
    if (out_.size() < answers_max) return true;
    metrics.count(limit_met::answer_bytes);
    return false;
}

std::size_t connection::take_request(std::string_view rest) {
    if (lines_) {
        const auto used = worker_.routes().lines().take(*this, *lines_, rest);
        if (!lines_->is_over) {
            if (used < rest.size() && out_.size() >= answers_max) resumes_ = true;
            return used;
        }
        closes_ = closes_ || !lines_->keeps_alive;
        lines_.reset();
        return used;
    }
    if (rest.size() < needed_) return 0;
    if (tls_ && tls_->refused() != problem::none) return refuse(tls_->refused()), rest.size();
    const auto read = read_head(rest, worker_.most());
    if (read.refused != problem::none) return refuse(read.refused), rest.size();
    if (read.bytes == 0) return 0;
    const auto length = static_cast<std::size_t>(read.head.content_length.value_or(0));
    if (!take_whole(read, rest, length)) return closes_ ? rest.size() : 0;
    needed_ = 0;
    has_continued_ = false;
    if (!asked_at_) asked_at_ = worker_.now();
    ++requests_in_tick_;
    return read.bytes + (lines_ ? 0 : length);
}

// Answers the request whose head was read, if it is whole or is to be answered as it comes. False: it is neither, or it
// was refused.
bool connection::take_whole(const head_reading& read, std::string_view rest, std::size_t length) {
    const auto& head = read.head;
    auto what = plan(head);
    if (!is_called(from_->hosts, head.host)) what.refused = problem::misdirected;
    const bool closes = !head.keep_alive || worker_.all().drains.load(std::memory_order_relaxed);
    if (head.method == http_method::get && length != 0) return refuse(problem::body_not_wanted), false;
    if (head.method == http_method::post && !head.content_length) return refuse(problem::length_required), false;
    // A batch of lines that is signed is taken whole: before its end nobody knows whether it is what was signed.
    const bool takes_lines = what.takes_lines && what.refused == problem::none;
    if (takes_lines && !is_signed(head)) {
        if (worker_.in_use() == nullptr) return refuse(problem::not_ready), false;
        if (must_sign()) return refuse(problem::signature_missing), false;
        if (head.expects_continue) out() += "HTTP/1.1 100 Continue\r\n\r\n";
        return begin_lines(what, read, {}, closes);
    }
    if (length > worker_.most().body_bytes) return refuse(problem::body_too_large), false;
    if (rest.size() - read.bytes < length) {
        needed_ = read.bytes + length;
        if (worker_.all().buffered_bytes.load(std::memory_order_relaxed) + needed_ > worker_.most().memory_bytes)
            return refuse(problem::memory_full), false;
        if (head.expects_continue && !std::exchange(has_continued_, true)) out() += "HTTP/1.1 100 Continue\r\n\r\n";
        return false;
    }
    const auto body = rest.substr(read.bytes, length);
    if (takes_lines) return begin_lines(what, read, body, closes);
    worker_.routes().answer(*this, what, head, body, closes);
    if (!awaits_) closes_ = closes_ || closes;
    return true;
}

// The body of one that is signed is looked at here, and then read as that of one that is not.
bool connection::begin_lines(const planned& what, const head_reading& read, std::string_view body, bool closes) {
    const auto& head = read.head;
    asker who{agency_, what.officer};
    if (is_signed(head)) {
        const auto agency = worker_.routes().agency_of_lines(*this, what, head, body, closes);
        if (!agency) return closes_ = closes_ || closes, true;
        who.agency = agency;
    }
    worker_.routes().begin_lines(*this, head, closes);
    lines_ = line_stream{head.content_length.value_or(0), who, !closes, false};
    if (lines_->left == 0) (void)take_request({});
    return true;
}

bool connection::must_sign() const noexcept {
    return from_->is_signed || worker_.signatures().as().required;
}

std::string& connection::out() {
    if (owed_ != 0) worker_.answer_batch();
    return out_;
}

void connection::refuse(problem why) {
    auto& metrics = worker_.metrics();
    metrics.count(why);
    if (why == problem::head_too_large) metrics.count(limit_met::head_bytes);
    if (why == problem::body_too_large) metrics.count(limit_met::body_bytes);
    if (why == problem::memory_full) metrics.count(limit_met::memory_bytes);
    append_answer(out(), {.status = facts_of(why).status, .type = problem_type, .closes = true}, problem_document(why),
                  worker_.date());
    closes_ = true;
}

void connection::end_tick() {
    is_touched_ = false;
    if (phase_ != phase::serving) return;
    requests_in_tick_ = 0;
    if (hold_) return look_at_hold();
    flush();
}

void connection::look_at_hold() {
    if (phase_ == phase::closed || !hold_) return;
    const auto* const rows = worker_.all().source->rows();
    if (rows->is_published(*hold_) && write_receipts()) {
        hold_.reset();
        return flush();
    }
    if (!rows->is_stopped()) return worker_.hold(shared_from_this());
    fail_hold();
}

// False: of one it is not known yet.
bool connection::write_receipts() {
    if (!std::ranges::all_of(receipts_, [](const expected_receipt& each) { return each.call->is_told(); }))
        return false;
    for (const auto& each : receipts_) {
        if (const auto place = each.call->of(each.row)) {
            const auto text = ",\"receipt\":\"" + receipt_id(*place) + '"';
            out_.replace(each.at, text.size(), text);
        }
        if (each.signature) each.signature->write(out_);
    }
    receipts_.clear();
    return true;
}

// No verdict of those that were held is given. An answer that is half told can only be broken off.
void connection::fail_hold() {
    hold_.reset();
    receipts_.clear();
    out_.clear();
    resumes_ = false;
    if (lines_) return close();
    refuse(problem::ledger_stopped);
    flush();
}

void connection::flush() {
    if (is_writing_) return;
    if (tls_) {
        if (!tls_->write(out_)) return close();
        out_.clear();
        if (closes_) tls_->end();
        tls_->take_wire(wire_);
    }
    if (!send_wire()) return;
    account();
    after_answers();
}

// False: it is not all sent yet, or the connection is closed.
bool connection::send_wire() {
    auto& wire = tls_ ? wire_ : out_;
    while (sent_ < wire.size()) {
        const auto put = ::send(socket_.native_handle(), wire.data() + sent_, wire.size() - sent_, MSG_NOSIGNAL);
        if (put > 0) {
            sent_ += static_cast<std::size_t>(put);
            worker_.metrics().bytes_written.add(static_cast<std::size_t>(put));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return close(), false;
        set_deadline(limit_met::answer_time, worker_.most().answer);
        account();
        return await_write(), false;
    }
    wire.clear();
    give_back(wire);
    if (tls_) give_back(out_);
    sent_ = 0;
    return true;
}

void connection::after_answers() {
    if (asked_at_ && !awaits_)
        worker_.metrics().count_answer(std::chrono::steady_clock::now() - *std::exchange(asked_at_, std::nullopt));
    if (closes_) return linger();
    if (awaits_) return;
    if (std::exchange(resumes_, false)) {
        // In a tick of its own, after those who wait meanwhile.
        return worker_.post([self = shared_from_this()] { self->resume(); });
    }
    if (request_begun_) {
        deadline_why_ = limit_met::request_time;
        deadline_ = *request_begun_ + worker_.most().request;
    } else if (!tls_ || std::exchange(has_come_on_, false)) {
        // Bytes of a handshake or of a record that is not whole are no reason to wait longer.
        if (lines_)
            set_deadline(limit_met::request_time, worker_.most().request);
        else
            set_deadline(limit_met::idle, worker_.most().idle);
    }
    await_read();
}

void connection::resume() {
    if (phase_ != phase::serving) return;
    if (!is_touched_) worker_.touch(shared_from_this());
    is_touched_ = true;
    const auto waiting = std::exchange(in_, {});
    consume(waiting);
}

void connection::check_time(time_point now) {
    if (now < deadline_ || hold_ || is_touched_ || (awaits_ && !is_writing_)) return;
    if (phase_ == phase::lingering) return close();
    if (phase_ != phase::serving) return;
    worker_.metrics().count(deadline_why_);
    if (deadline_why_ != limit_met::request_time || lines_) return close();
    refuse(problem::request_timeout);
    flush();
}

void connection::drain() {
    if (phase_ == phase::serving && !is_touched_ && in_.empty() && out_.empty() && wire_.empty() && !lines_ && !hold_ &&
        !awaits_)
        close();
}

void connection::await_answer(std::string_view correlator, bool closes) {
    awaits_ = true;
    awaited_correlator_ = correlator;
    closes_when_answered_ = closes;
}

void connection::take_answer(const late_answer& made) {
    if (phase_ != phase::serving || !awaits_) return;
    awaits_ = false;
    closes_ = closes_ || closes_when_answered_ || worker_.all().drains.load(std::memory_order_relaxed);
    answer_head head{.type = made.type, .correlator = awaited_correlator_, .cache = made.cache, .closes = closes_};
    if (made.refused == problem::none) {
        append_answer(out(), head, made.body, worker_.date());
    } else {
        worker_.metrics().count(made.refused);
        head.status = facts_of(made.refused).status;
        head.type = problem_type;
        append_answer(out(), head, problem_document(made.refused), worker_.date());
    }
    resumes_ = !in_.empty() && !closes_;
    // What waits for the ledger, or for the end of this tick, is sent with it.
    if (!hold_ && !is_touched_) flush();
}

void connection::linger() {
    if (phase_ == phase::closed) return;
    phase_ = phase::lingering;
    set_deadline(limit_met::idle, lingering_time);
    in_.clear();
    give_back(in_);
    (void)::shutdown(socket_.native_handle(), SHUT_WR);
    // Closing with bytes unread would reset the connection, and the client would not read why it was refused. What it
    // sent before it ended is in the way of the read that waits, if one does.
    await_read();
}

void connection::close() {
    if (std::exchange(phase_, phase::closed) == phase::closed) return;
    boost::system::error_code ignored;
    socket_.close(ignored);
    worker_.forget(this);
}

void connection::account() noexcept {
    const auto now = in_.capacity() + out_.capacity() + wire_.capacity();
    auto& all = worker_.all().buffered_bytes;
    if (now > accounted_) all.fetch_add(now - accounted_, std::memory_order_relaxed);
    if (now < accounted_) all.fetch_sub(accounted_ - now, std::memory_order_relaxed);
    accounted_ = now;
}

}  // namespace xacthuc::inline v0_1::service
