// SPDX-License-Identifier: Apache-2.0
// The way into the memory of a name_forms, for the two ways of making the forms (by table and by the rules).
#pragma once

#include <xacthuc/domain/name.hpp>

namespace xacthuc::inline v0_1 {

class name_writer {
  public:
    explicit name_writer(name_forms& forms) noexcept : forms_{forms} {}

    [[nodiscard]] char* exact() const noexcept { return forms_.exact_.data(); }
    [[nodiscard]] char* folded() const noexcept { return forms_.folded_.data(); }

    void finish(const char* exact_end, const char* folded_end) const noexcept {
        forms_.exact_size_ = static_cast<std::size_t>(exact_end - exact());
        forms_.folded_size_ = static_cast<std::size_t>(folded_end - folded());
    }
    void clear() const noexcept { finish(exact(), folded()); }

  private:
    name_forms& forms_;
};

}  // namespace xacthuc::inline v0_1
