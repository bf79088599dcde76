// SPDX-License-Identifier: Apache-2.0
// SHA-256 of many leaves of one block and of many nodes, with each kernel, beside libsodium and, where it is there,
// Debian's libipsec-mb: by turns on one thread, medians.
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#if __has_include(<intel-ipsec-mb.h>)
#include <intel-ipsec-mb.h>
#define XACTHUC_HAS_IPSEC_MB 1
#endif

#include "hash/sha256_kernels.hpp"

namespace xacthuc {
namespace {

constexpr std::size_t count = 4096;
constexpr std::size_t row_size = 49;
constexpr std::size_t rounds = 41;
constexpr std::size_t repeats = 20;

// What is hashed: rows one after the other, and for those who take whole texts the same with a prefix before each.
struct inputs {
    std::vector<std::byte> rows = std::vector<std::byte>(count * row_size);
    std::vector<std::byte> leaf_texts = std::vector<std::byte>(count * 64);
    std::vector<sha256_hash> children = std::vector<sha256_hash>(2 * count);
    std::vector<std::byte> node_texts = std::vector<std::byte>(count * 128);

    inputs() {
        std::mt19937_64 random{1};
        for (auto& byte : rows) byte = static_cast<std::byte>(random());
        for (auto& child : children)
            for (auto& byte : child) byte = static_cast<std::byte>(random());
        for (std::size_t i = 0; i < count; ++i) {
            std::copy_n(&rows[i * row_size], row_size, &leaf_texts[64 * i + 1]);
            node_texts[128 * i] = std::byte{1};
            std::copy_n(children[2 * i].data(), 32, &node_texts[128 * i + 1]);
            std::copy_n(children[2 * i + 1].data(), 32, &node_texts[128 * i + 33]);
        }
    }
};

using hashes = std::vector<sha256_hash>;

struct contestant {
    std::string name;
    std::function<void(const inputs&, hashes&)> hash;
    std::vector<double> seconds{};

    [[nodiscard]] double median() {
        std::ranges::nth_element(seconds, seconds.begin() + seconds.size() / 2);
        return seconds[seconds.size() / 2];
    }
};

void hash_by_libsodium(const std::byte* texts, std::size_t size, std::size_t stride, hashes& to) {
    for (std::size_t i = 0; i < count; ++i)
        crypto_hash_sha256(reinterpret_cast<unsigned char*>(to[i].data()),
                           reinterpret_cast<const unsigned char*>(texts + i * stride), size);
}

#ifdef XACTHUC_HAS_IPSEC_MB
void hash_by_ipsec_mb(IMB_MGR* manager, const std::byte* texts, std::size_t size, std::size_t stride, hashes& to) {
    for (std::size_t i = 0; i < count; ++i) {
        IMB_JOB* const job = IMB_GET_NEXT_JOB(manager);
        job->cipher_direction = IMB_DIR_ENCRYPT;
        job->chain_order = IMB_ORDER_HASH_CIPHER;
        job->cipher_mode = IMB_CIPHER_NULL;
        job->hash_alg = IMB_AUTH_SHA_256;
        job->src = reinterpret_cast<const std::uint8_t*>(texts + i * stride);
        job->hash_start_src_offset_in_bytes = 0;
        job->msg_len_to_hash_in_bytes = size;
        job->auth_tag_output = reinterpret_cast<std::uint8_t*>(to[i].data());
        job->auth_tag_output_len_in_bytes = 32;
        IMB_SUBMIT_JOB_NOCHECK(manager);
    }
    while (IMB_FLUSH_JOB(manager) != nullptr) {
    }
}
#endif

void compare(const char* what, const inputs& from, std::vector<contestant> all) {
    hashes first(count);
    all[0].hash(from, first);
    for (auto& one : all) {
        hashes found(count);
        one.hash(from, found);
        if (found != first) {
            fmt::print("{} hashes wrongly: {}\n", one.name, what);
            std::exit(1);
        }
    }
    hashes to(count);
    for (std::size_t round = 0; round < rounds; ++round)
        for (auto& one : all) {
            const auto begin = std::chrono::steady_clock::now();
            for (std::size_t i = 0; i < repeats; ++i) one.hash(from, to);
            one.seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        }
    fmt::print("{}\n", what);
    const auto slowest = all[0].median();
    for (auto& one : all)
        fmt::print("  {:<24}{:>8.2f} ns{:>8.2f} times libsodium\n", one.name,
                   one.median() * 1e9 / static_cast<double>(count * repeats), slowest / one.median());
}

void run() {
    const inputs from;
    std::vector<contestant> leaves{{"libsodium", [](const inputs& in, hashes& to) {
                                        hash_by_libsodium(in.leaf_texts.data(), 1 + row_size, 64, to);
                                    }}};
    std::vector<contestant> nodes{
        {"libsodium", [](const inputs& in, hashes& to) { hash_by_libsodium(in.node_texts.data(), 65, 128, to); }}};
#ifdef XACTHUC_HAS_IPSEC_MB
    IMB_MGR* const manager = alloc_mb_mgr(0);
    IMB_ARCH arch{};
    init_mb_mgr_auto(manager, &arch);
    leaves.push_back({"libipsec-mb jobs", [=](const inputs& in, hashes& to) {
                          hash_by_ipsec_mb(manager, in.leaf_texts.data(), 1 + row_size, 64, to);
                      }});
    nodes.push_back({"libipsec-mb jobs", [=](const inputs& in, hashes& to) {
                         hash_by_ipsec_mb(manager, in.node_texts.data(), 65, 128, to);
                     }});
#else
    fmt::print("libipsec-mb is not there: skipped\n");
#endif
    for (const auto* const kernel : sha256_kernels()) {
        if (!kernel->runs_here()) continue;
        const std::string name{kernel->name};
        leaves.push_back(
            {name, [=](const inputs& in, hashes& to) { kernel->leaves(in.rows.data(), row_size, row_size, to); }});
        nodes.push_back({name, [=](const inputs& in, hashes& to) { kernel->nodes(in.children, to); }});
    }
    compare("a leaf: one block", from, leaves);
    compare("a node: two blocks", from, nodes);
#ifdef XACTHUC_HAS_IPSEC_MB
    free_mb_mgr(manager);
#endif
}

}  // namespace
}  // namespace xacthuc

int main() {
    xacthuc::run();
}
