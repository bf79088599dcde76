// SPDX-License-Identifier: Apache-2.0
// Following a registry's changes, and what a change says.
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>
#include <xacthuc/registry/change_feed.hpp>

#include "boundary.hpp"
#include "changes.hpp"
#include "handles.hpp"

using namespace xacthuc;

// Whole batches come out of the feed; what has no room for it stays until the next call.
struct xt_feed {
    explicit xt_feed(change_feed&& opened) : feed{std::move(opened)} {}

    [[nodiscard]] std::size_t left() const noexcept { return read.size() - given; }

    change_feed feed;
    std::vector<change> read;
    std::size_t given = 0;  // of those
};

namespace {

constexpr auto look_every = std::chrono::milliseconds{10};
constexpr std::size_t read_at_once = 10'000;

[[nodiscard]] detailed_result<void> read_more(xt_feed& from, std::size_t capacity) {
    from.read.clear();
    from.given = 0;
    const auto done = from.feed.next(from.read, std::min(capacity, read_at_once));
    if (!done) return done.error();
    return {};
}

}  // namespace

xt_status xt_feed_open(const char* directory, const xt_digest_key* key, const xt_feed_options* options, xt_feed** feed,
                       xt_detail* detail) {
    return c::guarded(feed, detail, [&] {
        if (directory == nullptr || key == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "directory or key");
        xt_feed_options given;
        if (const auto status = c::read_options(options, XT_FEED_OPTIONS_BYTES, given); status != XT_OK)
            return c::refuse(detail, status, "xt_feed_options");
        change_feed_options how;
        how.at_least_sequence = given.at_least_sequence;
        if (given.mark_file != nullptr) how.mark_file = given.mark_file;
        std::optional<std::uint64_t> from;
        if (given.from_sequence != 0) from = given.from_sequence;
        auto opened = change_feed::open(directory, key->value, from, how);
        if (!opened) return c::refuse(detail, opened.error());
        *feed = new xt_feed(std::move(*opened));
        return xt_status{XT_OK};
    });
}

void xt_feed_free(xt_feed* feed) {
    delete feed;
}

xt_status xt_feed_next(xt_feed* feed, xt_change* changes, size_t capacity, uint32_t timeout_ms, size_t* count,
                       xt_detail* detail) {
    return c::guarded(detail, [&] {
        using clock = std::chrono::steady_clock;
        if (feed == nullptr || changes == nullptr || count == nullptr)
            return c::refuse(detail, XT_NULL_ARGUMENT, "feed, changes or count");
        if (capacity == 0) return c::refuse(detail, XT_ARGUMENT_RANGE, "capacity");
        const auto end = clock::now() + std::chrono::milliseconds{timeout_ms};
        while (feed->left() == 0) {
            if (auto done = read_more(*feed, capacity); !done) return c::refuse(detail, done.error());
            const auto wait = end - clock::now();
            if (feed->left() != 0 || wait <= clock::duration::zero()) break;
            std::this_thread::sleep_for(std::min<clock::duration>(wait, look_every));
        }
        const auto some = std::min(feed->left(), capacity);
        for (std::size_t i = 0; i < some; ++i) c::put_change(feed->read[feed->given + i], changes[i]);
        feed->given += some;
        *count = some;
        return xt_status{XT_OK};
    });
}

uint64_t xt_feed_position(const xt_feed* feed) {
    if (feed == nullptr) return 0;
    return feed->left() != 0 ? feed->read[feed->given].sequence : feed->feed.position();
}

xt_status xt_change_id(const xt_change* change, char* digits_13) {
    if (change == nullptr || digits_13 == nullptr) return XT_NULL_ARGUMENT;
    const auto read = c::read_change(*change);
    if (!read) return XT_ARGUMENT_RANGE;
    const auto digits = personal_id::from_trusted(read->id()).digits();
    *std::copy(digits.begin(), digits.end(), digits_13) = '\0';
    return XT_OK;
}

xt_status xt_change_json(const xt_change* change, char* into, size_t capacity, size_t* size) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (change == nullptr || !c::is_there(into, capacity)) return XT_NULL_ARGUMENT;
        auto read = c::read_change(*change);
        if (!read) return XT_ARGUMENT_RANGE;
        read->sequence = change->sequence;
        read->time_unix_ms = change->time_unix_ms;
        std::string text;
        append_json(text, *read);
        c::put_text(text, into, capacity, size);
        return XT_OK;
    });
}
