// SPDX-License-Identifier: Apache-2.0
// Nobody is named in what the command tells of its work: whatever is wrong with a file, errors, summaries, rejects and
// lists of duplicates say row and column, never what stands there.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "sanitized.hpp"

using xacthuc_test::workplace;

namespace {

// Somebody who must not be seen: a number, and a name that is told by any part of it.
const std::string number = "001099123457";
const std::string name = "Kẻ Lạ Mặt";

[[nodiscard]] std::string with_person(std::string text) {
    for (const auto& [mark, value] : {std::pair{std::string{"#"}, number}, std::pair{std::string{"@"}, name}})
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
            text.replace(at, 1, value);
    return text;
}

void check_unseen(const std::string& text) {
    CAPTURE(text);
    for (const auto& part : {number, name, std::string{"Lạ"}, number.substr(2)})
        CHECK(text.find(part) == std::string::npos);
}

struct told {
    std::string content;  // # is the number, @ the name
    std::string line;     // reads the file "in"
    int code;
};

const std::vector<told> runs{
    // Without a header the first row is somebody's.
    {"#,@,1990-01-01\n", "xacthuc import in -o i.xts", 2},
    {"id,@\n#,x\n", "xacthuc import in -o i.xts", 2},
    {"#,@,1990-01-01\n", "xacthuc verify in -r s.xts -o v", 2},
    {"#,@,1990-01-01\n", "xacthuc apply reg in", 2},
    {"#,@,1990-01-01\n", "xacthuc verify-signatures in -o v", 2},
    {"id,name,#\n", "xacthuc apply reg in", 2},
    {"\"#,@\n", "xacthuc apply reg in", 1},
    {"\"#\"@,x\n", "xacthuc import in -o i.xts", 2},
    // Rows of every kind of badness.
    {"id,name,birth_date,sex\n#x,@,,\n#,@,@,\n#,@,1990,@\n#,@\n#,\"@\"x,,\n#,\"@\xff\",,\n#,@\x01,,\n",
     "xacthuc import in -o i.xts --json", 3},
    {"id,name\n#,@" + std::string(300, 'A') + "\n#,\"@" + std::string(70'000, 'A') + "\"\n",
     "xacthuc import in -o i.xts --json", 3},
    {"id,name\n#,@\n#,@\n#,@\n", "xacthuc import in -o i.xts --json", 3},
    {"id,name,ward,life,account,document,province\n#,@,@,,,,\n#,,,@,,,\n#,,,,@,,\n#,,,,,@,\n#,,,,,,#\n",
     "xacthuc import in -o i.xts --json", 3},
    {"change,id,name,key,record\nerase,#,,,\nset_key,#,,@,\n@,#,@,,\nupsert,#,@,,#\n#,,,,\n,@,#,,\n",
     "xacthuc apply reg in --json", 3},
    {"{\"#\":\"@\"}\n{\"id\":\"#\",\"@\":1}\n{\"id\":[\"#\"]}\n#,@\n{\"id\":\"#\",\"name\":{\"@\":1}}\n{\"id\":\"#\","
     "\"sequence\":\"@\"}\n"
     "{\"change\":\"erase\",\"id\":\"#\"}\n",
     "xacthuc apply reg in --format jsonl --json", 3},
    {"{\"sequence\":900,\"change\":\"erase\",\"id\":\"#\"}\n", "xacthuc apply reg in --format jsonl --json", 5},
    {"{\"sequence\":2,\"change\":\"erase\",\"id\":\"#\"}\n", "xacthuc apply reg in --format jsonl --json", 5},
    // Requests: verdicts repeat the reference, what is told of them does not.
    {"id,name,expected_outcome\n#,@,@\n", "xacthuc verify in -r s.xts -o v --json", 2},
    {"id,name,expected_matched\n#,@,#\n", "xacthuc verify in -r s.xts -o v --json", 2},
    {"id,name,reference,expected_outcome\n#,@,@ #,verified\n#x,@,@ #,verified\n",
     "xacthuc verify in -r s.xts -o v --json", 4},
    {"id,name,sex,agency\n#x,@,,\n#,@,@,\n#,@,,@\n#,\"@\"x,,\n", "xacthuc verify in -r s.xts -o v --json", 3},
    {"#|@\n#||@|x|y|z|w\n", "xacthuc verify in --qr -r s.xts -o v --json", 3},
    {"public_key,signature,message,reference,expected\n#,@,@,@,@\n", "xacthuc verify-signatures in -o v --json", 3},
    {"# @\n", "xacthuc sign -k a.key --lines in -o t", 2},
    // Files that are something else.
    {"#,@\n", "xacthuc inspect in", 5},
    {"#,@\n", "xacthuc verify people.csv --ignore-unknown -r in -o v", 5},
    {"#,@\n", "chmod 600 in; xacthuc verify people.csv --ignore-unknown -r s.xts --digest-key in -o v", 5},
    {"#,@\n", "chmod 600 in; xacthuc import people.csv -o j.xts --authority-key in", 5},
    {"#,@\n", "xacthuc inspect s.xts --authority in", 5},
    {"#,@\n", "chmod 600 in; xacthuc sign -k in people.csv", 5},
};

}  // namespace

TEST_CASE("no error, summary, reject or duplicate says who it is about") {
    const workplace at;
    REQUIRE(at.shell("xacthuc generate -n 300 --out s.xts --csv people.csv && xacthuc init reg --from s.xts && "
                     "xacthuc keygen a.key && xacthuc apply reg people.csv")
                .code == 0);
    for (const auto& one : runs) {
        CAPTURE(one.line);
        CAPTURE(one.content);
        at.write("in", with_person(one.content));
        const auto run = at.shell("rm -f v *.rejects.csv *.duplicates.csv; " + one.line);
        CAPTURE(run.err);
        CHECK(run.code == one.code);
        check_unseen(run.err);
        check_unseen(run.out);
        check_unseen(at.shell("cat *.rejects.csv *.duplicates.csv").out);
        // The reasons in verdicts: all but the reference, which is the asker's own.
        if (at.has("v")) check_unseen(at.shell("cut -d , -f 1,3- v").out);
    }
}

// LeakSanitizer reads its own process as a debugger does, so that the command stays readable there.
#if !XACTHUC_TEST_SANITIZED
TEST_CASE("the command leaves no core dump") {
    const workplace at;
    at.write("in", "id,name,birth_date\n" + with_person("#,@,1990-01-01\n"));
    REQUIRE(at.shell("xacthuc import in -o s.xts && xacthuc init reg --from s.xts").code == 0);
    const auto killed = [&](const std::string& command) {
        return at.shell("ulimit -c unlimited; (" + command + " & p=$!; sleep 0.5; kill -SEGV $p; wait $p) 2>&1").out;
    };
    const auto follow = killed("xacthuc follow reg --wait");
    CAPTURE(follow);
    CHECK(follow.find("Segmentation fault") != std::string::npos);
    CHECK(follow.find("core dumped") == std::string::npos);
    if (killed("sleep 60").find("core dumped") == std::string::npos) MESSAGE("this system dumps no core of anything");
}
#endif
