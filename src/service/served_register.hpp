// SPDX-License-Identifier: Apache-2.0
// The register that is asked, with the parts of its engine, and the threads that keep them: one makes what another
// process commits to the registry, one publishes the ledger.
//
//   following thread   loads the register · every 20 ms its new changes · now and then the guards' state to the disk
//   ledger's thread    publishes rows, then tells those who hold answers back for them
//   threads that ask   current(): the register in memory and its engine, which stay as long as somebody has them
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/engine/live_policy.hpp>
#include <xacthuc/guard/guards.hpp>
#include <xacthuc/ledger/ledger.hpp>
#include <xacthuc/registry/opened_register.hpp>

#include "service/call_place.hpp"
#include "service/holder_gate.hpp"
#include "service/ledger_records.hpp"
#include "service/readiness.hpp"
#include "service/settings.hpp"
#include "service/used_nonces.hpp"

namespace xacthuc::inline v0_1::service {

// A register in memory, ready to be asked.
struct register_in_use {
    register_in_use(opened_register of, const digest_key& digests, const engine_parts& parts)
        : opened{std::move(of)}, key{digests}, answers{opened.index(), parts} {}

    opened_register opened;
    digest_key key;
    engine answers;
};

// What the service tells of its own state, for its log: never of a person.
using tell_line = std::function<void(const std::string&)>;

class served_register {
  public:
    // Opens what the engine has beside the register; the register itself is loaded by start().
    [[nodiscard]] static detailed_result<std::unique_ptr<served_register>> open(const settings& of, tell_line tell);
    // Whether what open() and start() need is there and readable; opens and loads nothing that others may have.
    [[nodiscard]] static detailed_result<void> check(const settings& of);
    served_register(const served_register&) = delete;
    served_register& operator=(const served_register&) = delete;
    ~served_register();

    // Starts the threads. `failed` is called when the register cannot be loaded; `published` when rows of the ledger
    // are public, or will not be.
    void start(std::function<void(const failure&)> failed, std::function<void()> published);
    // Ends them, and saves what has to outlive the process.
    void stop();

    // The register to ask: null while it is loaded.
    // Concurrency: any thread; waits for nothing but a short lock.
    [[nodiscard]] std::shared_ptr<const register_in_use> current() const;
    // Changes when current() does.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_.load(std::memory_order_acquire); }

    // How long ago the register was last seen to have all changes of its log; of a snapshot, how old its last is.
    [[nodiscard]] std::int64_t age_ms(std::int64_t now_unix_ms) const noexcept;
    // All that keeps it from being asked; that the process ends is not known here.
    [[nodiscard]] readiness look(std::int64_t now_unix_ms, std::int64_t stale_ms) const noexcept;
    [[nodiscard]] std::uint64_t alarms() const noexcept { return alarms_.load(std::memory_order_relaxed); }

    // The ledger, where there is one.
    [[nodiscard]] const ledger* rows() const noexcept { return ledger_ ? &*ledger_ : nullptr; }

    // What is read of its folder; null where there is none.
    [[nodiscard]] ledger_records* records() noexcept { return records_ ? &*records_ : nullptr; }
    [[nodiscard]] bool has_guards() const noexcept { return guards_ != nullptr; }
    [[nodiscard]] holder_gate& holders() noexcept { return *holders_; }
    // Asks for the place of a call's rows, which is told before `published` is called for them.
    // Concurrency: any thread; waits for nothing but a short lock.
    [[nodiscard]] std::shared_ptr<const call_place> expect_place(const ledger_ticket& of);
    // The nonces of agencies' signatures.
    [[nodiscard]] used_nonces& nonces() noexcept { return *nonces_; }
    // Makes room for them, where no guards remember them, and tells from when on they are taken.
    void open_nonces(std::chrono::milliseconds max_ahead);

    // Puts a policy in force that was read anew. Errors: those of load_policy(); then the old one stays.
    [[nodiscard]] detailed_result<void> reload_policy(const settings& of);

  private:
    explicit served_register(const settings& of, tell_line tell) : settings_{of}, tell_{std::move(tell)} {}

    [[nodiscard]] detailed_result<void> load();
    void tell_of_unknown_nonces(std::int64_t for_ms);
    void follow();
    void refresh_once();
    void look_after_guards();
    void publish();
    void tell_places();
    void ask_witnesses(std::int64_t now_unix_ms);
    // Waits; false when it is time to end.
    [[nodiscard]] bool wait(std::chrono::milliseconds how_long);

    settings settings_;
    tell_line tell_;
    std::unique_ptr<live_policy> policy_;
    std::unique_ptr<guards> guards_;
    std::optional<used_nonces> nonces_;
    std::int64_t nonces_forgotten_unix_ms_ = 0;  // of the following thread
    std::optional<ledger> ledger_;
    witness_policy witnesses_;
    std::optional<ledger_records> records_;
    std::optional<holder_gate> holders_;
    std::mutex places_guard_;
    std::vector<std::shared_ptr<call_place>> places_;

    mutable std::mutex guard_;
    std::condition_variable ending_;
    bool is_ending_ = false;
    std::shared_ptr<register_in_use> current_;
    std::atomic<std::uint64_t> version_{0};
    std::atomic<std::int64_t> current_at_unix_ms_{0};
    std::atomic<bool> is_followed_{false};
    std::atomic<bool> is_ledger_stopped_{false};  // takes no rows, for whatever reason
    std::atomic<bool> has_ledger_failed_{false};  // goes on only after a start
    std::atomic<std::uint64_t> alarms_{0};
    bool is_behind_ = false;  // of the following thread
    std::int64_t guards_saved_unix_ms_ = 0;
    std::atomic<bool> is_witnessed_{true};
    std::int64_t witnesses_asked_unix_ms_ = 0;  // of the ledger's thread

    std::function<void(const failure&)> failed_;
    std::function<void()> published_;
    std::thread following_;
    std::thread publishing_;
};

}  // namespace xacthuc::inline v0_1::service
