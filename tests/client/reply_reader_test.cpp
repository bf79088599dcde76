// SPDX-License-Identifier: Apache-2.0
// A reply is read the same however its bytes are cut into pieces, and none, however broken, does more than end in an
// error. Beast's own assertions are part of what is tried.
#include "client/reply_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace xacthuc;
using client::reply_reader;

namespace {

struct reading {
    bool is_done = false;
    bool is_refused = false;
    bool is_clean = false;
    std::string body{};
    friend bool operator==(const reading&, const reading&) = default;
};

// Reads pieces whose sizes `next` says.
template <class Next>
[[nodiscard]] reading read(std::string_view bytes, const Next& next) {
    reply_reader by{1000};
    while (!bytes.empty() && !by.is_done()) {
        const auto room = by.room();
        const auto size = std::min({room.size(), bytes.size(), next()});
        if (size == 0) return {.is_refused = true};
        std::memcpy(room.data(), bytes.data(), size);
        bytes.remove_prefix(size);
        if (by.take(size)) return {.is_refused = true};
    }
    if (!by.is_done()) return {};
    const bool is_clean = by.is_clean() && bytes.empty();
    return {.is_done = true, .is_clean = is_clean, .body = by.release().body()};
}

const std::vector<std::string> replies{
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0000000B\r\nhello\nworld\r\n1;a=b\r\n!\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0;x=\"y\"\r\nDate: x\r\n\r\n",
};

}  // namespace

TEST_CASE("a reply is read the same however it comes") {
    const std::vector<std::string> bodies{"hello", "", "", "hello\nworld!", "hi"};
    for (std::size_t k = 0; k < replies.size(); ++k) {
        CAPTURE(replies[k]);
        const reading wanted{.is_done = true, .is_clean = true, .body = bodies[k]};
        CHECK(read(replies[k], [] { return std::size_t{1}; }) == wanted);
        for (std::size_t first = 1; first <= replies[k].size(); ++first) {
            bool is_first = true;
            CHECK(read(replies[k], [&] { return std::exchange(is_first, false) ? first : std::size_t{1000}; }) ==
                  wanted);
            // What is cut short is not done.
            CHECK(read(replies[k].substr(0, first - 1), [] { return std::size_t{1000}; }) == reading{});
        }
        const auto more = read(replies[k] + "x", [] { return std::size_t{1000}; });
        CHECK(more.is_done);
        CHECK(!more.is_clean);
    }
}

TEST_CASE("a broken reply is an error, or whole by chance, and never more than may be") {
    std::mt19937 random{7};
    const auto any = [&](std::size_t end) { return std::uniform_int_distribution<std::size_t>{0, end - 1}(random); };
    const std::string_view signs{"\r\n0123456789abcdef:; ,=\"\0\x80x", 28};
    unsigned done = 0;
    for (int round = 0; round < 30'000; ++round) {
        auto text = replies[any(replies.size())];
        for (auto changes = any(4); changes-- != 0;) {
            const auto at = any(text.size());
            switch (any(4)) {
                case 0:
                    text[at] = signs[any(signs.size())];
                    break;
                case 1:
                    text.insert(at, 1 + any(3), signs[any(signs.size())]);
                    break;
                case 2:
                    text.erase(at, 1 + any(5));
                    break;
                default:
                    text.insert(at, text.substr(any(text.size()), any(40)));
            }
            if (text.empty()) text = "x";
        }
        const auto got = read(text, [&] { return 1 + any(12); });
        CHECK(got.body.size() <= 1000);
        done += got.is_done ? 1 : 0;
    }
    CHECK(done > 1000);
}
