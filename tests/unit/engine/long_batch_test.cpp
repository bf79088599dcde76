// SPDX-License-Identifier: Apache-2.0
// A batch of any size leaves its epoch now and then, so that what writers retire meanwhile is given back.
#include <atomic>
#include <thread>

#include "unit/engine/nation_with_keys.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// Calls verify() on a thread of its own, some times if need be, and changes a citizen all the while. Whether memory was
// given back during one of the calls: as long as a reader stays inside, it only grows.
template <class Verify>
[[nodiscard]] bool gives_back_during(small_nation& nation, const Verify& verify) {
    std::array<record, 1> r;
    nation.people().fill_records(0, r, test_key());
    for (int attempt = 0; attempt < 50; ++attempt) {
        std::atomic<bool> begun{false};
        std::atomic<bool> done{false};
        std::thread reader{[&] {
            begun = true;
            verify();
            done = true;
        }};
        while (!begun) std::this_thread::yield();
        bool fell = false;
        auto before = nation.index().memory_bytes();
        while (!done) {
            for (int i = 0; i < 100; ++i) static_cast<void>(nation.index().upsert(r[0]));
            const auto now = nation.index().memory_bytes();
            if (!done) fell |= now < before;
            before = now;
        }
        reader.join();
        if (fell) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("a long batch holds back no memory that writers retire") {
    small_nation nation{20'000};
    const auto some = nation.ask(0, 1000);
    std::vector<request> requests;
    for (int i = 0; i < 2000; ++i) requests.insert(requests.end(), some.requests.begin(), some.requests.end());
    std::vector<verdict> verdicts(requests.size());
    const engine e{nation.index()};
    CHECK(gives_back_during(nation, [&] { e.verify(requests, verdicts); }));
}

TEST_CASE("a long batch that its citizens signed holds back no memory that writers retire") {
    nation_with_keys nation{5000};
    const auto some = nation.signed_by_holders(500);
    std::vector<request> requests;
    std::vector<holder_proof> proofs;
    for (int i = 0; i < 80; ++i) {
        requests.insert(requests.end(), some.requests.begin(), some.requests.end());
        proofs.insert(proofs.end(), some.proofs.begin(), some.proofs.end());
    }
    std::vector<verdict> verdicts(requests.size());
    const engine e{nation.index()};
    CHECK(gives_back_during(nation, [&] { e.verify(requests, proofs, verdicts); }));
}
