// SPDX-License-Identifier: Apache-2.0
// The configuration: one TOML file, checked whole before anything is opened.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>
#include <xacthuc/policy/framework.hpp>

#include "service/limits.hpp"

namespace xacthuc::inline v0_1::service {

// Where connections come in.
struct listener_settings {
    std::string address{};  // as it was written
    std::string host{};     // an IP address; empty for a Unix socket
    std::uint16_t port = 0;
    std::filesystem::path socket{};  // of a Unix socket
    bool with_tls = false;
    std::optional<std::uint16_t> agency{};  // who asks here, where no certificate says so
    bool is_signed = false;                 // what is asked here has to be signed
    // By what names it may be called, without a port; empty: by any. Where neither a certificate nor a file's mode says
    // who may ask, a page of anybody's in a browser on this machine could, by a name of its own that leads here.
    std::vector<std::string> hosts{};
};

struct tls_settings {
    std::filesystem::path certificate;  // with its chain, PEM
    std::filesystem::path key;
    std::filesystem::path client_authorities;
    std::filesystem::path revoked;  // a list of revoked certificates; empty: none is looked at
};

// Of signed requests and answers: RFC 9421.
struct signature_settings {
    std::filesystem::path agencies;      // a folder of agencies' public keys, 12.pub; empty: no signature is taken
    std::vector<std::uint16_t> revoked;  // agencies whose signatures are taken no more
    std::filesystem::path key;           // the service's own; empty: answers are not signed
    bool required = false;               // at every listener
    // How far ahead the clocks of agencies and of citizens may be.
    std::chrono::milliseconds max_ahead{30'000};
};

struct settings {
    std::filesystem::path register_path;  // a registry's folder, or a snapshot
    std::filesystem::path digest_key;     // empty: beside it
    std::filesystem::path authority;
    std::filesystem::path mark;
    std::filesystem::path policy;  // empty: none
    std::string policy_root;
    std::filesystem::path guards;
    std::filesystem::path ledger;
    std::string ledger_origin;               // of a ledger that is begun
    std::filesystem::path ledger_histories;  // what citizens are shown of it; empty: all
    std::vector<listener_settings> listeners;
    std::optional<tls_settings> tls;
    signature_settings signatures;
    limits most;
    bool has_desk = true;
    unsigned threads = 0;  // 0: one a processor
};

// Reads a configuration file; paths in it are relative to its folder.
// Errors: every fault with its line.
[[nodiscard]] policy_result<settings> read_settings(const std::filesystem::path& file);
[[nodiscard]] policy_result<settings> parse_settings(std::string_view text, const std::filesystem::path& file);

}  // namespace xacthuc::inline v0_1::service
