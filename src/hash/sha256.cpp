// SPDX-License-Identifier: Apache-2.0
#include "hash/sha256.hpp"

#include <sodium.h>

#include <cstring>

#include "hash/sha256_kernels.hpp"
#include "system/processor.hpp"

namespace xacthuc::inline v0_1 {
namespace sha256_portable {
namespace {

[[nodiscard]] sha256_hash whole(std::span<const std::byte> bytes) noexcept {
    sha256_hash hash;
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return hash;
}

void leaves(const std::byte* messages, std::size_t size, std::size_t stride, std::span<sha256_hash> hashes) noexcept {
    std::array<std::byte, 1 + sha256_leaf_size_max> text{};
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        if (size != 0) std::memcpy(text.data() + 1, messages + i * stride, size);
        hashes[i] = whole(std::span{text}.first(1 + size));
    }
}

void nodes(std::span<const sha256_hash> children, std::span<sha256_hash> parents) noexcept {
    std::array<std::byte, 1 + 2 * sizeof(sha256_hash)> text{std::byte{1}};
    for (std::size_t i = 0; i < parents.size(); ++i) {
        std::memcpy(text.data() + 1, &children[2 * i], 2 * sizeof(sha256_hash));
        parents[i] = whole(text);
    }
}

}  // namespace

constinit const sha256_kernel kernel{"portable", processor_runs<instruction_set::portable>, whole, leaves, nodes};

}  // namespace sha256_portable

namespace {

constexpr const sha256_kernel* all_kernels[] = {
    &sha256_portable::kernel,
#if defined(__x86_64__)
    &sha256_avx2::kernel,
    &sha256_sha_ni::kernel,
    &sha256_avx512::kernel,
#endif
};

[[nodiscard]] const sha256_kernel& chosen() noexcept {
    static const sha256_kernel& choice = []() -> const sha256_kernel& {
#if defined(__x86_64__)
        const auto at_most = instruction_sets().at_most;
        if (at_most >= instruction_set::avx512) return sha256_avx512::kernel;
        if (at_most >= instruction_set::avx2)
            return sha256_sha_ni::kernel.runs_here() ? sha256_sha_ni::kernel : sha256_avx2::kernel;
#endif
        return sha256_portable::kernel;
    }();
    return choice;
}

}  // namespace

std::span<const sha256_kernel* const> sha256_kernels() noexcept {
    return all_kernels;
}

sha256_hash sha256(std::span<const std::byte> bytes) noexcept {
    return chosen().whole(bytes);
}

void sha256_leaves(const std::byte* messages, std::size_t size, std::size_t stride,
                   std::span<sha256_hash> hashes) noexcept {
    chosen().leaves(messages, size, stride, hashes);
}

void sha256_nodes(std::span<const sha256_hash> children, std::span<sha256_hash> parents) noexcept {
    chosen().nodes(children, parents);
}

}  // namespace xacthuc::inline v0_1
