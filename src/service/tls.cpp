// SPDX-License-Identifier: Apache-2.0
#include "service/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <limits>
#include <new>
#include <utility>

namespace xacthuc::inline v0_1::service {
namespace {

constexpr std::string_view agency_uri = "xacthuc:agency:";

[[nodiscard]] failure failure_at(const std::filesystem::path& path) {
    const auto code = ERR_get_error();
    ERR_clear_error();
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    return {make_error_code(errc::io), path.string() + ": " + text.data()};
}

// HTTP/1.1 is all that is spoken.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) noexcept {
    static constexpr std::array<unsigned char, 9> spoken{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* found = nullptr;
    if (SSL_select_next_proto(&found, size, spoken.data(), static_cast<unsigned>(spoken.size()), offered,
                              offered_size) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

// The agency that a certificate names, where it names one.
[[nodiscard]] std::optional<std::uint16_t> agency_of(X509* certificate) {
    std::optional<std::uint16_t> agency;
    auto* const names =
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    unsigned found = 0;
    for (int k = 0; k < sk_GENERAL_NAME_num(names); ++k) {
        const auto* const name = sk_GENERAL_NAME_value(names, k);
        if (name->type != GEN_URI) continue;
        const auto* const uri = name->d.uniformResourceIdentifier;
        const std::string_view text{reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                                    static_cast<std::size_t>(ASN1_STRING_length(uri))};
        if (!text.starts_with(agency_uri)) continue;
        ++found;
        const auto digits = text.substr(agency_uri.size());
        std::uint16_t number = 0;
        const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (failed == std::errc{} && end == digits.data() + digits.size() && number != 0) agency = number;
    }
    GENERAL_NAMES_free(names);
    return found == 1 ? agency : std::nullopt;
}

[[nodiscard]] problem problem_of(int certificate_error) noexcept {
    switch (certificate_error) {
        case X509_V_OK:
            return problem::none;
        case X509_V_ERR_CERT_HAS_EXPIRED:
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return problem::certificate_expired;
        case X509_V_ERR_CERT_REVOKED:
            return problem::certificate_revoked;
        default:
            return problem::certificate_not_trusted;
    }
}

[[nodiscard]] std::int64_t unix_s_of(const ASN1_TIME* time) noexcept {
    std::tm parts{};
    return time != nullptr && ASN1_TIME_to_tm(time, &parts) == 1 ? ::timegm(&parts)
                                                                 : std::numeric_limits<std::int64_t>::max();
}

// The first end among the certificates and lists of a file; none where there is neither.
[[nodiscard]] std::optional<std::int64_t> first_end(const std::filesystem::path& file) {
    std::optional<std::int64_t> first;
    const std::unique_ptr<BIO, decltype(&BIO_free)> from{BIO_new_file(file.c_str(), "r"), &BIO_free};
    if (!from) return first;
    auto* const all = PEM_X509_INFO_read_bio(from.get(), nullptr, nullptr, nullptr);
    for (int k = 0; k < sk_X509_INFO_num(all); ++k) {
        const auto* const each = sk_X509_INFO_value(all, k);
        for (const auto* const end : {each->x509 != nullptr ? X509_get0_notAfter(each->x509) : nullptr,
                                      each->crl != nullptr ? X509_CRL_get0_nextUpdate(each->crl) : nullptr})
            if (end != nullptr) first = std::min(first.value_or(unix_s_of(end)), unix_s_of(end));
    }
    sk_X509_INFO_pop_free(all, X509_INFO_free);
    ERR_clear_error();
    return first;
}

[[nodiscard]] bool look_at_revoked(SSL_CTX* context, const std::filesystem::path& list) {
    auto* const store = SSL_CTX_get_cert_store(context);
    auto* const lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    if (lookup == nullptr || X509_load_crl_file(lookup, list.c_str(), X509_FILETYPE_PEM) <= 0) return false;
    return X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK) == 1;
}

}  // namespace

detailed_result<std::shared_ptr<const tls_identity>> tls_identity::load(const tls_settings& from) {
    auto made = std::make_shared<tls_identity>();
    made->context_.reset(SSL_CTX_new(TLS_server_method()));
    auto* const context = made->context_.get();
    if (context == nullptr) return failure_at("TLS");
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    // A session that is taken up again would not look at the certificate anew.
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    if (SSL_CTX_use_certificate_chain_file(context, from.certificate.c_str()) != 1) return failure_at(from.certificate);
    if (SSL_CTX_use_PrivateKey_file(context, from.key.c_str(), SSL_FILETYPE_PEM) != 1) return failure_at(from.key);
    if (SSL_CTX_check_private_key(context) != 1) return failure_at(from.key);
    if (SSL_CTX_load_verify_locations(context, from.client_authorities.c_str(), nullptr) != 1)
        return failure_at(from.client_authorities);
    SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(from.client_authorities.c_str()));
    if (!from.revoked.empty() && !look_at_revoked(context, from.revoked)) return failure_at(from.revoked);
    const std::array<std::pair<std::string_view, const std::filesystem::path*>, 3> files{
        {{"certificate", &from.certificate},
         {"client_authorities", &from.client_authorities},
         {"revoked", &from.revoked}}};
    for (const auto& [key, path] : files)
        if (const auto end = path->empty() ? std::nullopt : first_end(*path)) made->ends_.push_back({key, *end});
    return std::shared_ptr<const tls_identity>{std::move(made)};
}

tls_session::tls_session(std::shared_ptr<const tls_identity> of)
    : identity_{std::move(of)}, session_{SSL_new(identity_->context())} {
    auto* const in = BIO_new(BIO_s_mem());
    auto* const out = BIO_new(BIO_s_mem());
    if (!session_ || in == nullptr || out == nullptr) {
        BIO_free(in);
        BIO_free(out);
        throw std::bad_alloc{};
    }
    SSL_set_bio(session_.get(), in, out);
    SSL_set_accept_state(session_.get());
    SSL_set_app_data(session_.get(), this);
    SSL_set_verify(session_.get(), SSL_VERIFY_PEER, on_certificate);
}

int tls_session::on_certificate(int is_good, X509_STORE_CTX* store) noexcept {
    const auto* const session =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto& self = *static_cast<tls_session*>(SSL_get_app_data(session));
    if (is_good == 0 && self.certificate_error_ == X509_V_OK) self.certificate_error_ = X509_STORE_CTX_get_error(store);
    return 1;
}

bool tls_session::is_open() const noexcept {
    return SSL_is_init_finished(session_.get()) == 1;
}

void tls_session::look_at_client() {
    is_known_ = true;
    refused_ = problem_of(certificate_error_);
    auto* const certificate = SSL_get0_peer_certificate(session_.get());
    if (certificate == nullptr) refused_ = problem::certificate_missing;
    if (refused_ != problem::none) return;
    agency_ = agency_of(certificate);
    if (!agency_) refused_ = problem::certificate_names_nobody;
}

bool tls_session::feed(std::string_view wire, std::string& plain) {
    ERR_clear_error();
    if (BIO_write(SSL_get_rbio(session_.get()), wire.data(), static_cast<int>(wire.size())) !=
        static_cast<int>(wire.size()))
        return false;
    std::array<char, 16'384> piece;  // NOLINT: filled by SSL_read_ex
    for (;;) {
        std::size_t size = 0;
        const int done = SSL_read_ex(session_.get(), piece.data(), piece.size(), &size);
        if (!is_known_ && is_open()) look_at_client();
        if (done == 1) {
            plain.append(piece.data(), size);
            continue;
        }
        const bool waits = SSL_get_error(session_.get(), done) == SSL_ERROR_WANT_READ;
        ERR_clear_error();
        return waits;
    }
}

bool tls_session::write(std::string_view plain) {
    if (plain.empty()) return true;
    ERR_clear_error();
    std::size_t size = 0;
    return SSL_write_ex(session_.get(), plain.data(), plain.size(), &size) == 1 && size == plain.size();
}

void tls_session::end() noexcept {
    ERR_clear_error();
    if (is_open()) (void)SSL_shutdown(session_.get());
    ERR_clear_error();
}

void tls_session::take_wire(std::string& to) {
    auto* const out = SSL_get_wbio(session_.get());
    for (auto left = BIO_ctrl_pending(out); left != 0; left = BIO_ctrl_pending(out)) {
        const auto before = to.size();
        to.resize(before + left);
        const int read = BIO_read(out, to.data() + before, static_cast<int>(left));
        to.resize(before + static_cast<std::size_t>(std::max(read, 0)));
        if (read <= 0) return;
    }
}

}  // namespace xacthuc::inline v0_1::service
