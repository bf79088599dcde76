// SPDX-License-Identifier: Apache-2.0
// The words of a command as the module reads them, and the functions behind the commands.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "server_calls.hpp"

namespace xacthuc::redis {

[[nodiscard]] inline std::string_view text_of(const server_string* word) noexcept {
    std::size_t size = 0;
    const char* const data = server.string_data(word, &size);
    return {data, size};
}
[[nodiscard]] inline std::span<const std::byte> bytes_of(const server_string* word) noexcept {
    const auto text = text_of(word);
    return std::as_bytes(std::span{text.data(), text.size()});
}

command_function verify_command;
command_function ask_command;
command_function key_command;
command_function info_command;
command_function load_command;
command_function upsert_command;

}  // namespace xacthuc::redis
