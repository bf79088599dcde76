// SPDX-License-Identifier: Apache-2.0
// Checkpoints as the specification shows them, and nothing that only looks like one.
#include <doctest/doctest.h>

#include <xacthuc/ledger/checkpoint.hpp>

#include "unit/ledger/log_signer.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::string_view shown =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

}  // namespace

TEST_CASE("a checkpoint is read and written the same, with lines that nobody here knows and without") {
    const auto read = parse_checkpoint(shown).value();
    CHECK(read.origin == "example.com/behind-the-sofa");
    CHECK(read.size == 20852163);
    CHECK(read.text() == shown);
    const auto more = std::string{shown} + "one\ntwo\n";
    CHECK(parse_checkpoint(more).value().extensions == "one\ntwo\n");
    CHECK(parse_checkpoint(more).value().text() == more);
    CHECK(parse_checkpoint("o\n0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n").value().size == 0);
    CHECK(parse_checkpoint("o\n18446744073709551615\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n").value().size ==
          UINT64_MAX);
}

TEST_CASE("what is not quite a checkpoint is none") {
    const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    for (const auto& text : std::vector<std::string>{
             std::string{}, std::string{"o"}, "o\n1\n" + root, "\n1\n" + root + "\n", "o\n01\n" + root + "\n",
             "o\n-1\n" + root + "\n", "o\n+1\n" + root + "\n", "o\n\n" + root + "\n", "o\n1 \n" + root + "\n",
             "o\n18446744073709551616\n" + root + "\n", "o\n1\n" + root.substr(1) + "\n", "o\n1\nAAAA" + root + "\n",
             "o\n1\nyjk9Apa+xeC43\xff\xff\xff\xff\xff\xff\xff\xff"
             "RRh9RLnJny4ljGtJv1m2Eg=\n",
             "o\n1\n" + root + "\n\n", "o\n1\n" + root + "\nx",
             "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n"}) {
        CAPTURE(text);
        CHECK(parse_checkpoint(text).has_error());
    }
}

TEST_CASE("a checkpoint is believed for its origin and its key alone") {
    const log_signer mine;
    const log_signer other{2};
    const checkpoint head{mine.origin(), 5, tree_leaf({}), {}};
    signed_note note{head.text(), {}};
    REQUIRE(sign_note(note, mine.verifier(), mine.identity().signer).has_value());
    const auto whole = note.encode();
    CHECK(open_checkpoint(whole, mine.origin(), mine.verifier()).value() == head);
    CHECK(open_checkpoint(whole, "example.com/other", mine.verifier()).error() == errc::checkpoint_syntax);
    CHECK(open_checkpoint(whole, mine.origin(), other.verifier()).error() == errc::bad_signature);
    CHECK(open_checkpoint(head.text(), mine.origin(), mine.verifier()).error() == errc::note_syntax);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        CHECK(open_checkpoint(changed, mine.origin(), mine.verifier()).has_error());
    }
}
