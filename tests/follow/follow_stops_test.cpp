// SPDX-License-Identifier: Apache-2.0
// What no register can follow stops it, with the reason and the names in it; what was committed before is in it, and
// another attempt stops in the same way.
#include <doctest/doctest.h>

#include <string>

#include "follow/followed_table.hpp"

using namespace xacthuc_test;

namespace {

void must_stop(const followed_table& people, int code, const std::string& why) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto run = people.follow();
        INFO(run.err);
        CHECK(run.code == code);
        CHECK(run.err.find(why) != std::string::npos);
    }
}

// A register that has caught up, and one more transaction that it has to take before it stops.
void begin(const followed_table& people, const std::string& publication = {}) {
    people.insert(1, 30);
    if (publication.empty())
        people.publish();
    else
        people.run(publication);
    people.must_follow();
    people.run("UPDATE hotich.cong_dan SET ho_ten = 'Trước Đó' WHERE so_cccd = '001201000001'");
}

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE("TRUNCATE stops a register") {
    if (!has_postgres()) return;
    const followed_table people;
    begin(people);
    people.run("CREATE TABLE public.kept AS SELECT * FROM hotich.cong_dan; TRUNCATE hotich.cong_dan");
    must_stop(people, 5, "hotich.cong_dan: the table was emptied by TRUNCATE");
    people.run("INSERT INTO hotich.cong_dan SELECT * FROM public.kept");
    people.compare();
}

TEST_CASE("a lost column stops a register") {
    if (!has_postgres()) return;
    const followed_table people;
    begin(people, "CREATE PUBLICATION xacthuc FOR TABLE hotich.cong_dan");
    people.run(
        "CREATE TABLE public.kept AS SELECT * FROM hotich.cong_dan;"
        " ALTER TABLE hotich.cong_dan DROP tai_khoan; UPDATE hotich.cong_dan SET ho_ten = 'Sau Đó'");
    // At the start, where the table is looked at.
    must_stop(people, 2, "hotich.cong_dan: column tai_khoan is not there, and is to hold account");
    // It was there again too late: rows were written without it.
    people.run("ALTER TABLE hotich.cong_dan ADD tai_khoan varchar(20)");
    must_stop(people, 5, "hotich.cong_dan: column tai_khoan is not there");
    people.run(
        "UPDATE hotich.cong_dan c SET ho_ten = k.ho_ten, tai_khoan = k.tai_khoan FROM public.kept k WHERE k.stt = "
        "c.stt");
    people.compare();
}

TEST_CASE("a long text that was not sent stops a register, by its column's name") {
    if (!has_postgres()) return;
    const followed_table people;
    people.run("ALTER TABLE hotich.cong_dan ALTER ho_ten SET STORAGE EXTERNAL, ALTER ghi_chu SET STORAGE PLAIN");
    people.run(
        "INSERT INTO hotich.cong_dan (so_cccd, ho_ten, gioi_tinh, ghi_chu)"
        " VALUES ('001201900001', repeat('Nguyen ', 28), 1, repeat('x', 7900))");
    begin(people);
    people.run("UPDATE hotich.cong_dan SET gioi_tinh = 2 WHERE so_cccd = '001201900001'");
    must_stop(people, 5, "hotich.cong_dan: column ho_ten: the value lies outside of its row and was not sent");
    people.run("UPDATE hotich.cong_dan SET gioi_tinh = 1 WHERE so_cccd = '001201900001'");
    people.compare();
}

TEST_CASE("a table that was renamed, or replaced by another, stops a register") {
    if (!has_postgres()) return;
    const followed_table people;
    begin(people);
    people.run(
        "ALTER TABLE hotich.cong_dan RENAME TO cu; CREATE TABLE hotich.cong_dan (LIKE hotich.cu INCLUDING ALL);"
        " ALTER PUBLICATION xacthuc ADD TABLE hotich.cong_dan");
    must_stop(people, 5, "another table has the name");
}

TEST_CASE("a slot that is gone, was moved on, or has lost its log stops a register") {
    if (!has_postgres()) return;
    const postgres_server at{"-c max_slot_wal_keep_size=1MB -c min_wal_size=32MB -c max_wal_size=32MB"};
    {
        const followed_table people{at};
        begin(people);
        people.run("SELECT pg_replication_slot_advance('" + people.slot() + "', pg_current_wal_lsn())");
        must_stop(people, 5, "the slot " + people.slot() + " was moved on to ");
        people.run("SELECT pg_drop_replication_slot('" + people.slot() + "')");
        must_stop(people, 5, "the slot " + people.slot() + " is gone");
        people.run("SELECT pg_create_logical_replication_slot('" + people.slot() + "', 'test_decoding')");
        must_stop(people, 5, "the slot " + people.slot() + " is another one");
        people.run("SELECT pg_drop_replication_slot('" + people.slot() + "')");
    }
    const followed_table people{at};
    begin(people);
    for (int k = 0; k < 5; ++k)
        people.run("CREATE TABLE public.waste AS SELECT 1 FROM generate_series(1, 10000); DROP TABLE public.waste");
    for (int k = 0; k < 4; ++k) people.run("SELECT pg_switch_wal()");
    people.run("CHECKPOINT");
    must_stop(people, 5, "the slot " + people.slot() + " has lost the log that it had to keep");
}

TEST_CASE("another server, and a standby that was promoted, stop a register") {
    if (!has_postgres()) return;
    const postgres_server at;
    const followed_table people{at};
    begin(people);
    {
        const postgres_server other;
        const followed_table there{other};
        there.insert(1, 3);
        there.publish();
        const auto run =
            people.place.shell("xacthuc follow-postgres register --conninfo '" + there.conninfo() +
                               "' --mapping map.toml --publication xacthuc --slot " + people.slot() + " --once");
        INFO(run.err);
        CHECK(run.code == 5);
        CHECK(run.err.find("this is another database system") != std::string::npos);
    }
    // In place of a standby: the same files, promoted to a new timeline.
    at.stop("fast");
    postgres_server::run("touch '" + at.data() + "/standby.signal'");
    at.start();
    postgres_server::run(at.as() + postgres_server::program("pg_ctl") + " -D '" + at.data() + "' -w promote");
    must_stop(people, 5, "the server is on timeline 2, and the register is of timeline 1");
}

TEST_CASE("what does not fit is told before anything is made, with table, column and value") {
    if (!has_postgres()) return;
    const followed_table people;
    people.insert(1, 10);
    must_stop(people, 2, "there is no publication xacthuc");
    people.run("CREATE PUBLICATION xacthuc");
    must_stop(people, 2, "hotich.cong_dan is not in publication xacthuc");
    people.run(
        "ALTER PUBLICATION xacthuc ADD TABLE hotich.cong_dan (so_cccd, ho_ten, tai_khoan);"
        " ALTER PUBLICATION xacthuc SET (publish = 'insert')");
    must_stop(people, 2, "hotich.cong_dan: column gioi_tinh is not in the list of publication xacthuc");
    must_stop(people, 2, "leaves out some changes");
    people.run("DROP PUBLICATION xacthuc; CREATE PUBLICATION xacthuc FOR TABLE hotich.cong_dan WHERE (stt > 3)");
    must_stop(people, 2, "leaves out some rows");
    people.run(
        "DROP PUBLICATION xacthuc; CREATE PUBLICATION xacthuc FOR TABLE hotich.cong_dan;"
        " UPDATE hotich.cong_dan SET tai_khoan = 'frozen', gioi_tinh = 7 WHERE stt = 3;"
        " ALTER TYPE hotich.song ADD VALUE 'mat_tich'");
    must_stop(
        people, 2,
        "hotich.cong_dan: column tinh_trang_song: the mapping has no word for a value (the value is \"mat_tich\")");
    people.place.write("map.toml",
                       "table = \"hotich.cong_dan\"\n[columns]\naccount = \"tai_khoan\"\nlife = false\n[values.sex]\n1 "
                       "= \"nam\"\n2 = \"nữ\"\n");
    must_stop(people, 2, "hotich.cong_dan: column tai_khoan: ");
    must_stop(people, 2, "(the value is \"frozen\")");
    must_stop(people, 2, "hotich.cong_dan: column gioi_tinh: the mapping has no word for a value (the value is \"7\")");
    people.run("ALTER TABLE hotich.cong_dan REPLICA IDENTITY NOTHING");
    must_stop(people, 2, "column so_cccd holds the id and is not of the replica identity");
    people.run("ALTER TABLE hotich.cong_dan DROP CONSTRAINT cong_dan_pkey, REPLICA IDENTITY FULL");
    must_stop(people, 2, "column so_cccd holds the id and is not known to be unique");
    CHECK(people.ask("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + people.slot() + "'") == "0");
    CHECK_FALSE(people.place.has("register/first-copy"));
}

TEST_CASE("a slot of somebody else is left alone, and one of a first copy that was cut short is not") {
    if (!has_postgres()) return;
    const followed_table people;
    people.insert(1, 10);
    people.publish();
    people.run("SELECT pg_create_logical_replication_slot('" + people.slot() + "', 'pgoutput')");
    must_stop(people, 2, "there is a slot " + people.slot() + " already");
    REQUIRE(people.place.shell("mkdir -p register && echo > register/first-copy").code == 0);
    people.must_follow();
    people.compare();
    CHECK_FALSE(people.place.has("register/first-copy"));
    const auto other = people.place.shell("xacthuc follow-postgres register --conninfo '" + people.conninfo() +
                                          "' --mapping map.toml --publication xacthuc --slot another --once");
    CHECK(other.code == 5);
    CHECK(other.err.find("the register follows the slot " + people.slot()) != std::string::npos);
    const auto unreachable = people.place.shell(
        "xacthuc follow-postgres register --conninfo 'host=/nowhere'"
        " --mapping map.toml --publication xacthuc --slot " +
        people.slot());
    CHECK(unreachable.code == 1);
}

TEST_SUITE_END();
