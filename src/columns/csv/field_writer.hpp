// SPDX-License-Identifier: Apache-2.0
// Writing a field of a CSV row.
#pragma once

#include <csv.h>

#include <string>
#include <string_view>

namespace xacthuc::inline v0_1::csv {

// Appends the field, in quotes when it has to be (RFC 4180) or when a reader would drop blanks at its ends.
inline void append_field(std::string& to, std::string_view field) {
    const bool plain = field.find_first_of(",;\"\t\r\n") == std::string_view::npos &&
                       (field.empty() || (field.front() != ' ' && field.back() != ' '));
    if (plain) {
        to += field;
        return;
    }
    const auto begin = to.size();
    to.resize(begin + 2 * field.size() + 2);
    to.resize(begin + csv_write(to.data() + begin, to.size() - begin, field.data(), field.size()));
}

}  // namespace xacthuc::inline v0_1::csv
