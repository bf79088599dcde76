// SPDX-License-Identifier: Apache-2.0
#include "reference/plain_json.hpp"

#include <utility>

namespace xacthuc::tests {
namespace {

constexpr std::size_t depth_max = 100;

[[nodiscard]] bool is_between(char c, unsigned from, unsigned to) {
    return static_cast<unsigned char>(c) >= from && static_cast<unsigned char>(c) <= to;
}
[[nodiscard]] bool is_json_digit(char c) {
    return is_between(c, '0', '9');
}

void append_utf8(std::string& to, unsigned code) {
    if (code < 0x80) {
        to += static_cast<char>(code);
    } else if (code < 0x800) {
        to += static_cast<char>(0xc0 | code >> 6);
        to += static_cast<char>(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        to += static_cast<char>(0xe0 | code >> 12);
        to += static_cast<char>(0x80 | (code >> 6 & 0x3f));
        to += static_cast<char>(0x80 | (code & 0x3f));
    } else {
        to += static_cast<char>(0xf0 | code >> 18);
        to += static_cast<char>(0x80 | (code >> 12 & 0x3f));
        to += static_cast<char>(0x80 | (code >> 6 & 0x3f));
        to += static_cast<char>(0x80 | (code & 0x3f));
    }
}

// Every take_…() takes what it is named after from the front of the rest; false: it is not there.
class plain_json_reader {
  public:
    explicit plain_json_reader(std::string_view text) : rest_{text} {}

    [[nodiscard]] bool take_value(plain_json& into, std::size_t depth) {
        if (depth > depth_max || rest_.empty()) return false;
        switch (rest_.front()) {
            case '{':
                return take_object(into, depth);
            case '[':
                return take_array(into, depth);
            case '"':
                into.kind = plain_json::kinds::text;
                return take_text(into.text);
            case 't':
                into.kind = plain_json::kinds::boolean;
                return take("true");
            case 'f':
                into.kind = plain_json::kinds::boolean;
                return take("false");
            case 'n':
                return take("null");
            default:
                into.kind = plain_json::kinds::number;
                return take_number(into.text);
        }
    }
    void take_blanks() {
        while (!rest_.empty() && std::string_view{" \t\r\n"}.find(rest_.front()) != std::string_view::npos)
            rest_.remove_prefix(1);
    }
    [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

  private:
    [[nodiscard]] bool take(std::string_view word) {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    [[nodiscard]] bool take_object(plain_json& into, std::size_t depth) {
        into.kind = plain_json::kinds::object;
        if (!take("{")) return false;
        take_blanks();
        if (take("}")) return true;
        do {
            take_blanks();
            if (!take_text(into.names.emplace_back())) return false;
            take_blanks();
            if (!take(":")) return false;
            take_blanks();
            if (!take_value(into.items.emplace_back(), depth + 1)) return false;
            take_blanks();
        } while (take(","));
        return take("}");
    }
    [[nodiscard]] bool take_array(plain_json& into, std::size_t depth) {
        into.kind = plain_json::kinds::array;
        if (!take("[")) return false;
        take_blanks();
        if (take("]")) return true;
        do {
            take_blanks();
            if (!take_value(into.items.emplace_back(), depth + 1)) return false;
            take_blanks();
        } while (take(","));
        return take("]");
    }

    [[nodiscard]] bool take_text(std::string& into) {
        if (!take("\"")) return false;
        while (!rest_.empty() && rest_.front() != '"') {
            const char c = rest_.front();
            if (is_between(c, 0, 0x1f)) return false;
            rest_.remove_prefix(1);
            if (c != '\\') {
                into += c;
            } else if (!take_escape(into)) {
                return false;
            }
        }
        return take("\"") && is_utf8(into);
    }
    [[nodiscard]] bool take_escape(std::string& into) {
        if (rest_.empty()) return false;
        const char c = rest_.front();
        rest_.remove_prefix(1);
        constexpr std::string_view written = "\"\\/bfnrt";
        constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
        if (const auto at = written.find(c); at != std::string_view::npos) {
            into += meant[at];
            return true;
        }
        if (c != 'u') return false;
        const auto high = take_four_digits();
        if (!high || (*high >= 0xdc00 && *high <= 0xdfff)) return false;
        if (*high < 0xd800 || *high > 0xdfff) {
            append_utf8(into, *high);
            return true;
        }
        if (!take("\\u")) return false;
        const auto low = take_four_digits();
        if (!low || *low < 0xdc00 || *low > 0xdfff) return false;
        append_utf8(into, 0x10000 + ((*high - 0xd800) << 10) + (*low - 0xdc00));
        return true;
    }
    [[nodiscard]] std::optional<unsigned> take_four_digits() {
        if (rest_.size() < 4) return std::nullopt;
        const std::string four{rest_.substr(0, 4)};
        if (four.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return std::nullopt;
        rest_.remove_prefix(4);
        return static_cast<unsigned>(std::stoul(four, nullptr, 16));
    }

    // [ minus ] int [ frac ] [ exp ]
    [[nodiscard]] bool take_number(std::string& into) {
        const auto whole = rest_;
        (void)take("-");
        if (!take("0") && !take_digits()) return false;
        if (take(".") && !take_digits()) return false;
        if (take("e") || take("E")) {
            if (!take("+")) (void)take("-");
            if (!take_digits()) return false;
        }
        into = whole.substr(0, whole.size() - rest_.size());
        return true;
    }
    [[nodiscard]] bool take_digits() {
        const auto before = rest_.size();
        while (!rest_.empty() && is_json_digit(rest_.front())) rest_.remove_prefix(1);
        return rest_.size() != before;
    }

    std::string_view rest_;
};

}  // namespace

bool is_utf8(std::string_view text) {
    for (std::size_t k = 0; k < text.size();) {
        const auto from = [&](std::size_t further, unsigned least, unsigned most) {
            return k + further < text.size() && is_between(text[k + further], least, most);
        };
        const auto tail = [&](std::size_t further) { return from(further, 0x80, 0xbf); };
        if (from(0, 0x00, 0x7f)) {
            k += 1;
        } else if (from(0, 0xc2, 0xdf) && tail(1)) {
            k += 2;
        } else if ((from(0, 0xe0, 0xe0) && from(1, 0xa0, 0xbf) && tail(2)) ||
                   (from(0, 0xe1, 0xec) && tail(1) && tail(2)) ||
                   (from(0, 0xed, 0xed) && from(1, 0x80, 0x9f) && tail(2)) ||
                   (from(0, 0xee, 0xef) && tail(1) && tail(2))) {
            k += 3;
        } else if ((from(0, 0xf0, 0xf0) && from(1, 0x90, 0xbf) && tail(2) && tail(3)) ||
                   (from(0, 0xf1, 0xf3) && tail(1) && tail(2) && tail(3)) ||
                   (from(0, 0xf4, 0xf4) && from(1, 0x80, 0x8f) && tail(2) && tail(3))) {
            k += 4;
        } else {
            return false;
        }
    }
    return true;
}

std::optional<plain_json> read_plain_json(std::string_view text) {
    plain_json_reader reader{text};
    plain_json made;
    reader.take_blanks();
    if (!reader.take_value(made, 0)) return std::nullopt;
    reader.take_blanks();
    return reader.is_at_end() ? std::optional{std::move(made)} : std::nullopt;
}

}  // namespace xacthuc::tests
