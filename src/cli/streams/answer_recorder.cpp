// SPDX-License-Identifier: Apache-2.0
#include "cli/streams/answer_recorder.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <utility>
#include <xacthuc/ledger/history.hpp>
#include <xacthuc/registry/authority.hpp>

#include "cli/exit_code.hpp"
#include "cli/wall_clock.hpp"

namespace xacthuc::cli {
namespace {

// Between two groups: how long an answer waits for its row at most, beside the disk.
constexpr std::chrono::milliseconds between_groups{20};
constexpr std::chrono::milliseconds until_there_is_room{1};

[[nodiscard]] std::string first_line_of(const std::filesystem::path& path) {
    std::string line;
    std::ifstream file{path};
    std::getline(file, line);
    return line;
}

[[nodiscard]] note_verifier verifier_of(const std::string& name, const authority_key& key) {
    ed25519::public_key half;
    std::ranges::transform(key.public_key().bytes(), half.bytes.begin(),
                           [](std::byte each) { return static_cast<std::uint8_t>(each); });
    const auto made = note_verifier::make(name, half);
    if (!made) throw command_error{exit_code::usage, "--ledger-origin " + name + ": " + made.error().message()};
    return *made;
}

}  // namespace

ledger_options ledger_options_in(const std::filesystem::path& folder, std::string origin) {
    const auto secret = folder / "ledger.key";
    const auto given_away = folder / "ledger.vkey";
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) throw command_error{exit_code::failed, folder.string() + ": " + failed.message()};
    if (std::filesystem::exists(given_away, failed)) {
        const auto known = note_verifier::parse(first_line_of(given_away));
        if (!known) throw command_error{exit_code::not_trusted, given_away.string() + ": " + known.error().message()};
        if (!origin.empty() && origin != known->name())
            throw command_error{exit_code::usage, "--ledger-origin: this ledger is " + known->name()};
        origin = known->name();
    } else {
        if (origin.empty())
            throw command_error{exit_code::usage, "--ledger: a new ledger needs a name, by --ledger-origin"};
        (void)verifier_of(origin, authority_key::generate());  // before anything is written
        if (!std::filesystem::exists(secret, failed)) take(authority_key::generate().save(secret));
    }
    const auto key = take(authority_key::load(secret));
    const auto verifier = verifier_of(origin, key);
    if (!std::filesystem::exists(given_away, failed) && !(std::ofstream{given_away} << verifier.text() << '\n'))
        throw command_error{exit_code::failed, given_away.string() + ": cannot be written"};
    ledger_options options{.origin = origin, .verifier = verifier, .signer = [key](std::span<const std::byte> message) {
                               ed25519::signature made;
                               std::ranges::transform(key.sign(message), made.bytes.begin(),
                                                      [](std::byte each) { return static_cast<std::uint8_t>(each); });
                               return made;
                           }};
    return options;
}

answer_recorder::answer_recorder(const std::string& folder, const std::string& origin)
    : folder_{folder}, ledger_{take(ledger::open(folder, ledger_options_in(folder, origin)))}, publishing_{[this] {
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
