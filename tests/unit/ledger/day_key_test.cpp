// SPDX-License-Identifier: Apache-2.0
// Salts, contexts and files of a day, and the file that the day's key is in.
#include "ledger/day_key.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "ledger/secret_file.hpp"

using namespace xacthuc;

namespace {

[[nodiscard]] day_key some_key(unsigned char first = 1) {
    std::array<std::byte, day_key::key_bytes> bytes{};
    bytes[0] = std::byte{first};
    return day_key::from_bytes(bytes);
}

[[nodiscard]] std::vector<std::byte> salts_of(const day_key& key, std::uint64_t first, std::size_t rows) {
    std::vector<std::byte> salts(rows * row_salt_bytes, std::byte{0xee});
    key.salts(first, salts);
    return salts;
}

class folder {
  public:
    folder() : path_{std::filesystem::temp_directory_path() / "xacthuc_day_key_test"} {
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    ~folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::filesystem::path operator/(const char* name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

}  // namespace

TEST_CASE("a row's salt is that of its place, whoever asks from where on") {
    const auto key = some_key();
    const auto all = salts_of(key, 0, 100);
    for (std::size_t first = 0; first < 20; ++first)
        for (std::size_t rows = 0; rows < 20; ++rows) {
            const auto part = salts_of(key, first, rows);
            REQUIRE(std::equal(part.begin(), part.end(),
                               all.begin() + static_cast<std::ptrdiff_t>(first * row_salt_bytes)));
        }
    std::vector<std::vector<std::byte>> each;
    for (std::size_t i = 0; i < 100; ++i)
        each.emplace_back(all.begin() + static_cast<std::ptrdiff_t>(i * row_salt_bytes),
                          all.begin() + static_cast<std::ptrdiff_t>((i + 1) * row_salt_bytes));
    std::ranges::sort(each);
    CHECK(std::ranges::adjacent_find(each) == each.end());
}

TEST_CASE("other days have other salts, contexts and files") {
    CHECK(salts_of(some_key(1), 0, 4) != salts_of(some_key(2), 0, 4));
    CHECK(some_key(1).context_secret(0) != some_key(2).context_secret(0));
    CHECK(some_key(1).context_secret(0) != some_key(1).context_secret(1));
    const auto context = some_key(1).context_secret(0);
    const auto salts = salts_of(some_key(1), 0, 2);
    CHECK_FALSE(std::ranges::equal(context, salts));
    std::vector<std::byte> text(100, std::byte{7});
    const auto plain = text;
    const auto nonce = day_key::new_nonce();
    some_key(1).cipher(nonce, text);
    CHECK(text != plain);
    auto wrong = text;
    some_key(2).cipher(nonce, wrong);
    CHECK(wrong != plain);
    some_key(1).cipher(nonce, text);
    CHECK(text == plain);
}

TEST_CASE("a day's key is made once, read by its owner, and gone when it is destroyed") {
    const folder in;
    const auto path = in / "day.key";
    const auto& calls = system_file_calls();
    const auto made = day_key::create(calls, path);
    REQUIRE(made.has_value());
    CHECK(day_key::create(calls, path).error().code == errc::already_exists);
    const auto read = day_key::load(calls, path);
    REQUIRE(read.has_value());
    CHECK(salts_of(*made, 5, 3) == salts_of(*read, 5, 3));
    ::chmod(path.c_str(), 0640);
    CHECK(day_key::load(calls, path).error().code == errc::file_permissions);
    ::chmod(path.c_str(), 0600);
    REQUIRE(destroy_secret(calls, path).has_value());
    CHECK(day_key::load(calls, path).error().code == errc::not_found);
    CHECK(destroy_secret(calls, path).error().code == errc::not_found);
}

TEST_CASE("what is no day's key is not read as one") {
    const folder in;
    const auto path = in / "day.key";
    for (const auto& content :
         std::vector<std::string>{std::string{}, std::string(45, 'x'), "xt-day-key-1\n" + std::string(31, 'x'),
                                  "xt-day-key-1\n" + std::string(33, 'x')}) {
        std::ofstream{path, std::ios::binary} << content;
        ::chmod(path.c_str(), 0600);
        CHECK(day_key::load(system_file_calls(), path).error().code == errc::damaged_header);
    }
}
