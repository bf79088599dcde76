// SPDX-License-Identifier: Apache-2.0
#include "sources/postgres/transaction_reader.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "sources/postgres/log_place.hpp"
#include "sources/source_error.hpp"

namespace xacthuc::inline v0_1::postgres {

using sources::row_problem;
using sources::source_error;
using sources::source_fault;

// Source: pg_type.dat of PostgreSQL; the oids of built-in types never change.
sources::cell_form form_of_type(std::uint32_t type_oid) noexcept {
    switch (type_oid) {
        case 16:
            return sources::cell_form::truth;
        case 20:    // bigint
        case 21:    // smallint
        case 23:    // integer
        case 1700:  // numeric
            return sources::cell_form::whole_number;
        case 1042:
            return sources::cell_form::blank_padded;
        default:
            return sources::cell_form::text;
    }
}

transaction_reader::transaction_reader(const sources::table_mapping& mapping, const digest_key& digests,
                                       std::uint32_t table, leave_out leaves_out)
    : mapping_{mapping}, digests_{digests}, table_{table}, leaves_out_{std::move(leaves_out)} {}

void transaction_reader::stop(const std::string& why) const {
    throw source_error{source_fault::broken_off, mapping_.full_name() + ": " + why};
}

void transaction_reader::describe(const message& relation) {
    const bool has_name = relation.schema == mapping_.schema && relation.name == mapping_.table;
    if (relation.relation != table_) {
        if (has_name) stop("another table has this name now; the register was made of the one before");
        return;
    }
    if (!has_name)
        stop("the table is called " + std::string{relation.schema} + '.' + std::string{relation.name} + " now");
    std::vector<sources::source_column> columns;
    for (const auto& one : relation.columns) columns.push_back({std::string{one.name}, form_of_type(one.type)});
    const auto wrong = rows_.bind(mapping_, columns);
    if (!wrong.empty()) stop(wrong.front());
    const auto id = rows_.place_of(citizen_field::id);
    if (relation.identity != 'f' && !relation.columns[*id].is_key)
        stop("column " + rows_.name_of(*id) +
             " is not of the replica identity any more, so nobody would hear whose row "
             "is removed");
    is_described_ = true;
}

void transaction_reader::put(const message& next, std::vector<change>& into) {
    const std::span<const cell> before{next.before.data(), next.before_is == old_row::none ? 0 : next.before.size()};
    const auto problem = next.kind == message_kind::erase ? rows_.append_erase(before, into)
                                                          : rows_.append_put(before, next.after, digests_, into);
    if (!problem) return;
    if (problem->is_unchanged) stop(problem->text());
    if (!leaves_out_)
        throw source_error{source_fault::row, mapping_.full_name() + ": a row of the transaction that ends at " +
                                                  position_text(commit_position_) +
                                                  " cannot be read: " + problem->text()};
    leaves_out_(commit_position_, *problem);
    const auto was = rows_.id_of(before);
    const auto is = next.kind == message_kind::erase ? std::nullopt : rows_.id_of(next.after);
    if (was) into.push_back(change::erase(*was));
    if (is && is != was) into.push_back(change::erase(*is));
}

void transaction_reader::take_row(const message& next, std::vector<change>& into) {
    if (!is_open_) stop("a row came outside of a transaction");
    if (next.relation != table_) return;
    if (!is_described_) stop("a row came before its table was described");
    put(next, into);
}

void transaction_reader::take(const message& next, std::vector<change>& into) {
    switch (next.kind) {
        case message_kind::begin:
            if (is_open_) stop("a transaction began inside of another one");
            is_open_ = true;
            commit_position_ = next.position;
            saying_.clear();
            return;
        case message_kind::commit:
            if (!is_open_ || next.position != commit_position_) stop("a transaction ended that had not begun");
            is_open_ = false;
            end_position_ = next.end_position;
            commit_time_us_ = next.time_us;
            ++transactions_;
            if (!saying_.empty()) heard_ = saying_;
            return;
        case message_kind::relation:
            return describe(next);
        case message_kind::insert:
        case message_kind::update:
        case message_kind::erase:
            return take_row(next, into);
        case message_kind::truncate:
            if (std::ranges::find(next.relations, table_) != next.relations.end())
                stop("the table was emptied by TRUNCATE in the transaction that ends at " +
                     position_text(commit_position_) + ", which no register follows by itself");
            return;
        case message_kind::message:
            if (next.is_transactional && next.name == heartbeat_prefix) saying_ = next.content;
            return;
        case message_kind::origin:
        case message_kind::type:
            return;
    }
}

}  // namespace xacthuc::inline v0_1::postgres
