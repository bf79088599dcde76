// SPDX-License-Identifier: Apache-2.0
// The self-check: its signatures are what they claim, every sound kernel passes, every kind of unsound one does not,
// and what is used then. And the verifier without tables, which decides where a table is damaged.
#include "ed25519/self_check.hpp"

#include <doctest/doctest.h>
#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <functional>
#include <random>

#include "domain/octets.hpp"
#include "ed25519/self_check_vectors.hpp"
#include "ed25519/without_tables.hpp"
#include "sanitized.hpp"
#include "unit/ed25519/all_paths.hpp"

using namespace xacthuc;
using namespace xacthuc::ed25519;

namespace {

template <std::size_t Size>
std::array<std::byte, Size> bytes_of(std::string_view digits) {
    std::array<std::byte, Size> bytes;
    for (std::size_t i = 0; i < Size; ++i) {
        bytes[i] = static_cast<std::byte>(std::stoul(std::string(digits.substr(2 * i, 2)), nullptr, 16));
    }
    return bytes;
}

bool without_tables(const triple& it) {
    hash_job hash{.r = octets(it.signature.bytes),
                  .key = octets(it.key.bytes),
                  .message = octets(it.message),
                  .message_bytes = it.message.size()};
    portable::kernel_table.hash(&hash, 1);
    equation_job job;
    std::memcpy(job.r, it.signature.bytes.data(), sizeof job.r);
    std::memcpy(job.s, it.signature.bytes.data() + 32, sizeof job.s);
    std::memcpy(job.key, it.key.bytes.data(), sizeof job.key);
    scalar_reduce(job.h, hash.digest);
    solve_without_tables(job);
    return job.result == answer::yes;
}

TEST_CASE("the known signatures are what is said of them, by libsodium") {
    std::size_t valid_count = 0;
    for (const auto& vector : self_check_vectors) {
        triple it;
        it.key.bytes = bytes_of<public_key_bytes>(vector.key);
        it.signature.bytes = bytes_of<signature_bytes>(vector.signature);
        for (unsigned i = 0; i < vector.message_bytes; ++i) {
            it.message.push_back(static_cast<std::byte>(vector.first_byte + i));
        }
        CHECK(libsodium_verdict(it) == vector.is_valid);
        valid_count += vector.is_valid ? 1 : 0;
    }
    CHECK(valid_count > 12);
    CHECK(std::size(self_check_vectors) - valid_count > 12);
}

TEST_CASE("the verifier without tables says what libsodium says, of keys and commitments of every order") {
    std::mt19937 rng(11);
    triple_maker maker([&rng] { return static_cast<std::uint32_t>(rng()); });
    std::size_t valid_count = 0;
    for (unsigned a = 0; a < 8; ++a) {
        for (unsigned r = 0; r < 8; ++r) {
            for (int copy = 0; copy < 6; ++copy) {
                triple it = maker.make_signed(a, r);
                REQUIRE(without_tables(it) == libsodium_verdict(it));
                valid_count += without_tables(it) ? 1 : 0;
                it.signature.bytes[32 + rng() % 31] ^= std::byte{4};
                REQUIRE(without_tables(it) == libsodium_verdict(it));
            }
        }
    }
    CHECK(valid_count > 20);
}

void solve_up_to_the_cofactor(equation_job* jobs, std::size_t job_count, const comb_view& base) {
    portable::kernel_table.solve_generic(jobs, job_count, base);
    for (std::size_t i = 0; i < job_count; ++i) {
        public_key key;
        std::memcpy(key.bytes.data(), jobs[i].key, sizeof jobs[i].key);
        if (!verifying_key::make(key)) {
            continue;
        }
        // 8 (S B - h A - R) = 0, as the other rule has it.
        bytes32 s, h, r, sb, ha, difference;
        std::memcpy(s.data(), jobs[i].s, 32);
        std::memcpy(h.data(), jobs[i].h, 32);
        std::memcpy(r.data(), jobs[i].r, 32);
        static_cast<void>(crypto_scalarmult_ed25519_base_noclamp(sb.data(), s.data()));
        public_key untwisted = key;
        for (const bytes32& small : small_points()) {
            bytes32 moved;
            crypto_core_ed25519_add(moved.data(), octets(key.bytes), small.data());
            if (crypto_core_ed25519_is_valid_point(moved.data()) == 1) {
                untwisted = key_of(moved);
            }
        }
        if (crypto_scalarmult_ed25519_noclamp(ha.data(), h.data(), octets(untwisted.bytes)) != 0 ||
            crypto_core_ed25519_sub(difference.data(), sb.data(), ha.data()) != 0) {
            continue;
        }
        for (const bytes32& small : small_points()) {
            bytes32 moved;
            crypto_core_ed25519_add(moved.data(), difference.data(), small.data());
            if (moved == r) {
                jobs[i].result = answer::yes;
            }
        }
    }
}

TEST_CASE("sound kernels pass the self-check, and those with a fault do not") {
    for (const kernel* const it : kernels_under_test()) {
        CHECK(passes_self_check(*it));
    }
    CHECK_FALSE(passes_self_check(refusing_kernel));
    const auto fails_with = [](const std::function<void(kernel&)>& fault) {
        kernel broken = portable::kernel_table;
        fault(broken);
        return !passes_self_check(broken);
    };
    CHECK(fails_with([](kernel& it) {
        it.solve_generic = [](equation_job* jobs, std::size_t count, const comb_view&) {
            std::for_each_n(jobs, count, [](equation_job& job) { job.result = answer::yes; });
        };
    }));
    CHECK(fails_with([](kernel& it) {
        it.solve_one_with_comb = [](equation_job& job, const comb_view&) { job.result = answer::yes; };
    }));
    CHECK(fails_with([](kernel& it) {
        it.solve_with_comb = [](equation_job* jobs, std::size_t count, const comb_view&) {
            std::for_each_n(jobs, count, [](equation_job& job) { job.result = answer::no; });
        };
    }));
    CHECK(fails_with([](kernel& it) {
        it.hash = [](hash_job* jobs, std::size_t count) {
            portable::kernel_table.hash(jobs, count);
            // Only in the lengths that take two blocks.
            for (std::size_t i = 0; i < count; ++i) jobs[i].digest[7] ^= jobs[i].message_bytes > 47 ? 1 : 0;
        };
    }));
    CHECK(fails_with([](kernel& it) { it.solve_generic = solve_up_to_the_cofactor; }));
}

TEST_CASE("a kernel that fails makes room for the next simpler one, and is named") {
    const kernel a = {.name = "a",
                      .lane_count = 1,
                      .generic_group_min = 1,
                      .comb_group_min = 1,
                      .runs_here = [] { return true; },
                      .hash = nullptr,
                      .solve_with_comb = nullptr,
                      .solve_one_with_comb = nullptr,
                      .solve_generic = nullptr};
    kernel b = a, c = a, d = a;
    b.name = "b";
    c.name = "c";
    d.name = "d";
    d.runs_here = [] { return false; };
    const kernel* const all[] = {&a, &b, &c, &d};
    const auto every = [](const kernel&) { return true; };
    const auto none = [](const kernel&) { return false; };
    const auto only_a = [](const kernel& it) { return it.name == "a"; };
    CHECK(choose_kernel(all, nullptr, every).chosen == &c);
    CHECK(choose_kernel(all, nullptr, every).rejected.empty());
    CHECK(choose_kernel(all, "b", every).chosen == &b);
    CHECK(choose_kernel(all, "d", every).chosen == &c);
    CHECK(choose_kernel(all, "e", every).chosen == &c);
    CHECK(choose_kernel(all, nullptr, only_a).chosen == &a);
    CHECK(choose_kernel(all, nullptr, only_a).rejected == "c b");
    CHECK(choose_kernel(all, "b", only_a).rejected == "b");
    CHECK(choose_kernel(all, nullptr, none).chosen == &refusing_kernel);
    CHECK(choose_kernel(all, nullptr, none).rejected == "c b a");
    CHECK(rejected_kernels().empty());
}

TEST_CASE("the kernel that is used where none is sound refuses every signature") {
    std::mt19937 rng(12);
    triple_maker maker([&rng] { return static_cast<std::uint32_t>(rng()); });
    const triple valid = maker.make_signed(0, 0);
    REQUIRE(libsodium_verdict(valid));
    const batch_item items[2] = {raw_item(valid), raw_item(valid)};
    bool verdicts[2] = {true, true};
    CHECK(verify_batch_with(refusing_kernel, items, verdicts) == 0);
    CHECK_FALSE((verdicts[0] || verdicts[1]));
    CHECK_FALSE(verify_with(refusing_kernel, items[0]));
}

#if !XACTHUC_TEST_SANITIZED
// How much of a painted stack a call has written to, in bytes.
std::size_t stack_used_by(const std::function<void()>& call, std::size_t stack_bytes) {
    void* const memory = mmap(nullptr, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    constexpr unsigned char paint = 0xa7;
    std::memset(memory, paint, stack_bytes);
    pthread_attr_t attributes;
    REQUIRE(pthread_attr_init(&attributes) == 0);
    REQUIRE(pthread_attr_setstack(&attributes, memory, stack_bytes) == 0);
    pthread_t thread;
    const auto run = [](void* what) -> void* {
        (*static_cast<const std::function<void()>*>(what))();
        return nullptr;
    };
    REQUIRE(pthread_create(&thread, &attributes, run, const_cast<void*>(static_cast<const void*>(&call))) == 0);
    REQUIRE(pthread_join(thread, nullptr) == 0);
    pthread_attr_destroy(&attributes);
    const auto* const bytes = static_cast<const unsigned char*>(memory);
    const auto untouched = static_cast<std::size_t>(
        std::find_if(bytes, bytes + stack_bytes, [](unsigned char byte) { return byte != paint; }) - bytes);
    munmap(memory, stack_bytes);
    return stack_bytes - untouched;
}

TEST_CASE("one signature is verified on a stack of 64 KiB, and a batch on what the header says") {
    prepare();
    std::mt19937 rng(13);
    triple_maker maker([&rng] { return static_cast<std::uint32_t>(rng()); });
    const triple valid = maker.make_signed(0, 0);
    const auto with_comb = verifying_key::make(valid.key)->with_comb(8);
    bool raw = false, registered = false;
    const auto single = stack_used_by(
        [&] {
            raw = verify(valid.key, valid.message, valid.signature);
            registered = verify(with_comb, valid.message, valid.signature);
        },
        std::size_t{64} << 10);
    CHECK(raw);
    CHECK(registered);
    MESSAGE("stack of one signature: " << single);
    CHECK(single <= std::size_t{32} << 10);
    std::vector<batch_item> items(1024, raw_item(valid));
    for (std::size_t i = 0; i < items.size(); i += 2) {
        items[i].raw_key = nullptr;
        items[i].key = &with_comb;
    }
    const auto verdicts = std::make_unique<bool[]>(items.size());
    std::size_t valid_count = 0;
    for (const kernel* const it : kernels_under_test()) {
        const auto batch = stack_used_by(
            [&] {
                valid_count = verify_batch_with(*it, items, {verdicts.get(), items.size()});
            },
            std::size_t{512} << 10);
        CHECK(valid_count == items.size());
        MESSAGE("stack of a batch, " << it->name << ": " << batch);
        if (it->name != "avx512ifma_emulated") CHECK(batch <= std::size_t{192} << 10);
    }
    const auto first_use = stack_used_by([&] { CHECK(passes_self_check(current_kernel())); }, std::size_t{512} << 10);
    MESSAGE("stack of the self-check: " << first_use);
    CHECK(first_use <= std::size_t{192} << 10);
}
#endif

}  // namespace
