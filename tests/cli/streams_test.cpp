// SPDX-License-Identifier: Apache-2.0
// Standard error and output that are closed or full: what people are told never changes what is done nor how it ends, a
// result that cannot be written is a failure, and nothing meant for people gets into a file.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cli/command.hpp"

using xacthuc_test::workplace;

namespace {

struct command_run {
    std::string line;
    int code;
    bool writes_output;  // to standard output, without which it fails
};

// Every subcommand, in an order in which they can be run; some do what they can only in part.
const std::vector<command_run> runs{
    {"xacthuc --help", 0, true},
    {"xacthuc --version", 0, true},
    {"xacthuc apply --help", 0, true},
    {"xacthuc nonsense", 2, false},
    {"xacthuc generate -n 300 --out s.xts --csv people.csv --requests q.csv --request-count 500", 0, false},
    {"xacthuc generate -n 300 --out s.xts --json", 0, true},
    {"xacthuc import bad.csv --out i.xts", 3, false},
    {"xacthuc import bad.csv --out i.xts --json", 3, true},
    {"xacthuc import nothing.csv --out i.xts", 1, false},
    {"xacthuc inspect s.xts", 0, true},
    {"xacthuc inspect s.xts --verify --json", 0, true},
    {"xacthuc verify q.csv -r s.xts", 0, true},
    {"xacthuc verify q.csv -r s.xts -o v.csv", 0, false},
    {"xacthuc verify wrong.csv -r s.xts -o v.csv", 4, false},
    {"rm -f a.key a.pub; xacthuc keygen a.key", 0, false},
    {"rm -f a.key a.pub; xacthuc keygen a.key --json", 0, true},
    {"xacthuc sign -k a.key people.csv", 0, true},
    {"xacthuc sign -k a.key --hex 61 --hex 62 -o triples.csv", 0, false},
    {"xacthuc verify-signatures triples.csv", 0, true},
    {"xacthuc verify-signatures triples.csv -o v.csv", 0, false},
    {"rm -rf reg; xacthuc init reg --from s.xts", 0, false},
    {"rm -rf reg; xacthuc init reg --from s.xts --json", 0, true},
    {"xacthuc apply reg people.csv", 0, false},
    {"xacthuc apply reg bad.csv --json", 3, true},
    {"xacthuc checkpoint reg --authority-key authority.key", 0, false},
    {"xacthuc checkpoint reg --authority-key authority.key --json", 0, true},
    {"xacthuc apply reg bad.csv", 3, false},
    {"xacthuc follow reg --count 1", 0, true},
    {"xacthuc check reg", 0, false},
    {"xacthuc check reg --json", 0, true},
};

void check_with(const std::string& redirection, bool output_works) {
    const workplace at;
    at.write("bad.csv", "id,name\n001190000001,An\n12,Bad\n");
    at.write("wrong.csv", "id,name,expected_outcome\n999999999999,An,verified\n");
    for (const auto& one : runs) {
        CAPTURE(one.line);
        CAPTURE(redirection);
        const auto run = at.shell("{ " + one.line + "; } " + redirection);
        CHECK(run.code == (one.writes_output && !output_works ? 1 : one.code));
    }
    // The texts went nowhere, not into files.
    for (const std::string name : {"people.csv", "v.csv", "triples.csv", "s.xts", "reg/changes.sqlite"}) {
        CAPTURE(name);
        CHECK(at.shell("! grep -aq -e \"citizens, se\" -e \"xacthuc:\" -e \"requests in\" -e rejected " + name).code ==
              0);
    }
    CHECK(at.shell("xacthuc inspect s.xts --verify").code == 0);
    CHECK(at.shell("xacthuc check reg").code == 0);
    CHECK(at.shell("xacthuc verify q.csv -r s.xts > v.csv").code == 0);
}

}  // namespace

TEST_CASE("a standard error that is closed or full changes nothing") {
    check_with("2>&-", true);
    check_with("2>/dev/full", true);
}

TEST_CASE("a standard output that is closed or full fails what has a result to print, and nothing else") {
    check_with(">&-", false);
    check_with(">/dev/full", false);
}

TEST_CASE("without any standard descriptor files are written as always") {
    check_with("<&- >&- 2>&-", false);
}
