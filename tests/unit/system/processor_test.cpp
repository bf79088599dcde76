// SPDX-License-Identifier: Apache-2.0
// Which instruction sets are used, by what the environment asks for.
#include "system/processor.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <string>
#include <xacthuc/ed25519/verify.hpp>
#include <xacthuc/engine/isa.hpp>

#include "engine/kernel.hpp"

using namespace xacthuc;

namespace {

constexpr std::array all{instruction_set::portable, instruction_set::avx2, instruction_set::avx512,
                         instruction_set::avx512ifma};

// What a fresh process says on stderr when it does this with XACTHUC_ISA set so.
[[nodiscard]] std::string told_with(const char* value, const std::function<bool()>& does) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::dup2(ends[1], STDERR_FILENO);
        if (value != nullptr) ::setenv("XACTHUC_ISA", value, 1);
        if (value == nullptr) ::unsetenv("XACTHUC_ISA");
        ::_exit(does() ? 0 : 1);
    }
    ::close(ends[1]);
    std::string told;
    for (char one = 0; ::read(ends[0], &one, 1) == 1;) told += one;
    ::close(ends[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    return told;
}

[[nodiscard]] std::string_view best() {
    std::string_view found;
    for (const auto one : all)
        if (processor_has(one)) found = name_of(one);
    return found;
}

}  // namespace

TEST_CASE("a processor that has an instruction set has all before it") {
    CHECK(processor_has(instruction_set::portable));
    for (std::size_t i = 1; i < all.size(); ++i)
        if (processor_has(all[i])) CHECK(processor_has(all[i - 1]));
}

TEST_CASE("the environment chooses among what the processor has, and anything else is ignored") {
    for (const auto one : all) {
        const auto found = choose_instruction_sets(name_of(one).data());
        CHECK(found.is_forced == processor_has(one));
        CHECK(name_of(found.at_most) == (processor_has(one) ? name_of(one) : best()));
        CHECK(found.ignored == (processor_has(one) ? "" : name_of(one)));
    }
    for (const char* nothing : {static_cast<const char*>(nullptr), ""}) {
        const auto found = choose_instruction_sets(nothing);
        CHECK(!found.is_forced);
        CHECK(name_of(found.at_most) == best());
        CHECK(found.ignored.empty());
    }
    for (const char* wrong : {"avx", "AVX2", "avx2 ", "x86_64_v4", "none"}) {
        const auto found = choose_instruction_sets(wrong);
        CHECK(!found.is_forced);
        CHECK(name_of(found.at_most) == best());
        CHECK(found.ignored == wrong);
    }
}

// In processes in which nobody has asked yet: the first cases of this program ask for nothing.
TEST_CASE("one variable is for look-ups and signatures, and what is wrong with it is told once") {
    const auto told = told_with("avx513", [] {
        const auto first = isa();
        const auto again = isa();
        return first.ignored == "avx513" && again.ignored == "avx513" && first.lookups == kernels::chosen().name &&
               !first.signatures.empty();
    });
    CHECK(told == "xacthuc: XACTHUC_ISA=avx513 is none of portable, avx2, avx512, avx512ifma; it is ignored, and " +
                      std::string{best()} + " is used\n");
    CHECK(told_with("portable", [] {
              return isa().lookups == "portable" && isa().signatures == "portable" && isa().ignored.empty();
          }).empty());
    if (processor_has(instruction_set::avx2))
        CHECK(told_with("avx2", [] { return isa().lookups == "x86_64_v3" && isa().signatures == "avx2"; }).empty());
    if (processor_has(instruction_set::avx512))
        CHECK(told_with("avx512", [] { return isa().lookups == "x86_64_v4" && isa().signatures == "avx2"; }).empty());
    CHECK(told_with(nullptr, [] { return isa().ignored.empty(); }).empty());
    // A value that is longer than any line is cut.
    const auto long_one = told_with(std::string(5000, 'x').c_str(), [] { return isa().ignored.size() == 64; });
    CHECK(long_one.size() < 256);
    CHECK(long_one.back() == '\n');
}
