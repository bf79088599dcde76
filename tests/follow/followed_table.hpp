// SPDX-License-Identifier: Apache-2.0
// A table of citizens on a server, a register that follows it, and the comparison of every citizen of the two.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/registry/authority.hpp>
#include <xacthuc/registry/registry.hpp>

#include "cli/command.hpp"
#include "follow/postgres_server.hpp"

namespace xacthuc_test {

using namespace xacthuc;

// One for all the cases of a program, each of which has a database of its own.
[[nodiscard]] inline const postgres_server& shared_server() {
    static const postgres_server one;
    return one;
}

inline constexpr std::string_view people_mapping = R"(table = "hotich.cong_dan"
[columns]
account = "tai_khoan"
[values.sex]
1 = "nam"
2 = "nữ"
[values.life]
song = "alive"
chet = "deceased"
[values.document_expiry]
infinity = "Không thời hạn"
)";

// What the columns say in our words, told by the server itself and not by the mapping.
inline constexpr std::string_view people_columns =
    "so_cccd, ho_ten, ngay_sinh::text, CASE gioi_tinh WHEN 1 THEN 'male' WHEN 2 THEN 'female' END,"
    " CASE tinh_trang_song::text WHEN 'song' THEN 'alive' WHEN 'chet' THEN 'deceased' END,"
    " tai_khoan, CASE WHEN ngay_het_han = 'infinity' THEN 'lifelong' ELSE ngay_het_han::text END, ma_tinh::text,"
    " CASE WHEN da_thay_so THEN 'yes' ELSE 'no' END";
inline constexpr citizen_field people_fields[] = {
    citizen_field::id,        citizen_field::name,    citizen_field::birth_date,      citizen_field::sex,
    citizen_field::life,      citizen_field::account, citizen_field::document_expiry, citizen_field::province,
    citizen_field::superseded};

class followed_table {
  public:
    // `key` is the primary key, and so the replica identity.
    explicit followed_table(const postgres_server& at = shared_server(), const std::string& key = "so_cccd")
        : at_{at}, database_{"case_" + std::to_string(next_++)} {
        pg::session{at.conninfo(), pg::session::purpose::queries}.run("CREATE DATABASE " + database_);
        run("CREATE SCHEMA hotich");
        run("CREATE TYPE hotich.song AS ENUM ('song', 'chet')");
        run("CREATE TABLE hotich.cong_dan (stt bigserial, so_cccd text NOT NULL, ho_ten text, ngay_sinh date,"
            " gioi_tinh smallint, tinh_trang_song hotich.song, tai_khoan varchar(20), ngay_het_han date,"
            " ma_tinh smallint, da_thay_so boolean, ghi_chu text, PRIMARY KEY (" +
            key + "))");
        place.write("map.toml", people_mapping);
    }
    followed_table(const followed_table&) = delete;

    // SQL that is right, in a session of its own.
    void run(const std::string& command) const { pg::session{conninfo(), pg::session::purpose::queries}.run(command); }
    [[nodiscard]] std::string ask(const std::string& command) const {
        const pg::session at{conninfo(), pg::session::purpose::queries};
        return std::string{at.run(command).text(0, 0)};
    }
    void publish() const {
        run("CREATE PUBLICATION xacthuc FOR TABLE hotich.cong_dan (so_cccd, ho_ten, ngay_sinh, gioi_tinh, "
            "tinh_trang_song,"
            " tai_khoan, ngay_het_han, ma_tinh, da_thay_so)");
    }
    void insert(std::uint64_t from, std::uint64_t to) const {
        run("INSERT INTO hotich.cong_dan (so_cccd, ho_ten, ngay_sinh, gioi_tinh, tinh_trang_song, tai_khoan,"
            " ngay_het_han, ma_tinh, da_thay_so) SELECT lpad((1201000000 + i)::text, 12, '0'),"
            " CASE WHEN i % 11 = 0 THEN NULL ELSE 'Nguyễn Thị ' || chr(65 + (i % 26)::int) END,"
            " CASE WHEN i % 7 = 0 THEN NULL ELSE date '1950-01-01' + (i % 20000)::int END, 1 + i % 2,"
            " CASE i % 3 WHEN 0 THEN 'song' WHEN 1 THEN 'chet' END::hotich.song,"
            " CASE WHEN i % 5 = 0 THEN 'Active' ELSE 'locked' END,"
            " CASE WHEN i % 13 = 0 THEN 'infinity' ELSE date '2030-01-01' + (i % 300)::int END, 1, i % 17 = 0"
            " FROM generate_series(" +
            std::to_string(from) + ", " + std::to_string(to) + ") i");
    }

    [[nodiscard]] std::string conninfo() const { return at_.conninfo(database_); }
    [[nodiscard]] const std::string& database() const noexcept { return database_; }
    [[nodiscard]] std::string slot() const { return database_ + "_slot"; }
    [[nodiscard]] const postgres_server& server() const noexcept { return at_; }
    [[nodiscard]] std::string command(const std::string& more) const {
        return "xacthuc follow-postgres register --conninfo '" + conninfo() +
               "' --mapping map.toml --publication xacthuc --slot " + slot() + " --threads 2 " + more;
    }
    [[nodiscard]] outcome_of_run follow(const std::string& more = "--once") const { return place.shell(command(more)); }
    void must_follow() const {
        const auto run = follow();
        INFO(run.err);
        REQUIRE(run.code == 0);
    }

    // That both have the same citizens, and each is the same. `where` is a condition on the table's rows.
    void compare(const std::string& where = "true") const {
        const auto trusted = authority_public_key::load(place / "register/authority.pub").value();
        open_registry_options how;
        how.how = open_registry_options::access::read;
        const auto here = registry::open(place / "register", trusted, how).value();
        const pg::session at{conninfo(), pg::session::purpose::queries};
        const auto there = at.run("SELECT " + std::string{people_columns} + " FROM hotich.cong_dan WHERE " + where);
        CHECK(here.index().citizens() == there.rows());
        std::uint64_t differ = 0;
        for (std::size_t row = 0; row < there.rows(); ++row) differ += is_same(here, there, row) ? 0 : 1;
        CHECK(differ == 0);
    }

    workplace place;

  private:
    [[nodiscard]] static bool is_same(const registry& here, const pg::answer& there, std::size_t row) {
        citizen who;
        for (std::size_t k = 0; k < std::size(people_fields); ++k)
            if (!set_field(people_fields[k], there.text(row, k), who)) return false;
        const auto wanted = make_record(who, here.digests()).value();
        const auto found = here.index().find(who.id);
        if (!found || !*found) return false;
        const auto facts_of = [](const record& r) { return r.words[3] & ~layout::integrity.mask(); };
        return wanted.words[1] == (*found)->words[1] && wanted.words[2] == (*found)->words[2] &&
               facts_of(wanted) == facts_of(**found);
    }

    static inline std::atomic<int> next_{0};
    const postgres_server& at_;
    std::string database_;
};

}  // namespace xacthuc_test
