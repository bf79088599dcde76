// SPDX-License-Identifier: Apache-2.0
// The three structures by which programs hand Arrow tables to each other inside one process, and owners that release
// them. Source: the Arrow C data interface and the Arrow C stream interface, whose layout is frozen; names and guards
// are the specification's own, so that any other header with them may be included beside this one.
#pragma once

#include <cstdint>
#include <utility>

#include "interpreter.hpp"

extern "C" {

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    const char* format;
    const char* name;
    const char* metadata;
    std::int64_t flags;
    std::int64_t n_children;
    struct ArrowSchema** children;
    struct ArrowSchema* dictionary;
    void (*release)(struct ArrowSchema*);
    void* private_data;
};

struct ArrowArray {
    std::int64_t length;
    std::int64_t null_count;
    std::int64_t offset;
    std::int64_t n_buffers;
    std::int64_t n_children;
    const void** buffers;
    struct ArrowArray** children;
    struct ArrowArray* dictionary;
    void (*release)(struct ArrowArray*);
    void* private_data;
};

#endif  // ARROW_C_DATA_INTERFACE

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
    int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
    const char* (*get_last_error)(struct ArrowArrayStream*);
    void (*release)(struct ArrowArrayStream*);
    void* private_data;
};

#endif  // ARROW_C_STREAM_INTERFACE

}  // extern "C"

namespace xacthuc::python {

// One of the three, released when destroyed. Movable, as the specification lets the structures be moved.
template <class Structure>
class arrow_owner {
  public:
    arrow_owner() noexcept = default;
    // Takes what `from` holds, and leaves it released.
    explicit arrow_owner(Structure& from) noexcept : held_{from} { from.release = nullptr; }
    arrow_owner(arrow_owner&& other) noexcept : held_{std::exchange(other.held_, {})} {}
    arrow_owner& operator=(arrow_owner&& other) noexcept {
        std::swap(held_, other.held_);
        return *this;
    }
    ~arrow_owner() {
        if (held_.release == nullptr || among_others::is_late()) return;
        const among_others inside;
        or_stay([this] { held_.release(&held_); });
    }

    [[nodiscard]] bool is_released() const noexcept { return held_.release == nullptr; }
    [[nodiscard]] Structure* get() noexcept { return &held_; }
    [[nodiscard]] Structure* operator->() noexcept { return &held_; }
    [[nodiscard]] const Structure* operator->() const noexcept { return &held_; }
    [[nodiscard]] const Structure& operator*() const noexcept { return held_; }

  private:
    Structure held_{};
};

}  // namespace xacthuc::python
