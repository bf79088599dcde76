// SPDX-License-Identifier: Apache-2.0
// An authority of the test's own, and certificates by it as files.
#pragma once

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace xacthuc::tests {

struct certificate_wish {
    std::string common_name;
    std::string alternative_name{};  // as OpenSSL writes it: "URI:xacthuc:agency:12"
    long from_seconds = -3600;       // from now
    long to_seconds = 3600;
};

class certificate_authority {
  public:
    explicit certificate_authority(std::filesystem::path folder, const std::string& name = "authority")
        : folder_{std::move(folder)}, key_{EVP_EC_gen("P-256")}, own_{X509_new()} {
        fill(own_.get(), {.common_name = name, .to_seconds = 86'400}, key_.get());
        add(own_.get(), NID_basic_constraints, "critical,CA:TRUE");
        sign(own_.get());
        save(folder_ / (name + ".pem"), own_.get(), nullptr);
    }
    // <name>.pem and <name>.key. Returns the serial number.
    long issue(const std::string& name, const certificate_wish& wish) {
        const std::unique_ptr<EVP_PKEY, freeing> key{EVP_EC_gen("P-256")};
        const std::unique_ptr<X509, freeing> made{X509_new()};
        fill(made.get(), wish, key.get());
        if (!wish.alternative_name.empty()) add(made.get(), NID_subject_alt_name, wish.alternative_name);
        sign(made.get());
        save(folder_ / (name + ".pem"), made.get(), key.get());
        return serial_;
    }
    // A list of revoked certificates, as a file.
    void revoke(long serial, const std::string& name) {
        const std::unique_ptr<X509_CRL, freeing> list{X509_CRL_new()};
        X509_CRL_set_version(list.get(), 1);
        X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(own_.get()));
        const std::unique_ptr<ASN1_TIME, freeing> from{ASN1_TIME_adj(nullptr, std::time(nullptr), 0, -3600)};
        const std::unique_ptr<ASN1_TIME, freeing> to{ASN1_TIME_adj(nullptr, std::time(nullptr), 1, 0)};
        X509_CRL_set1_lastUpdate(list.get(), from.get());
        X509_CRL_set1_nextUpdate(list.get(), to.get());
        auto* const one = X509_REVOKED_new();
        const std::unique_ptr<ASN1_INTEGER, freeing> number{ASN1_INTEGER_new()};
        ASN1_INTEGER_set(number.get(), serial);
        X509_REVOKED_set_serialNumber(one, number.get());
        X509_REVOKED_set_revocationDate(one, from.get());
        X509_CRL_add0_revoked(list.get(), one);
        X509_CRL_sign(list.get(), key_.get(), EVP_sha256());
        const file to_file{std::fopen((folder_ / name).c_str(), "w")};
        PEM_write_X509_CRL(to_file.get(), list.get());
    }

  private:
    struct freeing {
        void operator()(EVP_PKEY* of) const noexcept { EVP_PKEY_free(of); }
        void operator()(X509* of) const noexcept { X509_free(of); }
        void operator()(X509_CRL* of) const noexcept { X509_CRL_free(of); }
        void operator()(ASN1_TIME* of) const noexcept { ASN1_TIME_free(of); }
        void operator()(std::FILE* of) const noexcept { std::fclose(of); }
    };
    using file = std::unique_ptr<std::FILE, freeing>;

    void fill(X509* made, const certificate_wish& wish, EVP_PKEY* key) {
        X509_set_version(made, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial_);
        X509_gmtime_adj(X509_getm_notBefore(made), wish.from_seconds);
        X509_gmtime_adj(X509_getm_notAfter(made), wish.to_seconds);
        X509_set_pubkey(made, key);
        auto* const subject = X509_get_subject_name(made);
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1, -1, 0);
        X509_set_issuer_name(made, X509_get_subject_name(own_.get()));
    }
    static void add(X509* made, int kind, const std::string& value) {
        auto* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
        if (extension == nullptr) throw std::runtime_error{value};
        X509_add_ext(made, extension, -1);
        X509_EXTENSION_free(extension);
    }
    void sign(X509* made) { X509_sign(made, key_.get(), EVP_sha256()); }
    static void save(const std::filesystem::path& path, X509* made, EVP_PKEY* key) {
        const file to{std::fopen(path.c_str(), "w")};
        PEM_write_X509(to.get(), made);
        if (key == nullptr) return;
        auto beside = path;
        const file secret{std::fopen(beside.replace_extension("key").c_str(), "w")};
        PEM_write_PrivateKey(secret.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    }

    std::filesystem::path folder_;
    std::unique_ptr<EVP_PKEY, freeing> key_;
    std::unique_ptr<X509, freeing> own_;
    long serial_ = 0;
};

}  // namespace xacthuc::tests
