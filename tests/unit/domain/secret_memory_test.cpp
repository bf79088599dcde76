// SPDX-License-Identifier: Apache-2.0
// Keys lie in memory that is locked and kept out of core dumps, and work where the system does not lock.
#include "domain/secret_memory.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <new>
#include <sstream>
#include <string>
#include <vector>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/secret_protection.hpp>

#include "sanitized.hpp"

using namespace xacthuc;

namespace {

// VmFlags of the mapping that has this byte, by /proc/self/smaps; empty when there is none.
std::string flags_of_page(const void* byte) {
    const auto wanted = reinterpret_cast<std::uintptr_t>(byte);
    std::ifstream smaps{"/proc/self/smaps"};
    bool is_within = false;
    for (std::string line; std::getline(smaps, line);) {
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        char dash = 0;
        std::istringstream range{line};
        if (range >> std::hex >> begin >> dash >> end && dash == '-') is_within = begin <= wanted && wanted < end;
        if (is_within && line.rfind("VmFlags:", 0) == 0) return line + ' ';
    }
    return {};
}

template <class Test>
bool is_so_in_child(const Test& test) {
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) ::_exit(test() ? 0 : 1);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("a digest key's bytes are locked in memory and kept out of core dumps, in every copy") {
    const auto key = digest_key::generate();
    const auto copy = key;
    const auto flags = flags_of_page(key.bytes().data());
    CAPTURE(flags);
    REQUIRE(!flags.empty());
    CHECK(flags.find(" dd ") != std::string::npos);
    if (!XACTHUC_TEST_SANITIZED && how_secrets_are_kept().ever_not_locked == 0)
        CHECK(flags.find(" lo ") != std::string::npos);
    CHECK(copy.bytes().data() == key.bytes().data());
}

TEST_CASE("secrets are counted, and given back when the last who shares one is gone") {
    const auto before = how_secrets_are_kept().held;
    {
        const auto secret = make_secret<std::array<char, 100>>();
        const auto shared = secret;
        CHECK((*secret)[99] == 0);
        CHECK(how_secrets_are_kept().held == before + 1);
        const auto key = digest_key::from_bytes(std::array<std::byte, digest_key_bytes>{});
        const auto other = key;
        CHECK(how_secrets_are_kept().held == before + 2);
    }
    CHECK(how_secrets_are_kept().held == before);
}

TEST_CASE("a child made by fork() has the key, left out of its core dumps as well") {
    const auto key = digest_key::generate();
    const auto fingerprint = key.fingerprint();
    CHECK(is_so_in_child([&] {
        return key.fingerprint() == fingerprint && flags_of_page(key.bytes().data()).find(" dd ") != std::string::npos;
    }));
    CHECK(key.fingerprint() == fingerprint);
}

#if !XACTHUC_TEST_SANITIZED
TEST_CASE("where the system locks nothing a key works, and that is told") {
    CHECK(is_so_in_child([] {
        const rlimit none{0, 0};
        // Who may lock without limit gives that right up.
        if (::setrlimit(RLIMIT_MEMLOCK, &none) != 0 || (::geteuid() == 0 && ::setuid(65534) != 0)) return false;
        const auto before = how_secrets_are_kept().ever_not_locked;
        const auto key = digest_key::generate();
        return how_secrets_are_kept().ever_not_locked == before + 1 &&
               key.fingerprint() == digest_key::from_bytes(key.bytes()).fingerprint();
    }));
}

TEST_CASE("hundreds of keys are more than a system may lock, and all work") {
    CHECK(is_so_in_child([] {
        const rlimit few_pages{64 << 10, 64 << 10};
        if (::setrlimit(RLIMIT_MEMLOCK, &few_pages) != 0 || (::geteuid() == 0 && ::setuid(65534) != 0)) return false;
        std::vector<digest_key> keys;
        for (int i = 0; i < 500; ++i) keys.push_back(digest_key::generate());
        const auto kept = how_secrets_are_kept();
        if (kept.held < 500 || kept.ever_not_locked == 0 || kept.ever_not_locked >= 500) return false;
        for (std::size_t i = 1; i < keys.size(); ++i)
            if (keys[i].fingerprint() == keys[i - 1].fingerprint()) return false;
        return true;
    }));
}

TEST_CASE("where there is no such memory making a key throws bad_alloc, and nothing is held") {
    CHECK(is_so_in_child([] {
        const auto before = how_secrets_are_kept().held;
        const rlimit none{0, 0};
        if (::setrlimit(RLIMIT_AS, &none) != 0) return false;
        try {
            static_cast<void>(digest_key::generate());
        } catch (const std::bad_alloc&) {
            return how_secrets_are_kept().held == before;
        }
        return false;
    }));
}
#endif
