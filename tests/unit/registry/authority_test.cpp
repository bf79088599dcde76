// SPDX-License-Identifier: Apache-2.0
// Authority keys: signatures as RFC 8032 has them, and key files that are refused for the right reasons.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <xacthuc/registry/authority.hpp>

#include "unit/registry/outcome.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

[[nodiscard]] std::string read_all(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void write_all(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file << text;
}

}  // namespace

TEST_CASE("the pair of a seed is that of RFC 8032, section 7.1, test 1") {
    const auto seed = authority_public_key::parse("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    REQUIRE(ok(seed));
    const auto key = authority_key::from_seed(seed->key().bytes);
    CHECK(key.public_key().text() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    const auto signature = key.sign({});
    CHECK(signature[0] == std::byte{0xe5});
    CHECK(signature[63] == std::byte{0x0b});
    CHECK(key.public_key().verifies({}, signature));
}

TEST_CASE("a signature verifies for its message and key alone") {
    const auto key = authority_key::generate();
    const auto other = authority_key::generate();
    CHECK(key.public_key() != other.public_key());
    std::array<std::byte, 40> message{};
    const auto signature = key.sign(message);
    CHECK(key.public_key().verifies(message, signature));
    CHECK(!other.public_key().verifies(message, signature));
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        auto wrong = signature;
        wrong[bit / 8] ^= std::byte{1} << (bit % 8);
        CHECK(!key.public_key().verifies(message, wrong));
    }
    message[39] = std::byte{1};
    CHECK(!key.public_key().verifies(message, signature));
}

TEST_CASE("keys are saved and read back; the secret's file is its owner's alone, and none is written over") {
    const scratch_directory directory;
    const auto key = authority_key::generate();
    REQUIRE(ok(key.save(directory / "secret")));
    REQUIRE(ok(key.public_key().save(directory / "public")));
    const auto secret = authority_key::load(directory / "secret");
    REQUIRE(ok(secret));
    CHECK(secret->public_key() == key.public_key());
    CHECK(secret->sign({}) == key.sign({}));
    const auto trusted = authority_public_key::load(directory / "public");
    REQUIRE(ok(trusted));
    CHECK(*trusted == key.public_key());
    CHECK((authority_public_key::parse(trusted->text()).value() == *trusted));

    struct stat status {};
    REQUIRE(::stat((directory / "secret").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
    const auto before = read_all(directory / "secret");
    CHECK(code_of(authority_key::generate().save(directory / "secret")) == errc::already_exists);
    CHECK(read_all(directory / "secret") == before);
    CHECK(std::distance(std::filesystem::directory_iterator{directory.path()}, {}) == 2);
    CHECK(code_of(key.save(directory.path() / "no" / "such")) == errc::not_found);
}

TEST_CASE("a secret key file that others have any right to is refused") {
    const scratch_directory directory;
    REQUIRE(ok(authority_key::generate().save(directory / "secret")));
    for (const mode_t mode : {0640U, 0604U, 0620U, 0601U, 0666U}) {
        REQUIRE(::chmod((directory / "secret").c_str(), mode) == 0);
        CHECK(code_of(authority_key::load(directory / "secret")) == errc::file_permissions);
    }
    REQUIRE(::chmod((directory / "secret").c_str(), 0400) == 0);
    CHECK(ok(authority_key::load(directory / "secret")));
}

TEST_CASE("a key file that is damaged at any byte, cut or longer is refused") {
    const scratch_directory directory;
    const auto key = authority_key::generate();
    REQUIRE(ok(key.save(directory / "secret")));
    REQUIRE(ok(key.public_key().save(directory / "public")));
    const auto secret = read_all(directory / "secret");
    for (std::size_t at = 0; at < secret.size(); ++at) {
        auto wrong = secret;
        wrong[at] = wrong[at] == '0' ? '1' : '0';
        write_all(directory / "secret", wrong);
        const auto code = code_of(authority_key::load(directory / "secret"));
        CHECK((code == errc::damaged_header || code == errc::checksum_mismatch));
    }
    for (std::size_t size = 0; size < secret.size(); ++size) {
        write_all(directory / "secret", secret.substr(0, size));
        CHECK(code_of(authority_key::load(directory / "secret")) == errc::damaged_header);
    }
    write_all(directory / "secret", secret + "\n");
    CHECK(code_of(authority_key::load(directory / "secret")) == errc::damaged_header);
    const auto line = read_all(directory / "public");
    for (const auto& wrong :
         {std::string{}, line + " ", line.substr(1), "y" + line.substr(1), line.substr(0, line.size() - 2) + "g\n"}) {
        CAPTURE(wrong);
        write_all(directory / "public", wrong);
        CHECK(code_of(authority_public_key::load(directory / "public")) == errc::damaged_header);
    }
    CHECK(code_of(authority_key::load(directory / "none")) == errc::not_found);
    CHECK(code_of(authority_public_key::load(directory.path())) == errc::damaged_header);
    CHECK(!ok(authority_public_key::parse(std::string(63, 'a'))));
    CHECK(!ok(authority_public_key::parse(std::string(65, 'a'))));
    CHECK(!ok(authority_public_key::parse(std::string(64, 'g'))));
}
