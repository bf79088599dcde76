// SPDX-License-Identifier: Apache-2.0
// The reader of pgoutput's messages agrees with a slow one on what was written, on every beginning of it and on what
// was damaged, and reads what a server is documented to send.
#include <doctest/doctest.h>

#include <array>
#include <random>
#include <span>
#include <string>

#include "unit/sources/pgoutput_reference.hpp"

using namespace xacthuc;
using namespace xacthuc_test;

namespace {

[[nodiscard]] std::optional<std::string_view> read_text(const std::string& bytes, pg::message& into) {
    return pg::read_message(std::as_bytes(std::span{bytes}), into);
}

// Random messages; texts are of a pool, so that views of them stay good.
class message_maker {
  public:
    explicit message_maker(std::uint64_t seed) : random_{seed} {}

    [[nodiscard]] pg::message make() {
        pg::message m;
        m.kind = static_cast<pg::message_kind>(below(10));
        const auto is = [&](auto... kinds) { return ((m.kind == kinds) || ...); };
        using enum pg::message_kind;
        if (is(begin, commit, origin, message)) m.position = random_();
        if (is(begin, commit)) m.time_us = static_cast<std::int64_t>(random_());
        if (is(commit)) m.end_position = random_();
        if (is(begin)) m.transaction = static_cast<std::uint32_t>(random_());
        if (is(relation, type, insert, update, erase)) m.relation = static_cast<std::uint32_t>(random_());
        if (is(relation, type)) m.schema = word();
        if (is(relation, type, origin, message)) m.name = word();
        if (is(relation)) {
            m.identity = "dnfi"[below(4)];
            for (auto left = below(5); left != 0; --left)
                m.columns.push_back({below(2) == 1, word(), static_cast<std::uint32_t>(random_()),
                                     static_cast<std::int32_t>(random_())});
        }
        if (is(update, erase)) m.before_is = static_cast<pg::old_row>(is(erase) ? 1 + below(2) : below(3));
        if (m.before_is != pg::old_row::none) m.before = row();
        if (is(insert, update)) m.after = row();
        if (is(truncate)) {
            m.options = static_cast<std::uint8_t>(below(4));
            for (auto left = below(4); left != 0; --left) m.relations.push_back(static_cast<std::uint32_t>(random_()));
        }
        if (is(message)) {
            m.is_transactional = below(2) == 1;
            m.content = content();
        }
        return m;
    }
    [[nodiscard]] std::size_t below(std::size_t end) { return random_() % end; }

  private:
    [[nodiscard]] std::string_view word() {
        static constexpr std::array<std::string_view, 5> words{"", "a", "public", "citizens", "họ và tên"};
        return words[below(words.size())];
    }
    [[nodiscard]] std::string_view content() {
        using namespace std::string_view_literals;
        static constexpr std::array words{""sv, "t"sv, "\0n\0"sv, "Nguyễn Văn An"sv, "000000000001"sv};
        return words[below(words.size())];
    }
    [[nodiscard]] std::vector<pg::cell> row() {
        std::vector<pg::cell> made;
        for (auto left = below(6); left != 0; --left) {
            const auto is = static_cast<pg::cell::kind>(below(3));
            made.push_back({is, is == pg::cell::kind::text ? content() : std::string_view{}});
        }
        return made;
    }

    std::mt19937_64 random_;
};

// What a reused message still has of an earlier one does not count.
[[nodiscard]] std::string rewritten(const pg::message& m) {
    return written(m);
}

void check_same(const std::string& bytes, pg::message& reused) {
    slow_reader slow{bytes};
    const auto wanted = slow.read();
    const auto problem = read_text(bytes, reused);
    REQUIRE(problem.has_value() == !wanted.has_value());
    if (!wanted) return;
    CHECK(rewritten(reused) == bytes);
    CHECK(rewritten(*wanted) == bytes);
    pg::message fresh;
    REQUIRE_FALSE(read_text(bytes, fresh));
    CHECK(fresh == *wanted);
}

}  // namespace

TEST_CASE("what was written is read, and no beginning of it, and nothing longer") {
    message_maker maker{1};
    pg::message reused;
    for (int round = 0; round < 3000; ++round) {
        const auto made = maker.make();
        const auto bytes = written(made);
        pg::message fresh;
        REQUIRE_FALSE(read_text(bytes, fresh));
        CHECK(fresh == made);
        check_same(bytes, reused);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            pg::message part;
            CHECK(read_text(bytes.substr(0, size), part).has_value());
        }
        CHECK(read_text(bytes + '\0', fresh).has_value());
    }
}

TEST_CASE("of damaged messages both readers think the same") {
    message_maker maker{2};
    pg::message reused;
    for (int round = 0; round < 30'000; ++round) {
        auto bytes = written(maker.make());
        for (auto left = 1 + maker.below(3); left != 0; --left)
            bytes[maker.below(bytes.size())] =
                static_cast<char>(maker.below(4) == 0 ? maker.below(256) : maker.below(4));
        check_same(bytes, reused);
    }
}

TEST_CASE("counts that the bytes cannot have make no room") {
    pg::message m;
    using namespace std::string_literals;
    CHECK(read_text("T\xff\xff\xff\xff\x00"s, m).has_value());
    CHECK(m.relations.capacity() == 0);
    CHECK(read_text("I\0\0\0\1N\xff\xff"s, m).has_value());
    CHECK(m.after.capacity() == 0);
    CHECK(read_text("R\0\0\0\1\0\0d\xff\xff"s, m).has_value());
    CHECK(m.columns.capacity() == 0);
    CHECK(read_text("I\0\0\0\1N\0\1t\xff\xff\xff\xff"s, m) == "the message is cut short");
}

TEST_CASE("what is not of version 1 is refused") {
    pg::message m;
    using namespace std::string_literals;
    // A streamed transaction's start, stop, commit, abort; a prepared one's begin; a binary column.
    for (const auto& bytes : {"S\0\0\0\1\1"s, "E"s, "c"s, "A"s, "b"s, "P"s, "I\0\0\0\1N\0\1b\0\0\0\1x"s}) {
        CAPTURE(bytes);
        CHECK(read_text(bytes, m).has_value());
    }
}
