// SPDX-License-Identifier: Apache-2.0
// Records wait in 256 buckets by the top bits of their placement, 64 partitions a bucket, in chunks of the appenders'
// own; a bucket's chunks go back to the system as soon as its partitions are built, so that waiting records and
// finished lines are never all in memory at once.
#include <sodium.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <numeric>
#include <string>
#include <utility>
#include <xacthuc/index/index_builder.hpp>

#include "index/block_plan.hpp"
#include "index/placement.hpp"
#include "index/slot.hpp"
#include "index/table.hpp"
#include "index/table_copy.hpp"
#include "index/worker_threads.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr unsigned bucket_bits = 8;
constexpr std::size_t bucket_count = std::size_t{1} << bucket_bits;
constexpr std::size_t partitions_per_bucket = partition_count / bucket_count;
constexpr std::size_t chunk_bytes_min = std::size_t{16} << 10;
constexpr std::size_t chunk_bytes_max = std::size_t{1} << 20;

// What waits for a record: record 32 · ordinal 8 [· key 32].
constexpr std::size_t entry_bytes(bool with_keys) noexcept {
    return 40 + (with_keys ? public_key_bytes : 0);
}

class chunk {
  public:
    explicit chunk(std::size_t size) noexcept
        : data_{::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)}, size_{size} {}
    chunk(chunk&& other) noexcept
        : data_{std::exchange(other.data_, MAP_FAILED)}, size_{other.size_}, used_{other.used_} {}
    chunk& operator=(chunk&&) = delete;
    ~chunk() {
        if (data_ != MAP_FAILED) ::munmap(data_, size_);
    }

    [[nodiscard]] bool is_there() const noexcept { return data_ != MAP_FAILED; }
    [[nodiscard]] bool has_room(std::size_t bytes) const noexcept { return used_ + bytes <= size_; }
    [[nodiscard]] std::byte* take(std::size_t bytes) noexcept {
        return static_cast<std::byte*>(data_) + std::exchange(used_, used_ + bytes);
    }
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
        return {static_cast<const std::byte*>(data_), used_};
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

  private:
    void* data_;
    std::size_t size_;
    std::size_t used_ = 0;
};

struct waiting {
    waiting* next = nullptr;
    std::array<std::vector<chunk>, bucket_count> buckets;
};

// A waiting record of a partition, ordered as it will be placed: by home line, then id, then age.
struct entry_ref {
    std::uint32_t home;
    std::uint32_t partition;
    const std::byte* entry;

    [[nodiscard]] std::uint64_t id() const noexcept {
        std::uint64_t word = 0;
        std::memcpy(&word, entry, sizeof word);
        return layout::id.get(word);
    }
    [[nodiscard]] std::uint64_t ordinal() const noexcept {
        std::uint64_t value = 0;
        std::memcpy(&value, entry + sizeof(record), sizeof value);
        return value;
    }
    friend bool operator<(const entry_ref& a, const entry_ref& b) noexcept {
        if (a.home != b.home) return a.home < b.home;
        if (a.id() != b.id()) return a.id() < b.id();
        return a.ordinal() < b.ordinal();
    }
};

}  // namespace

struct index_builder::state {
    options how;
    std::atomic<waiting*> joined{nullptr};  // what appenders handed over when they were destroyed

    ~state() {
        for (auto* part = joined.load(std::memory_order_acquire); part != nullptr;) {
            const std::unique_ptr<waiting> last{part};
            part = last->next;
        }
    }

    void join(std::unique_ptr<waiting> holds) noexcept {
        holds->next = joined.load(std::memory_order_relaxed);
        // Release pairs with the acquire in take_joined().
        while (!joined.compare_exchange_weak(holds->next, holds.get(), std::memory_order_release,
                                             std::memory_order_relaxed)) {
        }
        static_cast<void>(holds.release());
    }
    [[nodiscard]] std::vector<std::unique_ptr<waiting>> take_joined() {
        // Nothing is taken before there is a place for all of it.
        std::size_t count = 0;
        for (const auto* part = joined.load(std::memory_order_acquire); part != nullptr; part = part->next) ++count;
        std::vector<std::unique_ptr<waiting>> parts;
        parts.reserve(count);
        for (auto* part = joined.exchange(nullptr, std::memory_order_acquire); part != nullptr; part = part->next)
            parts.emplace_back(part);
        return parts;
    }
};

struct index_builder::appender::state {
    index_builder::state* builder;
    std::unique_ptr<waiting> holds = std::make_unique<waiting>();

    [[nodiscard]] detailed_result<void> append(const record& r, std::uint64_t ordinal, const public_key* key) {
        const bool with_keys = builder->how.with_keys;
        const auto bytes = entry_bytes(with_keys);
        const auto hash = placement_hash_inline(layout::id.get(r.words[0]), *builder->how.placement_seed);
        auto& bucket = holds->buckets[hash >> (64 - bucket_bits)];
        if (bucket.empty() || !bucket.back().has_room(bytes)) {
            const auto size = bucket.empty() ? chunk_bytes_min : std::min(chunk_bytes_max, 2 * bucket.back().size());
            bucket.emplace_back(size);
            if (!bucket.back().is_there()) {
                bucket.pop_back();
                return failure{errc::out_of_memory, "while collecting records to index"};
            }
        }
        auto* const to = bucket.back().take(bytes);
        std::memcpy(to, &r, sizeof r);
        std::memcpy(to + sizeof r, &ordinal, sizeof ordinal);
        if (with_keys) {
            if (key != nullptr)
                std::memcpy(to + sizeof r + sizeof ordinal, key, public_key_bytes);
            else
                std::memset(to + sizeof r + sizeof ordinal, 0, public_key_bytes);
        }
        return {};
    }
};

index_builder::appender::appender(std::unique_ptr<state> s) noexcept : state_{std::move(s)} {}
index_builder::appender::appender(appender&&) noexcept = default;
index_builder::appender& index_builder::appender::operator=(appender&&) noexcept = default;
index_builder::appender::~appender() {
    if (!state_) return;
    state_->builder->join(std::move(state_->holds));
}

detailed_result<void> index_builder::appender::append(const record& r, std::uint64_t ordinal) {
    return state_->append(r, ordinal, nullptr);
}
detailed_result<void> index_builder::appender::append(const record& r, std::uint64_t ordinal, const public_key& key) {
    if (!state_->builder->how.with_keys) return failure{errc::no_key_column, "a key for an index without keys"};
    return state_->append(r, ordinal, &key);
}

index_builder::index_builder(std::unique_ptr<state> s) noexcept : state_{std::move(s)} {}
index_builder::index_builder(index_builder&&) noexcept = default;
index_builder& index_builder::operator=(index_builder&&) noexcept = default;
index_builder::~index_builder() = default;

namespace {

[[nodiscard]] std::uint64_t random_seed() {
    if (sodium_init() < 0) std::abort();  // no source of randomness: nothing a caller could do instead
    std::uint64_t seed = 0;
    randombytes_buf(&seed, sizeof seed);
    return seed;
}

}  // namespace

detailed_result<index_builder> index_builder::create(const options& how) {
    const double lines_bytes =
        static_cast<double>(sizeof(line) + (how.with_keys ? slots_per_line * public_key_bytes : 0)) /
        (slots_per_line * how.load);
    // Waiting records shrink while lines grow: the peak is the larger of the two, and a bit of both.
    const double citizen_bytes = 1.15 * std::max(lines_bytes, static_cast<double>(entry_bytes(how.with_keys)));
    const auto wanted = static_cast<std::size_t>(citizen_bytes * static_cast<double>(how.citizens_expected));
    if (const auto available = available_memory_bytes(); wanted > available)
        return failure{errc::out_of_memory, std::to_string(how.citizens_expected) + " citizens need about " +
                                                std::to_string(wanted >> 20) + " MiB, available are " +
                                                std::to_string(available >> 20) + " MiB"};
    auto s = std::make_unique<state>();
    s->how = how;
    if (!how.placement_seed) s->how.placement_seed = random_seed();
    return index_builder{std::move(s)};
}

index_builder::appender index_builder::make_appender() {
    auto s = std::make_unique<appender::state>();
    s->builder = state_.get();
    return appender{std::move(s)};
}

namespace {

using waiting_parts = std::vector<std::unique_ptr<waiting>>;

// Calls visit(entry, hash) for each record that waits in a bucket.
template <class Visit>
void for_each_waiting(const waiting_parts& parts, std::size_t bucket, const index_builder::options& how,
                      const Visit& visit) {
    const auto bytes = entry_bytes(how.with_keys);
    for (const auto& part : parts)
        for (const auto& c : part->buckets[bucket])
            for (auto all = c.bytes(); !all.empty(); all = all.subspan(bytes)) {
                std::uint64_t word = 0;
                std::memcpy(&word, all.data(), sizeof word);
                visit(all.data(), placement_hash_inline(layout::id.get(word), *how.placement_seed));
            }
}

// How many citizens each partition of a bucket will hold. Rows are not citizens: some ids come often.
class citizen_count {
  public:
    void run(std::size_t bucket, const waiting_parts& parts, const index_builder::options& how,
             std::span<std::uint64_t> citizens) {
        for (auto& ids : ids_) ids.clear();
        for_each_waiting(parts, bucket, how, [&](const std::byte* entry, std::uint64_t hash) {
            std::uint64_t word = 0;
            std::memcpy(&word, entry, sizeof word);
            ids_[partition_of(hash) % partitions_per_bucket].push_back(layout::id.get(word));
        });
        for (std::size_t i = 0; i < partitions_per_bucket; ++i) {
            std::ranges::sort(ids_[i]);
            const auto end = std::unique(ids_[i].begin(), ids_[i].end());
            citizens[bucket * partitions_per_bucket + i] = static_cast<std::uint64_t>(end - ids_[i].begin());
        }
    }

  private:
    std::array<std::vector<std::uint64_t>, partitions_per_bucket> ids_;
};

// Regular blocks lie at equal distances, in the order of their partitions; the others behind them. The regular place of
// a partition that has a larger block stays empty.
struct layout_plan {
    block_plan blocks;
    citizen_index::block_offsets offsets{};
    std::size_t total_bytes = 0;
};

[[nodiscard]] detailed_result<layout_plan> plan(const waiting_parts& parts, const index_builder::options& how,
                                                unsigned threads) {
    std::vector<std::uint64_t> citizens(partition_count);
    std::atomic<std::size_t> next_bucket{0};
    on_threads(threads, [&](unsigned) {
        citizen_count counting;
        for (auto bucket = next_bucket++; bucket < bucket_count; bucket = next_bucket++)
            counting.run(bucket, parts, how, citizens);
    });
    auto blocks = plan_blocks(citizens, how.load);
    if (!blocks) return blocks.error();
    layout_plan made{std::move(*blocks)};
    const auto stride = block_bytes(made.blocks.regular_lines, how.with_keys);
    made.total_bytes = partition_count * stride;
    for (std::size_t p = 0; p < partition_count; ++p) {
        const auto lines = made.blocks.lines[p];
        made.offsets[p] = lines == made.blocks.regular_lines ? p * stride : made.total_bytes;
        if (lines != made.blocks.regular_lines) made.total_bytes += block_bytes(lines, how.with_keys);
    }
    return made;
}

// Builds the blocks of one bucket's partitions.
class bucket_work {
  public:
    bucket_work(const index_builder::options& how, const layout_plan& where, std::byte* memory) noexcept
        : how_{how}, where_{where}, memory_{memory} {}

    void run(std::size_t bucket, waiting_parts& parts) {
        gather(bucket, parts);
        std::size_t from = 0;
        for (std::size_t i = 0; i < partitions_per_bucket; ++i) {
            const auto refs = std::span{refs_}.subspan(from, ends_[i] - from);
            std::sort(refs.begin(), refs.end());
            build_partition(bucket * partitions_per_bucket + i, refs);
            from = ends_[i];
        }
        for (auto& part : parts) std::vector<chunk>{}.swap(part->buckets[bucket]);
    }

    std::uint64_t citizens = 0;
    std::vector<index_builder::duplicate> duplicates;

  private:
    // By partition first, in two walks: sorting many short lists takes half of what one long list does.
    void gather(std::size_t bucket, const waiting_parts& parts) {
        found_.clear();
        std::array<std::size_t, partitions_per_bucket> begins{};
        for_each_waiting(parts, bucket, how_, [&](const std::byte* entry, std::uint64_t hash) {
            found_.push_back({static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(partition_of(hash)), entry});
            ++begins[found_.back().partition % partitions_per_bucket];
        });
        std::exclusive_scan(begins.begin(), begins.end(), begins.begin(), std::size_t{0});
        ends_ = begins;
        refs_.resize(found_.size());
        for (const auto& ref : found_) refs_[ends_[ref.partition % partitions_per_bucket]++] = ref;
    }

    void build_partition(std::size_t p, std::span<const entry_ref> refs) {
        auto* const begin = memory_ + where_.offsets[p];
        const table to{table_word{begin + sizeof(block_head), where_.blocks.lines[p]}};
        const table_filler filler{to, how_.with_keys};
        block_head head;
        head.partition = static_cast<std::uint32_t>(p);
        head.line_count = static_cast<std::uint32_t>(to.line_count());
        head.key_bytes = how_.with_keys ? public_key_bytes : 0;
        // Records that fit into their home line go there first; only what is left over is moved on. More records are
        // then one line away than if each took the first slot free at its turn.
        displaced_.clear();
        for (std::size_t i = 0; i < refs.size(); ++i) {
            std::size_t last = i;
            while (last + 1 < refs.size() && refs[last + 1].id() == refs[i].id()) ++last;
            for (; i < last; ++i) duplicates.push_back({refs[i].id(), refs[i].ordinal(), refs[last].ordinal()});
            const auto [r, key] = record_at(refs[last]);
            if (!filler.put_at_home(refs[last].home, r, key)) displaced_.push_back(refs[last]);
            ++head.live_count;
        }
        for (const auto& ref : displaced_) {
            const auto [r, key] = record_at(ref);
            filler.put_on_path(ref.home, r, key);
        }
        std::memcpy(begin, &head, sizeof head);
        citizens += head.live_count;
    }

    [[nodiscard]] std::pair<record, key_words> record_at(const entry_ref& ref) const noexcept {
        std::pair<record, key_words> found{};
        std::memcpy(&found.first, ref.entry, sizeof(record));
        found.first.words[0] = slot_word::live_identity(ref.id());
        if (how_.with_keys)
            std::memcpy(&found.second, ref.entry + sizeof(record) + sizeof(std::uint64_t), public_key_bytes);
        return found;
    }

    const index_builder::options& how_;
    const layout_plan& where_;
    std::byte* memory_;
    std::vector<entry_ref> found_;
    std::vector<entry_ref> refs_;  // those of a partition behind those of the one before
    std::array<std::size_t, partitions_per_bucket> ends_{};
    std::vector<entry_ref> displaced_;
};

// Builds all partitions and adds up what was found.
struct built_partitions {
    std::uint64_t citizens = 0;
    std::vector<index_builder::duplicate> duplicates;
};

[[nodiscard]] built_partitions build_partitions(waiting_parts& parts, const index_builder::options& how,
                                                const layout_plan& where, std::byte* memory, unsigned threads,
                                                const index_builder::progress& report) {
    std::vector<bucket_work> works(threads, bucket_work{how, where, memory});
    std::atomic<std::size_t> next_bucket{0};
    on_threads(threads, [&](unsigned worker) {
        for (auto bucket = next_bucket++; bucket < bucket_count; bucket = next_bucket++) {
            works[worker].run(bucket, parts);
            if (worker == 0 && report) report(std::min(next_bucket.load(), bucket_count) * partitions_per_bucket);
        }
    });
    if (report) report(partition_count);
    built_partitions all;
    for (auto& done : works) {
        all.citizens += done.citizens;
        all.duplicates.insert(all.duplicates.end(), done.duplicates.begin(), done.duplicates.end());
    }
    std::ranges::sort(all.duplicates, [](const auto& a, const auto& b) {
        return a.id != b.id ? a.id < b.id : a.dropped_ordinal < b.dropped_ordinal;
    });
    return all;
}

}  // namespace

detailed_result<citizen_index> index_builder::build(unsigned threads, std::vector<duplicate>* duplicates,
                                                    const progress& report) &&
    try {
    threads = std::max(threads, 1U);
    auto parts = state_->take_joined();
    const auto& how = state_->how;
    const auto planned = plan(parts, how, threads);
    if (!planned) return planned.error();
    auto memory = huge_pages::allocate(planned->total_bytes);
    if (!memory) return memory.error();
    auto built = build_partitions(parts, how, *planned, memory->data(), threads, report);
    index_facts facts;
    facts.placement_seed = *how.placement_seed;
    facts.digest_key_fingerprint = how.digest_key_fingerprint;
    facts.as_of = how.as_of;
    facts.with_keys = how.with_keys;
    facts.citizens = built.citizens;
    if (duplicates != nullptr) duplicates->insert(duplicates->end(), built.duplicates.begin(), built.duplicates.end());
    return citizen_index::from_blocks(facts, std::move(*memory), planned->offsets);
} catch (const std::bad_alloc&) {
    return failure{errc::out_of_memory, "while building the index"};
}

}  // namespace xacthuc::inline v0_1
