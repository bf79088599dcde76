// SPDX-License-Identifier: Apache-2.0
// The desk: the page that officers, operators and citizens see, as it is served. Its files are those of
// src/service/desk/, put into the program when it is built.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace xacthuc::inline v0_1::service {

struct desk_file {
    std::string_view path;
    std::string_view type;
    std::string_view tag;  // of its bytes
    std::string headers;   // whole lines: the tag, and what a browser may do with it
    std::string_view bytes;
};

[[nodiscard]] std::span<const desk_file> desk_files() noexcept;
// Null where no file of the desk has this path.
[[nodiscard]] const desk_file* find_desk_file(std::string_view path) noexcept;

}  // namespace xacthuc::inline v0_1::service
