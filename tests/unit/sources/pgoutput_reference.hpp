// SPDX-License-Identifier: Apache-2.0
// The messages of pgoutput, slowly: written from values and read back, one character after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sources/postgres/pgoutput.hpp"

namespace xacthuc_test {

namespace pg = xacthuc::postgres;

[[nodiscard]] inline std::string big_endian(std::uint64_t value, int bytes) {
    std::string made;
    for (int k = bytes - 1; k >= 0; --k) made += static_cast<char>(value >> (8 * k) & 0xff);
    return made;
}

[[nodiscard]] inline std::string written(const std::vector<pg::cell>& row) {
    auto made = big_endian(row.size(), 2);
    for (const auto& one : row) {
        if (one.is == pg::cell::kind::null) made += 'n';
        if (one.is == pg::cell::kind::unchanged) made += 'u';
        if (one.is == pg::cell::kind::text) made += 't' + big_endian(one.text.size(), 4) + std::string{one.text};
    }
    return made;
}

[[nodiscard]] inline std::string written(std::string_view text) {
    return std::string{text} + '\0';
}

[[nodiscard]] inline std::string written_old(const pg::message& m) {
    if (m.before_is == pg::old_row::none) return {};
    return (m.before_is == pg::old_row::key ? "K" : "O") + written(m.before);
}

[[nodiscard]] inline std::string written(const pg::message& m) {
    const auto time = static_cast<std::uint64_t>(m.time_us);
    std::string made;
    switch (m.kind) {
        case pg::message_kind::begin:
            return 'B' + big_endian(m.position, 8) + big_endian(time, 8) + big_endian(m.transaction, 4);
        case pg::message_kind::commit:
            return std::string{"C\0", 2} + big_endian(m.position, 8) + big_endian(m.end_position, 8) +
                   big_endian(time, 8);
        case pg::message_kind::origin:
            return 'O' + big_endian(m.position, 8) + written(m.name);
        case pg::message_kind::relation:
            made = 'R' + big_endian(m.relation, 4) + written(m.schema) + written(m.name) + m.identity +
                   big_endian(m.columns.size(), 2);
            for (const auto& one : m.columns)
                made += (one.is_key ? '\1' : '\0') + written(one.name) + big_endian(one.type, 4) +
                        big_endian(static_cast<std::uint32_t>(one.modifier), 4);
            return made;
        case pg::message_kind::type:
            return 'Y' + big_endian(m.relation, 4) + written(m.schema) + written(m.name);
        case pg::message_kind::insert:
            return 'I' + big_endian(m.relation, 4) + 'N' + written(m.after);
        case pg::message_kind::update:
            return 'U' + big_endian(m.relation, 4) + written_old(m) + 'N' + written(m.after);
        case pg::message_kind::erase:
            return 'D' + big_endian(m.relation, 4) + written_old(m);
        case pg::message_kind::truncate:
            made = 'T' + big_endian(m.relations.size(), 4) + static_cast<char>(m.options);
            for (const auto one : m.relations) made += big_endian(one, 4);
            return made;
        case pg::message_kind::message:
            return 'M' + std::string(1, m.is_transactional ? '\1' : '\0') + big_endian(m.position, 8) +
                   written(m.name) + big_endian(m.content.size(), 4) + std::string{m.content};
    }
    return made;
}

// Reads by at(), which throws where there is nothing.
class slow_reader {
  public:
    explicit slow_reader(std::string bytes) : bytes_{std::move(bytes)} {}

    // Nothing where the bytes are no message. The texts live as long as the reader.
    [[nodiscard]] std::optional<pg::message> read() {
        try {
            auto made = read_any();
            if (at_ != bytes_.size()) return {};
            return made;
        } catch (const std::out_of_range&) {
            return {};
        }
    }

  private:
    [[nodiscard]] char character() { return bytes_.at(at_++); }
    [[nodiscard]] std::uint64_t number(int bytes) {
        std::uint64_t value = 0;
        for (int k = 0; k < bytes; ++k) value = value * 256 + static_cast<unsigned char>(character());
        return value;
    }
    [[nodiscard]] std::string_view text(std::uint64_t size) {
        std::string made;
        for (std::uint64_t k = 0; k < size; ++k) made += character();
        return texts_.emplace_back(made);
    }
    [[nodiscard]] std::string_view text_to_zero() {
        std::string made;
        for (char c = character(); c != '\0'; c = character()) made += c;
        return texts_.emplace_back(made);
    }
    [[nodiscard]] bool flag() {
        const auto value = number(1);
        if (value > 1) throw std::out_of_range{"flag"};
        return value == 1;
    }
    [[nodiscard]] std::vector<pg::cell> row() {
        std::vector<pg::cell> made;
        for (auto left = number(2); left != 0; --left) {
            const char mark = character();
            if (mark == 'n')
                made.push_back({pg::cell::kind::null, {}});
            else if (mark == 'u')
                made.push_back({pg::cell::kind::unchanged, {}});
            else if (mark == 't')
                made.push_back({pg::cell::kind::text, text(number(4))});
            else
                throw std::out_of_range{"cell"};
        }
        return made;
    }
    void old_or_new(pg::message& m, bool may_be_old, bool may_be_new) {
        const char mark = character();
        if (may_be_old && (mark == 'K' || mark == 'O')) {
            m.before_is = mark == 'K' ? pg::old_row::key : pg::old_row::whole;
            m.before = row();
            if (may_be_new) old_or_new(m, false, true);
        } else if (may_be_new && mark == 'N') {
            m.after = row();
        } else {
            throw std::out_of_range{"row"};
        }
    }
    [[nodiscard]] pg::message read_any();

    std::string bytes_;
    std::size_t at_ = 0;
    std::deque<std::string> texts_;
};

inline pg::message slow_reader::read_any() {
    pg::message m;
    const char kind = character();
    if (kind == 'B') {
        m.kind = pg::message_kind::begin;
        m.position = number(8);
        m.time_us = static_cast<std::int64_t>(number(8));
        m.transaction = static_cast<std::uint32_t>(number(4));
    } else if (kind == 'C') {
        m.kind = pg::message_kind::commit;
        if (number(1) != 0) throw std::out_of_range{"flags"};
        m.position = number(8);
        m.end_position = number(8);
        m.time_us = static_cast<std::int64_t>(number(8));
    } else if (kind == 'O') {
        m.kind = pg::message_kind::origin;
        m.position = number(8);
        m.name = text_to_zero();
    } else if (kind == 'R') {
        m.kind = pg::message_kind::relation;
        m.relation = static_cast<std::uint32_t>(number(4));
        m.schema = text_to_zero();
        m.name = text_to_zero();
        m.identity = character();
        if (m.identity != 'd' && m.identity != 'n' && m.identity != 'f' && m.identity != 'i')
            throw std::out_of_range{"identity"};
        for (auto left = number(2); left != 0; --left) {
            pg::column_description one;
            one.is_key = flag();
            one.name = text_to_zero();
            one.type = static_cast<std::uint32_t>(number(4));
            one.modifier = static_cast<std::int32_t>(number(4));
            m.columns.push_back(one);
        }
    } else if (kind == 'Y') {
        m.kind = pg::message_kind::type;
        m.relation = static_cast<std::uint32_t>(number(4));
        m.schema = text_to_zero();
        m.name = text_to_zero();
    } else if (kind == 'I' || kind == 'U' || kind == 'D') {
        m.kind = kind == 'I'   ? pg::message_kind::insert
                 : kind == 'U' ? pg::message_kind::update
                               : pg::message_kind::erase;
        m.relation = static_cast<std::uint32_t>(number(4));
        old_or_new(m, kind != 'I', kind != 'D');
    } else if (kind == 'T') {
        m.kind = pg::message_kind::truncate;
        const auto count = number(4);
        m.options = static_cast<std::uint8_t>(number(1));
        if (m.options > 3) throw std::out_of_range{"options"};
        for (std::uint64_t k = 0; k < count; ++k) m.relations.push_back(static_cast<std::uint32_t>(number(4)));
    } else if (kind == 'M') {
        m.kind = pg::message_kind::message;
        m.is_transactional = flag();
        m.position = number(8);
        m.name = text_to_zero();
        m.content = text(number(4));
    } else {
        throw std::out_of_range{"kind"};
    }
    return m;
}

}  // namespace xacthuc_test
