// SPDX-License-Identifier: Apache-2.0
// Asks a cluster about one citizen: ask_a_cluster HOST:PORT <file of the digest key>
#include <iostream>
#include <xacthuc/cluster_client/cluster_client.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/request.hpp>

int main(int count, char** arguments) {
    using namespace xacthuc;
    if (count != 3) return 2;
    const auto key = digest_key::load(arguments[2]).value();
    cluster::cluster_options how;
    how.timeout = std::chrono::seconds{5};
    auto nodes = cluster::cluster_client::open(arguments[1], how).value();
    const request asked[] = {prepare({.id = personal_id::parse("001199000001").value(),
                                      .name = "NGUYEN THI HOA",
                                      .birth_date = date::parse("08/03/1998").value()},
                                     key)
                                 .value()};
    verdict answered[1];
    const auto report = nodes.verify(asked, answered).value();
    for (const auto& why : report.failures) std::cerr << why.message() << '\n';
    std::cout << to_string(answered[0].outcome()) << ", name " << to_string(answered[0].name_grade()) << '\n';
}
