// SPDX-License-Identifier: Apache-2.0
// Texts that are nearly right: good ones, cut, repeated, crossed, and with words of a dictionary put into them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xacthuc::tests {

class mutated_text {
  public:
    mutated_text(std::uint64_t seed, std::vector<std::string> good, std::vector<std::string> words)
        : random_{seed}, good_{std::move(good)}, words_{std::move(words)} {}

    [[nodiscard]] std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }

    [[nodiscard]] std::string next() {
        auto text = good_[below(good_.size())];
        for (auto times = below(4); times != 0; --times) change(text);
        return text;
    }

  private:
    void change(std::string& text) {
        const auto at = below(text.size() + 1);
        const auto size = below(std::min<std::size_t>(text.size() - at, 12) + 1);
        switch (below(7)) {
            case 0:
                text.insert(at, words_[below(words_.size())]);
                break;
            case 1:
                text.replace(at, size, words_[below(words_.size())]);
                break;
            case 2:
                text.erase(at, size);
                break;
            case 3:
                text.insert(at, text.substr(at, below(60)));
                break;
            case 4:
                if (at < text.size()) text[at] = static_cast<char>(below(256));
                break;
            case 5:
                if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
                break;
            default: {
                const auto& other = good_[below(good_.size())];
                const auto from = below(other.size() + 1);
                text.replace(at, size, other.substr(from, below(60)));
            }
        }
    }

    std::mt19937_64 random_;
    std::vector<std::string> good_;
    std::vector<std::string> words_;
};

}  // namespace xacthuc::tests
