// SPDX-License-Identifier: Apache-2.0
// TLS 1.3 over bytes in memory: what comes from the wire goes in, what goes to the wire comes out, and sockets are the
// connection's. A client shows a certificate whose subject alternative name names one agency,
//
//   URI:xacthuc:agency:12
//
// A certificate that is missing, expired, revoked or not trusted does not end the handshake: the connection is told
// why in a problem document, and nothing is answered on it.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/error.hpp>

#include "service/metrics.hpp"
#include "service/problem.hpp"
#include "service/settings.hpp"

namespace xacthuc::inline v0_1::service {

// The server's certificate and whom it trusts. Immutable: a reload makes another, and connections keep theirs.
class tls_identity {
  public:
    // Errors: io, with what OpenSSL says of the file.
    [[nodiscard]] static detailed_result<std::shared_ptr<const tls_identity>> load(const tls_settings& from);

    [[nodiscard]] SSL_CTX* context() const noexcept { return context_.get(); }
    // When its files stop being good.
    [[nodiscard]] const std::vector<certificate_end>& ends() const noexcept { return ends_; }

  private:
    struct freeing {
        void operator()(SSL_CTX* of) const noexcept { SSL_CTX_free(of); }
    };
    std::unique_ptr<SSL_CTX, freeing> context_;
    std::vector<certificate_end> ends_;
};

// Concurrency: single thread.
class tls_session {
  public:
    // Exceptions: std::bad_alloc.
    explicit tls_session(std::shared_ptr<const tls_identity> of);

    // Takes bytes of the wire, and appends what they say. False: it is over, and take_wire() has the reason for the
    // other side.
    [[nodiscard]] bool feed(std::string_view wire, std::string& plain);
    [[nodiscard]] bool write(std::string_view plain);
    void end() noexcept;
    // Appends what has to be sent.
    void take_wire(std::string& to);

    // Whether the handshake is done.
    [[nodiscard]] bool is_open() const noexcept;
    // Who the client is, or why it is nobody. Requires: is_open().
    [[nodiscard]] problem refused() const noexcept { return refused_; }
    [[nodiscard]] std::optional<std::uint16_t> agency() const noexcept { return agency_; }

  private:
    struct freeing {
        void operator()(SSL* of) const noexcept { SSL_free(of); }
    };
    void look_at_client();
    static int on_certificate(int is_good, X509_STORE_CTX* store) noexcept;

    std::shared_ptr<const tls_identity> identity_;
    std::unique_ptr<SSL, freeing> session_;
    int certificate_error_ = 0;
    bool is_known_ = false;
    problem refused_ = problem::none;
    std::optional<std::uint16_t> agency_;
};

}  // namespace xacthuc::inline v0_1::service
