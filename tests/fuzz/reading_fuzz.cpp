// SPDX-License-Identifier: Apache-2.0
// Heads of HTTP and questions of JSON, read by the service and by slow references. The first byte says which; limits
// are small, so that the fuzzer meets them.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "fuzz/good_inputs.hpp"
#include "service/reading_properties.hpp"
#include "service/reading_seeds.hpp"

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                               unsigned seed) {
    using namespace xacthuc::tests;
    static mutated_text heads{1, good_heads(), head_words()};
    static mutated_text questions{2, good_questions(), question_words()};
    const bool is_head = size == 0 || data[0] % 2 == 0;
    return mutate_or_begin(is_head ? heads : questions, 1, data, size, size_max, seed);
}

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
