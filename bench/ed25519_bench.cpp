// SPDX-License-Identifier: Apache-2.0
// The parts of a verification, for each kernel that this CPU runs. The table beside libsodium comes from `xacthuc bench
// ed25519`; these are for work on one part at a time.
#include <benchmark/benchmark.h>
#include <sodium.h>

#include <array>
#include <memory>
#include <vector>
#include <xacthuc/ed25519/verify.hpp>

#include "domain/octets.hpp"
#include "ed25519/batch.hpp"
#include "ed25519/kernel_list.hpp"

namespace xacthuc::ed25519 {
namespace {

constexpr std::size_t message_size = 64;

struct signed_items {
    explicit signed_items(std::size_t count, std::size_t key_count, unsigned comb_bits)
        : keys(key_count), signatures(count), messages(count * message_size) {
        std::vector<std::array<unsigned char, crypto_sign_SECRETKEYBYTES>> secrets(key_count);
        for (std::size_t i = 0; i < key_count; ++i) {
            crypto_sign_keypair(octets(keys[i].bytes), secrets[i].data());
            if (comb_bits != 0) {
                registered.push_back(verifying_key::make(keys[i])->with_comb(comb_bits));
            }
        }
        randombytes_buf(messages.data(), messages.size());
        for (std::size_t i = 0; i < count; ++i) {
            const std::span<const std::byte> message(messages.data() + i * message_size, message_size);
            crypto_sign_detached(octets(signatures[i].bytes), nullptr, octets(message), message_size,
                                 secrets[i % key_count].data());
            items.push_back({.message = message,
                             .signature = &signatures[i],
                             .raw_key = comb_bits == 0 ? &keys[i % key_count] : nullptr,
                             .key = comb_bits == 0 ? nullptr : &registered[i % key_count]});
        }
    }

    std::vector<public_key> keys;
    std::vector<signature> signatures;
    std::vector<std::byte> messages;
    std::vector<verifying_key> registered;
    std::vector<batch_item> items;
};

void libsodium_single(benchmark::State& state) {
    const signed_items set(64, 64, 0);
    std::size_t i = 0;
    for (auto _ : state) {
        const batch_item& item = set.items[i++ % 64];
        benchmark::DoNotOptimize(crypto_sign_verify_detached(octets(item.signature->bytes), octets(item.message),
                                                             item.message.size(), octets(item.raw_key->bytes)));
    }
    state.SetItemsProcessed(state.iterations());
}

// Arguments: signatures in a batch, keys, bits of the comb.
void batch(benchmark::State& state, const kernel* kernel) {
    const auto count = static_cast<std::size_t>(state.range(0));
    const signed_items set(count, static_cast<std::size_t>(state.range(1)), static_cast<unsigned>(state.range(2)));
    const auto verdicts = std::make_unique<bool[]>(count);
    for (auto _ : state) {
        benchmark::DoNotOptimize(verify_batch_with(*kernel, set.items, {verdicts.get(), count}));
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

void single(benchmark::State& state, const kernel* kernel) {
    const signed_items set(64, 1, static_cast<unsigned>(state.range(0)));
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(verify_with(*kernel, set.items[i++ % 64]));
    }
    state.SetItemsProcessed(state.iterations());
}

void hashes(benchmark::State& state, const kernel* kernel) {
    const std::vector<std::uint8_t> text(static_cast<std::size_t>(state.range(0)) + 64);
    std::vector<hash_job> jobs(256);
    for (auto& job : jobs) {
        job = {.r = text.data(),
               .key = text.data() + 32,
               .message = text.data(),
               .message_bytes = static_cast<std::uint64_t>(state.range(0))};
    }
    for (auto _ : state) {
        kernel->hash(jobs.data(), jobs.size());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * 256);
}

void build_comb(benchmark::State& state) {
    const signed_items set(1, 1, 0);
    const verifying_key key = *verifying_key::make(set.keys[0]);
    for (auto _ : state) {
        benchmark::DoNotOptimize(key.with_comb(static_cast<unsigned>(state.range(0))));
    }
}

int register_all() {
    benchmark::RegisterBenchmark("libsodium", libsodium_single);
    benchmark::RegisterBenchmark("build_comb", build_comb)->Arg(5)->Arg(6)->Arg(7)->Arg(8);
    for (const kernel* const it : compiled_kernels()) {
        if (it->runs_here()) {
            const std::string name(it->name);
            benchmark::RegisterBenchmark((name + "/comb").c_str(), batch, it)
                ->ArgNames({"batch", "keys", "bits"})
                ->Args({1024, 1, 8})
                ->Args({1024, 64, 8})
                ->Args({1024, 64, 5});
            benchmark::RegisterBenchmark((name + "/generic").c_str(), batch, it)
                ->ArgNames({"batch", "keys", "bits"})
                ->Args({8, 8, 0})
                ->Args({64, 64, 0})
                ->Args({1024, 1024, 0});
            benchmark::RegisterBenchmark((name + "/single").c_str(), single, it)->ArgName("bits")->Arg(0)->Arg(8);
            benchmark::RegisterBenchmark((name + "/sha512").c_str(), hashes, it)
                ->ArgName("bytes")
                ->Arg(47)
                ->Arg(64)
                ->Arg(1000);
        }
    }
    return 0;
}

[[maybe_unused]] const int registered = register_all();

}  // namespace
}  // namespace xacthuc::ed25519

BENCHMARK_MAIN();
