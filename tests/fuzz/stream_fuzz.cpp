// SPDX-License-Identifier: Apache-2.0
// A running service, asked over a socket: streams of requests of all kinds (JSON, lines, prepared requests), each
// answered as slow references say, whole and cut in three. The first four bytes say where.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "fuzz/good_inputs.hpp"
#include "service/service_at_work.hpp"
#include "service/stream_answers.hpp"
#include "service/stream_seeds.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// What the service at work asserts is asserted outside of any test.
struct assertions {
    doctest::Context context;
    assertions() {
        context.setAsDefaultForAssertsOutOfTestCases();
        context.setAssertHandler([](const doctest::AssertData& that) {
            if (that.m_failed) std::abort();
        });
    }
};

struct fuzzed_service {
    assertions first;
    service_at_work at{300, [](service::settings& with) {
                           with.most = stream_limits();
                           with.threads = 1;
                       }};
    engine answers{at.on.nation.index()};
    digest_key key = test_key();
    stream_reference by{answers, key, at.with.most};
};

void check(fuzzed_service& of, std::string_view stream, const std::vector<std::size_t>& cuts) {
    const auto answered = answers_to(of.at.unix_client(), stream, cuts);
    if (const auto* const wrong = stream_answers{answered}.differ(of.by.expect(stream))) {
        std::fprintf(stderr, "%s\n%s\n", wrong, answered.c_str());
        std::abort();
    }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                               unsigned seed) {
    static mutated_text streams{3, good_streams(), stream_words()};
    return mutate_or_begin(streams, 4, data, size, size_max, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static fuzzed_service of;
    if (size <= 4 || size > 8'000) return 0;
    const std::string_view stream{reinterpret_cast<const char*>(data + 4), size - 4};
    std::vector<std::size_t> cuts{(std::size_t{data[0]} | std::size_t{data[1]} << 8U) % stream.size(),
                                  (std::size_t{data[2]} | std::size_t{data[3]} << 8U) % stream.size()};
    std::ranges::sort(cuts);
    check(of, stream, {});
    check(of, stream, cuts);
    return 0;
}
