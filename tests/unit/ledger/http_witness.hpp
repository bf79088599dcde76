// SPDX-License-Identifier: Apache-2.0
// A witness on this machine that keeps to the protocol, written from it alone, and can be told to do otherwise.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <functional>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <xacthuc/ledger/cosignature.hpp>

#include "ledger/hash_line.hpp"
#include "unit/ledger/log_signer.hpp"

namespace xacthuc::tests {

class http_witness {
  public:
    struct reply {
        unsigned status;
        std::string body;
    };

    http_witness(std::string name, unsigned char seed_byte, const log_signer& of)
        : key_{seed_byte, std::move(name)}, origin_{of.origin()}, log_{of.verifier()}, thread_{[this] { serve(); }} {}
    http_witness(const http_witness&) = delete;
    http_witness& operator=(const http_witness&) = delete;
    ~http_witness() {
        stopping_ = true;
        boost::asio::io_context on;
        boost::asio::ip::tcp::socket waker{on};
        boost::system::error_code ignored;
        waker.connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
    }

    [[nodiscard]] cosigner who() const { return cosigner::make(key_.origin(), key_.verifier().key()).value(); }
    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/of/it/";
    }
    [[nodiscard]] std::uint64_t size() const {
        const std::lock_guard lock{guard_};
        return size_;
    }
    // Answers so instead of as it should.
    void instead(std::function<reply(const reply&)> change) {
        const std::lock_guard lock{guard_};
        change_ = std::move(change);
    }

    std::atomic<std::uint64_t> time_s = 1'700'000'000;

  private:
    [[nodiscard]] reply right_reply(const std::string& target, std::string_view body) {
        if (target != "/of/it/add-checkpoint") return {404, "no such place\n"};
        const auto first = take_line(body);
        if (!first || !first->starts_with("old ")) return {400, "no old size\n"};
        const auto old = number_of_decimal(first->substr(4));
        std::vector<tree_hash> proof;
        auto line = take_line(body);
        for (; line && !line->empty(); line = take_line(body)) proof.push_back(hash_of_base64(*line).value());
        const auto note = parse_note(body);
        if (!old || !line || !note) return {400, "not understood\n"};
        const auto head = open_checkpoint(body, origin_, log_);
        if (!head) return {403, "not signed by the log\n"};
        if (*old > head->size) return {400, "backwards\n"};
        if (*old != size_) return {409, std::to_string(size_) + '\n'};
        if (*old == head->size && size_ != 0 && head->root != root_) return {409, std::to_string(size_) + '\n'};
        if (*old != head->size &&
            !is_consistent(*old, *old == 0 ? tree_root({}) : root_, head->size, head->root, proof))
            return {422, "no proof\n"};
        size_ = head->size;
        root_ = head->root;
        const signed_note lines{
            note->text,
            {make_cosignature(note->text, who(), time_s, [this](auto message) { return key_.sign(message); })}};
        return {200, lines.encode().substr(note->text.size() + 1)};
    }

    void serve() {
        namespace http = boost::beast::http;
        while (!stopping_) {
            boost::system::error_code failed;
            auto socket = acceptor_.accept(failed);
            if (failed || stopping_) continue;
            boost::beast::flat_buffer buffer;
            http::request<http::string_body> request;
            http::read(socket, buffer, request, failed);
            if (failed) continue;
            const std::lock_guard lock{guard_};
            auto made = right_reply(std::string{request.target()}, request.body());
            if (change_) made = change_(made);
            if (made.status == 0) {
                std::this_thread::sleep_for(std::chrono::milliseconds{400});
                continue;
            }
            http::response<http::string_body> response{static_cast<http::status>(made.status), 11};
            response.body() = made.body;
            response.prepare_payload();
            http::write(socket, response, failed);
        }
    }

    log_signer key_;
    std::string origin_;
    note_verifier log_;
    mutable std::mutex guard_;
    std::function<reply(const reply&)> change_;
    std::uint64_t size_ = 0;
    tree_hash root_{};
    std::atomic<bool> stopping_ = false;
    boost::asio::io_context on_;
    boost::asio::ip::tcp::acceptor acceptor_{on_, {boost::asio::ip::address_v4::loopback(), 0}};
    std::thread thread_;
};

}  // namespace xacthuc::tests
