// SPDX-License-Identifier: Apache-2.0
#include "service/ledger_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <ranges>
#include <span>
#include <sstream>
#include <utility>

#include "service/verdict_text.hpp"
#include "service/wall_clock.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

constexpr std::string_view log_bytes_type = "application/octet-stream";
constexpr std::string_view log_text_type = "text/plain; charset=utf-8";
// A tile never changes.
constexpr std::string_view kept_for_ever = "public, max-age=31536000, immutable";
constexpr std::string_view asked_each_time = "no-cache";
constexpr std::chrono::minutes between_sorts{5};
// A day is over, and its last hour sealed, so long after midnight.
constexpr std::int64_t sealed_after_s = 70 * 60;

void append_access(std::string& to, const history_entry& of) {
    fmt::format_to(std::back_inserter(to), "{{\"at_unix_ms\":{},\"agency\":{}", of.time_unix_s * 1000, of.agency);
    if (of.procedure != 0) fmt::format_to(std::back_inserter(to), ",\"procedure\":{}", of.procedure);
    const bool shows_matter = !of.is_withheld || of.procedure != 0;
    if (shows_matter) {
        to += ",\"claims\":[";
        bool is_first = true;
        for (unsigned kind = 0; kind < claim_count; ++kind) {
            if ((of.claims >> kind & 1U) == 0) continue;
            if (!std::exchange(is_first, false)) to += ',';
            fmt::format_to(std::back_inserter(to), "\"{}\"", to_string(static_cast<claim>(kind)));
        }
        const auto what = of.verdict.outcome();
        fmt::format_to(std::back_inserter(to), "],\"outcome\":{},\"meaning\":\"{}\"", static_cast<unsigned>(what),
                       to_string(what));
    }
    to += shows_matter ? "}" : ",\"withheld\":true}";
}

}  // namespace

std::optional<ledger_place> parse_receipt_id(std::string_view text) noexcept {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto number = [](std::string_view digits) -> std::optional<std::uint64_t> {
        std::uint64_t made = 0;
        const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), made);
        const bool is_whole = failed == std::errc{} && end == digits.data() + digits.size();
        return is_whole && (digits.size() == 1 || digits[0] != '0') ? std::optional{made} : std::nullopt;
    };
    const auto entry = number(text.substr(0, dash));
    const auto row = number(text.substr(dash + 1));
    if (!entry || !row) return std::nullopt;
    return ledger_place{*entry, *row};
}

std::string receipt_id(const ledger_place& of) {
    return fmt::format("{}-{}", of.entry, of.row);
}

ledger_records::ledger_records(std::filesystem::path folder, note_verifier log, history_rules rules, tell_line tell)
    : folder_{std::move(folder)}, log_{std::move(log)}, rules_{std::move(rules)}, tell_{std::move(tell)} {}

void ledger_records::start() {
    slow_.start();
    quick_.start();
    sorting_ = std::thread{[this] { sort(); }};
}

void ledger_records::stop() {
    {
        const std::lock_guard lock{guard_};
        is_ending_ = true;
    }
    ending_.notify_all();
    slow_.stop();
    quick_.stop();
    if (sorting_.joinable()) sorting_.join();
}

bool ledger_records::tell_accesses(const accesses_question& to, std::int64_t now_unix_ms, give_late give) {
    return slow_.add([this, to, now_unix_ms] { return accesses_of(to, now_unix_ms); }, std::move(give));
}

bool ledger_records::tell_receipt(const ledger_place& of, std::uint16_t agency, give_late give) {
    return quick_.add([this, of, agency] { return receipt_of(of, agency); }, std::move(give));
}

bool ledger_records::tell_file(log_file of, give_late give) {
    return quick_.add([this, which = std::move(of)] { return file_of(which); }, std::move(give));
}

late_answer ledger_records::accesses_of(const accesses_question& to, std::int64_t now_unix_ms) {
    // What was sorted meanwhile is in files that were not there when the others were opened.
    const auto sorted = sorted_.load(std::memory_order_acquire);
    if (histories_of_ != sorted) {
        histories_.reset();
        auto opened = ledger_history::open(folder_, rules_);
        if (!opened) {
            tell_("histories: " + opened.error().message());
            return late_answer::refusal(problem::records_unreadable);
        }
        histories_.emplace(*std::move(opened));
        histories_of_ = sorted;
    }
    auto all = histories_->of(to.id, history_viewer::holder, now_unix_ms / 1000);
    if (!all) {
        histories_of_ = 0;
        tell_("histories: " + all.error().message());
        return late_answer::refusal(problem::records_unreadable);
    }
    std::erase_if(*all, [&](const history_entry& each) {
        return each.time_unix_s < to.from_unix_s || each.time_unix_s >= to.end_unix_s;
    });
    std::ranges::reverse(*all);
    late_answer made;
    made.body = fmt::format("{{\"total\":{},\"page\":{},\"accesses\":[", all->size(), to.page);
    const auto first = std::min<std::uint64_t>(std::uint64_t{to.page} * to.limit, all->size());
    const auto count = std::min<std::uint64_t>(to.limit, all->size() - first);
    bool is_first = true;
    for (const auto& each : std::span{*all}.subspan(first, count)) {
        if (!std::exchange(is_first, false)) made.body += ',';
        append_access(made.body, each);
    }
    made.body += "]}";
    return made;
}

detailed_result<receipt> ledger_records::read_receipt(const ledger_place& of) {
    if (!receipts_) {
        auto opened = receipt_reader::open(folder_, log_);
        if (!opened) return opened.error();
        receipts_.emplace(*std::move(opened));
    }
    return receipts_->read(of.entry, of.row);
}

late_answer ledger_records::receipt_of(const ledger_place& of, std::uint16_t agency) {
    const auto read = read_receipt(of);
    if (!read && read.error().code == make_error_code(errc::not_found))
        return late_answer::refusal(problem::no_such_receipt);
    if (!read) {
        tell_("a receipt: " + read.error().message());
        return late_answer::refusal(problem::records_unreadable);
    }
    const auto& row = read->row;
    const bool only_fills_up = row.time_unix_ms == 0;
    if (only_fills_up || row.agency != agency) return late_answer::refusal(problem::no_such_receipt);
    return {.type = log_text_type, .body = read->encode()};
}

late_answer ledger_records::file_of(const log_file& of) const {
    std::ifstream in{folder_ / "log" / of.path, std::ios::binary};
    if (!in) return late_answer::refusal(problem::no_such_path);
    std::ostringstream bytes;
    if (!(bytes << in.rdbuf())) return late_answer::refusal(problem::records_unreadable);
    return {.type = of.is_checkpoint ? log_text_type : log_bytes_type,
            .cache = of.is_checkpoint ? asked_each_time : kept_for_ever,
            .body = std::move(bytes).str()};
}

void ledger_records::sort() {
    for (;;) {
        sort_once();
        std::unique_lock lock{guard_};
        if (ending_.wait_for(lock, between_sorts, [this] { return is_ending_; })) return;
    }
}

void ledger_records::sort_once() {
    const auto done = update_histories(folder_, unix_ms_now() / 1000 - sealed_after_s);
    if (!done) return tell_("histories cannot be sorted: " + done.error().message());
    if (*done != 0) sorted_.fetch_add(1, std::memory_order_release);
}

}  // namespace xacthuc::inline v0_1::service
