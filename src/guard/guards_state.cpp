// SPDX-License-Identifier: Apache-2.0
// What outlives the process: contents of a guard_store. Each is a row of little-endian 64-bit words that begins with
// its name's tag, the key's check and how many words follow, and ends with their sum, so that half a content is not
// taken for one.
//
//   key        32 bytes, where the host gave none
//   counters   by agency: its number and the first counter that may be taken after this start
//   alarms     agencies that are suspended; by agency: moving ratios, surge, budgets used up, alarms raised
//   quotas     by place: whether an officer's, key, rate and day
//   misses     the day; words of the table that are of it, with their numbers
//   sketches   by agency: its words that are not 0, with their numbers
//   proofs     a tag; generation_ms and max_ahead_ms of the window; until when what was taken before this process was
//              issued, at the latest; until when what was issued is refused. Only after close() also: size, newest
//              generation, entries with their places
#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "guard/guards_impl.hpp"

namespace xacthuc::inline v0_1 {
namespace {

using words = std::vector<std::uint64_t>;

[[nodiscard]] std::uint64_t tag_of(std::string_view name) noexcept {
    std::uint64_t tag = 0;
    for (std::size_t i = 0; i < name.size() && i < 8; ++i)
        tag |= std::uint64_t{static_cast<unsigned char>(name[i])} << (8 * i);
    return tag;
}

[[nodiscard]] constexpr std::uint64_t word_of(std::int64_t time_ms) noexcept {
    return static_cast<std::uint64_t>(time_ms);
}
[[nodiscard]] constexpr std::int64_t time_of(std::uint64_t word) noexcept {
    return static_cast<std::int64_t>(word);
}

[[nodiscard]] std::uint64_t sum_of(std::span<const std::uint64_t> content) noexcept {
    std::uint64_t sum = 0x7861'6374'6875'6331;
    for (const auto each : content) sum = (sum ^ each) * 0x9e37'79b9'7f4a'7c15 + (sum >> 29);
    return sum;
}

[[nodiscard]] detailed_result<void> save_words(const guard_store& store, std::string_view name, std::uint64_t check,
                                               std::span<const std::uint64_t> content) {
    std::vector<std::byte> bytes((content.size() + 4) * 8);
    const auto put = [&bytes](std::size_t at, std::uint64_t value) {
        for (std::size_t i = 0; i < 8; ++i) bytes[8 * at + i] = static_cast<std::byte>(value >> (8 * i));
    };
    put(0, tag_of(name));
    put(1, check);
    put(2, content.size());
    for (std::size_t i = 0; i < content.size(); ++i) put(3 + i, content[i]);
    put(3 + content.size(), sum_of(content));
    return store.save(name, bytes);
}

// The content, or none where there never was one.
[[nodiscard]] detailed_result<std::optional<words>> find_words(const guard_store& store, std::string_view name,
                                                               std::uint64_t check) {
    const auto loaded = store.load(name);
    if (!loaded) {
        if (loaded.error().code == errc::not_found) return std::optional<words>{};
        return loaded.error();
    }
    const auto get = [&bytes = *loaded](std::size_t at) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < 8; ++i) value |= std::to_integer<std::uint64_t>(bytes[8 * at + i]) << (8 * i);
        return value;
    };
    const auto count = loaded->size() / 8;
    if (loaded->size() % 8 != 0 || count < 4 || get(0) != tag_of(name) || get(2) != count - 4)
        return failure{errc::damaged_header, std::string{name} + ": not what the guards saved"};
    if (get(1) != check)
        return failure{errc::foreign_digest_key, std::string{name} + ": saved under another guard key"};
    words content(count - 4);
    for (std::size_t i = 0; i < content.size(); ++i) content[i] = get(3 + i);
    if (get(count - 1) != sum_of(content))
        return failure{errc::damaged_header, std::string{name} + ": some of it was changed"};
    return std::optional{std::move(content)};
}

[[nodiscard]] detailed_result<words> load_words(const guard_store& store, std::string_view name, std::uint64_t check) {
    auto found = find_words(store, name, check);
    if (!found) return found.error();
    return std::move(*found).value_or(words{});
}

// What the content of proofs begins with. The tag is no size that a table could have.
constexpr std::string_view tag_of_proofs = "proofs 2";
struct word_of_proofs {
    enum : std::size_t { tag, generation_ms, max_ahead_ms, used_until_ms, refused_until_ms, size, newest, entries };
};

[[nodiscard]] detailed_result<guard_key> key_of(const guards_options& options, const guard_store& store) {
    if (options.key) return *options.key;
    auto loaded = store.load("key");
    if (loaded) {
        if (loaded->size() != guard_key_bytes) return failure{errc::damaged_header, "key: not a guard key"};
        auto key = guard_key::from_bytes(std::span<const std::byte, guard_key_bytes>{loaded->data(), guard_key_bytes});
        sodium_memzero(loaded->data(), loaded->size());
        return key;
    }
    if (loaded.error().code != errc::not_found) return loaded.error();
    std::array<std::byte, guard_key_bytes> bytes;
    randombytes_buf(bytes.data(), bytes.size());
    const auto key = guard_key::from_bytes(bytes);
    const auto saved = store.save("key", bytes);
    sodium_memzero(bytes.data(), bytes.size());
    if (!saved) return saved.error();
    return key;
}

}  // namespace

// Saves and restores one content after the other.
class guards::impl::keeping {
  public:
    explicit keeping(guards::impl& all) : all_{all}, check_{all.key.check()} {}

    [[nodiscard]] detailed_result<void> save_alarms() const {
        words content;
        for (std::uint32_t agency = 0; agency < 1U << 16; ++agency)
            if (all_.is_suspended(static_cast<std::uint16_t>(agency))) content.push_back(agency);
        content.insert(content.begin(), content.size());
        for_each_agency([&](std::uint64_t agency, agency_place here) {
            content.push_back(agency);
            for (auto* const counter : counters_of(here)) content.push_back(counter->load(std::memory_order_relaxed));
        });
        return save_words(*all_.store, "alarms", check_, content);
    }
    [[nodiscard]] detailed_result<void> load_alarms() const {
        const auto loaded = load_words(*all_.store, "alarms", check_);
        if (!loaded) return loaded.error();
        const words& content = *loaded;
        if (content.empty()) return {};
        std::size_t at = 1;
        for (; at < content.size() && at <= content[0]; ++at)
            all_.set_suspended(static_cast<std::uint16_t>(content[at]), true);
        while (at < content.size()) {
            const auto here = all_.at(all_.place_of(static_cast<std::uint16_t>(content[at++])));
            for (auto* const counter : counters_of(here))
                if (at < content.size()) counter->store(content[at++], std::memory_order_relaxed);
        }
        return {};
    }

    [[nodiscard]] detailed_result<void> save_quotas() const {
        words content;
        all_.quotas.for_each_place([&](const quota::saved_place& place, bool is_officer) {
            content.insert(content.end(), {std::uint64_t{is_officer}, place.key, place.rate, place.day});
        });
        return save_words(*all_.store, "quotas", check_, content);
    }
    [[nodiscard]] detailed_result<void> load_quotas() const {
        const auto loaded = load_words(*all_.store, "quotas", check_);
        if (!loaded) return loaded.error();
        const words& content = *loaded;
        for (std::size_t at = 0; at + 4 <= content.size(); at += 4)
            if (content[at + 1] != 0)
                all_.quotas.restore({content[at + 1], content[at + 2], content[at + 3]}, content[at] != 0);
        return {};
    }

    [[nodiscard]] detailed_result<void> save_misses(guard_day day) const {
        words content{day.day};
        const auto cells = all_.misses.cells();
        for (std::size_t i = 0; i < cells.size(); ++i)
            if (const auto word = cells[i].load(std::memory_order_acquire);
                (word & day_word::payload_mask) != 0 && day_word::days_ahead(word, day.mark()) == 0)
                content.insert(content.end(), {i, word});
        return save_words(*all_.store, "misses", check_, content);
    }
    [[nodiscard]] detailed_result<void> load_misses(guard_day day) const {
        const auto loaded = load_words(*all_.store, "misses", check_);
        if (!loaded) return loaded.error();
        const words& content = *loaded;
        if (content.empty() || content[0] != day.day) return {};
        for (std::size_t at = 1; at + 2 <= content.size(); at += 2)
            all_.misses.restore(content[at], content[at + 1], day.day);
        return {};
    }

    [[nodiscard]] detailed_result<void> save_sketches() const {
        words content;
        for_each_agency([&](std::uint64_t agency, agency_place here) {
            const auto head = content.size();
            content.insert(content.end(), {agency, 0});
            const auto memory = here.sketch_memory();
            for (std::size_t i = 0; i < memory.size(); ++i)
                if (const auto word = memory[i].load(std::memory_order_relaxed); word != 0)
                    content.insert(content.end(), {i, word});
            content[head + 1] = (content.size() - head - 2) / 2;
        });
        return save_words(*all_.store, "sketches", check_, content);
    }
    [[nodiscard]] detailed_result<void> load_sketches(guard_day day) const {
        const auto loaded = load_words(*all_.store, "sketches", check_);
        if (!loaded) return loaded.error();
        const words& content = *loaded;
        for (std::size_t at = 0; at + 2 <= content.size();) {
            const auto here = all_.at(all_.place_of(static_cast<std::uint16_t>(content[at])));
            const auto memory = here.sketch_memory();
            const auto count = content[at + 1];
            at += 2;
            for (std::uint64_t n = 0; n < count && at + 2 <= content.size(); ++n, at += 2)
                if (content[at] < memory.size()) memory[content[at]].store(content[at + 1], std::memory_order_relaxed);
            here.sketch().recount(day.day);
        }
        return {};
    }

    // The table only of an end: before it, the content says that used proofs are not known.
    [[nodiscard]] detailed_result<void> save_proofs(bool is_end) const {
        const auto& window = all_.proofs.options();
        words content{tag_of(tag_of_proofs), word_of(window.generation_ms), word_of(window.max_ahead_ms),
                      word_of(all_.proofs_used_until_ms), word_of(all_.proofs.refused_until_unix_ms())};
        if (is_end) {
            content.insert(content.end(), {all_.proofs.size(), all_.proofs.newest()});
            all_.proofs.for_each_entry([&](std::size_t i, std::uint64_t entry) {
                content.insert(content.end(), {i, entry});
            });
        }
        return save_words(*all_.store, "proofs", check_, content);
    }
    [[nodiscard]] detailed_result<void> load_proofs(std::int64_t now_unix_ms) const {
        using at_word = word_of_proofs;
        const auto found = find_words(*all_.store, "proofs", check_);
        if (!found) return found.error();
        const auto& window = all_.proofs.options();
        if (!*found || (*found)->size() < at_word::size || (**found)[at_word::tag] != tag_of(tag_of_proofs)) {
            // Left by who did not say what it took yet: the default was the least.
            const auto ahead =
                *found ? std::max(window.max_ahead_ms, proof_window_options{}.max_ahead_ms) : window.max_ahead_ms;
            all_.proofs_used_until_ms = now_unix_ms + ahead;
            all_.proofs.refuse_until(all_.proofs_used_until_ms);
            return {};
        }
        const words& content = **found;
        const bool is_known = content.size() >= at_word::entries;
        all_.proofs_used_until_ms = time_of(content[at_word::used_until_ms]);
        if (!is_known)
            all_.proofs_used_until_ms =
                std::max(all_.proofs_used_until_ms, now_unix_ms + time_of(content[at_word::max_ahead_ms]));
        if (!is_known || content[at_word::size] != all_.proofs.size() ||
            time_of(content[at_word::generation_ms]) != window.generation_ms) {
            all_.proofs.refuse_until(all_.proofs_used_until_ms);
            return {};
        }
        all_.proofs.refuse_until(time_of(content[at_word::refused_until_ms]));
        all_.proofs.restore_newest(content[at_word::newest]);
        for (std::size_t at = at_word::entries; at + 2 <= content.size(); at += 2)
            all_.proofs.restore(content[at], content[at + 1]);
        return {};
    }

    [[nodiscard]] detailed_result<void> load_counters() const {
        const auto loaded = load_words(*all_.store, "counters", check_);
        if (!loaded) return loaded.error();
        const words& content = *loaded;
        for (std::size_t at = 0; at + 2 <= content.size(); at += 2) {
            const auto place = all_.place_of(static_cast<std::uint16_t>(content[at]));
            if (all_.is_shared(place))
                return failure{errc::memory_budget, "counters: of more agencies than agencies_max"};
            all_.at(place).replay().start_at(content[at + 1]);
        }
        return {};
    }
    [[nodiscard]] detailed_result<void> save_counters(std::span<const std::uint64_t> ends) const {
        words content;
        for (std::size_t i = 0; i < all_.agency_count; ++i)
            if (const auto number = all_.agency_keys[i].load(std::memory_order_relaxed); number != 0)
                content.insert(content.end(), {number - 1, ends[i]});
        return save_words(*all_.store, "counters", check_, content);
    }

  private:
    using kept_counters = std::array<word*, 4 + alarm_reason_count>;
    [[nodiscard]] static kept_counters counters_of(agency_place here) noexcept {
        kept_counters counters{&here.fast_misses(), &here.slow_misses(), &here.surge(), &here.budgets_used_up()};
        for (std::size_t i = 1; i <= alarm_reason_count; ++i)
            counters[3 + i] = &here.raised(static_cast<alarm_reason>(i));
        return counters;
    }

    template <class Take>
    void for_each_agency(const Take& take) const {
        for (std::size_t i = 0; i < all_.agency_count; ++i)
            if (const auto number = all_.agency_keys[i].load(std::memory_order_relaxed); number != 0)
                take(number - 1, all_.at(i));
    }
    guards::impl& all_;
    std::uint64_t check_;
};

// The first counter of each agency that is not durable yet.
std::vector<std::uint64_t> guards::impl::reserved_counters() const {
    std::vector<std::uint64_t> ends(agency_count);
    for (std::size_t i = 0; i < agency_count; ++i)
        if (agency_keys[i].load(std::memory_order_relaxed) != 0) ends[i] = at(i).replay().reserved();
    return ends;
}

bool guards::impl::reserve(std::size_t place, std::uint64_t end) noexcept {
    if (!store) {
        at(place).replay().reserve(~std::uint64_t{0});
        return true;
    }
    try {
        const std::lock_guard one_saves{saving};
        auto window = at(place).replay();
        if (is_closed.load(std::memory_order_relaxed)) return false;
        if (window.reserved() >= end) return true;
        auto ends = reserved_counters();
        ends[place] = end;
        if (!keeping{*this}.save_counters(ends)) return false;
        window.reserve(end);
        return true;
    } catch (...) {
        return false;  // no memory for the content, or the store threw: nothing became durable
    }
}

detailed_result<std::unique_ptr<guards>> guards::open(const guards_options& options, guard_store store,
                                                      std::int64_t now_unix_ms) {
    const auto key = key_of(options, store);
    if (!key) return key.error();
    auto with = options;
    with.key = *key;
    auto made = std::make_unique<guards>(with);
    auto& all = *made->impl_;
    all.store = std::move(store);
    const impl::keeping kept{all};
    const auto day = all.day_at(now_unix_ms);
    // What is used up is unknown from now on, until the next close().
    for (const auto& loaded : {kept.load_counters(), kept.load_alarms(), kept.load_quotas(), kept.load_misses(day),
                               kept.load_sketches(day), kept.load_proofs(now_unix_ms)})
        if (!loaded) return loaded.error();
    if (auto begun = kept.save_proofs(false); !begun) return begun.error();
    return made;
}

detailed_result<void> guards::impl::save(std::int64_t now_unix_ms, bool is_end) {
    if (!store) return failure{errc::not_found, "these guards have no store"};
    const std::lock_guard one_saves{saving};
    const auto day = day_at(now_unix_ms);
    const keeping to{*this};
    if (is_end) is_closed.store(true);
    auto ends = reserved_counters();
    for (std::size_t i = 0; i < agency_count; ++i) {
        const auto window = at(i).replay();
        const auto after_highest = std::max(window.highest() + 1, window.start());
        if (is_end)
            ends[i] = after_highest;
        else if (window.highest() != 0 && ends[i] - after_highest < options.counter_step / 2)
            ends[i] = after_highest + options.counter_step;
    }
    if (auto saved = to.save_counters(ends); !saved) return saved;
    if (!is_end)
        for (std::size_t i = 0; i < agency_count; ++i)
            if (ends[i] != 0) at(i).replay().reserve(ends[i]);
    if (auto saved = to.save_alarms(); !saved) return saved;
    if (auto saved = to.save_quotas(); !saved) return saved;
    if (auto saved = to.save_misses(day); !saved) return saved;
    if (auto saved = to.save_sketches(); !saved) return saved;
    misses.forget_before(day.day);
    officers.forget_before(day.mark());
    for (std::size_t i = 0; i <= agency_count; ++i)
        day_word::forget_before(at(i).sketch_memory().first(sketch_words), day.mark());
    proofs.forget_old();
    if (!is_end) return {};
    proofs_used_until_ms = std::max(proofs_used_until_ms, now_unix_ms + proofs.options().max_ahead_ms);
    return to.save_proofs(true);
}

detailed_result<void> guards::save(std::int64_t now_unix_ms) {
    return impl_->save(now_unix_ms, false);
}
detailed_result<void> guards::close(std::int64_t now_unix_ms) {
    return impl_->save(now_unix_ms, true);
}

}  // namespace xacthuc::inline v0_1
