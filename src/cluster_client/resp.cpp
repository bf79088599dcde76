// SPDX-License-Identifier: Apache-2.0
#include "cluster_client/resp.hpp"

#include <hiredis/read.h>

#include <algorithm>
#include <new>
#include <utility>

namespace xacthuc::inline v0_1::cluster {
namespace {

// What hiredis makes of a reply are our values: the outermost one is made on the heap, the others lie in its lists.
struct counted_reply {
    reply value;
    std::size_t values = 0;
};

void append_length(std::string& to, char mark, std::size_t length) {
    ((to += mark) += std::to_string(length)) += "\r\n";
}

[[nodiscard]] counted_reply* whole_of(const redisReadTask* task) {
    while (task->parent != nullptr) task = task->parent;
    return static_cast<counted_reply*>(task->obj);
}

// The place of the value that the task is about. The object of a task is a counted_reply at the top and a reply below.
[[nodiscard]] reply* place_in(const redisReadTask* task) {
    const auto* const parent = task->parent;
    if (parent == nullptr) return nullptr;
    auto& list =
        parent->parent == nullptr ? static_cast<counted_reply*>(parent->obj)->value : *static_cast<reply*>(parent->obj);
    return &list.items[static_cast<std::size_t>(task->idx)];
}

// Fills in a value; what it returns is for hiredis, and nullptr says that there is no room.
template <class Fill>
[[nodiscard]] void* made(const redisReadTask* task, const Fill& fill) noexcept try {
    if (auto* const at = place_in(task); at != nullptr) {
        fill(*at);
        return at;
    }
    auto top = std::make_unique<counted_reply>();
    fill(top->value);
    return top.release();
} catch (const std::bad_alloc&) {
    return nullptr;
}

void* make_text(const redisReadTask* task, char* bytes, std::size_t size) {
    return made(task, [&](reply& to) {
        to.what = task->type == REDIS_REPLY_ERROR ? reply::kind::error : reply::kind::text;
        to.text.assign(bytes, size);
    });
}

template <class Count>
void* make_list(const redisReadTask* task, Count count) {
    const auto wanted = static_cast<std::size_t>(count);
    const auto before = task->parent == nullptr ? 0 : whole_of(task)->values;
    if (count < 0 || wanted > reply_reader::values_max - before) return nullptr;
    void* const to = made(task, [&](reply& list) {
        list.what = reply::kind::list;
        list.items.resize(wanted);
    });
    if (to != nullptr) {
        auto* const whole = task->parent == nullptr ? static_cast<counted_reply*>(to) : whole_of(task);
        whole->values = before + wanted;
    }
    return to;
}

void* make_integer(const redisReadTask* task, long long value) {
    return made(task, [&](reply& to) {
        to.what = reply::kind::integer;
        to.integer = value;
    });
}

void* make_nothing(const redisReadTask* task) {
    return made(task, [](reply& to) { to.what = reply::kind::nothing; });
}

void free_whole(void* top) {
    delete static_cast<counted_reply*>(top);
}

// Versions of hiredis count the items of a list in different types.
template <class Count>
void set_list_maker(void* (*&to)(const redisReadTask*, Count)) {
    to = make_list<Count>;
}

[[nodiscard]] redisReplyObjectFunctions* makers() {
    static redisReplyObjectFunctions all = [] {
        redisReplyObjectFunctions made{};
        made.createString = make_text;
        set_list_maker(made.createArray);
        made.createInteger = make_integer;
        made.createNil = make_nothing;
        made.freeObject = free_whole;
        return made;
    }();
    return &all;
}

}  // namespace

struct reader_state {
    struct closer {
        void operator()(redisReader* one) const noexcept { redisReaderFree(one); }
    };
    std::unique_ptr<redisReader, closer> by{redisReaderCreateWithFunctions(makers())};
    std::size_t bytes = 0;  // that came since the last whole reply
};

void append_word_count(std::string& to, std::size_t words) {
    append_length(to, '*', words);
}

void append_word_size(std::string& to, std::size_t bytes) {
    append_length(to, '$', bytes);
}

void append_word(std::string& to, std::string_view word) {
    append_word_size(to, word.size());
    (to += word) += "\r\n";
}

void append_command(std::string& to, std::span<const std::string_view> words) {
    append_word_count(to, words.size());
    for (const auto word : words) append_word(to, word);
}

reply_reader::reply_reader() : state_{std::make_unique<reader_state>()} {
    if (state_->by == nullptr) throw std::bad_alloc{};
}
reply_reader::reply_reader(reply_reader&&) noexcept = default;
reply_reader& reply_reader::operator=(reply_reader&&) noexcept = default;
reply_reader::~reply_reader() = default;

void reply_reader::feed(std::string_view bytes) {
    if (!problem_.empty()) return;
    state_->bytes += bytes.size();
    if (redisReaderFeed(state_->by.get(), bytes.data(), bytes.size()) != 0) problem_ = state_->by->errstr;
}

bool reply_reader::is_empty() const noexcept {
    return state_->by->len == state_->by->pos && state_->by->ridx == -1;
}

std::optional<reply> reply_reader::next() {
    if (!problem_.empty()) return std::nullopt;
    void* whole = nullptr;
    if (redisReaderGetReply(state_->by.get(), &whole) != 0) {
        problem_ = state_->by->errstr;
        return std::nullopt;
    }
    if (whole == nullptr) {
        if (state_->bytes > reply_bytes_max) problem_ = "a reply without an end";
        return std::nullopt;
    }
    const std::unique_ptr<counted_reply> got{static_cast<counted_reply*>(whole)};
    state_->bytes = std::min(state_->bytes, state_->by->len - state_->by->pos);
    return std::move(got->value);
}

}  // namespace xacthuc::inline v0_1::cluster
