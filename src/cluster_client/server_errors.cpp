// SPDX-License-Identifier: Apache-2.0
#include "cluster_client/server_errors.hpp"

#include <algorithm>
#include <array>
#include <boost/system/errc.hpp>
#include <xacthuc/cluster_client/cluster_answers.hpp>
#include <xacthuc/domain/error.hpp>

#include "cluster_client/module_format.hpp"

namespace xacthuc::inline v0_1::cluster {
namespace {

namespace condition = boost::system::errc;

// The words with which servers begin errors that pass. Source: the specification of Redis Cluster, and the servers'
// own texts.
constexpr std::array<std::string_view, 11> passing{"ASK",        "BUSY",     "CLUSTERDOWN", "LOADING",
                                                   "MASTERDOWN", "MISCONF",  "NOREPLICAS",  "MOVED",
                                                   "READONLY",   "TRYAGAIN", "UNBLOCKED"};

}  // namespace

boost::system::error_code code_of_error(std::string_view text) noexcept {
    const auto word = text.substr(0, text.find(' '));
    if (std::ranges::find(passing, word) != passing.end())
        return condition::make_error_code(condition::resource_unavailable_try_again);
    if (word == "NOAUTH" || word == "WRONGPASS" || word == "NOPERM" || text.starts_with("ERR AUTH "))
        return condition::make_error_code(condition::permission_denied);
    if (text.starts_with("ERR unknown command")) return condition::make_error_code(condition::function_not_supported);
    if (word == "OOM") return condition::make_error_code(condition::not_enough_memory);
    if (word == other_register) return make_error_code(errc::foreign_partition);
    return condition::make_error_code(condition::protocol_error);
}

bool is_final(boost::system::error_code code) noexcept {
    return code == condition::permission_denied || code == condition::function_not_supported ||
           code == condition::not_enough_memory || code == condition::protocol_error || code == errc::foreign_partition;
}

std::string node_failure::message() const {
    return node + ": " + what;
}

}  // namespace xacthuc::inline v0_1::cluster
