// SPDX-License-Identifier: Apache-2.0
// Requests signed by the test's own hand, after RFC 9421 and RFC 9530, so that nothing of the service is judged by
// itself; each part can be left out or made wrong.
#pragma once

#include <doctest/doctest.h>
#include <sodium.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace xacthuc::tests {

[[nodiscard]] inline std::string base64_text(const void* bytes, std::size_t size) {
    std::string text(sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), static_cast<const unsigned char*>(bytes), size,
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();
    return text;
}
[[nodiscard]] inline std::string sha256_header(std::string_view body) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(body.data()), body.size());
    return "sha-256=:" + base64_text(hash.data(), hash.size()) + ":";
}
[[nodiscard]] inline std::string sha512_header(std::string_view body) {
    std::array<unsigned char, crypto_hash_sha512_BYTES> hash;
    crypto_hash_sha512(hash.data(), reinterpret_cast<const unsigned char*>(body.data()), body.size());
    return "sha-512=:" + base64_text(hash.data(), hash.size()) + ":";
}
[[nodiscard]] inline std::int64_t seconds_now() {
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

// A key pair, and its files as xacthuc keygen writes them.
class signer {
  public:
    signer() { crypto_sign_keypair(public_.data(), secret_.data()); }

    [[nodiscard]] std::string sign(std::string_view message) const {
        std::array<unsigned char, crypto_sign_BYTES> made;
        crypto_sign_detached(made.data(), nullptr, reinterpret_cast<const unsigned char*>(message.data()),
                             message.size(), secret_.data());
        return base64_text(made.data(), made.size());
    }
    [[nodiscard]] bool verifies(std::string_view message, std::string_view base64) const {
        std::array<unsigned char, crypto_sign_BYTES> bytes;
        std::size_t size = 0;
        return sodium_base642bin(bytes.data(), bytes.size(), base64.data(), base64.size(), nullptr, &size, nullptr,
                                 sodium_base64_VARIANT_ORIGINAL) == 0 &&
               size == bytes.size() &&
               crypto_sign_verify_detached(bytes.data(), reinterpret_cast<const unsigned char*>(message.data()),
                                           message.size(), public_.data()) == 0;
    }
    void save_public(const std::filesystem::path& file) const {
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file} << "xacthuc-signing-public-1 " << hex(public_.data()) << '\n';
    }
    void save_secret(const std::filesystem::path& file) const {
        std::ofstream{file} << "xacthuc-signing-secret-1 " << hex(secret_.data()) << ' ' << hex(public_.data()) << '\n';
        std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }

  private:
    [[nodiscard]] static std::string hex(const unsigned char* bytes) {
        std::array<char, 65> text;
        return sodium_bin2hex(text.data(), text.size(), bytes, 32);
    }
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_;
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret_;
};

// A request that is to be signed. Every part is as it should be until somebody changes it.
struct signed_text {
    const signer* by = nullptr;
    std::string agency = "12";
    std::string method = "POST";
    std::string path = "/v1/verify";
    std::string host = "x";
    std::string type = "application/json";
    std::string body{};
    std::vector<std::string> covers{"@method", "@target-uri", "content-type", "content-digest"};
    std::map<std::string, std::string> fields{};  // further ones, by name in lower case
    std::string parameters = standard_parameters();
    std::string label = "sig";
    std::string digest{};     // in place of the right one
    std::string sent_body{};  // in place of the one that was signed
    std::string signature{};  // in place of the right one

    [[nodiscard]] static std::string fresh_nonce() {
        std::array<unsigned char, 16> bytes;
        randombytes_buf(bytes.data(), bytes.size());
        return base64_text(bytes.data(), bytes.size());
    }
    [[nodiscard]] static std::string standard_parameters(std::int64_t seconds_off = 0,
                                                         const std::string& nonce = fresh_nonce(),
                                                         const std::string& key_id = "agency:12") {
        return ";created=" + std::to_string(seconds_now() + seconds_off) + ";nonce=\"" + nonce + "\";keyid=\"" +
               key_id + "\";alg=\"ed25519\"";
    }

    [[nodiscard]] std::string input() const {
        std::string list = "(";
        for (const auto& each : covers) list += (list.size() == 1 ? "\"" : " \"") + each + '"';
        return list + ')' + parameters;
    }
    [[nodiscard]] std::string bytes() const {
        auto all = fields;
        all["content-type"] = type;
        if (!body.empty()) all["content-digest"] = digest.empty() ? sha256_header(body) : digest;
        std::string base;
        for (const auto& each : covers) base += '"' + each + "\": " + value_of(each, all) + '\n';
        base += "\"@signature-params\": " + input();
        const auto& sent = sent_body.empty() ? body : sent_body;
        std::string text = method + ' ' + path + " HTTP/1.1\r\nHost: " + host + "\r\n";
        if (method == "POST") text += "Content-Length: " + std::to_string(sent.size()) + "\r\n";
        for (const auto& [name, value] : all) text += name + ": " + value + "\r\n";
        text += "Signature-Input: " + label + '=' + input() +
                "\r\nSignature: " + (signature.empty() ? label + "=:" + by->sign(base) + ':' : signature) + "\r\n\r\n";
        return text + sent;
    }

  private:
    [[nodiscard]] std::string value_of(const std::string& component,
                                       const std::map<std::string, std::string>& all) const {
        const auto query = path.find('?');
        if (component == "@method") return method;
        if (component == "@target-uri") return "http://" + host + path;
        if (component == "@authority") return host;
        if (component == "@scheme") return "http";
        if (component == "@request-target") return path;
        if (component == "@path") return path.substr(0, query);
        if (component == "@query") return query == std::string::npos ? "?" : path.substr(query);
        if (component == "content-length") return std::to_string(body.size());
        const auto found = all.find(component);
        return found == all.end() ? std::string{} : found->second;
    }
};

}  // namespace xacthuc::tests
