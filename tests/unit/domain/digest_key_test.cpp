// SPDX-License-Identifier: Apache-2.0
// Digest keys: the hash, the fingerprint, and key files that are whole, private and never overwritten.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <new>
#include <string>
#include <xacthuc/domain/digest_key.hpp>

using namespace xacthuc;
namespace fs = std::filesystem;

namespace {

[[nodiscard]] digest_key counting_key() {
    std::array<std::byte, digest_key_bytes> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);
    return digest_key::from_bytes(bytes);
}

[[nodiscard]] bool same(const digest_key& a, const digest_key& b) {
    return std::ranges::equal(a.bytes(), b.bytes());
}

class temporary_directory {
  public:
    temporary_directory() {
        std::string pattern = (fs::temp_directory_path() / "xacthuc-key-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    ~temporary_directory() { fs::remove_all(path_); }

    [[nodiscard]] fs::path operator/(std::string_view name) const { return path_ / name; }
    [[nodiscard]] std::ptrdiff_t file_count() const { return std::distance(fs::directory_iterator{path_}, {}); }

  private:
    fs::path path_;
};

[[nodiscard]] std::string read(const fs::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void write(const fs::path& path, const std::string& text) {
    std::ofstream{path, std::ios::binary} << text;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

[[nodiscard]] boost::system::error_code load_error(const fs::path& path) {
    return digest_key::load(path).error().code;
}

}  // namespace

TEST_CASE("the hash is SipHash-2-4: the vectors of its paper and of its reference code") {
    const digest_key key = counting_key();
    CHECK(key.hash(std::string{"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e", 15}) ==
          0xa129ca6149be45e5);
    CHECK(key.hash("") == 0x726fdb47dd0e0e31);
    CHECK(key.hash(std::string(1, '\0')) == 0x74f839c593dc67fd);
}

TEST_CASE("generated keys differ, and so do their fingerprints") {
    const digest_key a = digest_key::generate();
    const digest_key b = digest_key::generate();
    CHECK_FALSE(same(a, b));
    CHECK(a.fingerprint() != b.fingerprint());
    CHECK(a.fingerprint() == digest_key::from_bytes(a.bytes()).fingerprint());
    CHECK(a.fingerprint() == a.hash("\x02xacthuc digest key"));
}

TEST_CASE("every bit of the key changes the fingerprint") {
    const digest_key key = counting_key();
    for (std::size_t bit = 0; bit < 8 * digest_key_bytes; ++bit) {
        std::array<std::byte, digest_key_bytes> bytes{};
        std::ranges::copy(key.bytes(), bytes.begin());
        bytes[bit / 8] ^= std::byte{1} << (bit % 8);
        CHECK(digest_key::from_bytes(bytes).fingerprint() != key.fingerprint());
    }
}

TEST_CASE("a saved key loads again, from a file that only the owner can read") {
    const temporary_directory directory;
    const fs::path path = directory / "digest.key";
    const digest_key key = digest_key::generate();
    const ::mode_t mask = ::umask(0);
    REQUIRE(key.save(path).has_value());
    ::umask(mask);
    CHECK((fs::status(path).permissions() & fs::perms::mask) == (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(directory.file_count() == 1);
    CHECK(same(digest_key::load(path).value(), key));
}

TEST_CASE("the file's text stays what it was") {
    const temporary_directory directory;
    REQUIRE(counting_key().save(directory / "digest.key").has_value());
    CHECK(read(directory / "digest.key") == "xacthuc-digest-key-1 000102030405060708090a0b0c0d0e0f feb14b8dadb90983\n");
}

TEST_CASE("a key file is never overwritten") {
    const temporary_directory directory;
    const fs::path path = directory / "digest.key";
    REQUIRE(counting_key().save(path).has_value());
    const auto again = digest_key::generate().save(path);
    CHECK(again.error().code == errc::already_exists);
    CHECK(again.error().message().find(path.string()) != std::string::npos);
    CHECK(same(digest_key::load(path).value(), counting_key()));
    CHECK(directory.file_count() == 1);
}

TEST_CASE("a key file that others may touch is refused") {
    const temporary_directory directory;
    const fs::path path = directory / "digest.key";
    REQUIRE(counting_key().save(path).has_value());
    for (const ::mode_t mode : {0640u, 0604u, 0620u, 0602u, 0610u, 0601u, 0644u, 0777u}) {
        CAPTURE(mode);
        REQUIRE(::chmod(path.c_str(), mode) == 0);
        CHECK(load_error(path) == errc::file_permissions);
    }
    REQUIRE(::chmod(path.c_str(), 0400) == 0);
    CHECK(same(digest_key::load(path).value(), counting_key()));
}

TEST_CASE("a missing file, a directory and a pipe are refused") {
    const temporary_directory directory;
    CHECK(load_error(directory / "nothing") == errc::not_found);
    CHECK(digest_key::generate().save(directory / "no" / "such" / "folder").error().code == errc::not_found);
    fs::create_directory(directory / "folder");
    fs::permissions(directory / "folder", fs::perms::owner_all);
    CHECK(load_error(directory / "folder") == errc::damaged_header);
    REQUIRE(::mkfifo((directory / "pipe").c_str(), 0600) == 0);
    CHECK(load_error(directory / "pipe") == errc::damaged_header);
}

TEST_CASE("a file cut at any byte, grown, or with any bit flipped is refused or gives the very key") {
    const temporary_directory directory;
    const digest_key key = counting_key();
    REQUIRE(key.save(directory / "whole").has_value());
    const std::string whole = read(directory / "whole");
    const fs::path path = directory / "damaged";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        write(path, whole.substr(0, size));
        CHECK(load_error(path) == errc::damaged_header);
    }
    write(path, whole + "\n");
    CHECK(load_error(path) == errc::damaged_header);
    std::size_t refused = 0;
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
        std::string damaged = whole;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
        write(path, damaged);
        const auto loaded = digest_key::load(path);
        // The case of a hexadecimal digit is one bit, and says nothing.
        if (loaded)
            CHECK(same(*loaded, key));
        else
            ++refused;
    }
    CHECK(refused > 8 * whole.size() - 16);
}

TEST_CASE("a key file that a killed process did not live to name is removed by the next save") {
    const temporary_directory directory;
    const auto begun = directory / "digest.key.saving-0123456789abcdef";
    const auto foreign = directory / "digest.key.saving-01";
    for (const auto& path : {begun, foreign}) std::ofstream{path} << "half";
    REQUIRE(counting_key().save(directory / "digest.key").has_value());
    CHECK(!fs::exists(begun));
    CHECK(fs::exists(foreign));
    CHECK(same(*digest_key::load(directory / "digest.key"), counting_key()));
}

TEST_CASE("a disk that takes no more leaves no key file behind") {
    const temporary_directory directory;
    // A file size limit stands in for the full disk.
    struct rlimit before {};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit tight { 10, before.rlim_max };
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &tight) == 0);
    const auto saved = counting_key().save(directory / "digest.key");
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    std::signal(SIGXFSZ, handler);
    CHECK(saved.error().code == errc::io);
    CHECK(directory.file_count() == 0);
}
