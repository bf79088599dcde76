// SPDX-License-Identifier: Apache-2.0
// A caller's memory that changes during the call: one copy of signature and key is checked, hashed and compared, so
// that nobody who can write there meanwhile signs without the secret.
#include <doctest/doctest.h>

#include <functional>
#include <random>

#include "domain/octets.hpp"
#include "unit/ed25519/all_paths.hpp"

using namespace xacthuc;
using namespace xacthuc::ed25519;

namespace {

// Kernels have no room for more than functions, so what they are to do between two steps of a call stands here.
const kernel* real = nullptr;
std::function<void(const hash_job&)> after_hash;
std::function<void()> before_solving;

void hash_and_change(hash_job* jobs, std::size_t job_count) {
    real->hash(jobs, job_count);
    if (after_hash) {
        after_hash(jobs[0]);
    }
}

void solve_comb_and_change(equation_job* jobs, std::size_t job_count, const comb_view& base) {
    if (before_solving) {
        before_solving();
    }
    real->solve_with_comb(jobs, job_count, base);
}

void solve_one_and_change(equation_job& job, const comb_view& base) {
    if (before_solving) {
        before_solving();
    }
    real->solve_one_with_comb(job, base);
}

void solve_generic_and_change(equation_job* jobs, std::size_t job_count, const comb_view& base) {
    if (before_solving) {
        before_solving();
    }
    real->solve_generic(jobs, job_count, base);
}

kernel changing(const kernel& of) {
    real = &of;
    after_hash = nullptr;
    before_solving = nullptr;
    kernel it = of;
    // Every group goes to this kernel, however small.
    it.generic_group_min = 1;
    it.comb_group_min = 1;
    it.hash = hash_and_change;
    it.solve_with_comb = solve_comb_and_change;
    it.solve_one_with_comb = solve_one_and_change;
    it.solve_generic = solve_generic_and_change;
    return it;
}

bool alone_in_a_batch(const kernel& with, const batch_item& item) {
    bool verdict = false;
    verify_batch_with(with, {&item, 1}, {&verdict, 1});
    return verdict;
}

bytes32 reduced(const std::uint64_t (&digest)[8]) {
    bytes32 h;
    crypto_core_ed25519_scalar_reduce(h.data(), reinterpret_cast<const unsigned char*>(digest));
    return h;
}

// R = S B - h A, the one that the equation holds for.
void write_fitting_r(triple& into, const bytes32& h, const public_key& key) {
    bytes32 sb, ha, r;
    REQUIRE(crypto_scalarmult_ed25519_base_noclamp(sb.data(), octets(into.signature.bytes) + 32) == 0);
    REQUIRE(crypto_scalarmult_ed25519_noclamp(ha.data(), h.data(), octets(key.bytes)) == 0);
    REQUIRE(crypto_core_ed25519_sub(r.data(), sb.data(), ha.data()) == 0);
    std::memcpy(into.signature.bytes.data(), r.data(), r.size());
}

triple some_triple(std::uint32_t seed) {
    std::mt19937 rng(seed);
    triple_maker maker([&rng] { return static_cast<std::uint32_t>(rng()); });
    return maker.make_signed(0, 0);
}

TEST_CASE("R that is changed after it was hashed forges nothing, with a raw key and with a comb") {
    const triple signed_by_her = some_triple(1);
    for (const kernel* const kernel : kernels_under_test()) {
        const auto with = changing(*kernel);
        for (const unsigned comb_bits : {0U, 5U}) {
            triple it = signed_by_her;
            it.message.push_back(std::byte{1});  // which she did not sign
            const auto checked = verifying_key::make(it.key)->with_comb(5);
            batch_item item = raw_item(it);
            if (comb_bits != 0) {
                item.raw_key = nullptr;
                item.key = &checked;
            }
            bool changed = false;
            after_hash = [&](const hash_job& job) {
                write_fitting_r(it, reduced(job.digest), it.key);
                changed = true;
            };
            CHECK_FALSE(alone_in_a_batch(with, item));
            CHECK(changed);
        }
    }
}

TEST_CASE("a key that is changed after it was hashed does not sign for the one that was") {
    const triple signed_by_her = some_triple(2);
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret;
    public_key another;
    crypto_sign_keypair(octets(another.bytes), secret.data());
    for (const kernel* const kernel : kernels_under_test()) {
        const auto with = changing(*kernel);
        triple it = signed_by_her;
        it.message.push_back(std::byte{1});
        after_hash = [&](const hash_job& job) {
            write_fitting_r(it, reduced(job.digest), another);
            it.key = another;
        };
        CHECK_FALSE(alone_in_a_batch(with, raw_item(it)));
        CHECK(it.key == another);
    }
}

TEST_CASE("S and R that become such as are refused, after they were looked at, change no verdict") {
    const triple valid = some_triple(3);
    for (const kernel* const kernel : kernels_under_test()) {
        const auto with = changing(*kernel);
        triple it = valid;
        after_hash = [&](const hash_job&) { it.signature.bytes.fill(std::byte{0xff}); };
        CHECK(alone_in_a_batch(with, raw_item(it)));
        it = valid;
        after_hash = nullptr;
        before_solving = [&] {
            it.signature.bytes.fill(std::byte{0xff});
            it.key.bytes.fill(std::byte{0xff});
            it.message.assign(it.message.size(), std::byte{0xff});
        };
        CHECK(alone_in_a_batch(with, raw_item(it)));
        const auto checked = verifying_key::make(valid.key)->with_comb(5);
        it = valid;
        const batch_item item = {
            .message = it.message, .signature = &it.signature, .raw_key = nullptr, .key = &checked};
        CHECK(verify_with(with, item));
    }
}

TEST_CASE("where a table is damaged, what was copied is decided, not what stands there by then") {
    const triple signed_by_her = some_triple(4);
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret;
    triple of_another = signed_by_her;
    crypto_sign_keypair(octets(of_another.key.bytes), secret.data());
    crypto_sign_detached(octets(of_another.signature.bytes), nullptr, octets(of_another.message),
                         of_another.message.size(), secret.data());
    REQUIRE(libsodium_verdict(of_another));
    std::uint64_t* const words = base_comb().words();
    const auto flip = [&] {
        for (std::size_t entry = 0; entry < comb_word_count(8) / entry_words; ++entry) {
            words[entry * entry_words] ^= 1;
        }
    };
    flip();
    for (const kernel* const kernel : kernels_under_test()) {
        const auto with = changing(*kernel);
        triple it = signed_by_her;
        it.signature.bytes[33] ^= std::byte{1};
        before_solving = [&] { it = of_another; };
        CHECK_FALSE(alone_in_a_batch(with, raw_item(it)));
        it = signed_by_her;
        before_solving = [&] { it.signature.bytes[33] ^= std::byte{1}; };
        CHECK(alone_in_a_batch(with, raw_item(it)));
    }
    flip();
    CHECK(base_comb_is_sound());
}

}  // namespace
