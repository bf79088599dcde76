// SPDX-License-Identifier: Apache-2.0
// SHA-512 in lanes: every length around the edges of blocks, lanes of different lengths, one long message beside short
// ones.
#include <doctest/doctest.h>
#include <sodium.h>
#include <sys/mman.h>

#include <algorithm>
#include <random>
#include <vector>

#include "unit/ed25519/kernels_under_test.hpp"

using namespace xacthuc;
using namespace xacthuc::ed25519;

namespace {

void check_hashes(const kernel& kernel, const std::vector<std::uint8_t>& text,
                  const std::vector<std::size_t>& lengths) {
    std::vector<hash_job> jobs;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        jobs.push_back({.r = text.data() + i,
                        .key = text.data() + 40 + i,
                        .message = text.data() + i,
                        .message_bytes = lengths[i]});
    }
    kernel.hash(jobs.data(), jobs.size());
    for (const hash_job& job : jobs) {
        crypto_hash_sha512_state state;
        crypto_hash_sha512_init(&state);
        crypto_hash_sha512_update(&state, job.r, 32);
        crypto_hash_sha512_update(&state, job.key, 32);
        crypto_hash_sha512_update(&state, job.message, job.message_bytes);
        std::uint64_t expected[8];
        crypto_hash_sha512_final(&state, reinterpret_cast<unsigned char*>(expected));
        for (unsigned i = 0; i < 8; ++i) {
            CHECK(job.digest[i] == expected[i]);
        }
    }
}

std::vector<std::uint8_t> random_text(std::size_t bytes) {
    std::vector<std::uint8_t> text(bytes);
    std::mt19937 rng(1);
    for (auto& byte : text) {
        byte = static_cast<std::uint8_t>(rng());
    }
    return text;
}

TEST_CASE("messages of every length from 0 to 400") {
    const auto text = random_text(1000);
    std::vector<std::size_t> lengths;
    for (std::size_t length = 0; length <= 400; ++length) {
        lengths.push_back(length);
    }
    for (const kernel* const kernel : kernels_under_test()) {
        check_hashes(*kernel, text, lengths);
        std::reverse(lengths.begin(), lengths.end());
        check_hashes(*kernel, text, lengths);
    }
}

TEST_CASE("lanes of all different lengths, in groups of every size") {
    const auto text = random_text(70'000);
    std::mt19937 rng(2);
    for (const kernel* const kernel : kernels_under_test()) {
        for (std::size_t count = 0; count <= 20; ++count) {
            std::vector<std::size_t> lengths(count);
            for (auto& length : lengths) {
                length = rng() % 3 == 0 ? rng() % 5000 : rng() % 200;
            }
            check_hashes(*kernel, text, lengths);
        }
        for (std::size_t lane = 0; lane < 9; ++lane) {
            std::vector<std::size_t> lengths(9, 10);
            lengths[lane] = 65'536;
            check_hashes(*kernel, text, lengths);
        }
    }
}

TEST_CASE("a message of 2^32 bytes" * doctest::test_suite("nightly")) {
    constexpr std::size_t bytes = std::size_t{1} << 32;
    // Never written, so it is one page of zeros however long it is.
    void* const memory = mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    const auto text = random_text(200);
    hash_job jobs[2] = {{.r = text.data(), .key = text.data() + 32, .message = text.data(), .message_bytes = 5},
                        {.r = text.data(),
                         .key = text.data() + 32,
                         .message = static_cast<const std::uint8_t*>(memory),
                         .message_bytes = bytes}};
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    crypto_hash_sha512_update(&state, text.data(), 64);
    crypto_hash_sha512_update(&state, jobs[1].message, bytes);
    std::uint64_t expected[8];
    crypto_hash_sha512_final(&state, reinterpret_cast<unsigned char*>(expected));
    current_kernel().hash(jobs, 2);
    for (unsigned i = 0; i < 8; ++i) {
        CHECK(jobs[1].digest[i] == expected[i]);
    }
    munmap(memory, bytes);
}

}  // namespace
