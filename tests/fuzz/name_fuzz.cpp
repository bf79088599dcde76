// SPDX-License-Identifier: Apache-2.0
// libFuzzer: every property of canonical names, on any bytes.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "name_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string name{reinterpret_cast<const char*>(data), size};
    if (const char* broken = xacthuc::test::broken_property(name)) {
        std::fprintf(stderr, "broken: %s\n", broken);
        std::abort();
    }
    return 0;
}
