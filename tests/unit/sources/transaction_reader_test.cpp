// SPDX-License-Identifier: Apache-2.0
// Transactions become changes in their order; what comes out of order, or is no more the table that was copied, stops.
#include "sources/postgres/transaction_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sources/source_error.hpp"

using namespace xacthuc;
namespace pg = xacthuc::postgres;

namespace {

constexpr std::uint32_t table_oid = 77;

struct feed {
    sources::table_mapping mapping = sources::parse_mapping("table = 's.t'", "").value();
    digest_key key = digest_key::generate();
    pg::transaction_reader reader{mapping, key, table_oid};
    std::vector<change> changes;

    void take(const pg::message& one) { reader.take(one, changes); }
    void begin(std::uint64_t at) {
        pg::message m;
        m.position = at;
        take(m);
    }
    void commit(std::uint64_t at) {
        pg::message m;
        m.kind = pg::message_kind::commit;
        m.position = at;
        m.end_position = at + 8;
        m.time_us = 5;
        take(m);
    }
    void describe(std::uint32_t oid = table_oid, std::string_view name = "t", bool has_key = true,
                  std::string_view id = "id") {
        pg::message m;
        m.kind = pg::message_kind::relation;
        m.relation = oid;
        m.schema = "s";
        m.name = name;
        m.identity = 'd';
        m.columns = {{has_key, id, 25, -1}, {false, "sex", 25, -1}};
        take(m);
    }
    void insert(std::string_view id, std::string_view sex, std::uint32_t oid = table_oid) {
        pg::message m;
        m.kind = pg::message_kind::insert;
        m.relation = oid;
        m.after = {{pg::cell::kind::text, id}, {pg::cell::kind::text, sex}};
        take(m);
    }
    void truncate(std::uint32_t oid) {
        pg::message m;
        m.kind = pg::message_kind::truncate;
        m.relations = {oid};
        take(m);
    }
    // The fault that a call stops with; the words "none" where it does not.
    template <class Call>
    [[nodiscard]] std::string fault_of(const Call& call) {
        try {
            call();
        } catch (const sources::source_error& why) {
            return std::string{to_string(why.kind())} + ": " + why.what();
        }
        return "none";
    }
};

}  // namespace

TEST_CASE("a transaction's changes come before its end, and other tables' do not") {
    feed f;
    f.begin(100);
    f.describe();
    f.describe(5, "other", false, "x");
    f.insert("001201000001", "nam");
    f.insert("not an id", "nam", 5);
    f.truncate(5);
    CHECK(f.reader.is_in_transaction());
    CHECK(f.reader.end_position() == 0);
    f.commit(100);
    CHECK(f.reader.end_position() == 108);
    CHECK(f.reader.commit_time_us() == 5);
    CHECK(f.changes.size() == 1);
    f.begin(200);
    f.insert("001201000002", "nữ");
    f.commit(200);
    CHECK(f.changes.size() == 2);
    CHECK(f.reader.transactions() == 2);
}

TEST_CASE("a heartbeat is heard when its transaction has ended, and only of our own prefix") {
    feed f;
    const auto say = [&](std::string_view prefix, std::string_view what, bool is_transactional) {
        pg::message m;
        m.kind = pg::message_kind::message;
        m.name = prefix;
        m.content = what;
        m.is_transactional = is_transactional;
        f.take(m);
    };
    say("xacthuc", "a", false);
    f.begin(1);
    say("xacthuc", "b", true);
    say("other", "c", true);
    CHECK(f.reader.heard().empty());
    f.commit(1);
    CHECK(f.reader.heard() == "b");
}

TEST_CASE("messages out of order stop") {
    feed f;
    CHECK(f.fault_of([&] { f.commit(1); }).find("broken_off: s.t: a transaction ended") == 0);
    f.begin(1);
    CHECK(f.fault_of([&] { f.begin(2); }).find("broken_off") == 0);
    CHECK(f.fault_of([&] { f.insert("001201000001", "nam"); }).find("broken_off: s.t: a row came before") == 0);
    CHECK(f.fault_of([&] { f.commit(3); }).find("broken_off") == 0);
    feed g;
    g.describe();
    CHECK(g.fault_of([&] { g.insert("001201000001", "nam"); }).find("broken_off: s.t: a row came outside") == 0);
}

TEST_CASE(
    "a table that is no more the one that was copied stops, and a row that cannot be read is an error or left out") {
    feed f;
    CHECK(f.fault_of([&] { f.describe(table_oid, "renamed"); }).find("the table is called s.renamed now") !=
          std::string::npos);
    CHECK(f.fault_of([&] { f.describe(5, "t"); }).find("another table has this name") != std::string::npos);
    CHECK(f.fault_of([&] { f.describe(table_oid, "t", false); }).find("not of the replica identity") !=
          std::string::npos);
    CHECK(f.fault_of([&] { f.describe(table_oid, "t", true, "x"); }).find("no column is called as the id") !=
          std::string::npos);
    f.describe();
    f.begin(1);
    CHECK(f.fault_of([&] { f.truncate(table_oid); }).find("TRUNCATE") != std::string::npos);
    CHECK(f.fault_of([&] {
               f.insert("001201000001", "z");
           }).find("row: s.t: a row of the transaction that ends at 0/1") == 0);
    feed g;
    int told = 0;
    pg::transaction_reader lenient{g.mapping, g.key, table_oid, [&](auto, const auto&) { ++told; }};
    pg::message m;
    m.kind = pg::message_kind::relation;
    m.relation = table_oid;
    m.schema = "s";
    m.name = "t";
    m.identity = 'f';
    m.columns = {{true, "id", 25, -1}, {true, "sex", 25, -1}};
    lenient.take(m, g.changes);
    m.kind = pg::message_kind::begin;
    lenient.take(m, g.changes);
    m.kind = pg::message_kind::insert;
    m.after = {{pg::cell::kind::text, "001201000001"}, {pg::cell::kind::text, "z"}};
    lenient.take(m, g.changes);
    m.after = {{pg::cell::kind::text, "1"}, {pg::cell::kind::text, "nam"}};
    lenient.take(m, g.changes);
    CHECK(told == 2);
    CHECK(g.changes == std::vector{change::erase(personal_id::parse("001201000001").value())});
}
