// SPDX-License-Identifier: Apache-2.0
#include "signatures/measure_signatures.hpp"

#include <sodium.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <xacthuc/ed25519/verify.hpp>

#include "domain/octets.hpp"
#include "ed25519/batch.hpp"
#include "ed25519/kernel_list.hpp"

namespace xacthuc::inline v0_1::ed25519 {
namespace {

constexpr std::size_t libsodium_items = 64;
// What the paths timed before have left in the caches is not what a path at work finds there.
constexpr std::size_t batches_per_timing = 4;

// Of this thread's time on the CPU, so that others who want the core do not count.
double thread_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double seconds_of(const std::function<void()>& work) {
    const double begin = thread_seconds();
    work();
    return thread_seconds() - begin;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// A multiplication of 64 bits takes three cycles on every x86-64 core since 2008.
double core_hertz_now() {
    constexpr unsigned steps = 200'000;
    const double seconds = seconds_of([] {
        std::uint64_t value = 3;
        for (unsigned i = 0; i < steps; ++i) {
            value *= value;
#if defined(__GNUC__)
            __asm__ volatile("" : "+r"(value));
#endif
        }
    });
    return 3.0 * steps / seconds;
}

struct signed_set {
    std::vector<public_key> keys;
    std::vector<std::byte> messages;
    std::vector<signature> signatures;
    std::vector<verifying_key> registered;
    std::vector<batch_item> items;
};

// Item i is signed with key i % key_count.
std::unique_ptr<signed_set> make_set(const measure_options& options, std::size_t item_count, std::size_t key_count,
                                     unsigned comb_bits) {
    auto set = std::make_unique<signed_set>();
    std::vector<std::array<unsigned char, crypto_sign_SECRETKEYBYTES>> secrets(key_count);
    set->keys.resize(key_count);
    for (std::size_t i = 0; i < key_count; ++i) {
        crypto_sign_keypair(octets(set->keys[i].bytes), secrets[i].data());
        if (comb_bits != 0) {
            set->registered.push_back(verifying_key::make(set->keys[i])->with_comb(comb_bits));
        }
    }
    set->messages.resize(item_count * options.message_bytes);
    randombytes_buf(set->messages.data(), set->messages.size());
    set->signatures.resize(item_count);
    for (std::size_t i = 0; i < item_count; ++i) {
        const std::span<const std::byte> message =
            std::span<const std::byte>(set->messages).subspan(i * options.message_bytes, options.message_bytes);
        const std::size_t key = i % key_count;
        crypto_sign_detached(octets(set->signatures[i].bytes), nullptr, octets(message), message.size(),
                             secrets[key].data());
        set->items.push_back({.message = message,
                              .signature = &set->signatures[i],
                              .raw_key = comb_bits == 0 ? &set->keys[key] : nullptr,
                              .key = comb_bits == 0 ? nullptr : &set->registered[key]});
    }
    return set;
}

bool libsodium_verdict(const batch_item& item) {
    const public_key& key = item.key != nullptr ? item.key->bytes() : *item.raw_key;
    return crypto_sign_verify_detached(octets(item.signature->bytes), octets(item.message), item.message.size(),
                                       octets(key.bytes)) == 0;
}

struct timed_path {
    std::string name;
    signed_set* set;
    std::size_t item_count;
    // Verifies the first item_count items of the set.
    std::function<void(std::span<const batch_item>, std::span<bool>)> run;
    std::vector<double> seconds_per_item = {};
};

std::size_t count_disagreements(timed_path& path) {
    signed_set& set = *path.set;
    const auto flip = [&] {
        for (std::size_t i = 0; i < path.item_count; i += 4) {
            set.signatures[i].bytes[(i / 4) % signature_bytes] ^= static_cast<std::byte>(1u << (i / 4 % 8));
        }
    };
    flip();
    const auto verdicts = std::make_unique<bool[]>(path.item_count);
    path.run(std::span(set.items).first(path.item_count), {verdicts.get(), path.item_count});
    std::size_t disagreements = 0;
    for (std::size_t i = 0; i < path.item_count; ++i) {
        disagreements += verdicts[i] != libsodium_verdict(set.items[i]) ? 1 : 0;
    }
    flip();
    return disagreements;
}

double sha512_seconds_per_block(const kernel& kernel, const signed_set& set) {
    constexpr std::size_t one_block_bytes = 47;
    std::vector<hash_job> jobs(set.items.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        jobs[i] = {.r = octets(set.items[i].signature->bytes),
                   .key = octets(set.keys[i % set.keys.size()].bytes),
                   .message = octets(set.items[i].message),
                   .message_bytes = std::min(one_block_bytes, set.items[i].message.size())};
    }
    return seconds_of([&] { kernel.hash(jobs.data(), jobs.size()); }) / static_cast<double>(jobs.size());
}

}  // namespace

measurement measure(const kernel& kernel, const measure_options& options) {
    base_comb();
    const auto run_batch = [&kernel, &options](std::span<const batch_item> items, std::span<bool> verdicts) {
        for (std::size_t i = 0; i < items.size(); i += options.batch_items) {
            verify_batch_with(kernel, items.subspan(i, options.batch_items), verdicts.subspan(i, options.batch_items));
        }
    };
    const auto run_eights = [&kernel](std::span<const batch_item> items, std::span<bool> verdicts) {
        for (std::size_t i = 0; i + 8 <= items.size(); i += 8) {
            verify_batch_with(kernel, items.subspan(i, 8), verdicts.subspan(i, 8));
        }
    };
    const auto run_singly = [&kernel](std::span<const batch_item> items, std::span<bool> verdicts) {
        for (std::size_t i = 0; i < items.size(); ++i) {
            verdicts[i] = verify_with(kernel, items[i]);
        }
    };
    const std::size_t many = batches_per_timing * options.batch_items;
    const std::size_t few = std::max<std::size_t>(options.batch_items / 64 * 8, 8);
    const auto distinct = make_set(options, many, many, 0);
    const auto one_key = make_set(options, many, 1, comb_bits_max);
    std::vector<std::unique_ptr<signed_set>> combs(comb_bits_max + 1);
    for (unsigned bits = comb_bits_min; bits <= comb_bits_max; ++bits) {
        combs[bits] = make_set(options, many, options.comb_keys, bits);
    }
    std::vector<timed_path> paths;
    paths.push_back({"comb", combs[8].get(), many, run_batch});
    paths.push_back({"comb_7", combs[7].get(), many, run_batch});
    paths.push_back({"comb_6", combs[6].get(), many, run_batch});
    paths.push_back({"comb_5", combs[5].get(), many, run_batch});
    paths.push_back({"comb_one_key", one_key.get(), many, run_batch});
    paths.push_back({"generic", distinct.get(), many, run_batch});
    paths.push_back({"batch_8", distinct.get(), few, run_eights});
    paths.push_back({"single", combs[8].get(), few, run_singly});
    paths.push_back({"single_generic", distinct.get(), few, run_singly});

    measurement result;
    result.isa = kernel.name;
    for (timed_path& path : paths) {
        result.disagreements += count_disagreements(path);
    }
    const auto verdicts = std::make_unique<bool[]>(many);
    std::vector<double> libsodium_seconds, hash_cycles, hertz;
    for (unsigned round = 0; round < options.round_count; ++round) {
        const std::size_t reference_items = std::min(libsodium_items, many);
        libsodium_seconds.push_back(seconds_of([&] {
                                        for (std::size_t i = 0; i < reference_items; ++i) {
                                            verdicts[i] = libsodium_verdict(distinct->items[i]);
                                        }
                                    }) /
                                    static_cast<double>(reference_items));
        for (timed_path& path : paths) {
            const std::span<const batch_item> items = std::span(path.set->items).first(path.item_count);
            const double seconds = seconds_of([&] { path.run(items, {verdicts.get(), path.item_count}); });
            path.seconds_per_item.push_back(seconds / static_cast<double>(path.item_count));
        }
        hertz.push_back(core_hertz_now());
        hash_cycles.push_back(sha512_seconds_per_block(kernel, *distinct) * hertz.back());
    }
    const double libsodium_median = median(libsodium_seconds);
    result.libsodium_per_second = 1 / libsodium_median;
    for (timed_path& path : paths) {
        const double seconds = median(path.seconds_per_item);
        result.paths.push_back({path.name, 1 / seconds, libsodium_median / seconds});
    }
    result.sha512_cycles_per_message = median(hash_cycles);
    result.core_hertz = median(hertz);
    return result;
}

}  // namespace xacthuc::inline v0_1::ed25519
