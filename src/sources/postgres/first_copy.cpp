// SPDX-License-Identifier: Apache-2.0
#include "sources/postgres/first_copy.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include "sources/postgres/copy_readers.hpp"

namespace xacthuc::inline v0_1::postgres {
namespace {

using sources::row_problem;
using sources::source_error;
using sources::source_fault;

constexpr std::size_t problems_told_max = 10;
// So many rows show nearly all codes at once, before anything is made. A code that is not among them stops the copy
// when it comes to it.
constexpr std::uint64_t rows_looked_at = 65'536;
// The server has other clients.
constexpr unsigned connections_max = 8;

// What is wrong with rows that may not be left out.
struct problem_list {
    std::vector<std::string> texts;
    std::uint64_t count = 0;

    void add(const row_problem& one) {
        ++count;
        auto text = one.text();
        if (texts.size() < problems_told_max && std::ranges::find(texts, text) == texts.end())
            texts.push_back(std::move(text));
    }
};

}  // namespace

first_copy::first_copy(first_copy_settings how, const sources::table_mapping& mapping)
    : how_{std::move(how)},
      mapping_{mapping},
      queries_{how_.conninfo, session::purpose::queries},
      replication_{how_.conninfo, session::purpose::replication},
      table_{examine_table(queries_, mapping, how_.publication)} {
    check_codes(queries_, mapping, table_, rows_looked_at);
}

std::uint64_t first_copy::rows_estimated() const noexcept {
    return static_cast<std::uint64_t>(table_.rows_estimated);
}

log_place first_copy::make_slot(std::string& snapshot) {
    std::filesystem::create_directories(how_.folder);
    const bool is_left_over = std::filesystem::exists(claim());
    if (has_slot(queries_, how_.slot)) {
        if (!is_left_over)
            throw source_error{source_fault::unfit, "there is a slot " + how_.slot +
                                                        " already, and it was not made for " + how_.folder.string() +
                                                        ": name another, or drop it if nobody needs it"};
        replication_.run("DROP_REPLICATION_SLOT " + replication_.quoted_name(how_.slot) + " WAIT");
    }
    std::ofstream{claim()} << how_.slot << '\n';
    log_place place;
    const auto server = identify(replication_);
    place.system = server.system;
    place.timeline = server.timeline;
    place.table = table_.oid;
    place.slot = how_.slot;
    const auto made = replication_.run("CREATE_REPLICATION_SLOT " + replication_.quoted_name(how_.slot) +
                                       " LOGICAL pgoutput EXPORT_SNAPSHOT");
    place.position = parse_position(made.text(0, 1)).value();
    snapshot = made.text(0, 2);
    return place;
}

void first_copy::drop_slot() noexcept {
    try {
        replication_.run("DROP_REPLICATION_SLOT " + replication_.quoted_name(how_.slot));
        std::filesystem::remove(claim());
    } catch (const std::exception&) {
        // The file says so to the next attempt.
    }
}

void first_copy::keep_slot() {
    std::filesystem::remove(claim());
}

copied_table first_copy::run(const digest_key& digests, index_builder& into) {
    copied_table made;
    copied_relation from;
    made.place = make_slot(from.snapshot);
    try {
        queries_.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        queries_.run("SET TRANSACTION SNAPSHOT " + queries_.quoted_text(from.snapshot));
        from.conninfo = how_.conninfo;
        from.table = queries_.quoted_name(mapping_.schema) + '.' + queries_.quoted_name(mapping_.table);
        for (const auto& one : table_.columns)
            from.columns += (from.columns.empty() ? "" : ", ") + queries_.quoted_name(one.name);
        from.pages = pages_of(queries_, table_);
        from.is_divisible = table_.has_pages;
        problem_list problems;
        const copy_readers::callbacks tell{.advance = how_.advance,
                                           .leaves_out =
                                               [&](const row_problem& why) {
                                                   if (problems.count == 0) check_all_codes();
                                                   problems.add(why);
                                                   if (how_.leaves_out) how_.leaves_out(why);
                                               },
                                           .stopped = how_.stopped};
        made.rows =
            copy_readers{from, table_.rows, digests, into, tell}.run(queries_, std::min(how_.threads, connections_max));
        queries_.run("COMMIT");
        made.left_out = problems.count;
        if (problems.count != 0 && !how_.leaves_out) {
            auto all = mapping_.full_name() + ": " + std::to_string(problems.count) + " rows cannot be read:";
            for (const auto& one : problems.texts) all += '\n' + one;
            throw source_error{source_fault::row, all};
        }
    } catch (...) {
        drop_slot();
        throw;
    }
    return made;
}

// A row that cannot be read may be the first with a code that nobody thought of. All of them are told then, and not one
// after the other.
void first_copy::check_all_codes() const {
    check_codes(session{how_.conninfo, session::purpose::queries}, mapping_, table_);
}

}  // namespace xacthuc::inline v0_1::postgres
