// SPDX-License-Identifier: Apache-2.0
// A register that follows a table of a real server has every citizen as the table has her, whatever transactions did.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "follow/followed_table.hpp"

using namespace xacthuc_test;

TEST_SUITE_BEGIN("slow");

TEST_CASE("a first copy, then changes, each run catching up with what was committed before") {
    if (!has_postgres()) return;
    const followed_table people;
    people.insert(1, 3000);
    people.run(
        "INSERT INTO hotich.cong_dan (so_cccd, ho_ten) VALUES ('001201900001', E'Trần\\x01'),"
        " ('001201900004', E'  Trần\\tVăn\\r\\n  An '),"
        " ('001201900002', ''), ('001201900003', E'Le\\u0302 Thi\\u0323 B')");
    people.publish();
    const auto first = people.follow("--once --json");
    INFO(first.err);
    CHECK(first.code == 1);
    CHECK(first.err.find("hotich.cong_dan: 1 rows cannot be read:\ncolumn ho_ten: ") != std::string::npos);
    CHECK(people.ask("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + people.slot() + "'") == "0");
    people.run("UPDATE hotich.cong_dan SET ho_ten = 'Trần' WHERE so_cccd = '001201900001'");
    people.must_follow();
    people.compare();
    people.insert(3001, 3200);
    people.run("UPDATE hotich.cong_dan SET ho_ten = 'Phạm Thị Dung', gioi_tinh = 2 WHERE stt % 7 = 0");
    people.run("DELETE FROM hotich.cong_dan WHERE stt % 13 = 0");
    people.must_follow();
    people.compare();
    // What concerns nobody moves the slot on all the same, and never beyond what the register has.
    people.run("CREATE TABLE public.other (a int); INSERT INTO public.other SELECT generate_series(1, 1000)");
    const auto before = people.ask("SELECT pg_current_wal_lsn()");
    const auto last = people.follow("--once --json");
    REQUIRE(last.code == 0);
    CHECK(last.out.find("\"changes\":0") != std::string::npos);
    CHECK(people.ask("SELECT confirmed_flush_lsn >= '" + before + "' FROM pg_replication_slots WHERE slot_name = '" +
                     people.slot() + "'") == "t");
    const auto position = last.out.substr(last.out.find("\"position\":\"") + 12);
    CHECK(people.ask("SELECT confirmed_flush_lsn <= '" + position.substr(0, position.find('"')) +
                     "' FROM pg_replication_slots WHERE slot_name = '" + people.slot() + "'") == "t");
}

TEST_CASE("a first copy shares a table's pages between connections, where it is let, and has every citizen") {
    if (!has_postgres()) return;
    const postgres_server at{"-c log_statement=all -c log_connections=on"};
    const followed_table people{at};
    people.insert(1, 120'000);
    // Empty pages, rows that moved, and pages after the last row.
    people.run(
        "DELETE FROM hotich.cong_dan WHERE stt % 10 = 0 OR stt BETWEEN 20000 AND 60000;"
        " UPDATE hotich.cong_dan SET ho_ten = 'Lê Văn Tám' WHERE stt % 3 = 0;"
        " UPDATE hotich.cong_dan SET ho_ten = 'Lê Thị Chín' WHERE stt % 6 = 0");
    people.publish();
    const auto count_in_log = [&](const std::string& text) {
        const auto log = content_of(at.folder() + "/log");
        std::size_t count = 0;
        for (auto place = log.find(text); place != std::string::npos; place = log.find(text, place + 1)) ++count;
        return count;
    };
    // A code that only a late row has: nothing is made, and all such codes are told.
    people.run("UPDATE hotich.cong_dan SET gioi_tinh = 7 WHERE stt = 119999");
    people.run("UPDATE hotich.cong_dan SET gioi_tinh = 8 WHERE stt = 119998");
    const auto unfit = people.follow();
    INFO(unfit.err);
    CHECK(unfit.code == 2);
    for (const auto* const value : {"7", "8"})
        CHECK(unfit.err.find("hotich.cong_dan: column gioi_tinh: the mapping has no word for a value (the value is \"" +
                             std::string{value} + "\")") != std::string::npos);
    CHECK(people.ask("SELECT count(*) FROM pg_replication_slots") == "0");
    CHECK_FALSE(people.place.has("register/changes.sqlite"));
    people.run("UPDATE hotich.cong_dan SET gioi_tinh = 1 WHERE gioi_tinh > 2");

    const auto before = count_in_log("WHERE ctid >= ");
    people.must_follow();
    people.compare();
    CHECK(count_in_log("WHERE ctid >= ") >= before + 3);
    CHECK(count_in_log("cong_dan\" (\"so_cccd") == 0);

    // A role that may not see where rows lie reads them all over one connection.
    people.run(
        "CREATE ROLE by_columns LOGIN REPLICATION; GRANT USAGE ON SCHEMA hotich TO by_columns; GRANT SELECT (so_cccd,"
        " ho_ten, ngay_sinh, gioi_tinh, tinh_trang_song, tai_khoan, ngay_het_han, ma_tinh, da_thay_so) ON"
        " hotich.cong_dan TO by_columns");
    const auto ranges = count_in_log("WHERE ctid >= ");
    const auto by_columns =
        people.place.shell("rm -rf register && xacthuc follow-postgres register --conninfo 'host=" + at.folder() +
                           " user=by_columns dbname=" + people.database() +
                           "' --mapping map.toml --publication xacthuc --slot another --once");
    INFO(by_columns.err);
    REQUIRE(by_columns.code == 0);
    people.compare();
    CHECK(count_in_log("WHERE ctid >= ") == ranges);
    CHECK(count_in_log("cong_dan\" (\"so_cccd") == 1);
}

TEST_CASE("what was rolled back is not there, and the last word of a transaction counts") {
    if (!has_postgres()) return;
    const followed_table people;
    people.insert(1, 100);
    people.publish();
    people.must_follow();
    people.run("BEGIN; UPDATE hotich.cong_dan SET ho_ten = 'Không Ai'; ROLLBACK");
    people.run(
        "BEGIN; UPDATE hotich.cong_dan SET ho_ten = 'Một' WHERE stt < 50; SAVEPOINT a;"
        " UPDATE hotich.cong_dan SET ho_ten = 'Hai' WHERE stt < 40; SAVEPOINT b; DELETE FROM hotich.cong_dan;"
        " ROLLBACK TO b; UPDATE hotich.cong_dan SET ho_ten = 'Ba' WHERE stt < 10; RELEASE b; SAVEPOINT c;"
        " DELETE FROM hotich.cong_dan WHERE stt = 20; ROLLBACK TO a;"
        " DELETE FROM hotich.cong_dan WHERE stt = 30; COMMIT");
    people.run(
        "BEGIN; INSERT INTO hotich.cong_dan (so_cccd) VALUES ('001201900001');"
        " DELETE FROM hotich.cong_dan WHERE so_cccd = '001201900001';"
        " INSERT INTO hotich.cong_dan (so_cccd, ho_ten) VALUES ('001201900001', 'Sau Cùng');"
        " INSERT INTO hotich.cong_dan (so_cccd) VALUES ('001201900002');"
        " DELETE FROM hotich.cong_dan WHERE so_cccd = '001201900002'; COMMIT");
    people.must_follow();
    people.compare();
}

TEST_CASE("changed ids are removals and insertions, in a circle too") {
    if (!has_postgres()) return;
    const followed_table people;
    people.insert(1, 50);
    people.publish();
    people.must_follow();
    people.run(
        "BEGIN; UPDATE hotich.cong_dan SET so_cccd = '001201900001' WHERE so_cccd = '001201000001';"
        " UPDATE hotich.cong_dan SET so_cccd = '001201000001' WHERE so_cccd = '001201000002';"
        " UPDATE hotich.cong_dan SET so_cccd = '001201000002' WHERE so_cccd = '001201900001'; COMMIT");
    people.run("UPDATE hotich.cong_dan SET so_cccd = '001201900003', ho_ten = 'Mới' WHERE so_cccd = '001201000003'");
    people.must_follow();
    people.compare();
}

TEST_CASE("a prepared transaction comes when it is committed, and not when it is rolled back") {
    if (!has_postgres()) return;
    const followed_table people;
    people.insert(1, 50);
    people.publish();
    people.must_follow();
    people.run("BEGIN; UPDATE hotich.cong_dan SET ho_ten = 'Hai Pha' WHERE stt < 10; PREPARE TRANSACTION 'a'");
    people.run("BEGIN; DELETE FROM hotich.cong_dan WHERE stt > 40; PREPARE TRANSACTION 'b'");
    people.run("UPDATE hotich.cong_dan SET ho_ten = 'Khác' WHERE stt = 20");
    people.must_follow();
    people.compare();
    people.run("COMMIT PREPARED 'a'");
    people.run("ROLLBACK PREPARED 'b'");
    people.must_follow();
    people.compare();
}

TEST_CASE("each replica identity that has the id will do") {
    if (!has_postgres()) return;
    for (const bool is_full : {false, true}) {
        CAPTURE(is_full);
        // The primary key is a number of the table's own.
        const followed_table people{shared_server(), "stt"};
        people.insert(1, 60);
        people.run("CREATE UNIQUE INDEX by_id ON hotich.cong_dan (so_cccd)");
        if (is_full) {
            people.run("ALTER TABLE hotich.cong_dan REPLICA IDENTITY FULL");
            people.run("CREATE PUBLICATION xacthuc FOR TABLE hotich.cong_dan");
        } else {
            people.publish();
            people.run("ALTER TABLE hotich.cong_dan REPLICA IDENTITY USING INDEX by_id");
        }
        people.must_follow();
        people.run("UPDATE hotich.cong_dan SET ho_ten = 'Đổi Tên' WHERE stt < 9");
        people.run("UPDATE hotich.cong_dan SET so_cccd = '001201900009' WHERE stt = 9");
        people.run("DELETE FROM hotich.cong_dan WHERE stt BETWEEN 10 AND 19");
        people.must_follow();
        people.compare();
    }
}

TEST_CASE("a long text that was not sent again is taken of the whole old row") {
    if (!has_postgres()) return;
    const followed_table people;
    people.run(
        "ALTER TABLE hotich.cong_dan REPLICA IDENTITY FULL;"
        " ALTER TABLE hotich.cong_dan ALTER ho_ten SET STORAGE EXTERNAL, ALTER ghi_chu SET STORAGE PLAIN");
    people.run("CREATE PUBLICATION xacthuc FOR TABLE hotich.cong_dan");
    // What is left of the page for the name is less than the name.
    people.run(
        "INSERT INTO hotich.cong_dan (so_cccd, ho_ten, gioi_tinh, ghi_chu)"
        " VALUES ('001201000001', repeat('Nguyen ', 28), 1, repeat('x', 7900))");
    people.must_follow();
    people.run("UPDATE hotich.cong_dan SET gioi_tinh = 2");
    people.must_follow();
    people.compare();
}

TEST_CASE("columns that are added, and other tables of the publication, change nothing") {
    if (!has_postgres()) return;
    const followed_table people;
    people.insert(1, 20);
    people.run("CREATE TABLE hotich.khac (a int PRIMARY KEY)");
    people.run("CREATE PUBLICATION xacthuc FOR TABLE hotich.cong_dan, hotich.khac");
    people.must_follow();
    people.run(
        "ALTER TABLE hotich.cong_dan ADD moi int DEFAULT 3; INSERT INTO hotich.khac VALUES (1), (2);"
        " UPDATE hotich.cong_dan SET ho_ten = 'Có Cột Mới'; TRUNCATE hotich.khac");
    people.must_follow();
    people.compare();
}

TEST_CASE("a row that cannot be read stops the register, or its citizen is left out") {
    if (!has_postgres()) return;
    const followed_table people;
    people.insert(1, 20);
    people.publish();
    people.must_follow();
    people.run("UPDATE hotich.cong_dan SET ho_ten = 'Trước Đó' WHERE stt = 1");
    people.run("UPDATE hotich.cong_dan SET tai_khoan = 'frozen' WHERE stt = 2");
    people.run("INSERT INTO hotich.cong_dan (so_cccd, ho_ten) VALUES ('00120190000x', 'Sai Số')");
    people.run("UPDATE hotich.cong_dan SET ho_ten = 'Sau Đó' WHERE stt = 3");
    const auto stopped = people.follow();
    CHECK(stopped.code == 1);
    CHECK(stopped.err.find("hotich.cong_dan: a row of the transaction") != std::string::npos);
    CHECK(stopped.err.find("column tai_khoan") != std::string::npos);
    CHECK(stopped.err.find("(the value is \"frozen\")") != std::string::npos);
    CHECK(people.follow().code == 1);
    const auto left_out = people.follow("--once --rejects bad.csv");
    CHECK(left_out.code == 3);
    people.compare("stt <> 2 AND so_cccd <> '00120190000x'");
    const auto rejects = people.place.read("bad.csv");
    CHECK(lines_of(rejects).size() == 3);
    CHECK(rejects.find("Sai") == std::string::npos);
    // Mended there, she is here again.
    people.run("UPDATE hotich.cong_dan SET tai_khoan = 'locked' WHERE stt = 2");
    people.run("UPDATE hotich.cong_dan SET so_cccd = '001201900009' WHERE so_cccd = '00120190000x'");
    people.must_follow();
    people.compare();
}

TEST_CASE("while it follows, changes are merged into snapshots, and the log is trimmed") {
    if (!has_postgres()) return;
    const followed_table people;
    people.insert(1, 500);
    people.publish();
    people.must_follow();
    people.run("UPDATE hotich.cong_dan SET ho_ten = 'Một' WHERE stt <= 100");
    const auto below = people.follow("--once --checkpoint-after 101");
    CHECK(below.code == 0);
    CHECK(below.err.find("changes merged into") == std::string::npos);
    people.run("UPDATE hotich.cong_dan SET ho_ten = 'Hai' WHERE stt <= 200");
    const auto due = people.follow("--once --checkpoint-after 300 --metrics figures.prom");
    INFO(due.err);
    CHECK(due.code == 0);
    CHECK(due.err.find("300 changes merged into ") != std::string::npos);
    people.compare();
    // The position is in the log, and a snapshot trims only changes.
    people.run("UPDATE hotich.cong_dan SET ho_ten = 'Ba' WHERE stt <= 10");
    const auto after = people.follow("--once --json --checkpoint-after 0");
    CHECK(after.out.find("\"changes\":10,") != std::string::npos);
    people.compare();
    std::filesystem::rename(people.place / "register/authority.key", people.place / "authority.key");
    const auto without = people.follow();
    CHECK(without.code == 0);
    CHECK(without.err.find("authority.key is not there, so no snapshots are made") != std::string::npos);
}

TEST_CASE("the document's example does what it says") {
    if (!has_postgres()) return;
    const postgres_server at;
    const workplace place;
    const std::string examples = XACTHUC_EXAMPLES;
    const auto run = place.shell("cp " + examples + "/follow_postgres.toml . && PGHOST=" + at.folder() +
                                 " PGUSER=postgres PGDATABASE=postgres PATH=" + postgres_server::program("") +
                                 ":$PATH " + examples + "/follow_postgres.sh");
    INFO(run.err);
    CHECK(run.code == 0);
    CHECK(run.out.find("2,,0,verified") != std::string::npos);
    CHECK(run.err.find("all of the table leaves the server") == std::string::npos);
}

TEST_SUITE_END();
