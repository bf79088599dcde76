// SPDX-License-Identifier: Apache-2.0
#include "service/served_register.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>
#include <xacthuc/policy/policy_source.hpp>
#include <xacthuc/registry/guard_folder.hpp>
#include <xacthuc/registry/key_files.hpp>
#include <xacthuc/registry/ledger_folder.hpp>

#include "service/wall_clock.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

using std::chrono::milliseconds;

// A change that another process commits is in answers after so long at most, beside the time to make it.
constexpr milliseconds between_refreshes{20};
// Between two groups of the ledger, beside the disk: how long an answer waits for its row.
constexpr milliseconds between_groups{2};
constexpr std::int64_t between_saves_ms = 30'000;
constexpr std::int64_t between_askings_ms = 1'000;  // of witnesses whose quorum is missing
constexpr std::int64_t between_forgettings_ms = 3'600'000;
constexpr std::int64_t between_seals_ms = 60'000;

[[nodiscard]] detailed_result<std::shared_ptr<const policy_table>> read_policy(const settings& of) {
    policy_source source{.path = of.policy, .root = {}, .today = policy_day_of(unix_ms_now())};
    if (!of.policy_root.empty()) {
        auto root = note_verifier::parse(of.policy_root);
        if (!root) return failure{root.error(), "root of the policy"};
        source.root = *std::move(root);
    }
    auto made = load_policy(source);
    if (!made) return made.error();
    return std::move(made->table);
}

[[nodiscard]] detailed_result<history_rules> read_history_rules(const settings& of) {
    if (of.ledger_histories.empty()) return history_rules{};
    auto read = history_rules::load(of.ledger_histories);
    if (read) return *std::move(read);
    std::string all;
    for (const auto& each : read.error()) all += (all.empty() ? "" : "\n") + each.message();
    return failure{make_error_code(errc::settings_faults), std::move(all)};
}

[[nodiscard]] key_files keys_of(const settings& of) {
    std::error_code error;
    const bool is_folder = std::filesystem::is_directory(of.register_path, error);
    return key_files{of.digest_key, {}, of.authority}.beside(is_folder ? of.register_path / "snapshot"
                                                                       : of.register_path);
}

}  // namespace

detailed_result<void> served_register::check(const settings& of) {
    std::error_code error;
    if (!std::filesystem::exists(of.register_path, error))
        return failure{make_error_code(errc::not_found), of.register_path.string()};
    const auto keys = keys_of(of);
    if (const auto trusted = authority_public_key::load(keys.authority_public); !trusted) return trusted.error();
    if (const auto digests = digest_key::load(keys.digest_key); !digests) return digests.error();
    if (const auto rules = read_history_rules(of); !rules) return rules.error();
    if (of.policy.empty()) return {};
    if (const auto table = read_policy(of); !table) return table.error();
    return {};
}

detailed_result<std::unique_ptr<served_register>> served_register::open(const settings& of, tell_line tell) {
    std::unique_ptr<served_register> made{new served_register{of, std::move(tell)}};
    if (!of.policy.empty()) {
        auto table = read_policy(of);
        if (!table) return table.error();
        made->policy_ = std::make_unique<live_policy>(*std::move(table));
    }
    if (!of.guards.empty()) {
        auto store = guards_in(of.guards);
        if (!store) return store.error();
        guards_options with;
        with.proofs.max_ahead_ms = of.signatures.max_ahead.count();
        const auto now = unix_ms_now();
        auto opened = guards::open(with, *std::move(store), now);
        if (!opened) return opened.error();
        made->guards_ = *std::move(opened);
        made->guards_saved_unix_ms_ = now;
        made->tell_of_unknown_nonces(made->guards_->proofs_refused_until_unix_ms() - now);
    }
    made->nonces_.emplace(made->guards_.get());
    if (!of.signatures.agencies.empty() || !of.ledger.empty()) made->open_nonces(of.signatures.max_ahead);
    if (!of.ledger.empty()) {
        auto with = ledger_options_in(of.ledger, of.ledger_origin);
        if (!with) return with.error();
        made->witnesses_ = with->witnesses;
        auto opened = ledger::open(of.ledger, *std::move(with));
        if (!opened) return opened.error();
        made->ledger_.emplace(*std::move(opened));
        auto rules = read_history_rules(of);
        if (!rules) return rules.error();
        auto log = ledger_verifier_in(of.ledger);
        if (!log) return log.error();
        made->records_.emplace(of.ledger, *std::move(log), *std::move(rules), made->tell_);
    }
    made->holders_.emplace(*made->nonces_, of.signatures.max_ahead.count());
    return made;
}

served_register::~served_register() {
    stop();
}

void served_register::start(std::function<void(const failure&)> failed, std::function<void()> published) {
    failed_ = std::move(failed);
    published_ = std::move(published);
    following_ = std::thread{[this] { follow(); }};
    if (ledger_) publishing_ = std::thread{[this] { publish(); }};
    if (records_) records_->start();
}

void served_register::stop() {
    {
        const std::lock_guard lock{guard_};
        is_ending_ = true;
    }
    ending_.notify_all();
    if (following_.joinable()) following_.join();
    if (publishing_.joinable()) publishing_.join();
    if (records_) records_->stop();
    if (!guards_) return;
    if (const auto closed = guards_->close(unix_ms_now()); !closed) tell_("guards: " + closed.error().message());
    guards_.reset();
}

std::shared_ptr<const register_in_use> served_register::current() const {
    const std::lock_guard lock{guard_};
    return current_;
}

std::int64_t served_register::age_ms(std::int64_t now_unix_ms) const noexcept {
    return std::max<std::int64_t>(now_unix_ms - current_at_unix_ms_.load(std::memory_order_relaxed), 0);
}

readiness served_register::look(std::int64_t now_unix_ms, std::int64_t stale_ms) const noexcept {
    readiness found;
    const bool is_stopped = is_ledger_stopped_.load(std::memory_order_relaxed);
    const bool is_witnessed = is_witnessed_.load(std::memory_order_relaxed);
    if (has_ledger_failed_.load(std::memory_order_relaxed) || (is_stopped && is_witnessed))
        found.add(not_ready::ledger_stopped);
    if (is_stopped && !is_witnessed) found.add(not_ready::not_witnessed);
    if (version() == 0) {
        found.add(not_ready::loading);
    } else if (is_followed_.load(std::memory_order_relaxed) && age_ms(now_unix_ms) > stale_ms) {
        // A snapshot is as old as it is.
        found.add(not_ready::stale);
    }
    return found;
}

detailed_result<void> served_register::reload_policy(const settings& of) {
    if (!policy_) return {};
    auto table = read_policy(of);
    if (!table) return table.error();
    policy_->replace(*std::move(table));
    return {};
}

detailed_result<void> served_register::load() {
    const auto keys = keys_of(settings_);
    const auto trusted = authority_public_key::load(keys.authority_public);
    if (!trusted) return trusted.error();
    open_registry_options how;
    how.how = open_registry_options::access::read;
    how.threads = std::max(1U, settings_.threads);
    how.digest_key_file = keys.digest_key;
    how.mark_file = settings_.mark;
    const auto begun = unix_ms_now();
    auto opened = opened_register::open(settings_.register_path, *trusted, how);
    if (!opened) return opened.error();
    const auto digests = opened->digests();
    if (!digests) return failure{make_error_code(errc::not_found), "the key that names were digested under"};
    current_at_unix_ms_ = opened->on_disk() != nullptr ? begun : opened->index().as_of().as_of_unix_ms;
    is_followed_ = opened->on_disk() != nullptr;
    const engine_parts parts{
        .policy = policy_.get(), .watch = guards_.get(), .rows = ledger_ ? &ledger_->queue() : nullptr};
    auto made = std::make_shared<register_in_use>(*std::move(opened), *digests, parts);
    const auto told = fmt::format("the register is loaded: {} citizens, sequence {}", made->opened.index().citizens(),
                                  made->opened.index().as_of().sequence);
    {
        const std::lock_guard lock{guard_};
        current_ = std::move(made);
    }
    version_.fetch_add(1, std::memory_order_release);
    // Whoever waits for these words may ask.
    tell_(told);
    return {};
}

void served_register::follow() {
    if (const auto loaded = load(); !loaded) return failed_(loaded.error());
    do {
        refresh_once();
        look_after_guards();
    } while (wait(between_refreshes));
}

void served_register::refresh_once() {
    auto* const live = current_->opened.on_disk();
    if (live == nullptr) return;
    const auto begun = unix_ms_now();
    const auto done = live->refresh();
    if (done) {
        current_at_unix_ms_.store(begun, std::memory_order_relaxed);
        if (std::exchange(is_behind_, false)) tell_("the register is followed again");
        return;
    }
    if (!std::exchange(is_behind_, true)) tell_("the register cannot be followed: " + done.error().message());
    // A checkpoint dropped what had not been read yet: the new snapshot has it.
    if (done.error().code == make_error_code(errc::changes_trimmed)) {
        if (const auto loaded = load(); !loaded)
            tell_("the register cannot be opened anew: " + loaded.error().message());
    }
}

void served_register::look_after_guards() {
    if (const auto now = unix_ms_now(); now - nonces_forgotten_unix_ms_ > between_forgettings_ms) {
        nonces_forgotten_unix_ms_ = now;
        nonces_->forget_old();
    }
    if (!guards_) return;
    for (const auto& each : guards_->take_alarms()) {
        alarms_.fetch_add(1, std::memory_order_relaxed);
        tell_(fmt::format("alarm: agency {}: {}: {}, beyond {}{}", each.agency, to_string(each.reason), each.number,
                          each.limit, each.suspended ? "; it is suspended" : ""));
    }
    const auto now = unix_ms_now();
    if (now - guards_saved_unix_ms_ < between_saves_ms) return;
    guards_saved_unix_ms_ = now;
    if (const auto saved = guards_->save(now); !saved) tell_("guards: " + saved.error().message());
}

void served_register::publish() {
    auto sealed_at = unix_ms_now();
    bool goes_on = true;
    while (goes_on) {
        goes_on = wait(between_groups);
        const auto now = unix_ms_now();
        ask_witnesses(now);
        auto done = ledger_->publish(now);
        tell_places();
        if (done && (now - sealed_at > between_seals_ms || !goes_on)) {
            sealed_at = now;
            if (const auto sealed = ledger_->seal(now); !sealed) done = sealed.error();
        }
        if (!done) {
            has_ledger_failed_ = true;
            is_ledger_stopped_ = true;
            tell_("the ledger has stopped: " + done.error().message());
            published_();
            return;
        }
        is_ledger_stopped_ = ledger_->queue().is_stopped();
        published_();
    }
}

std::shared_ptr<const call_place> served_register::expect_place(const ledger_ticket& of) {
    auto made = std::make_shared<call_place>(of);
    const std::lock_guard lock{places_guard_};
    places_.push_back(made);
    return made;
}

void served_register::tell_places() {
    std::vector<std::shared_ptr<call_place>> asked;
    {
        const std::lock_guard lock{places_guard_};
        asked.swap(places_);
    }
    std::erase_if(asked, [this](const std::shared_ptr<call_place>& each) {
        if (!ledger_->is_published(each->ticket())) return false;
        const auto found = ledger_->place(each->ticket(), 0);
        each->tell(found ? std::optional{*found} : std::nullopt);
        return true;
    });
    if (asked.empty()) return;
    const std::lock_guard lock{places_guard_};
    places_.insert(places_.end(), asked.begin(), asked.end());
}

// As long as their quorum is missing, the ledger takes no rows, and they are asked again and again.
void served_register::ask_witnesses(std::int64_t now_unix_ms) {
    if (witnesses_.quorum == 0 || now_unix_ms < witnesses_asked_unix_ms_) return;
    const auto asked = ledger_->ask_witnesses(now_unix_ms);
    const bool is_witnessed = asked && ledger_->is_witnessed(now_unix_ms);
    witnesses_asked_unix_ms_ =
        now_unix_ms + (is_witnessed ? witnesses_.staleness_max.count() * 1000 / 4 : between_askings_ms);
    // Before it is told: whoever waits for these words may look, and is not to see a witnessed ledger that has stopped.
    if (is_witnessed) is_ledger_stopped_ = ledger_->queue().is_stopped();
    const bool was_witnessed = is_witnessed_.exchange(is_witnessed);
    if (!is_witnessed) is_ledger_stopped_ = ledger_->queue().is_stopped();
    if (was_witnessed == is_witnessed) return;
    if (is_witnessed) return tell_("the ledger is witnessed");
    tell_("the ledger is not witnessed, and nothing is answered");
    if (asked)
        for (const auto& each : *asked) tell_("witness: " + each.message());
}

void served_register::open_nonces(milliseconds max_ahead) {
    if (nonces_->open(unix_ms_now(), max_ahead.count())) tell_of_unknown_nonces(max_ahead.count());
}

// Where all are known, the time is over.
void served_register::tell_of_unknown_nonces(std::int64_t for_ms) {
    if (for_ms < 0) return;
    tell_(
        fmt::format("it is not known which signatures were used before this start: what is signed is taken in {} s, "
                    "and until then refused (1515)",
                    (for_ms + 999) / 1000));
}

bool served_register::wait(milliseconds how_long) {
    std::unique_lock lock{guard_};
    return !ending_.wait_for(lock, how_long, [this] { return is_ending_; });
}

}  // namespace xacthuc::inline v0_1::service
