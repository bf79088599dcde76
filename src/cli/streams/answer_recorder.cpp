// SPDX-License-Identifier: Apache-2.0
#include "cli/streams/answer_recorder.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>
#include <xacthuc/ledger/history.hpp>
#include <xacthuc/registry/ledger_folder.hpp>

#include "cli/exit_code.hpp"
#include "cli/output/telling.hpp"
#include "cli/wall_clock.hpp"

namespace xacthuc::cli {
namespace {

[[nodiscard]] command_error error_of_opening(const failure& why, const recorder_options& from) {
    if (why.code == errc::note_name && from.origin.empty())
        return {exit_code::usage, "--ledger: there is no ledger in " + from.folder +
                                      " yet; give it a name, such as --ledger-origin example.vn/ledger"};
    if (why.code == errc::note_name)
        return {exit_code::usage, "--ledger-origin " + from.origin +
                                      ": not a name for a ledger, which has no blanks and no plus: such as "
                                      "example.vn/ledger"};
    if (why.code == errc::ledger_mismatch) return {exit_code::usage, "--ledger-origin: " + why.context};
    if (why.code == errc::settings_faults) return {exit_code::usage, "--ledger: " + why.message()};
    return error_of(why);
}

[[nodiscard]] ledger_options options_of(const recorder_options& from) {
    auto options = ledger_options_in(from.folder, from.origin);
    if (!options) throw error_of_opening(options.error(), from);
    if (from.witnesses.empty()) return *std::move(options);
    auto read = witness_policy::load(from.witnesses);
    if (!read) throw command_error{exit_code::usage, failure_of_faults(read.error(), errc::settings_faults).message()};
    options->witnesses = *std::move(read);
    return *std::move(options);
}

}  // namespace

ledger open_ledger(const std::string& folder) {
    return take(ledger::open(folder, options_of({.folder = folder, .origin = {}, .witnesses = {}})));
}

// Braces are read in their order: whether it is there is asked first.
answer_recorder::answer_recorder(const recorder_options& from)
    : answer_recorder{from.folder, !ledger_verifier_in(from.folder), options_of(from)} {}

answer_recorder::answer_recorder(const std::filesystem::path& folder, bool is_new, ledger_options with)
    : folder_{folder}, is_new_{is_new}, policy_{with.witnesses}, ledger_{take(ledger::open(folder, std::move(with)))} {
    ask_witnesses(false);
    take(ledger_.publish(unix_ms_now()));
}

void answer_recorder::ask_witnesses(bool is_urgent) {
    if (policy_.quorum == 0) return;
    const auto now = unix_ms_now();
    auto due = ask_at_unix_ms_.load();
    const auto next = now + policy_.staleness_max.count() * 1000 / 4;
    // One thread asks, and the others go on.
    if (!is_urgent && (now < due || !ask_at_unix_ms_.compare_exchange_strong(due, next))) return;
    ledger_.with([&](ledger& on) {
        refusals_.clear();
        for (const auto& each : take(on.ask_witnesses(now))) refusals_ += "; " + each.context;
    });
}

void answer_recorder::fail() {
    take(ledger_.publish(unix_ms_now()));  // which says why, when the ledger has failed
    throw command_error{
        exit_code::failed,
        fmt::format(
            "ledger: nothing is answered, because fewer than {} of {} witnesses have cosigned it in the last {} "
            "seconds{}",
            policy_.quorum, policy_.witnesses.size(), policy_.staleness_max.count(), refusals_)};
}

freshness answer_recorder::answer(const engine& answers, request_batch asked, std::span<verdict> verdicts,
                                  std::optional<ledger_place>& place) {
    place.reset();
    if (verdicts.empty()) return answers.answer(asked, verdicts);
    ask_witnesses(false);
    std::optional<ledger_ticket> ticket;
    asked.ticket = &ticket;
    for (bool has_asked = false;;) {
        const auto as_of = answers.answer(asked, verdicts);
        if (ticket) {
            take(ledger_.settle(*ticket, unix_ms_now()));
            const auto found = ledger_.with([&](const ledger& on) { return on.place(*ticket, 0); });
            if (found) place = *found;
            return as_of;
        }
        const auto what = verdicts.front().outcome();
        if (what == outcome::ledger_full) {
            take(ledger_.gather(unix_ms_now()));
            std::this_thread::yield();
        } else if (what != outcome::ledger_stopped) {
            return as_of;
        } else {
            if (has_asked) fail();
            ask_witnesses(true);
            has_asked = true;
        }
    }
}

void answer_recorder::end() {
    take(ledger_.publish(unix_ms_now()));
    ask_witnesses(true);
    (void)ledger_.with([](ledger& on) { return take(on.seal(unix_ms_now())); });
    (void)take(update_histories(folder_, unix_ms_now() / 1000));
}

std::string answer_recorder::origin() {
    return ledger_.with([](const ledger& on) { return on.head().origin; });
}

std::uint64_t answer_recorder::entries() {
    return ledger_.with([](const ledger& on) { return on.head().size; });
}

}  // namespace xacthuc::cli
