// SPDX-License-Identifier: Apache-2.0
// What a program that asks a cluster does, where nobody listens: the error says so. It includes and links nothing but
// xacthuc's cluster client, so that it builds only if the installed package brings along what it needs.
#include <xacthuc/cluster_client/cluster_client.hpp>

int main() {
    using namespace xacthuc;
    const auto none = cluster::cluster_client::open("127.0.0.1:1");
    if (none || none.error().code != boost::system::errc::connection_refused) return 1;
    const auto wrong = cluster::cluster_client::open("127.0.0.1");
    return !wrong && wrong.error().code == boost::system::errc::invalid_argument ? 0 : 2;
}
