// SPDX-License-Identifier: Apache-2.0
#include "cli/output/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <xacthuc/index/citizen_index.hpp>

#include "cli/output/figures.hpp"
#include "cli/output/telling.hpp"

namespace xacthuc::cli {
namespace {

[[nodiscard]] bool is_capable_terminal() {
    const char* kind = std::getenv("TERM");
    return ::isatty(STDERR_FILENO) == 1 && kind != nullptr && std::string_view{kind} != "dumb";
}

[[nodiscard]] std::size_t terminal_width() {
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

}  // namespace

bool colours_wanted() {
    const char* refused = std::getenv("NO_COLOR");
    return is_capable_terminal() && (refused == nullptr || *refused == '\0');
}

progress::progress(std::string_view label, std::string_view unit, std::uint64_t total)
    : label_{label}, unit_{unit}, total_{total}, shown_{is_capable_terminal()} {}

void progress::clear() noexcept {
    if (drawn_.exchange(false)) tell("\r\033[K");
}

double progress::seconds() const noexcept {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void progress::add(std::uint64_t done) noexcept {
    const auto sum = done_.fetch_add(done, std::memory_order_relaxed) + done;
    if (!shown_) return;
    const auto now_ms = static_cast<std::int64_t>(seconds() * 1000);
    auto due_ms = next_draw_ms_.load(std::memory_order_relaxed);
    if (now_ms < due_ms || !next_draw_ms_.compare_exchange_strong(due_ms, now_ms + 100)) return;
    draw(sum);
}

std::string progress::line(std::string_view label, std::string_view unit, std::uint64_t done, std::uint64_t total,
                           double seconds, std::size_t width) {
    const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    const auto rate_text = fmt::format("{} {}/s", rounded(rate), unit);
    if (total == 0) {
        const auto text = fmt::format("{}  {} {}  {}  {}", label, grouped(done), unit, rate_text, clock_text(seconds));
        return text.substr(0, width);
    }
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const auto left =
        share > 0 ? fmt::format("{} left", clock_text(seconds / share - seconds)) : std::string{"starting"};
    const auto head = fmt::format("{} ", label);
    const auto tail = fmt::format(" {:3.0f} %  {}  {}", share * 100, rate_text, left);
    constexpr std::size_t bar_min = 8;
    constexpr std::size_t bar_max = 40;
    if (head.size() + tail.size() + bar_min + 2 > width) return (head + tail).substr(0, width);
    const auto bar_size = std::min(bar_max, width - head.size() - tail.size() - 2);
    const auto full = static_cast<std::size_t>(share * static_cast<double>(bar_size));
    return fmt::format("{}[{}{}]{}", head, std::string(full, '='), std::string(bar_size - full, ' '), tail);
}

void progress::draw(std::uint64_t done) noexcept {
    try {
        const auto width = terminal_width();
        const auto text = line(label_, unit_, done, total_, seconds(), width == 0 ? 0 : width - 1);
        drawn_ = true;
        tell(colours_wanted() ? fmt::format("\r\033[36m{}\033[0m\033[K", text) : fmt::format("\r{}\033[K", text));
    } catch (const std::exception&) {
        shown_ = false;  // too little memory for a line: the work goes on without
    }
}

partition_progress::partition_progress(std::string_view label) : bar_{label, "partitions", partition_count} {}

}  // namespace xacthuc::cli
