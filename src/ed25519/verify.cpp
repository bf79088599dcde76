// SPDX-License-Identifier: Apache-2.0
// The way of a batch: look at each item (cheap refusals, which path), put 1,024 at a time into order by path and key,
// hash and reduce up to 256 of one path, and hand them to the kernel. All scratch is on the stack.
#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <xacthuc/ed25519/verify.hpp>

#include "domain/contract.hpp"
#include "domain/octets.hpp"
#include "ed25519/batch.hpp"
#include "ed25519/comb_table.hpp"
#include "ed25519/encoding.hpp"
#include "ed25519/kernel_list.hpp"
#include "ed25519/scalar.hpp"
#include "ed25519/self_check.hpp"
#include "ed25519/without_tables.hpp"

namespace xacthuc::inline v0_1::ed25519 {
namespace {

constexpr std::size_t sorted_items_max = 1024;
constexpr std::size_t jobs_max = 256;
constexpr std::size_t hashes_max = 64;

const public_key& key_of(const batch_item& item) {
    return item.key != nullptr ? item.key->bytes() : *item.raw_key;
}

const comb_view* comb_of(const batch_item& item) {
    const auto* const comb = item.key != nullptr ? comb_access::comb_of(*item.key) : nullptr;
    return comb != nullptr ? &comb->view() : nullptr;
}

// Takes the one copy of R, S and A that is checked, hashed and compared: the caller's memory may change meanwhile, and
// whoever could have one R hashed and another compared would need no secret to sign.
void copy_once(equation_job& job, const batch_item& item) {
    load_words(job.r, item.signature->bytes.data());
    load_words(job.s, item.signature->bytes.data() + 32);
    load_words(job.key, key_of(item).bytes.data());
    job.comb = comb_of(item);
    // Or the compiler might read the same bytes again from where they came.
    asm volatile("" : : "r"(&job) : "memory");
}

// What can be refused without a hash. A checked key needs no second look.
bool may_be_valid(const equation_job& job, bool key_is_checked) {
    return scalar_is_canonical(job.s) && !is_small_order(job.r) &&
           (key_is_checked || (is_canonical(job.key) && !is_small_order(job.key)));
}

hash_job hash_job_of(const equation_job& job, const batch_item& item) {
    return {.r = reinterpret_cast<const std::uint8_t*>(job.r),
            .key = reinterpret_cast<const std::uint8_t*>(job.key),
            .message = octets(item.message),
            .message_bytes = item.message.size()};
}

bool verdict_of(equation_job& job) {
    if (job.result == answer::undecided) {
        solve_without_tables(job);
    }
    return job.result == answer::yes;
}

// Solves jobs of one path and width.
void solve(const kernel& kernel, std::span<equation_job> jobs) {
    const comb_view& base = base_comb().view();
    const bool has_comb = jobs.front().comb != nullptr;
    const unsigned group_min = has_comb ? kernel.comb_group_min : kernel.generic_group_min;
    std::size_t rest = jobs.size() % kernel.lane_count;
    rest = rest < group_min ? rest : 0;
    const std::size_t grouped = jobs.size() - rest;
    if (!has_comb) {
        kernel.solve_generic(jobs.data(), grouped, base);
        portable::kernel_table.solve_generic(jobs.data() + grouped, rest, base);
        return;
    }
    kernel.solve_with_comb(jobs.data(), grouped, base);
    for (equation_job& job : jobs.subspan(grouped)) {
        kernel.solve_one_with_comb(job, base);
    }
}

// Where an item stands in the order of its path: the path above the address of the comb (a table is 4 KiB aligned,
// addresses have at most 57 bits) above the place of the item.
struct sort_key {
    static constexpr unsigned index_bits = 10;
    static constexpr unsigned address_bits = 57 - 12;
    static_assert(sorted_items_max == std::size_t{1} << index_bits);

    static std::uint64_t make(const batch_item& item, std::size_t index) {
        const comb_view* const comb = comb_of(item);
        const std::uint64_t path = comb != nullptr ? comb->bits : 0;
        const std::uint64_t address = comb != nullptr ? reinterpret_cast<std::uintptr_t>(comb->words) >> 12 : 0;
        return (((path << address_bits) | address) << index_bits) | index;
    }
    static std::size_t index(std::uint64_t key) { return key & (sorted_items_max - 1); }
    static std::uint64_t path(std::uint64_t key) { return key >> (index_bits + address_bits); }
};

// The items named by `keys`, of one path, at most jobs_max of them; verdicts of those refused stay as they are.
std::size_t verify_path(const kernel& kernel, std::span<const batch_item> items, std::span<const std::uint64_t> keys,
                        std::span<bool> verdicts) {
    std::array<equation_job, jobs_max> jobs;
    std::array<std::uint16_t, jobs_max> places;
    std::size_t job_count = 0;
    for (const std::uint64_t key : keys) {
        const std::size_t index = sort_key::index(key);
        copy_once(jobs[job_count], items[index]);
        places[job_count] = static_cast<std::uint16_t>(index);
        job_count += may_be_valid(jobs[job_count], items[index].key != nullptr) ? 1 : 0;
    }
    if (job_count == 0) {
        return 0;
    }
    for (std::size_t first = 0; first < job_count; first += hashes_max) {
        std::array<hash_job, hashes_max> hashes;
        const std::size_t count = std::min(hashes_max, job_count - first);
        for (std::size_t i = 0; i < count; ++i) {
            hashes[i] = hash_job_of(jobs[first + i], items[places[first + i]]);
        }
        kernel.hash(hashes.data(), count);
        for (std::size_t i = 0; i < count; ++i) {
            scalar_reduce(jobs[first + i].h, hashes[i].digest);
        }
    }
    solve(kernel, std::span(jobs).first(job_count));
    std::size_t valid_count = 0;
    for (std::size_t i = 0; i < job_count; ++i) {
        verdicts[places[i]] = verdict_of(jobs[i]);
        valid_count += verdicts[places[i]] ? 1 : 0;
    }
    return valid_count;
}

std::size_t verify_part(const kernel& kernel, std::span<const batch_item> items, std::span<bool> verdicts) {
    std::array<std::uint64_t, sorted_items_max> keys;
    for (std::size_t i = 0; i < items.size(); ++i) {
        assert((items[i].raw_key == nullptr) != (items[i].key == nullptr) && items[i].signature != nullptr);
        verdicts[i] = false;
        keys[i] = sort_key::make(items[i], i);
    }
    std::sort(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(items.size()));
    std::size_t valid_count = 0;
    for (std::size_t begin = 0; begin < items.size();) {
        const std::uint64_t path = sort_key::path(keys[begin]);
        std::size_t end = begin + 1;
        while (end < items.size() && end - begin < jobs_max && sort_key::path(keys[end]) == path) {
            ++end;
        }
        valid_count += verify_path(kernel, items, std::span(keys).subspan(begin, end - begin), verdicts);
        begin = end;
    }
    return valid_count;
}

}  // namespace

bool verify_with(const kernel& kernel, const batch_item& item) {
    equation_job job;
    copy_once(job, item);
    if (kernel.refuses_all || !may_be_valid(job, item.key != nullptr)) {
        return false;
    }
    hash_job hash = hash_job_of(job, item);
    portable::kernel_table.hash(&hash, 1);
    scalar_reduce(job.h, hash.digest);
    if (job.comb != nullptr) {
        kernel.solve_one_with_comb(job, base_comb().view());
    } else {
        portable::kernel_table.solve_generic(&job, 1, base_comb().view());
    }
    return verdict_of(job);
}

std::size_t verify_batch_with(const kernel& kernel, std::span<const batch_item> items, std::span<bool> verdicts) {
    assert(items.size() == verdicts.size());
    if (kernel.refuses_all) {
        std::fill(verdicts.begin(), verdicts.end(), false);
        return 0;
    }
    std::size_t valid_count = 0;
    for (std::size_t begin = 0; begin < items.size(); begin += sorted_items_max) {
        const std::size_t count = std::min(sorted_items_max, items.size() - begin);
        valid_count += verify_part(kernel, items.subspan(begin, count), verdicts.subspan(begin, count));
    }
    return valid_count;
}

namespace {

void require_length(const char* call, std::span<const std::byte> message) {
    contract::room_for(call, {message_bytes_max, "bytes at most"}, {message.size(), "bytes of a message"});
}

}  // namespace

bool verify(const verifying_key& key, std::span<const std::byte> message, const signature& signature) {
    require_length("ed25519::verify", message);
    return verify_with(current_kernel(),
                       {.message = message, .signature = &signature, .raw_key = nullptr, .key = &key});
}

bool verify(const public_key& key, std::span<const std::byte> message, const signature& signature) {
    require_length("ed25519::verify", message);
    return verify_with(current_kernel(),
                       {.message = message, .signature = &signature, .raw_key = &key, .key = nullptr});
}

std::size_t verify_batch(std::span<const batch_item> items, std::span<bool> verdicts) {
    constexpr auto* call = "ed25519::verify_batch";
    contract::as_many(call, {verdicts.size(), "verdicts"}, {items.size(), "items"});
    for (const auto& item : items) {
        contract::holds(call, item.signature != nullptr, "an item without a signature");
        contract::holds(call, (item.raw_key == nullptr) != (item.key == nullptr), "an item without one key");
        require_length(call, item.message);
    }
    return verify_batch_with(current_kernel(), items, verdicts);
}

void prepare() {
    current_kernel();
    base_comb();
}

std::string_view kernel_name() {
    return current_kernel().name;
}

std::string_view rejected_kernels() {
    return current_choice().rejected;
}

bool base_comb_is_sound() noexcept {
    return base_comb().is_sound();
}

}  // namespace xacthuc::inline v0_1::ed25519
