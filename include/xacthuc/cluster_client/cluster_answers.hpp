// SPDX-License-Identifier: Apache-2.0
// What a cluster says to a call, and which of its nodes said nothing.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/index/citizen_index.hpp>

namespace xacthuc::inline v0_1::cluster {

// Which register it is: where its citizens lie, and the fingerprint of the key that its names are digested under.
struct register_identity {
    std::uint64_t placement_seed = 0;
    std::uint64_t digest_key_fingerprint = 0;

    friend bool operator==(const register_identity&, const register_identity&) = default;
};

// Why a node did not do its part: the connection's error, or what the server said, in words.
struct node_failure {
    std::string node;  // HOST:PORT
    boost::system::error_code code;
    std::string what;

    // "HOST:PORT: <what>"
    [[nodiscard]] XACTHUC_API std::string message() const;
};

// What came of a call of verify().
struct answers_report {
    // Questions that no node answered in time. Their verdict is `elsewhere`, never `not_found`.
    std::size_t unanswered = 0;
    // How fresh what answered is, where anything did: that of the partition with the lowest and with the highest
    // sequence number.
    freshness oldest{};
    freshness newest{};
    std::size_t partitions = 0;  // that answered, counted again for each command
    unsigned rounds = 0;         // how often nodes were asked
    // The last failure of each node that had one; there may be some although all was answered.
    std::vector<node_failure> failures;
};

// What became of a copy of a partition that was to be loaded.
enum class load_outcome : std::uint8_t {
    loaded,
    held,     // the cluster has it as it was or later, and keeps that
    refused,  // by a node, which says why
    unsent,   // no node took it in time
};

// What came of a call of load(): an outcome for each copy, and of those refused or unsent the reasons.
struct load_report {
    std::vector<load_outcome> outcomes;
    std::vector<node_failure> failures;
};

}  // namespace xacthuc::inline v0_1::cluster
