// SPDX-License-Identifier: Apache-2.0
// Hostile messages of pgoutput: the reader and a slow one agree on what is a message and on what it says.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "unit/sources/pgoutput_reference.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace xacthuc_test;
    const auto bytes = std::as_bytes(std::span{data, size});
    pg::message fast;
    const auto problem = pg::read_message(bytes, fast);
    slow_reader slow{std::string{reinterpret_cast<const char*>(data), size}};
    const auto wanted = slow.read();
    if (problem.has_value() == wanted.has_value()) std::abort();
    if (wanted && !(fast == *wanted)) std::abort();
    return 0;
}
