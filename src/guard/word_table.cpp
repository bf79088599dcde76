// SPDX-License-Identifier: Apache-2.0
#include <sys/mman.h>

#include <memory>
#include <new>
#include <xacthuc/guard/word_table.hpp>

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

[[nodiscard]] std::align_val_t alignment_of(std::size_t size_bytes) noexcept {
    return std::align_val_t{size_bytes < huge_page_bytes ? 64 : huge_page_bytes};
}

}  // namespace

word_table::word_table(std::size_t count) {
    if (count == 0) return;
    const auto size = count * sizeof(word);
    auto* const memory = ::operator new(size, alignment_of(size));
#if defined(MADV_HUGEPAGE)
    // Advice: without it everything works, only slower.
    if (size >= huge_page_bytes) static_cast<void>(::madvise(memory, size, MADV_HUGEPAGE));
#endif
    auto* const first = static_cast<word*>(memory);
    std::uninitialized_value_construct_n(first, count);
    words_ = {first, count};
}

word_table::~word_table() {
    if (!words_.empty()) ::operator delete(words_.data(), alignment_of(words_.size_bytes()));
}

}  // namespace xacthuc::inline v0_1
