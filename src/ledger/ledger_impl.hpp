// SPDX-License-Identifier: Apache-2.0
// What a ledger is made of, and how a test opens one by other system calls.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>
#include <xacthuc/ledger/ledger.hpp>

#include "files/file.hpp"
#include "ledger/group_builder.hpp"
#include "ledger/row_store.hpp"
#include "ledger/tile_log.hpp"

namespace xacthuc::inline v0_1 {

struct ledger::impl {
    // Requires: the calls outlive the ledger.
    [[nodiscard]] static detailed_result<ledger> open(const file_calls& calls, const std::filesystem::path& directory,
                                                      ledger_options options);

    impl(ledger_options with, tile_log of, row_store in);

    [[nodiscard]] detailed_result<void> recover();
    [[nodiscard]] detailed_result<std::uint64_t> gather(std::int64_t now_unix_ms);
    [[nodiscard]] detailed_result<void> publish(std::int64_t now_unix_ms);
    [[nodiscard]] detailed_result<std::vector<failure>> ask_witnesses(std::int64_t now_unix_ms);
    [[nodiscard]] bool is_witnessed(std::int64_t now_unix_ms) const noexcept;
    // Rows are taken while witnesses are fresh.
    void look_at_witnesses(std::int64_t now_unix_ms) noexcept;
    void stop() noexcept;

    // A group whose rows are on the disk.
    struct kept_group {
        group_builder::built built;
        day_key key;
    };
    [[nodiscard]] const kept_group* kept_of(std::uint64_t entry) const noexcept;
    [[nodiscard]] result<ledger_place> place(const ledger_ticket& ticket, std::uint64_t row) const;
    [[nodiscard]] detailed_result<receipt> receipt_for(const ledger_place& place);
    [[nodiscard]] detailed_result<group_leaf> leaf_at(std::uint64_t entry);
    [[nodiscard]] detailed_result<checked> check(const std::function<void(std::uint64_t)>& report);

    ledger_options options;
    tile_log log;
    row_store rows;
    row_queue queue;
    witness_round witnesses;
    // The slot before which all is published; and in the highest bit that the ledger is stopped.
    std::atomic<std::uint64_t> published_slot{0};
    static constexpr std::uint64_t stopped_bit = std::uint64_t{1} << 63;

  private:
    [[nodiscard]] detailed_result<void> take_call(const row_queue::taken& call, std::int64_t now_unix_ms);
    [[nodiscard]] detailed_result<void> begin_group(std::int64_t now_unix_ms);
    [[nodiscard]] detailed_result<void> close_group();
    void keep_published();
    [[nodiscard]] detailed_result<receipt> receipt_from(const group_builder::built& built, const day_key& key,
                                                        std::uint64_t row);
    [[nodiscard]] detailed_result<void> check_hour(const hour_in_folder& in, checked& so_far);

    row_hashing hashing_;
    std::optional<row_store::beginning> begun_;
    std::optional<group_builder> builder_;
    std::uint64_t taken_slot_ = 0;
    std::int64_t last_time_unix_ms_ = 0;  // of an entry
    std::vector<kept_group> pending_;     // not published yet
    std::deque<kept_group> kept_;         // one entry after the other
    std::uint64_t rows_kept_ = 0;
    std::uint64_t witnessed_at_s_ = 0;
};

}  // namespace xacthuc::inline v0_1
