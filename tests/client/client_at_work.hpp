// SPDX-License-Identifier: Apache-2.0
// What tests of the client share: questions that the real service is asked, and one over TLS with made certificates.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <xacthuc/client/blocking_client.hpp>

#include "service/made_certificates.hpp"
#include "service/service_at_work.hpp"

namespace xacthuc::tests {

[[nodiscard]] inline client::blocking_client opened(const std::string& url, const client::client_options& how = {}) {
    auto made = client::blocking_client::open(url, how);
    if (!made) FAIL(made.error().message());
    return *std::move(made);
}
[[nodiscard]] inline std::string url_of(const service_at_work& at, std::size_t listener = 0) {
    return "http://127.0.0.1:" + std::to_string(at.port(listener));
}
[[nodiscard]] inline std::string socket_of(const service_at_work& at) {
    return "unix:" + (at.on.place / "socket").string();
}

// Fails quickly where a test expects that nobody answers.
[[nodiscard]] inline client::client_options impatient() {
    client::client_options made;
    made.timeout = std::chrono::milliseconds{3000};
    made.attempts = 2;
    return made;
}

// One of the nation's citizens, by number, and a question about her that is true.
struct somebody {
    explicit somebody(const service_at_work& at, std::uint64_t number = 0)
        : text{std::make_unique<name_text>()}, who{at.on.nation.people().citizen_at(number, *text)} {}
    [[nodiscard]] claim_set asked() const {
        return {.id = who.id, .name = who.name, .birth_date = who.birth, .agency = 12, .procedure = 7};
    }
    std::unique_ptr<name_text> text;
    citizen who;
};
// The first of whom nothing but the truth of claims decides the answer.
[[nodiscard]] inline somebody ordinary(const service_at_work& at) {
    for (std::uint64_t k = 0;; ++k) {
        somebody made{at, k};
        if (made.who.life == life_status::alive && made.who.registration == registration_status::active &&
            made.who.account != account_status::locked && !made.who.superseded && made.who.birth.day() != 0)
            return made;
    }
}

// A service that is asked over TLS, its authorities and some certificates.
struct tls_at_work {
    tls_at_work() : servers{place.path(), "servers"}, agencies{place.path(), "agencies"} {
        servers.issue("server", {.common_name = "a", .alternative_name = "IP:127.0.0.1,DNS:localhost"});
        agencies.issue("health", {.common_name = "a", .alternative_name = "URI:xacthuc:agency:12"});
        agencies.issue("expired", {"a", "URI:xacthuc:agency:12", -7200, -3600});
        at = std::make_unique<service_at_work>(300, [&](service::settings& with) {
            with.listeners.push_back({.address = "127.0.0.1:0", .host = "127.0.0.1", .with_tls = true});
            with.tls = service::tls_settings{place / "server.pem", place / "server.key", place / "agencies.pem", {}};
        });
    }
    [[nodiscard]] client::client_options as(const std::string& certificate) const {
        client::client_options made;
        made.authorities = place / "servers.pem";
        if (certificate.empty()) return made;
        made.certificate = place.path() / (certificate + ".pem");
        made.key = place.path() / (certificate + ".key");
        return made;
    }
    [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const {
        return "https://" + host + ":" + std::to_string(at->port(2));
    }

    scratch_directory place;
    certificate_authority servers;
    certificate_authority agencies;
    std::unique_ptr<service_at_work> at;
};

}  // namespace xacthuc::tests
