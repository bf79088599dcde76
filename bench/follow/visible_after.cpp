// SPDX-License-Identifier: Apache-2.0
// How long after a commit on the server a verdict of another process, which reads the registry that the follower
// writes, says the new thing. One citizen's birth date is changed and asked for, again and again, whatever else
// happens.
//
//   follow_visible_after REGISTRY CONNINFO TABLE ID COUNT        prints the milliseconds, one a line
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/registry/registry.hpp>

#include "sources/postgres/session.hpp"

int main(int count, char** words) {
    using namespace xacthuc;
    using clock = std::chrono::steady_clock;
    if (count != 6) return 2;
    const std::string folder = words[1];
    const std::string table = words[3];
    const std::string who = words[4];
    open_registry_options how;
    how.how = open_registry_options::access::read;
    auto here = registry::open(folder, authority_public_key::load(folder + "/authority.pub").value(), how).value();
    const engine ask{here.index()};
    const postgres::session there{words[2], postgres::session::purpose::queries};
    for (int left = std::atoi(words[5]); left != 0; --left) {
        const auto day = "19" + std::to_string(50 + left % 40) + "-01-" + std::to_string(10 + left % 19);
        const claim_set claims{.id = personal_id::parse(who).value(), .birth_date = date::parse(day).value()};
        const auto request = prepare(claims, here.digests()).value();
        static_cast<void>(there.ask("UPDATE " + table + " SET ngay_sinh = $1::date WHERE so_cccd = $2", {day, who}));
        const auto committed = clock::now();
        verdict answer;
        do {
            std::this_thread::sleep_for(std::chrono::microseconds{500});
            static_cast<void>(here.refresh().value());
            ask.verify({&request, 1}, {&answer, 1});
        } while (answer.outcome() != outcome::verified && clock::now() - committed < std::chrono::seconds{30});
        std::printf("%.3f\n", std::chrono::duration<double, std::milli>(clock::now() - committed).count());
    }
}
