// SPDX-License-Identifier: Apache-2.0
// Where what guards must not forget is kept: a few named contents, each replaced whole.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>
#include <xacthuc/domain/error.hpp>

namespace xacthuc::inline v0_1 {

// Both are called from one thread at a time. Names are of small letters and need no escaping anywhere. The content
// "key" is a secret: only the owner of the register may be able to read it.
struct guard_store {
    using save_function =
        std::function<detailed_result<void>(std::string_view name, std::span<const std::byte> content)>;
    using load_function = std::function<detailed_result<std::vector<std::byte>>(std::string_view name)>;

    // Makes these bytes the content of that name, durably: after a crash there is the old content or the new, whole.
    // Errors: those of the store; the content may then be the old or the new.
    save_function save;
    // The content of that name.
    // Errors: not_found when there never was one; those of the store.
    load_function load;
};

}  // namespace xacthuc::inline v0_1
