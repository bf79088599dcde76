// SPDX-License-Identifier: Apache-2.0
// Heads of HTTP and questions of JSON, read by the service and by slow references. The first byte says which; limits
// are small, so that the fuzzer meets them.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "service/reading_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace xacthuc;
    static service::question_reader reader;
    if (size == 0) return 0;
    service::limits most;
    most.head_bytes = 300;
    const std::string_view text{reinterpret_cast<const char*>(data + 1), size - 1};
    const auto* const broken =
        data[0] % 2 == 0 ? tests::broken_head_property(text, most) : tests::broken_question_property(reader, text);
    if (broken != nullptr) {
        std::fprintf(stderr, "broken: %s\n", broken);
        std::abort();
    }
    return 0;
}
