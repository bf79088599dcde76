// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile_path.hpp"

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] std::string digits_of(std::uint64_t index) {
    constexpr std::uint64_t base = 1000;
    const auto three = std::to_string(base + index % base).substr(1);
    std::string path = three;
    for (index /= base; index != 0; index /= base)
        path = 'x' + std::to_string(base + index % base).substr(1) + '/' + path;
    return path;
}

[[nodiscard]] std::string path_of(const std::string& kind, std::uint64_t index, std::size_t width) {
    auto path = "tile/" + kind + '/' + digits_of(index);
    return width == tile_width_max ? path : partial_folder(path) + '/' + std::to_string(width);
}

}  // namespace

std::string tile_path(unsigned level, std::uint64_t index, std::size_t width) {
    return path_of(std::to_string(level), index, width);
}

std::string bundle_path(std::uint64_t index, std::size_t width) {
    return path_of("entries", index, width);
}

std::string partial_folder(const std::string& full_path) {
    return full_path + ".p";
}

}  // namespace xacthuc::inline v0_1
