// SPDX-License-Identifier: Apache-2.0
#include "whole/peers.hpp"

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#if XACTHUC_HAS_TBB
#include <tbb/concurrent_hash_map.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "engine/kernel.hpp"

namespace xacthuc::bench {
namespace {

// 32 bytes without a record's alignment, which would make nodes of 40 into nodes of 64.
using stored = std::array<std::uint64_t, 4>;

constexpr std::size_t group_size = 16;

// Looks requests up in groups, find(id, record) saying whether it is there, and judges each group.
template <class Find>
void verify_with(std::span<const request> requests, std::span<verdict> verdicts, const Find& find) {
    const auto judge = kernels::chosen().judge;
    for (std::size_t from = 0; from < requests.size(); from += group_size) {
        const auto count = std::min(group_size, requests.size() - from);
        std::array<record, group_size> found{};
        std::array<bool, group_size> is_there{};
        for (std::size_t k = 0; k < count; ++k) is_there[k] = find(requests[from + k].id(), found[k].words);
        judge({found.data(), count}, requests.subspan(from, count), verdicts.subspan(from, count));
        for (std::size_t k = 0; k < count; ++k)
            if (!is_there[k]) verdicts[from + k] = {outcome::not_found, 0, 0, requests[from + k].claims()};
    }
}

struct no_mutex {
    void lock_shared() noexcept {}
    void unlock_shared() noexcept {}
};

// A map behind a mutex, or behind none.
template <class Map, class Mutex>
class map_behind final : public peer {
  public:
    explicit map_behind(std::string_view name) noexcept : name_{name} {}

    [[nodiscard]] std::string_view name() const noexcept override { return name_; }
    void reserve(std::uint64_t citizens) override { map_.reserve(citizens); }
    void insert(std::span<const record> records) override {
        for (const auto& r : records) map_.emplace(layout::id.get(r.words[0]), r.words);
    }
    void verify(std::span<const request> requests, std::span<verdict> verdicts) const override {
        verify_with(requests, verdicts, [&](std::uint64_t id, stored& into) {
            const std::shared_lock lock{mutex_};
            const auto at = map_.find(id);
            if (at == map_.end()) return false;
            into = at->second;
            return true;
        });
    }

  private:
    std::string_view name_;
    mutable Mutex mutex_;
    Map map_;
};
using flat_map = map_behind<boost::unordered_flat_map<std::uint64_t, stored>, no_mutex>;
using locked_map = map_behind<std::unordered_map<std::uint64_t, stored>, std::shared_mutex>;

#if XACTHUC_HAS_TBB
class tbb_map final : public peer {
  public:
    [[nodiscard]] std::string_view name() const noexcept override { return "tbb::concurrent_hash_map"; }
    void reserve(std::uint64_t citizens) override { map_.rehash(citizens); }
    void insert(std::span<const record> records) override {
        for (const auto& r : records) map_.emplace(layout::id.get(r.words[0]), r.words);
    }
    void verify(std::span<const request> requests, std::span<verdict> verdicts) const override {
        verify_with(requests, verdicts, [&](std::uint64_t id, stored& into) {
            decltype(map_)::const_accessor at;
            if (!map_.find(at, id)) return false;
            into = at->second;
            return true;
        });
    }

  private:
    tbb::concurrent_hash_map<std::uint64_t, stored> map_;
};
#endif

}  // namespace

std::unique_ptr<peer> make_peer(std::size_t i) {
    switch (i) {
        case 0:
            return std::make_unique<flat_map>("boost::unordered_flat_map");
        case 1:
            return std::make_unique<locked_map>("std::unordered_map + std::shared_mutex");
#if XACTHUC_HAS_TBB
        case 2:
            return std::make_unique<tbb_map>();
#endif
        default:
            return nullptr;
    }
}

void give_free_memory_back() noexcept {
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
}

}  // namespace xacthuc::bench
