// SPDX-License-Identifier: Apache-2.0
// The report of a bench run as a page: bars of the rates, and the table beside them.
#include <fmt/format.h>

#include <algorithm>

#include "whole/whole_bench.hpp"

namespace xacthuc::bench {
namespace {

struct bar {
    std::string label;
    double millions;
    const char* colour;
};

[[nodiscard]] std::string chart(const std::vector<bar>& bars) {
    constexpr int row_height = 34;
    constexpr int label_width = 330;
    constexpr int bar_width = 480;
    double greatest = 1e-9;
    for (const auto& each : bars) greatest = std::max(greatest, each.millions);
    std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Rates\">",
                                  label_width + bar_width + 110, static_cast<int>(bars.size()) * row_height);
    int y = 0;
    for (const auto& each : bars) {
        const auto width = std::max(1.0, each.millions / greatest * bar_width);
        svg +=
            fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", label_width - 10, y + 21, each.label);
        svg += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"22\" rx=\"3\" fill=\"{}\"/>", label_width,
                           y + 5, width, each.colour);
        svg += fmt::format("<text x=\"{:.1f}\" y=\"{}\">{:.1f} M/s</text>", label_width + width + 8, y + 21,
                           each.millions);
        y += row_height;
    }
    return svg + "</svg>";
}

[[nodiscard]] std::string row(std::string_view what, const std::string& value) {
    return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", what, value);
}

[[nodiscard]] std::string seconds(const std::optional<double>& value) {
    return value ? fmt::format("{:.2f} s", *value) : "not done";
}

}  // namespace

std::string html_report(const whole_result& r) {
    std::vector<bar> bars{
        {fmt::format("ceiling: random line reads, {} threads", r.threads), r.all_threads.ceiling_per_second / 1e6,
         "#9aa5b1"},
        {fmt::format("xacthuc, {} threads", r.threads), r.all_threads.verify_per_second / 1e6, "#0b7a4b"},
        {"ceiling, one thread", r.one_thread.ceiling_per_second / 1e6, "#9aa5b1"},
        {"xacthuc, one thread", r.one_thread.verify_per_second / 1e6, "#0b7a4b"}};
    for (const auto& [name, rate] : r.peers) bars.push_back({name, rate / 1e6, "#c77700"});
    std::string outcomes;
    for (const auto& [what, times] : r.outcomes)
        outcomes += row(
            fmt::format("{} {}", static_cast<unsigned>(what), to_string(what)),
            fmt::format("{} ({:.2f} %)", times, 100.0 * static_cast<double>(times) / static_cast<double>(r.requests)));
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>xacthuc bench</title>"
        "<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 "
        "1rem;color:#1f2933}}"
        "svg{{width:100%;font-size:14px}}table{{border-collapse:collapse;margin:1rem "
        "0}}th{{text-align:left;font-weight:400;"
        "padding:.15rem 1.5rem .15rem 0}}td{{text-align:right}}h1 b{{color:{}}}</style>\n"
        "<h1>{} citizens, {} requests: <b>{} wrong answers</b></h1>\n"
        "<p>All requests, of every kind, took {:.2f} s of verification on {} threads ({:.1f} million a second).</p>\n"
        "<h2>The standard question</h2><p>Name, date of birth, sex and life status, all right; medians of one run, "
        "side by side.</p>\n{}\n"
        "<h2>Figures</h2><table>{}{}{}{}{}{}{}{}{}{}</table>\n<h2>Outcomes</h2><table>{}</table>\n</html>\n",
        r.wrong_answers == 0 ? "#0b7a4b" : "#b00020", r.citizens, r.requests, r.wrong_answers, r.job_seconds, r.threads,
        r.job_per_second / 1e6, chart(bars),
        row("share of the ceiling, one thread", fmt::format("{:.3f}", r.one_thread.ratio)),
        row("share of the ceiling, all threads", fmt::format("{:.3f}", r.all_threads.ratio)),
        row("all threads by one", fmt::format("{:.2f}", r.scaling)),
        row("by the fastest peer", r.peers.empty() ? "not measured" : fmt::format("{:.2f}", r.ratio_to_fastest_peer)),
        row("bytes a citizen", fmt::format("{:.2f}", r.bytes_per_citizen)),
        row("people made in", fmt::format("{:.2f} s", r.make_seconds)),
        row("index built in", fmt::format("{:.2f} s", r.build_seconds)),
        row("snapshot saved in", seconds(r.save_seconds)),
        row("snapshot loaded, to the first answer", seconds(r.load_seconds)), row("kernel", r.engine_kernel), outcomes);
}

}  // namespace xacthuc::bench
