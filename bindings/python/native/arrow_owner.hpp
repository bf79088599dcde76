// SPDX-License-Identifier: Apache-2.0
// Owners of what other libraries hand out through the Arrow C interfaces, which release it.
#pragma once

#include <utility>

#include "columns/arrow_abi.hpp"
#include "interpreter.hpp"

namespace xacthuc::python {

// One of the three, released when destroyed. Movable, as the specification lets the structures be moved.
template <class Structure>
class arrow_owner {
  public:
    arrow_owner() noexcept = default;
    // Takes what `from` holds, and leaves it released.
    explicit arrow_owner(Structure& from) noexcept : held_{from} { from.release = nullptr; }
    arrow_owner(arrow_owner&& other) noexcept : held_{std::exchange(other.held_, {})} {}
    arrow_owner& operator=(arrow_owner&& other) noexcept {
        std::swap(held_, other.held_);
        return *this;
    }
    ~arrow_owner() {
        if (held_.release == nullptr || among_others::is_late()) return;
        const among_others inside;
        or_stay([this] { held_.release(&held_); });
    }

    [[nodiscard]] bool is_released() const noexcept { return held_.release == nullptr; }
    [[nodiscard]] Structure* get() noexcept { return &held_; }
    [[nodiscard]] Structure* operator->() noexcept { return &held_; }
    [[nodiscard]] const Structure* operator->() const noexcept { return &held_; }
    [[nodiscard]] const Structure& operator*() const noexcept { return held_; }

  private:
    Structure held_{};
};

}  // namespace xacthuc::python
