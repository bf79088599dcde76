// SPDX-License-Identifier: Apache-2.0
// The memory of the answers that went last, kept for the next: who asks again and again then gets no new pages, and the
// kernel has none to clear, which costs as much as a twentieth of the answering. It belongs to one register, and goes
// with it.
#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <xacthuc/index/huge_pages.hpp>

#include "errors.hpp"

namespace xacthuc::python {

// Concurrency: any thread; blocking on a lock for a moment.
class page_pool {
  public:
    // More than this is not kept: verdicts of eight million rows.
    static constexpr std::size_t kept_bytes_max = std::size_t{64} << 20;

    // At least so many bytes, of any content. Throws library_error when the machine has not so much memory.
    [[nodiscard]] huge_pages allocate(std::size_t bytes) {
        {
            const std::lock_guard lock{guard_};
            if (spare_.size() >= bytes) return std::exchange(spare_, {});
        }
        return take(huge_pages::allocate(bytes));
    }

    void give_back(huge_pages pages) {
        if (pages.size() > kept_bytes_max) return;
        const std::lock_guard lock{guard_};
        if (pages.size() > spare_.size()) spare_ = std::move(pages);
    }

  private:
    std::mutex guard_;
    huge_pages spare_;
};

}  // namespace xacthuc::python
