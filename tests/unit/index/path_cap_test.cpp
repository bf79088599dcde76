// SPDX-License-Identifier: Apache-2.0
// Ids that all come to one place: an upsert is refused before its path is long, and the others go on.
#include <doctest/doctest.h>

#include <cstring>
#include <new>
#include <vector>

#include "index/partitions.hpp"

using namespace xacthuc;

namespace {

struct one_place {
    using Word = std::atomic<std::uint64_t>;
    struct Memory {
        static std::byte* allocate(std::size_t size) {
            auto* const block = ::operator new (size, std::align_val_t{sizeof(line)});
            std::memset(block, 0, size);
            return static_cast<std::byte*>(block);
        }
        static void free(std::byte* block, std::size_t) { ::operator delete (block, std::align_val_t{sizeof(line)}); }
    };
    using Epoch = epoch;
    using Steps = sound_steps;
    static constexpr std::uint64_t look_home_every = 16;
    static std::size_t partition(std::uint64_t) { return 0; }
    // Even ids all have one home; odd ones are spread.
    static std::uint64_t placement(std::uint64_t id, std::uint64_t) {
        return id % 2 == 0 ? 0 : id * 0x9e37'79b9'7f4a'7c15U & 0xffff'ffff;
    }
};

class one_partition {
  public:
    one_partition() {
        block_head head;
        head.line_count = 4;
        std::memcpy(first_, &head, sizeof head);
        const basic_table<one_place::Word> in{table_word{first_ + sizeof head, 4}};
        directory_[0] = original_[0] = in.word().bits();
        live_.emplace(partitions<one_place>::parts{.directory = directory_,
                                                   .irregular = irregular_,
                                                   .original = original_,
                                                   .regular = {reinterpret_cast<std::uintptr_t>(in.lines()), 0, 4},
                                                   .retired_bytes_max = std::uint64_t{1} << 30,
                                                   .citizens = &citizens_},
                      readers_);
    }
    one_partition(const one_partition&) = delete;
    one_partition& operator=(const one_partition&) = delete;
    ~one_partition() {
        live_.reset();
        one_place::Memory::free(first_, 0);
    }

    [[nodiscard]] result<made_change> change(wanted_change::kind what, std::uint64_t id) {
        const auto inside = readers_.enter();
        wanted_change wanted;
        wanted.what = what;
        wanted.id = id;
        wanted.content.words[0] = id;
        return live_->make(wanted);
    }
    [[nodiscard]] bool holds(std::uint64_t id) {
        const auto found =
            locate(live_->table_of(0), one_place::placement(id, 0), id, [](std::uint64_t) { return true; });
        return found.is == located::outcome::found;
    }

  private:
    std::byte* first_ = one_place::Memory::allocate(block_bytes(4, false));
    std::array<one_place::Word, 1> directory_{};
    std::array<one_place::Word, 1> irregular_{};
    std::array<std::uint64_t, 1> original_{};
    std::atomic<std::uint64_t> citizens_{0};
    epoch readers_;
    std::optional<partitions<one_place>> live_;
};

constexpr auto put = wanted_change::kind::upsert;
constexpr auto erase = wanted_change::kind::erase;

}  // namespace

TEST_CASE("ids that come to one place are refused once their path is long, and no others") {
    one_partition in;
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
    for (std::uint64_t i = 1; i <= 3 * path_lines_max; ++i) {
        const auto made = in.change(put, 2 * i);
        accepted += made.has_value();
        refused += !made;
        if (!made) REQUIRE(made.error() == errc::path_too_long);
        REQUIRE(made.has_value() == in.holds(2 * i));
    }
    CHECK(accepted >= 2 * path_lines_max - 2);
    CHECK(accepted <= 2 * path_lines_max + 2);
    CHECK(refused >= path_lines_max - 2);
    // Who was accepted stays, can be erased, and makes room for another.
    for (std::uint64_t i = 1; i <= 100; ++i) REQUIRE(in.change(erase, 2 * i).has_value());
    for (std::uint64_t i = 1; i <= 50; ++i) REQUIRE(in.change(put, 2 * (10 * path_lines_max + i)).has_value());
    REQUIRE(in.holds(2 * 101));
    REQUIRE(!in.holds(2 * 100));
}

TEST_CASE("citizens whose ids are spread are never refused, however many one partition holds") {
    one_partition in;
    for (std::uint64_t i = 0; i < 200'000; ++i) REQUIRE(in.change(put, 2 * i + 1).has_value());
    for (std::uint64_t i = 0; i < 200'000; ++i) REQUIRE(in.change(put, 2 * i + 1).has_value());
}
