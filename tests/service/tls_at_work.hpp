// SPDX-License-Identifier: Apache-2.0
// A service with TLS, an authority of servers and one of agencies, and a client by OpenSSL's own streams.
#pragma once

#include <openssl/ssl.h>

#include <fstream>
#include <memory>
#include <string>

#include "service/made_certificates.hpp"
#include "service/service_at_work.hpp"

namespace xacthuc::tests {

// A client by OpenSSL's own streams.
class tls_client {
  public:
    tls_client(std::uint16_t port, const std::filesystem::path& folder, const std::string& certificate,
               int version_max = TLS1_3_VERSION)
        : context_{SSL_CTX_new(TLS_client_method())} {
        SSL_CTX_load_verify_locations(context_.get(), (folder / "servers.pem").c_str(), nullptr);
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
        SSL_CTX_set_max_proto_version(context_.get(), version_max);
        if (!certificate.empty()) {
            SSL_CTX_use_certificate_file(context_.get(), (folder / (certificate + ".pem")).c_str(), SSL_FILETYPE_PEM);
            SSL_CTX_use_PrivateKey_file(context_.get(), (folder / (certificate + ".key")).c_str(), SSL_FILETYPE_PEM);
        }
        wire_.reset(BIO_new_ssl_connect(context_.get()));
        BIO_set_conn_hostname(wire_.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
        is_open_ = BIO_do_handshake(wire_.get()) == 1;
    }
    [[nodiscard]] bool is_open() const { return is_open_; }
    [[nodiscard]] std::string ask(const std::string& request) {
        if (BIO_write(wire_.get(), request.data(), static_cast<int>(request.size())) <= 0) return "";
        std::string got;
        for (;;) {
            char piece[8192];
            const int size = BIO_read(wire_.get(), piece, sizeof piece);
            if (size <= 0) return got;
            got.append(piece, static_cast<std::size_t>(size));
            const auto head = got.find("\r\n\r\n");
            if (head == std::string::npos) continue;
            const auto length = std::stoul(got.substr(got.find("Content-Length: ") + 16));
            if (got.size() >= head + 4 + length) return got;
        }
    }
    // The number of the server's certificate.
    [[nodiscard]] long serial() const {
        SSL* session = nullptr;
        BIO_get_ssl(wire_.get(), &session);
        const std::unique_ptr<X509, freeing> theirs{SSL_get1_peer_certificate(session)};
        return ASN1_INTEGER_get(X509_get0_serialNumber(theirs.get()));
    }

  private:
    struct freeing {
        void operator()(SSL_CTX* of) const noexcept { SSL_CTX_free(of); }
        void operator()(BIO* of) const noexcept { BIO_free_all(of); }
        void operator()(X509* of) const noexcept { X509_free(of); }
    };
    std::unique_ptr<SSL_CTX, freeing> context_;
    std::unique_ptr<BIO, freeing> wire_;
    bool is_open_ = false;
};

struct tls_service {
    explicit tls_service(const service_at_work::change& as = [](service::settings&) {})
        : servers{place.path(), "servers"}, agencies{place.path(), "agencies"} {
        servers.issue("server", {.common_name = "localhost"});
        agencies.issue("health", {.common_name = "a", .alternative_name = "URI:xacthuc:agency:12"});
        agencies.issue("expired", {"a", "URI:xacthuc:agency:12", -7200, -3600});
        agencies.issue("early", {"a", "URI:xacthuc:agency:12", 3600, 7200});
        agencies.issue("nobody", {.common_name = "a"});
        agencies.issue("two", {.common_name = "a", .alternative_name = "URI:xacthuc:agency:12,URI:xacthuc:agency:13"});
        agencies.issue("word", {.common_name = "a", .alternative_name = "URI:xacthuc:agency:12x"});
        agencies.issue("zero", {.common_name = "a", .alternative_name = "URI:xacthuc:agency:0"});
        agencies.revoke(agencies.issue("revoked", {.common_name = "a", .alternative_name = "URI:xacthuc:agency:12"}),
                        "revoked.crl");
        servers.issue("stranger", {.common_name = "a", .alternative_name = "URI:xacthuc:agency:12"});
        at = std::make_unique<service_at_work>(300, [&](service::settings& with) {
            with.listeners.push_back({.address = "127.0.0.1:0", .host = "127.0.0.1", .with_tls = true});
            with.tls = service::tls_settings{place / "server.pem", place / "server.key", place / "agencies.pem",
                                             place / "revoked.crl"};
            with.policy = place / "vn.toml";
            std::ofstream{with.policy} << "framework = \"vn\"\nversion = 1\n[procedure.p]\nnumber = 1\ntitle = { vi = "
                                          "\"a\", en = \"b\" }\npurpose = \"x\"\nlaw = \"y\"\nmay_ask = "
                                          "[\"sex\"]\nanswer = \"per_claim\"\nproof = [\"agency\"]\n[agency.a]\nnumber "
                                          "= 12\ntitle = { vi = \"a\", en = \"b\" }\nmay = [\"p\"]\n";
            as(with);
        });
    }
    [[nodiscard]] tls_client client(const std::string& certificate, int version_max = TLS1_3_VERSION) const {
        return {at->port(2), place.path(), certificate, version_max};
    }

    scratch_directory place;
    certificate_authority servers;
    certificate_authority agencies;
    std::unique_ptr<service_at_work> at;
};

}  // namespace xacthuc::tests
