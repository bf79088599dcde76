// SPDX-License-Identifier: Apache-2.0
#include "sources/postgres/live_table.hpp"

#include <algorithm>
#include <array>

#include "sources/postgres/transaction_reader.hpp"

namespace xacthuc::inline v0_1::postgres {
namespace {

using sources::row_cell;
using sources::source_error;
using sources::source_fault;

constexpr int oldest_server_version = 150'000;  // lists of columns
constexpr std::size_t values_told_max = 20;
constexpr std::size_t code_sets_max = 100'000;

class table_examiner {
  public:
    table_examiner(const session& at, const sources::table_mapping& mapping, const std::string& publication)
        : at_{at}, mapping_{mapping}, publication_{publication} {}

    [[nodiscard]] live_table examine() {
        if (at_.server_version() < oldest_server_version)
            throw source_error{source_fault::unfit, "the server is older than PostgreSQL 15"};
        if (at_.run("SHOW wal_level").text(0, 0) != "logical")
            throw source_error{source_fault::unfit, "the server's wal_level is not logical"};
        find_table();
        check_publication();
        read_columns();
        check_identity();
        check_enumerations();
        if (wrong_.empty()) return std::move(made_);
        std::string all;
        for (const auto& one : wrong_) all += (all.empty() ? "" : "\n") + mapping_.full_name() + ": " + one;
        throw source_error{source_fault::unfit, all};
    }

  private:
    void find_table() {
        const auto found = at_.ask(
            "SELECT c.oid, c.relkind, greatest(c.reltuples, 0), c.relispartition, c.relreplident,"
            " a.amname = 'heap' AND pg_catalog.has_column_privilege(c.oid, 'ctid', 'SELECT')"
            " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            " LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam"
            " WHERE n.nspname = $1 AND c.relname = $2",
            {mapping_.schema, mapping_.table});
        if (found.rows() == 0) throw source_error{source_fault::unfit, "there is no table " + mapping_.full_name()};
        made_.oid = static_cast<std::uint32_t>(found.number(0, 0));
        made_.rows_estimated = static_cast<double>(found.number(0, 2));
        identity_ = found.text(0, 4).front();
        made_.has_pages = found.is_true(0, 5);
        if (found.text(0, 1) == "p" || found.is_true(0, 3))
            throw source_error{source_fault::unfit, mapping_.full_name() + ": tables in partitions cannot be followed"};
        if (found.text(0, 1) != "r") throw source_error{source_fault::unfit, mapping_.full_name() + " is no table"};
    }

    void check_publication() {
        const auto found = at_.ask(
            "SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate FROM pg_catalog.pg_publication"
            " WHERE pubname = $1",
            {publication_});
        if (found.rows() == 0) throw source_error{source_fault::unfit, "there is no publication " + publication_};
        if (!found.is_true(0, 0))
            wrong_.push_back("publication " + publication_ +
                             " leaves out some changes: it needs publish = 'insert, update, delete, truncate'");
        const auto table = at_.ask(
            "SELECT p.rowfilter IS NOT NULL FROM pg_catalog.pg_publication_tables p"
            " WHERE p.pubname = $1 AND p.schemaname = $2 AND p.tablename = $3",
            {publication_, mapping_.schema, mapping_.table});
        if (table.rows() == 0)
            throw source_error{source_fault::unfit, mapping_.full_name() + " is not in publication " + publication_};
        if (table.is_true(0, 0))
            wrong_.push_back("publication " + publication_ + " leaves out some rows: WHERE is not followed");
    }

    [[nodiscard]] bool bind(const std::vector<sources::source_column>& to) {
        const auto wrong = made_.rows.bind(mapping_, to);
        wrong_.insert(wrong_.end(), wrong.begin(), wrong.end());
        return wrong.empty();
    }

    void read_columns() {
        const auto found = at_.ask(
            "SELECT a.attname, a.atttypid, a.attgenerated <> '', a.attname = ANY(p.attnames)"
            " FROM pg_catalog.pg_attribute a, pg_catalog.pg_publication_tables p"
            " WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped"
            " AND p.pubname = $2 AND p.schemaname = $3 AND p.tablename = $4 ORDER BY a.attnum",
            {std::to_string(made_.oid), publication_, mapping_.schema, mapping_.table});
        std::vector<sources::source_column> all;
        for (std::size_t row = 0; row < found.rows(); ++row)
            all.push_back(
                {std::string{found.text(row, 0)}, form_of_type(static_cast<std::uint32_t>(found.number(row, 1)))});
        if (!bind(all)) return;
        std::vector<bool> is_taken(all.size());
        for (std::size_t k = 0; k < citizen_field_count; ++k)
            if (const auto place = made_.rows.place_of(static_cast<citizen_field>(k))) is_taken[*place] = true;
        made_.is_published_whole = true;
        for (std::size_t row = 0; row < found.rows(); ++row) {
            const auto& name = all[row].name;
            if (!found.is_true(row, 3)) made_.is_published_whole = false;
            if (!is_taken[row]) continue;
            if (found.is_true(row, 2))
                wrong_.push_back("column " + name + " is generated, and such columns are not published");
            if (!found.is_true(row, 3))
                wrong_.push_back("column " + name + " is not in the list of publication " + publication_);
            made_.columns.push_back(all[row]);
        }
        if (!bind(made_.columns)) return;
        is_bound_ = true;
        id_ = made_.rows.name_of(*made_.rows.place_of(citizen_field::id));
    }

    void check_identity() {
        if (!is_bound_) return;
        const auto unique = at_.ask(
            "SELECT 1 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a"
            " ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
            " WHERE i.indrelid = $1::oid AND a.attname = $2 AND a.attnotnull AND i.indisunique AND i.indimmediate"
            " AND i.indisvalid AND i.indnkeyatts = 1 AND i.indpred IS NULL AND i.indexprs IS NULL",
            {std::to_string(made_.oid), id_});
        if (unique.rows() == 0)
            wrong_.push_back("column " + id_ +
                             " holds the id and is not known to be unique: it has to be NOT NULL, with "
                             "a unique index of its own that is neither partial nor deferrable");
        if (identity_ == 'f') return;
        const auto is_key = at_.ask(
            "SELECT 1 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid"
            " WHERE i.indrelid = $1::oid AND a.attname = $2 AND a.attnum = ANY(i.indkey)"
            " AND CASE $3 WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END",
            {std::to_string(made_.oid), id_, std::string{identity_}});
        if (is_key.rows() == 0)
            wrong_.push_back("column " + id_ +
                             " holds the id and is not of the replica identity, so nobody would hear "
                             "whose row is removed: make it the primary key, or use ALTER TABLE … REPLICA IDENTITY");
    }

    // The labels of enumerated types are all that will ever be in their columns.
    void check_enumerations() {
        if (!is_bound_) return;
        const auto found = at_.ask(
            "SELECT a.attname, e.enumlabel FROM pg_catalog.pg_attribute a"
            " JOIN pg_catalog.pg_enum e ON e.enumtypid = a.atttypid WHERE a.attrelid = $1::oid AND NOT a.attisdropped"
            " ORDER BY a.attnum, e.enumsortorder",
            {std::to_string(made_.oid)});
        for (std::size_t row = 0; row < found.rows(); ++row)
            for (std::size_t k = 0; k < citizen_field_count; ++k) {
                const auto field = static_cast<citizen_field>(k);
                const auto place = made_.rows.place_of(field);
                if (!place || made_.rows.name_of(*place) != found.text(row, 0)) continue;
                if (const auto problem = made_.rows.check(field, {row_cell::kind::text, found.text(row, 1)}))
                    wrong_.push_back(problem->text());
            }
    }

    const session& at_;
    const sources::table_mapping& mapping_;
    const std::string& publication_;
    live_table made_;
    char identity_ = 'd';
    std::string id_;
    bool is_bound_ = false;
    std::vector<std::string> wrong_;
};

}  // namespace

live_table examine_table(const session& at, const sources::table_mapping& mapping, const std::string& publication) {
    return table_examiner{at, mapping, publication}.examine();
}

std::vector<std::string> columns_of_fields(const session& at, const sources::table_mapping& mapping) {
    const auto found = at.ask(
        "SELECT a.attname, a.atttypid FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
        " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2"
        " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        {mapping.schema, mapping.table});
    std::vector<sources::source_column> all;
    for (std::size_t row = 0; row < found.rows(); ++row)
        all.push_back(
            {std::string{found.text(row, 0)}, form_of_type(static_cast<std::uint32_t>(found.number(row, 1)))});
    if (all.empty()) throw source_error{source_fault::unfit, "there is no table " + mapping.full_name()};
    sources::row_changes rows;
    const auto wrong = rows.bind(mapping, all);
    if (!wrong.empty()) throw source_error{source_fault::unfit, mapping.full_name() + ": " + wrong.front()};
    std::vector<std::string> names;
    for (std::size_t k = 0; k < all.size(); ++k)
        for (std::size_t field = 0; field < citizen_field_count; ++field)
            if (rows.place_of(static_cast<citizen_field>(field)) == k) names.push_back(all[k].name);
    return names;
}

void check_codes(const session& at, const sources::table_mapping& mapping, const live_table& table,
                 std::uint64_t rows_max) {
    std::string list;
    std::vector<citizen_field> fields;
    for (std::size_t k = 0; k < citizen_field_count; ++k) {
        const auto field = static_cast<citizen_field>(k);
        const auto place = table.rows.place_of(field);
        if (!place || !sources::has_codes(field)) continue;
        fields.push_back(field);
        list += (list.empty() ? "" : ", ") + at.quoted_name(table.rows.name_of(*place));
    }
    if (fields.empty()) return;
    auto rows = "ONLY " + at.quoted_name(mapping.schema) + '.' + at.quoted_name(mapping.table);
    if (rows_max != 0)
        rows = "(SELECT " + list + " FROM " + rows + " LIMIT " + std::to_string(rows_max) + ") AS first_rows";
    const auto found = at.run("SELECT DISTINCT " + list + " FROM " + rows + " LIMIT " + std::to_string(code_sets_max));
    std::vector<std::string> wrong;
    for (std::size_t row = 0; row < found.rows(); ++row)
        for (std::size_t k = 0; k < fields.size(); ++k) {
            if (found.is_null(row, k)) continue;
            const auto problem = table.rows.check(fields[k], {row_cell::kind::text, found.text(row, k)});
            if (!problem) continue;
            auto text = mapping.full_name() + ": " + problem->text();
            if (std::ranges::find(wrong, text) == wrong.end()) wrong.push_back(std::move(text));
        }
    if (wrong.empty()) return;
    std::ranges::sort(wrong);
    std::string all;
    for (std::size_t k = 0; k < std::min(wrong.size(), values_told_max); ++k) all += (k == 0 ? "" : "\n") + wrong[k];
    if (wrong.size() > values_told_max) all += "\nand " + std::to_string(wrong.size() - values_told_max) + " more";
    throw source_error{source_fault::unfit, all};
}

std::uint64_t pages_of(const session& at, const live_table& table) {
    return at
        .ask("SELECT pg_catalog.pg_relation_size($1::oid::regclass) / pg_catalog.current_setting('block_size')::bigint",
             {std::to_string(table.oid)})
        .number(0, 0);
}

live_server identify(const session& replication) {
    const auto found = replication.run("IDENTIFY_SYSTEM");
    const auto position = parse_position(found.text(0, 2));
    if (!position) throw source_error{source_fault::refused, "the server does not say how far it has come"};
    return {found.number(0, 0), static_cast<std::uint32_t>(found.number(0, 1)), *position};
}

bool has_slot(const session& at, const std::string& slot) {
    return at.ask("SELECT 1 FROM pg_catalog.pg_replication_slots WHERE slot_name = $1", {slot}).rows() != 0;
}

void check_place(const session& at, const live_server& server, const log_place& place, std::uint32_t table) {
    const auto stop = [&](const std::string& why) {
        throw source_error{source_fault::broken_off, why + "; the register stays as it is of " +
                                                         position_text(place.position) +
                                                         ", and has to be made anew by a first copy"};
    };
    if (server.system != place.system)
        stop("this is another database system: " + std::to_string(server.system) + ", and the register is of " +
             std::to_string(place.system));
    if (server.timeline != place.timeline)
        stop("the server is on timeline " + std::to_string(server.timeline) + ", and the register is of timeline " +
             std::to_string(place.timeline) + ": a standby was promoted, or a backup restored");
    if (server.position < place.position)
        stop("the server's log ends at " + position_text(server.position) + ", before what the register has");
    if (table != place.table) stop("another table has the name of the one that the register was made of");
    const auto found = at.ask(
        "SELECT plugin, database = current_database(), wal_status, confirmed_flush_lsn, two_phase"
        " FROM pg_catalog.pg_replication_slots WHERE slot_name = $1",
        {place.slot});
    if (found.rows() == 0) stop("the slot " + place.slot + " is gone");
    if (found.text(0, 0) != "pgoutput" || !found.is_true(0, 1) || found.is_true(0, 4))
        stop("the slot " + place.slot + " is another one: not of pgoutput in this database, without two phases");
    if (found.text(0, 2) == "lost")
        stop("the slot " + place.slot + " has lost the log that it had to keep (max_slot_wal_keep_size)");
    const auto confirmed = parse_position(found.text(0, 3));
    if (confirmed && *confirmed > place.position)
        stop("the slot " + place.slot + " was moved on to " + std::string{found.text(0, 3)} +
             ", so that what lies between is lost to the register");
}

}  // namespace xacthuc::inline v0_1::postgres
