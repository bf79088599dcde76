// SPDX-License-Identifier: Apache-2.0
// How a service is asked: what is the same for all questions, and what can differ.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <xacthuc/client/request_signing.hpp>
#include <xacthuc/domain/date.hpp>
#include <xacthuc/engine/proof.hpp>

namespace xacthuc::inline v0_1::client {

// How a service is asked.
struct client_options {
    // Files of the client's certificate, with those that it hangs on, and of its key, PEM: who asks over TLS.
    std::filesystem::path certificate{};
    std::filesystem::path key{};
    // File of the authorities of the service's certificate, PEM; else those of the system.
    std::filesystem::path authorities{};
    // Who asks by signatures; without it, whoever the certificate or the service's listener says.
    std::optional<request_signing> signing{};
    // How often at most a question is asked that surely was not answered.
    unsigned attempts = 4;
    // For the whole of a call, all attempts together.
    std::chrono::milliseconds timeout{15'000};
    // Connections at once; calls beyond wait for one.
    std::size_t connections_max = 16;
    // How long one is kept that nothing is asked on: shorter than the service keeps it, so that it seldom ends while
    // something is sent.
    std::chrono::milliseconds idle_max{20'000};
};

// How one question is asked.
struct asking {
    std::optional<std::uint64_t> officer{};  // who at the agency asks, by a number of its own
    // The oldest register that may answer; of questions that are asked singly.
    std::optional<std::chrono::milliseconds> max_age{};
    // The citizen's own proof, where policy asks for it; of a question that is asked singly, as lines have theirs.
    std::optional<holder_proof> proof{};
    std::string_view correlator{};                       // up to 256 of the characters a-zA-Z0-9-_:;./<>{}
    std::optional<std::chrono::milliseconds> timeout{};  // in place of the client's
};

// Which accesses a citizen wants to see.
struct access_query {
    std::optional<date> from{};  // the first day, in Vietnam
    std::optional<date> to{};    // the last day
    std::uint32_t limit = 100;   // accesses a page, 1 to 1000
    std::uint32_t page = 0;
};

}  // namespace xacthuc::inline v0_1::client
