// SPDX-License-Identifier: Apache-2.0
#include "arrow_output.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <utility>

namespace xacthuc::python {
namespace {

constexpr std::uint64_t rows_a_batch = 1 << 20;

// What a schema handed out owns. The structures of its children lie in it, and each may be moved away on its own.
struct schema_owner {
    explicit schema_owner(std::string_view type, std::string_view its_name = {}) : format{type}, name{its_name} {}

    std::string format;
    std::string name;
    std::vector<std::unique_ptr<ArrowSchema>> children;
    std::vector<ArrowSchema*> child_pointers;
    std::unique_ptr<ArrowSchema> dictionary;
};

template <class Structure>
void release_all(std::vector<std::unique_ptr<Structure>>& children, std::unique_ptr<Structure>& dictionary) {
    for (auto& child : children)
        if (child->release != nullptr) child->release(child.get());
    if (dictionary && dictionary->release != nullptr) dictionary->release(dictionary.get());
}

void release_schema(ArrowSchema* schema) {
    auto* const owner = static_cast<schema_owner*>(schema->private_data);
    release_all(owner->children, owner->dictionary);
    delete owner;
    schema->release = nullptr;
}

void hand_out(std::unique_ptr<schema_owner> owner, bool is_nullable, ArrowSchema& into) {
    into = {};
    for (auto& child : owner->children) owner->child_pointers.push_back(child.get());
    into.format = owner->format.c_str();
    into.name = owner->name.c_str();
    into.flags = is_nullable ? ARROW_FLAG_NULLABLE : 0;
    into.n_children = static_cast<std::int64_t>(owner->children.size());
    into.children = owner->child_pointers.data();
    into.dictionary = owner->dictionary.get();
    into.release = release_schema;
    into.private_data = owner.release();
}

void make_schema(const output_table& table, ArrowSchema& into) {
    auto whole = std::make_unique<schema_owner>("+s");
    for (const auto& type : table.types) {
        auto owner = std::make_unique<schema_owner>(type.format, type.name);
        if (!type.words.empty()) {
            owner->dictionary = std::make_unique<ArrowSchema>();
            hand_out(std::make_unique<schema_owner>("u"), false, *owner->dictionary);
        }
        auto& child = whole->children.emplace_back(std::make_unique<ArrowSchema>());
        hand_out(std::move(owner), type.is_nullable, *child);
    }
    hand_out(std::move(whole), false, into);
}

struct array_owner {
    output_column values;
    std::array<const void*, 3> buffers{};
    std::vector<std::unique_ptr<ArrowArray>> children;
    std::vector<ArrowArray*> child_pointers;
    std::unique_ptr<ArrowArray> dictionary;
};

void release_array(ArrowArray* array) {
    auto* const owner = static_cast<array_owner*>(array->private_data);
    release_all(owner->children, owner->dictionary);
    delete owner;
    array->release = nullptr;
}

void hand_out(std::unique_ptr<array_owner> owner, std::int64_t rows, std::int64_t buffer_count, ArrowArray& into) {
    into = {};
    for (auto& child : owner->children) owner->child_pointers.push_back(child.get());
    const auto& values = owner->values;
    owner->buffers = {values.validity.empty() ? nullptr : values.validity.data(), values.values.data(),
                      values.text.data()};
    // An empty vector's data may be null, and readers want a buffer there.
    static constexpr std::array<std::byte, 8> nothing{};
    for (std::size_t i = 1; i < owner->buffers.size(); ++i)
        if (owner->buffers[i] == nullptr) owner->buffers[i] = nothing.data();
    into.length = rows;
    into.null_count = values.null_count;
    into.n_buffers = buffer_count;
    into.buffers = owner->buffers.data();
    into.n_children = static_cast<std::int64_t>(owner->children.size());
    into.children = owner->child_pointers.data();
    into.dictionary = owner->dictionary.get();
    into.release = release_array;
    into.private_data = owner.release();
}

[[nodiscard]] std::unique_ptr<ArrowArray> dictionary_of(const std::vector<std::string_view>& words) {
    auto owner = std::make_unique<array_owner>();
    owner->values = text_column(words);
    auto made = std::make_unique<ArrowArray>();
    hand_out(std::move(owner), static_cast<std::int64_t>(words.size()), 3, *made);
    return made;
}

void make_array(const output_table& table, output_batch&& batch, ArrowArray& into) {
    auto whole = std::make_unique<array_owner>();
    for (std::size_t i = 0; i < table.types.size(); ++i) {
        const auto& type = table.types[i];
        auto owner = std::make_unique<array_owner>();
        owner->values = std::move(batch.columns[i]);
        if (!type.words.empty()) owner->dictionary = dictionary_of(type.words);
        auto& child = whole->children.emplace_back(std::make_unique<ArrowArray>());
        hand_out(std::move(owner), batch.rows, type.format == "u" ? 3 : 2, *child);
    }
    hand_out(std::move(whole), batch.rows, 1, into);
}

struct stream_state {
    std::shared_ptr<const output_table> table;
    std::uint64_t next = 0;
    std::string error;
};

[[nodiscard]] stream_state& state_of(ArrowArrayStream* stream) noexcept {
    return *static_cast<stream_state*>(stream->private_data);
}

// No exception may cross into another library.
template <class Work>
[[nodiscard]] int guarded(ArrowArrayStream* stream, Work work) noexcept {
    try {
        work(state_of(stream));
        return 0;
    } catch (const std::bad_alloc&) {
        return ENOMEM;
    } catch (const std::exception& error) {
        try {
            state_of(stream).error = error.what();
        } catch (const std::exception&) {  // then without words
        }
        return EIO;
    }
}

int stream_schema(ArrowArrayStream* stream, ArrowSchema* out) {
    return guarded(stream, [&](const stream_state& state) { make_schema(*state.table, *out); });
}

int stream_next(ArrowArrayStream* stream, ArrowArray* out) {
    return guarded(stream, [&](stream_state& state) {
        *out = {};
        const auto count = std::min(rows_a_batch, state.table->rows - state.next);
        if (count == 0) return;
        make_array(*state.table, state.table->rows_from(state.next, count), *out);
        state.next += count;
    });
}

const char* stream_error(ArrowArrayStream* stream) {
    const auto& error = state_of(stream).error;
    return error.empty() ? nullptr : error.c_str();
}

void release_stream(ArrowArrayStream* stream) {
    delete static_cast<stream_state*>(stream->private_data);
    stream->release = nullptr;
}

// A capsule that nobody has emptied releases what it holds.
template <class Structure>
[[nodiscard]] nb::object capsule(std::unique_ptr<arrow_owner<Structure>> holder, const char* name) {
    // The structure is the first member of nothing: the pointer in a capsule is to it, its owner is the context.
    PyObject* const made = PyCapsule_New(holder->get(), name, [](PyObject* dying) {
        delete static_cast<arrow_owner<Structure>*>(PyCapsule_GetContext(dying));
    });
    if (made == nullptr) throw nb::python_error();
    PyCapsule_SetContext(made, holder.release());
    return nb::steal(made);
}

}  // namespace

output_column text_column(std::span<const std::string_view> words) {
    output_column made;
    std::vector<std::int32_t> offsets(words.size() + 1);
    for (std::size_t i = 0; i < words.size(); ++i)
        offsets[i + 1] = offsets[i] + static_cast<std::int32_t>(words[i].size());
    made.values.resize(offsets.size() * sizeof(std::int32_t));
    std::memcpy(made.values.data(), offsets.data(), made.values.size());
    made.text.resize(static_cast<std::size_t>(offsets.back()));
    for (std::size_t i = 0; i < words.size(); ++i)
        if (!words[i].empty()) std::memcpy(made.text.data() + offsets[i], words[i].data(), words[i].size());
    return made;
}

nb::object schema_capsule(const output_table& table) {
    auto holder = std::make_unique<arrow_owner<ArrowSchema>>();
    make_schema(table, *holder->get());
    return capsule(std::move(holder), "arrow_schema");
}

nb::object stream_capsule(std::shared_ptr<const output_table> table) {
    auto holder = std::make_unique<arrow_owner<ArrowArrayStream>>();
    auto state = std::make_unique<stream_state>();
    state->table = std::move(table);
    *holder->get() = {stream_schema, stream_next, stream_error, release_stream, state.release()};
    return capsule(std::move(holder), "arrow_array_stream");
}

}  // namespace xacthuc::python
