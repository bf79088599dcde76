// SPDX-License-Identifier: Apache-2.0
// Histories of a ledger in a directory: see history.hpp.
#include <xacthuc/ledger/history.hpp>

#include "ledger/ledger_rows.hpp"

namespace xacthuc::inline v0_1 {

struct ledger_history::impl {
    ledger_rows rows;
    access_history accesses;
    history_rules rules;
};

ledger_history::ledger_history(std::unique_ptr<impl> of) noexcept : impl_{std::move(of)} {}
ledger_history::ledger_history(ledger_history&&) noexcept = default;
ledger_history& ledger_history::operator=(ledger_history&&) noexcept = default;
ledger_history::~ledger_history() = default;

detailed_result<ledger_history> ledger_history::open(const std::filesystem::path& directory, history_rules rules) {
    const auto& calls = system_file_calls();
    auto rows = ledger_rows::look(calls, directory);
    if (!rows) return rows.error();
    auto accesses = access_history::open(calls, access_folder(directory));
    if (!accesses) return accesses.error();
    return ledger_history{std::make_unique<impl>(impl{std::move(*rows), std::move(*accesses), std::move(rules)})};
}

detailed_result<std::vector<history_entry>> ledger_history::of(personal_id id, history_viewer viewer,
                                                               std::int64_t now_unix_s) const {
    std::vector<history_entry> seen;
    const auto take = [&](const record_access& one) {
        const history_entry all{
            one.time_unix_s, one.agency, one.procedure, one.claims, verdict::from_bits(one.verdict_bits), one.officer};
        if (const auto shown = impl_->rules.shown(all, viewer, now_unix_s)) seen.push_back(*shown);
    };
    const auto& rows = impl_->rows;
    if (auto done = impl_->accesses.find(rows.ids.hide(id.value()), rows.rows, take); !done) return done.error();
    return seen;
}

detailed_result<std::size_t> update_histories(const std::filesystem::path& directory, std::int64_t now_unix_s) {
    const auto& calls = system_file_calls();
    const auto rows = ledger_rows::look(calls, directory);
    if (!rows) return rows.error();
    return update_accesses(calls, access_folder(directory), rows->rows, local_second::of(now_unix_s).day);
}

detailed_result<void> forget_histories(const std::filesystem::path& directory, std::string_view day) {
    const auto number = parse_day(day);
    if (!number) return failure{errc::date_syntax, std::string{day}};
    const auto& calls = system_file_calls();
    const auto rows = ledger_rows::look(calls, directory);
    if (!rows) return rows.error();
    return drop_forgotten_accesses(calls, access_folder(directory), rows->rows, *number);
}

}  // namespace xacthuc::inline v0_1
