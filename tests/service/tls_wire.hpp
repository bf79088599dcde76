// SPDX-License-Identifier: Apache-2.0
// A client of TLS that says what goes over the wire, and when: OpenSSL over bytes in memory, and a plain socket.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "service/raw_client.hpp"

namespace xacthuc::tests {

class tls_wire {
  public:
    tls_wire(std::uint16_t port, const std::filesystem::path& folder, const std::string& certificate)
        : socket_{port}, context_{SSL_CTX_new(TLS_client_method())} {
        SSL_CTX_use_certificate_file(context_.get(), (folder / (certificate + ".pem")).c_str(), SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(context_.get(), (folder / (certificate + ".key")).c_str(), SSL_FILETYPE_PEM);
        SSL_CTX_set_psk_use_session_callback(context_.get(), invent_session);
        session_.reset(SSL_new(context_.get()));
        SSL_set_bio(session_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(session_.get());
    }

    [[nodiscard]] raw_client& socket() { return socket_; }
    [[nodiscard]] SSL* session() { return session_.get(); }

    // What OpenSSL wants to send.
    [[nodiscard]] std::string to_send() {
        std::string all;
        std::array<char, 4096> piece{};
        for (int size = 0; (size = BIO_read(SSL_get_wbio(session_.get()), piece.data(), piece.size())) > 0;)
            all.append(piece.data(), static_cast<std::size_t>(size));
        return all;
    }
    // The first message of the handshake, with such data before its end where there is some.
    [[nodiscard]] std::string hello(const std::string& early = "") {
        std::size_t size = 0;
        if (!early.empty()) {
            if (SSL_write_early_data(session_.get(), early.data(), early.size(), &size) != 1)
                throw std::runtime_error{"no early data"};
        }
        (void)SSL_do_handshake(session_.get());
        return to_send();
    }
    // The last messages of the handshake, once the server has answered the first.
    [[nodiscard]] std::string finish() {
        while (SSL_do_handshake(session_.get()) != 1) {
            const auto some = socket_.read_some();
            if (some.empty()) throw std::runtime_error{"the handshake fails"};
            take(some);
        }
        return to_send();
    }
    void open() {
        if (!socket_.send(hello()) || !socket_.send(finish())) throw std::runtime_error{"the handshake fails"};
    }
    [[nodiscard]] std::string record_of(const std::string& text) {
        if (SSL_write(session_.get(), text.data(), static_cast<int>(text.size())) <= 0)
            throw std::runtime_error{"cannot write"};
        return to_send();
    }
    // What is said within one read of the wire.
    [[nodiscard]] std::string listen() {
        for (;;) {
            std::array<char, 16'384> piece{};
            const int size = SSL_read(session_.get(), piece.data(), piece.size());
            if (size > 0) return {piece.data(), static_cast<std::size_t>(size)};
            const auto some = socket_.read_some();
            if (some.empty()) return {};
            take(some);
        }
    }

  private:
    struct freeing {
        void operator()(SSL_CTX* of) const noexcept { SSL_CTX_free(of); }
        void operator()(SSL* of) const noexcept { SSL_free(of); }
    };
    void take(const std::string& bytes) {
        (void)BIO_write(SSL_get_rbio(session_.get()), bytes.data(), static_cast<int>(bytes.size()));
    }
    // A session that the server never gave: only so can there be early data at all.
    static int invent_session(SSL* of, const EVP_MD*, const unsigned char** name, std::size_t* name_size,
                              SSL_SESSION** into) {
        static constexpr std::array<unsigned char, 8> invented{'i', 'n', 'v', 'e', 'n', 't', 'e', 'd'};
        static constexpr std::array<unsigned char, 2> aes_128_gcm{0x13, 0x01};
        const std::array<unsigned char, 32> secret{7};
        auto* const made = SSL_SESSION_new();
        SSL_SESSION_set1_master_key(made, secret.data(), secret.size());
        SSL_SESSION_set_cipher(made, SSL_CIPHER_find(of, aes_128_gcm.data()));
        SSL_SESSION_set_protocol_version(made, TLS1_3_VERSION);
        SSL_SESSION_set_max_early_data(made, 16'384);
        *name = invented.data();
        *name_size = invented.size();
        *into = made;
        return 1;
    }

    raw_client socket_;
    std::unique_ptr<SSL_CTX, freeing> context_;
    std::unique_ptr<SSL, freeing> session_;
};

}  // namespace xacthuc::tests
