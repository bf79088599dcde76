// SPDX-License-Identifier: Apache-2.0
// The subcommands of registries from end to end: init, apply, checkpoint, follow, check, and verify upon a registry.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <string>

#include "cli/command.hpp"
#include "sanitized.hpp"

using xacthuc_test::lines_of;
using xacthuc_test::workplace;

namespace {

const std::string key_digits(64, 'a');

// A folder with a nation of 2,000 and a registry of it, with room for keys.
void make_registry(const workplace& at) {
    REQUIRE(
        at.shell("xacthuc generate -n 2000 --out s.xts --csv people.csv --requests requests.csv --request-count 5000")
            .code == 0);
    REQUIRE(at.shell("xacthuc init reg --from s.xts --with-keys").code == 0);
}

[[nodiscard]] boost::json::object json_of(const std::string& text) {
    const auto lines = lines_of(text);
    REQUIRE(!lines.empty());
    return boost::json::parse(lines.back()).as_object();
}

}  // namespace

TEST_CASE("changes of every kind: made, or refused with line and reason") {
    const workplace at;
    make_registry(at);
    at.write("c.csv",
             "change,id,name,birth_date,sex,ward,key\n"
             "upsert,001190000001,Nguyễn Thị Hòa,1990-01-02,nữ,00001,\n"
             ",001190000002,An,1990,,," +
                 key_digits +
                 "\n"
                 "erase,001190000009,,,,,\n"
                 "set_key,001190000001,,,,," +
                 key_digits +
                 "\n"
                 "set_key,001190000002,,,,,none\n"
                 "set_key,001190000002,,,,,zz\n"
                 "upsert,12,An,,,,\n"
                 "move,001190000002,,,,,\n"
                 "upsert,001190000003,\"A\xff\",,,,\n"
                 "erase,001190000002,,,,,\n");
    const auto run = at.shell("xacthuc apply reg c.csv --json");
    CHECK(run.code == 3);
    const auto told = json_of(run.out);
    CHECK(told.at("applied") == 5);
    CHECK(told.at("rejected") == 5);
    CHECK(told.at("sequence") == 6);
    const auto rejects = lines_of(at.read("c.csv.rejects.csv"));
    REQUIRE(rejects.size() == 6);
    CHECK(rejects[0] == "line,column,reason");
    const auto has = [&](const std::string& start) {
        for (const auto& line : rejects)
            if (line.rfind(start, 0) == 0) return true;
        return false;
    };
    CHECK(has("4,,no such citizen in the register"));
    CHECK(has("7,key,"));
    CHECK(has("8,id,a personal id has 12 digits"));
    CHECK(has("9,change,"));
    CHECK(has("10,name,the name is not valid UTF-8"));

    at.write("q.csv",
             "id,name,birth_date,expected_outcome\n"
             "001190000001,NGUYỄN THỊ HOÀ,02/01/1990,verified\n"
             "001190000002,An,1990,not_found\n");
    CHECK(at.shell("xacthuc verify q.csv -r reg").code == 0);
    CHECK(at.shell("xacthuc verify requests.csv -r reg > v.csv").code == 0);
    CHECK(at.shell("xacthuc verify q.csv -r reg --map").code == 2);
}

TEST_CASE("what follow prints makes a replica, before and after checkpoints, by files and by pipes") {
    const workplace at;
    make_registry(at);
    REQUIRE(at.shell("head -1001 people.csv > some.csv; xacthuc apply reg some.csv --batch 100").code == 0);
    const auto all = at.shell("xacthuc follow reg");
    CHECK(all.code == 0);
    const auto lines = lines_of(all.out);
    REQUIRE(lines.size() == 1000);
    CHECK(boost::json::parse(lines[0]).at("sequence") == 2);
    CHECK(lines_of(at.shell("xacthuc follow reg --from 991").out).size() == 11);
    CHECK(lines_of(at.shell("xacthuc follow reg --from 991 --count 3").out).size() == 3);
    CHECK(at.shell("xacthuc follow reg --from 1002").out.empty());
    CHECK(at.shell("xacthuc follow reg --from 1003").code == 5);
    REQUIRE(at.shell("xacthuc init replica --from s.xts --with-keys").code == 0);
    CHECK(at.shell("xacthuc follow reg | xacthuc apply replica - --format jsonl").code == 0);
    const auto copied = at.shell(
        "xacthuc follow replica | sed -E s/.time_unix_ms.:[0-9]*,// > b; "
        "xacthuc follow reg | sed -E s/.time_unix_ms.:[0-9]*,// > a; cmp a b");
    CHECK(copied.code == 0);

    // Goes on as changes come, and ends when told.
    const auto waited = at.shell(
        "xacthuc follow reg --from 1002 --wait --count 5 > w & "
        "head -7 people.csv | tail -5 > rows; head -1 people.csv | cat - rows > five.csv; "
        "xacthuc apply reg five.csv; wait $!");
    CHECK(waited.code == 0);
    CHECK(lines_of(at.read("w")).size() == 5);
}

TEST_CASE("a checkpoint merges the changes, keeps as many snapshots as asked for, and trims the log") {
    const workplace at;
    make_registry(at);
    REQUIRE(at.shell("head -101 people.csv > some.csv; xacthuc apply reg some.csv").code == 0);
    CHECK(at.shell("xacthuc checkpoint reg").code == 1);  // no secret key of the authority in the folder
    const auto made = at.shell("xacthuc checkpoint reg --authority-key authority.key --json");
    CHECK(made.code == 0);
    CHECK(json_of(made.out).at("changes_merged") == 100);
    CHECK(json_of(at.shell("xacthuc inspect reg --json").out).at("sequence") == 101);
    CHECK(lines_of(at.shell("xacthuc follow reg").out).size() == 100);
    CHECK(!json_of(at.shell("xacthuc checkpoint reg --keep 1 --authority-key authority.key --json").out)
               .at("written")
               .as_bool());
    CHECK(at.shell("xacthuc follow reg").out.empty());
    CHECK(at.shell("xacthuc follow reg --from 50").code == 1);
    CHECK(!at.has("reg/snapshot-1.xts"));
    CHECK(at.shell("xacthuc verify requests.csv -r reg > v.csv").code == 0);
    CHECK(at.shell("xacthuc inspect reg --verify").code == 0);
}

TEST_CASE("check finds damage in a snapshot and in the log, and a second writer is told to wait") {
    const workplace at;
    make_registry(at);
    REQUIRE(at.shell("head -101 people.csv > some.csv; xacthuc apply reg some.csv").code == 0);
    const auto whole = at.shell("xacthuc check reg --json");
    CHECK(whole.code == 0);
    CHECK(json_of(whole.out).at("changes") == 100);
    CHECK(json_of(whole.out).at("citizens") == 2000);
    CHECK(json_of(whole.out).at("problems").as_array().empty());

    CHECK(at.shell("flock reg xacthuc apply reg some.csv").code == 1);
    CHECK(at.read(".err").find("another process has the registry open for writing") != std::string::npos);

    REQUIRE(
        at.shell("cp -r reg damaged; printf x | dd of=damaged/snapshot-1.xts bs=1 seek=1500000 conv=notrunc").code ==
        0);
    CHECK(at.shell("xacthuc check damaged").code == 5);
    CHECK(at.shell("xacthuc apply damaged some.csv").code == 5);
    // A row that is not what was sealed: the last bytes of the second page, where the first batch lies. What is in the
    // database is in its write-ahead log too, until the next writer.
    REQUIRE(at.shell("cp -r reg forged; rm -f forged/changes.sqlite-*; "
                     "printf x | dd of=forged/changes.sqlite bs=1 seek=8000 conv=notrunc")
                .code == 0);
    CHECK(at.shell("xacthuc check forged").code == 5);
}

TEST_CASE("check tells who else may write, what is missing at the end, and what is not what its name says") {
    const workplace at;
    make_registry(at);
    REQUIRE(at.shell("head -101 people.csv > some.csv; xacthuc apply reg some.csv").code == 0);
    for (const auto* const command : {"check reg", "apply reg some.csv", "follow reg", "verify requests.csv -r reg"}) {
        CAPTURE(command);
        CHECK(at.shell(std::string{"xacthuc "} + command + " --at-least 1000000").code == 5);
        CHECK(at.read(".err").find("says that there was change 1000000") != std::string::npos);
    }
    CHECK(at.shell("xacthuc check reg --at-least 101").code == 0);

    REQUIRE(at.shell("cp -rp reg open; chmod g+w open; chmod o+w open/changes.sqlite").code == 0);
    const auto open = at.shell("xacthuc check open --json");
    CHECK(open.code == 5);
    CHECK(json_of(open.out).at("problems").as_array().size() == 2);
    CHECK(at.read(".err").find("open/changes.sqlite: others than its owner may write it") != std::string::npos);

    REQUIRE(at.shell("cp -rp reg copied; cp copied/snapshot-1.xts copied/snapshot-9999.xts").code == 0);
    CHECK(at.shell("xacthuc check copied").code == 5);
    CHECK(at.read(".err").find("copied/snapshot-9999.xts") != std::string::npos);
    CHECK(at.shell("xacthuc inspect copied").out.find("snapshot-9999") == std::string::npos);

    REQUIRE(at.shell("cp -rp reg lost; rm lost/registry.mark").code == 0);
    CHECK(at.shell("xacthuc apply lost some.csv").code == 5);
    CHECK(at.shell("xacthuc apply lost some.csv --at-least 101").code == 0);
    CHECK(at.shell("xacthuc check lost").code == 0);

    // The mark on another disk.
    CHECK(at.shell("xacthuc init away --from s.xts --mark away.mark && xacthuc apply away some.csv --mark away.mark && "
                   "xacthuc check away --mark away.mark")
              .code == 0);
    CHECK(at.shell("xacthuc check away").code == 5);
}

TEST_CASE("what is wrong with the command line or the folder is told before anything is done") {
    const workplace at;
    make_registry(at);
    CHECK(at.shell("xacthuc init reg --from s.xts").code == 1);
    CHECK(at.shell("xacthuc init other --from nothing.xts").code == 1);
    at.write("bad.csv", "change,name\nupsert,An\n");
    CHECK(at.shell("xacthuc apply reg bad.csv").code == 2);
    at.write("unknown.csv", "id,colour\n001190000001,red\n");
    CHECK(at.shell("xacthuc apply reg unknown.csv").code == 2);
    CHECK(at.shell("xacthuc apply reg unknown.csv --ignore-unknown").code == 0);
    CHECK(at.shell("xacthuc apply nowhere unknown.csv --ignore-unknown").code == 1);
    at.write("lines.jsonl",
             "{\"id\":\"001190000005\",\"ward\":7}\nnot json\n{\"id\":\"001190000006\",\"colour\":1}\n"
             "{\"id\":\"001190000007\",\"superseded\":true,\"name\":null}\n");
    const auto run = at.shell("xacthuc apply reg lines.jsonl --json");
    CHECK(run.code == 3);
    CHECK(json_of(run.out).at("applied") == 2);
}

TEST_CASE("a feed is applied without gaps, repeats are not made again, and a foreign one is refused") {
    const workplace at;
    make_registry(at);
    REQUIRE(at.shell("head -101 people.csv > some.csv; xacthuc apply reg some.csv --batch 7 && "
                     "xacthuc follow reg > all.jsonl && xacthuc init copy --from s.xts --with-keys")
                .code == 0);
    const auto apply = [&](const std::string& lines, const std::string& more = "") {
        return at.shell("{ " + lines + "; } | xacthuc apply copy - --format jsonl --batch 10 --json " + more);
    };
    const auto first = apply("head -50 all.jsonl");
    CHECK(first.code == 0);
    CHECK(json_of(first.out).at("sequence") == 51);
    // Change 52 is missing.
    const auto gap = apply("tail -n +52 all.jsonl");
    CHECK(gap.code == 5);
    CHECK(gap.err.find("xacthuc: changes are missing: wanted is change 52, found was 53: standard input, line 1") !=
          std::string::npos);
    CHECK(json_of(gap.out).at("sequence") == 51);
    CHECK(json_of(gap.out).at("complete") == false);
    // A gap within: what comes before it is made, nothing after it.
    const auto later = apply("sed 60,62d all.jsonl");
    CHECK(later.code == 5);
    CHECK(later.err.find("wanted is change 61, found was 64: standard input, line 60") != std::string::npos);
    CHECK(json_of(later.out).at("repeated") == 50);
    CHECK(json_of(later.out).at("applied") == 9);
    CHECK(json_of(later.out).at("applied_through_line") == 59);
    // From any place before the end on, and twice the same.
    const auto rest = apply("tail -n +30 all.jsonl; tail -n 5 all.jsonl");
    CHECK(rest.code == 0);
    CHECK(json_of(rest.out).at("applied") == 41);
    CHECK(json_of(rest.out).at("repeated") == 35);
    CHECK(at.shell("xacthuc follow copy | sed -E s/.time_unix_ms.:[0-9]*,// > b; "
                   "sed -E s/.time_unix_ms.:[0-9]*,// all.jsonl | cmp - b")
              .code == 0);

    // Another change under a number that is here already, in the log and in the same batch.
    const auto foreign = apply("sed -n 20p all.jsonl | sed s/:21,/:31,/");
    CHECK(foreign.code == 5);
    CHECK(foreign.err.find("change 31 is another one in the register") != std::string::npos);
    CHECK(apply("echo \"{\\\"sequence\\\":102,\\\"change\\\":\\\"erase\\\",\\\"id\\\":\\\"$(tail -1 people.csv | cut "
                "-c1-12)\\\"}\"; "
                "tail -1 all.jsonl | sed s/:101,/:102,/")
              .code == 5);
    CHECK(json_of(at.shell("xacthuc check copy --json").out).at("sequence") == 102);
    // One that cannot be made here: the copy is none, and goes no further.
    const auto unknown = apply(
        "echo \"{\\\"sequence\\\":103,\\\"change\\\":\\\"erase\\\",\\\"id\\\":\\\"001190000009\\\"}\"; "
        "tail -1 all.jsonl | sed s/:101,/:104,/");
    CHECK(unknown.code == 5);
    CHECK(unknown.err.find("change 103 of the feed cannot be made here") != std::string::npos);
    CHECK(json_of(unknown.out).at("sequence") == 102);
    CHECK(lines_of(at.read("changes.rejects.csv")).size() == 2);
    // Numbers that mean nothing, when that is said.
    CHECK(apply("sed -n 20,29p all.jsonl", "--renumber").code == 0);
    CHECK(json_of(at.shell("xacthuc check copy --json").out).at("sequence") == 112);
    // What the log no longer has cannot be compared.
    REQUIRE(at.shell("xacthuc checkpoint copy --keep 1 --authority-key authority.key").code == 0);
    const auto trimmed = apply("head -1 all.jsonl");
    CHECK(trimmed.code == 1);
    CHECK(trimmed.err.find("begin with change 113") != std::string::npos);
}

TEST_CASE("an interrupted apply keeps what was made and its rejects, and says where to go on") {
    const workplace at;
    make_registry(at);
    REQUIRE(
        at.shell(
              "{ head -101 people.csv; echo 12,Bad; } > some.csv; { cat some.csv; tail -n 50 people.csv; } > all.csv")
            .code == 0);
    const auto run = at.shell(
        "{ cat some.csv; sleep 10; } | { xacthuc apply reg - --rejects r.csv --json & p=$!; "
        "for i in $(seq 100); do grep -qs 102 r.csv.partial && break; sleep 0.1; done; sleep 0.3; kill -INT $p; "
        "wait $p; echo \"{\\\"code\\\":$?}\"; }");
    CHECK(json_of(run.out).at("code") == 130);
    CHECK(run.err.find("xacthuc: interrupted") != std::string::npos);
    CHECK(run.err.find("through line 102; --after-line 102 goes on") != std::string::npos);
    const auto told = boost::json::parse(lines_of(run.out).front()).as_object();
    CHECK(told.at("complete") == false);
    CHECK(told.at("applied") == 100);
    CHECK(told.at("applied_through_line") == 102);
    CHECK(at.read("r.csv").starts_with("line,column,reason\n102,"));
    CHECK(lines_of(at.read("r.csv")).size() == 2);
    const auto rest = at.shell("xacthuc apply reg all.csv --after-line 102 --json");
    CHECK(rest.code == 0);
    CHECK(json_of(rest.out).at("applied") == 50);
    CHECK(json_of(rest.out).at("sequence") == 151);
}

TEST_CASE("check beside a writer that makes checkpoints all the time finds nothing wrong, and damage at once") {
    const workplace at;
    make_registry(at);
    REQUIRE(at.shell("head -11 people.csv > some.csv; xacthuc apply reg some.csv").code == 0);
    const auto run = at.shell(
        "{ while ! test -e stop; do xacthuc apply reg some.csv && xacthuc checkpoint reg --keep 1 --authority-key "
        "authority.key || exit 1; done; } > writer 2>&1 & "
        "for i in $(seq 25); do xacthuc check reg 2> told || { cat told; exit 1; }; done; touch stop; wait $!");
    CAPTURE(run.out);
    CAPTURE(at.read("writer"));
    CHECK(run.code == 0);
    // The newest snapshot loses a byte.
    REQUIRE(at.shell("f=$(ls reg/snapshot-*.xts | tail -1); printf x | dd of=$f bs=1 seek=1500000 conv=notrunc").code ==
            0);
    CHECK(at.shell("timeout 60 xacthuc check reg").code == 5);
}

#if !XACTHUC_TEST_SANITIZED
TEST_CASE("check says whether the system locked the keys in memory, and that this is no damage") {
    const workplace at;
    make_registry(at);
    // Root may lock without limit, unless the right is given up.
    const auto run = at.shell(
        "ulimit -l 0; less=; if test $(id -u) = 0; then less=\"setpriv --bounding-set=-ipc_lock "
        "--inh-caps=-ipc_lock\"; "
        "fi; $less xacthuc check reg --json");
    CHECK(run.code == 0);
    CHECK(json_of(run.out).at("secrets_locked") == false);
    CHECK(json_of(run.out).at("problems").as_array().empty());
    CHECK(run.err.find("the system did not lock the keys in memory (ulimit -l)") != std::string::npos);
    // Where a few pages may be locked, which is all that they need.
    const auto locked = at.shell("ulimit -l 64 && xacthuc check reg --json");
    if (locked.code == 0) CHECK(json_of(locked.out).at("secrets_locked") == true);
}
#endif
