// SPDX-License-Identifier: Apache-2.0
#include "cli/streams/answer_recorder.hpp"

#include <chrono>
#include <filesystem>
#include <utility>
#include <xacthuc/ledger/history.hpp>
#include <xacthuc/registry/ledger_folder.hpp>

#include "cli/exit_code.hpp"
#include "cli/wall_clock.hpp"

namespace xacthuc::cli {
namespace {

// Between two groups: how long an answer waits for its row at most, beside the disk.
constexpr std::chrono::milliseconds between_groups{20};
constexpr std::chrono::milliseconds until_there_is_room{1};

}  // namespace

ledger_options ledger_of(const std::filesystem::path& folder, std::string origin) {
    auto made = ledger_options_in(folder, std::move(origin));
    if (made) return *std::move(made);
    const auto& why = made.error();
    if (why.code == make_error_code(errc::note_name))
        throw command_error{exit_code::usage, "--ledger-origin: " + why.message()};
    if (why.code == make_error_code(errc::note_key)) throw command_error{exit_code::not_trusted, why.context};
    throw error_of(why);
}

answer_recorder::answer_recorder(const std::string& folder, const std::string& origin)
    : folder_{folder}, ledger_{take(ledger::open(folder, ledger_of(folder, origin)))}, publishing_{[this] {
          publish_until_ended();
      }} {}

answer_recorder::~answer_recorder() {
    is_ending_ = true;
    if (publishing_.joinable()) publishing_.join();
}

void answer_recorder::publish_until_ended() {
    while (!is_ending_) {
        if (const auto done = ledger_->publish(unix_ms_now()); !done) {
            const std::lock_guard lock{guard_};
            failed_ = done.error();
            return;
        }
        std::this_thread::sleep_for(between_groups);
    }
}

void answer_recorder::fail() const {
    const std::lock_guard lock{guard_};
    throw command_error{exit_code::failed, "ledger: " + (failed_ ? failed_->message() : std::string{"it has stopped"})};
}

freshness answer_recorder::answer(const engine& answers, request_batch asked, std::span<verdict> verdicts, bool waits) {
    std::optional<ledger_ticket> ticket;
    asked.ticket = &ticket;
    for (;;) {
        const auto as_of = answers.answer(asked, verdicts);
        if (ticket) {
            if (waits && !ledger_->wait(*ticket)) fail();
            return as_of;
        }
        if (verdicts.empty() || verdicts.front().outcome() != outcome::ledger_full) fail();
        std::this_thread::sleep_for(until_there_is_room);
    }
}

void answer_recorder::end() {
    is_ending_ = true;
    publishing_.join();
    {
        const std::lock_guard lock{guard_};
        if (failed_) throw command_error{exit_code::failed, "ledger: " + failed_->message()};
    }
    take(ledger_->publish(unix_ms_now()));
    (void)take(ledger_->seal(unix_ms_now()));
    (void)take(update_histories(folder_, unix_ms_now() / 1000));
}

}  // namespace xacthuc::cli
