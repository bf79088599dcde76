// SPDX-License-Identifier: Apache-2.0
// What servers are told and say, in the second version of their protocol, RESP: commands written, and replies read by
// hiredis, with bounds on what a server may make us keep.
// Source: https://redis.io/docs/latest/develop/reference/protocol-spec/
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xacthuc::inline v0_1::cluster {

struct reply {
    enum class kind : std::uint8_t { nothing, text, error, integer, list };

    kind what = kind::nothing;
    std::string text;  // of an error too
    std::int64_t integer = 0;
    std::vector<reply> items;

    [[nodiscard]] bool is(kind wanted) const noexcept { return what == wanted; }
};

// Appends a command of these words.
void append_command(std::string& to, std::span<const std::string_view> words);
inline void append_command(std::string& to, std::initializer_list<std::string_view> words) {
    append_command(to, std::span{words.begin(), words.size()});
}
// Pieces of a command whose long words are sent from where they lie: how many words it has; a word; and what stands
// before the bytes of one, which a line end follows.
void append_word_count(std::string& to, std::size_t words);
void append_word(std::string& to, std::string_view word);
void append_word_size(std::string& to, std::size_t bytes);

struct reader_state;

// Takes bytes as they come and gives replies as they are whole.
class reply_reader {
  public:
    // What a reply may have at most: bytes on the wire, and values in it.
    static constexpr std::size_t reply_bytes_max = std::size_t{64} << 20;
    static constexpr std::size_t values_max = std::size_t{1} << 20;

    reply_reader();
    reply_reader(reply_reader&&) noexcept;
    reply_reader& operator=(reply_reader&&) noexcept;
    ~reply_reader();

    // Exceptions: std::bad_alloc.
    void feed(std::string_view bytes);
    // The next whole reply, if there is one. After problem() there is none.
    [[nodiscard]] std::optional<reply> next();
    // Whether nothing has come that was not given.
    [[nodiscard]] bool is_empty() const noexcept;
    // What is wrong with what came, in words; empty if nothing is.
    [[nodiscard]] std::string_view problem() const noexcept { return problem_; }

  private:
    std::unique_ptr<reader_state> state_;
    std::string problem_;
};

}  // namespace xacthuc::inline v0_1::cluster
