// SPDX-License-Identifier: Apache-2.0
#include "columns/csv/cells.hpp"

#include <utf8proc.h>

namespace xacthuc::inline v0_1::csv {
bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        utf8proc_int32_t code_point = 0;
        const auto used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                           static_cast<utf8proc_ssize_t>(text.size()), &code_point);
        if (used <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(used));
    }
    return true;
}

}  // namespace xacthuc::inline v0_1::csv
