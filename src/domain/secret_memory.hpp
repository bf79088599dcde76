// SPDX-License-Identifier: Apache-2.0
// Memory for secrets. Each has pages of its own between two that nobody may touch; they are locked, so that they are
// never swapped to disk, and left out of core dumps, where the system allows; they are wiped before they are given
// back. What computes with a secret may still leave traces of it on the stack.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>

namespace xacthuc::inline v0_1 {

// Throws bad_alloc.
[[nodiscard]] void* take_secret_memory(std::size_t size_bytes);
void give_secret_memory_back(void* memory) noexcept;

// A value-initialised T in such memory; who copies the pointer shares it. Throws bad_alloc.
template <class T>
requires(std::is_trivially_destructible_v<T>) [[nodiscard]] std::shared_ptr<T> make_secret() {
    return {new (take_secret_memory(sizeof(T))) T{}, [](T* secret) { give_secret_memory_back(secret); }};
}

}  // namespace xacthuc::inline v0_1
