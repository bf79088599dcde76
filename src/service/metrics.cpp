// SPDX-License-Identifier: Apache-2.0
#include "service/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <string_view>
#include <xacthuc/domain/verdict.hpp>

namespace xacthuc::inline v0_1::service {
namespace {

constexpr std::array<std::string_view, limit_count> limit_words{
    "connections",  "first_byte", "request",    "idle",       "answer",       "requests_per_tick",
    "answer_bytes", "head_bytes", "body_bytes", "line_bytes", "memory_bytes", "descriptors"};
constexpr std::array<std::string_view, route_count> route_words{
    "/v1/verify", "/v1/verify/batch", "/v1/register", "/livez",    "/readyz", "/metrics", "/openapi.json",
    "/",          "/v1/my/accesses",  "/v1/receipts", "/v1/ledger"};

class exposition {
  public:
    explicit exposition(std::span<const thread_metrics* const> threads) : threads_{threads} {}

    template <class Of>
    [[nodiscard]] std::uint64_t sum(const Of& of) const {
        std::uint64_t all = 0;
        for (const auto* each : threads_) all += of(*each).value();
        return all;
    }
    void head(std::string_view name, std::string_view type, std::string_view help) {
        fmt::format_to(std::back_inserter(text), "# HELP xacthuc_{} {}\n# TYPE xacthuc_{} {}\n", name, help, name,
                       type);
    }
    template <class Value>
    void sample(std::string_view name, std::string_view labels, Value value) {
        fmt::format_to(std::back_inserter(text), "xacthuc_{}{} {}\n", name, labels, value);
    }
    template <class Value>
    void gauge(std::string_view name, std::string_view help, Value value) {
        head(name, "gauge", help);
        sample(name, "", value);
    }
    template <class Of>
    void total(std::string_view name, std::string_view help, const Of& of) {
        head(name, "counter", help);
        sample(name, "", sum(of));
    }

    std::string text;

  private:
    std::span<const thread_metrics* const> threads_;
};

void write_verdicts(exposition& to) {
    to.head("verdicts_total", "counter", "Verdicts given, by outcome.");
    for (std::size_t code = 0; code < thread_metrics::outcome_end; ++code) {
        const auto given = to.sum([&](const thread_metrics& each) -> const counter& { return each.verdicts[code]; });
        if (given == 0) continue;
        to.sample("verdicts_total",
                  fmt::format("{{code=\"{}\",outcome=\"{}\"}}", code, to_string(static_cast<outcome>(code))), given);
    }
}

void write_batches(exposition& to) {
    to.head("tick_batch_questions", "histogram", "Questions that one tick brought and that were answered together.");
    std::uint64_t all = 0;
    for (std::size_t k = 0; k < thread_metrics::batch_sizes; ++k) {
        all += to.sum([&](const thread_metrics& each) -> const counter& { return each.batches[k]; });
        to.sample("tick_batch_questions_bucket", fmt::format("{{le=\"{}\"}}", 1U << k), all);
    }
    to.sample("tick_batch_questions_bucket", "{le=\"+Inf\"}", all);
    to.sample("tick_batch_questions_sum", "",
              to.sum([](const thread_metrics& each) -> const counter& { return each.questions_in_batches; }));
    to.sample("tick_batch_questions_count", "", all);
}

void write_answer_times(exposition& to) {
    to.head("answer_seconds", "histogram",
            "From when requests of a connection were read to when their answers were sent.");
    std::uint64_t all = 0;
    for (std::size_t k = 0; k < thread_metrics::answer_times; ++k) {
        all += to.sum([&](const thread_metrics& each) -> const counter& { return each.answers[k]; });
        if (k + 1 != thread_metrics::answer_times)
            to.sample("answer_seconds_bucket", fmt::format("{{le=\"{}\"}}", 16e-6 * static_cast<double>(1U << k)), all);
    }
    to.sample("answer_seconds_bucket", "{le=\"+Inf\"}", all);
    to.sample(
        "answer_seconds_sum", "",
        static_cast<double>(to.sum([](const thread_metrics& each) -> const counter& { return each.answers_ns; })) /
            1e9);
    to.sample("answer_seconds_count", "", all);
}

void write_state(exposition& to, const service_gauges& gauges) {
    to.gauge("ready", "1 while questions are answered from a current register.", gauges.readiness.is_ready() ? 1 : 0);
    to.head("not_ready", "gauge", "1 for each reason not to ask now.");
    for (std::size_t k = 0; k < every_not_ready.size(); ++k)
        to.sample("not_ready", fmt::format("{{reason=\"{}\"}}", every_not_ready[k].word),
                  gauges.readiness.has(static_cast<not_ready>(k)) ? 1 : 0);
    if (gauges.ends.empty()) return;
    to.head("certificate_ends_seconds", "gauge",
            "Unix time at which the first certificate of a file, or a list of revoked ones, stops being good.");
    for (const auto& each : gauges.ends)
        to.sample("certificate_ends_seconds", fmt::format("{{file=\"{}\"}}", each.file), each.unix_s);
}

}  // namespace

void thread_metrics::count(std::span<const verdict> given) noexcept {
    // Most verdicts are the same as the one before.
    std::uint64_t run = 0;
    for (std::size_t k = 0; k < given.size(); ++k) {
        ++run;
        if (k + 1 != given.size() && given[k + 1].outcome() == given[k].outcome()) continue;
        verdicts[static_cast<std::size_t>(given[k].outcome())].add(run);
        run = 0;
    }
}

void thread_metrics::count_batch(std::size_t questions) noexcept {
    if (questions == 0) return;
    const auto place = static_cast<std::size_t>(std::bit_width(questions - 1));
    batches[std::min(place, batch_sizes - 1)].add();
    questions_in_batches.add(questions);
}

void thread_metrics::count_answer(std::chrono::nanoseconds took) noexcept {
    const auto ns = static_cast<std::uint64_t>(std::max(took.count(), std::chrono::nanoseconds::rep{0}));
    const auto units = (ns + 15'999) / 16'000;
    const auto place = units <= 1 ? 0U : static_cast<std::size_t>(std::bit_width(units - 1));
    answers[std::min(place, answer_times - 1)].add();
    answers_ns.add(ns);
}

std::string metrics_text(std::span<const thread_metrics* const> threads, const service_gauges& gauges) {
    exposition to{threads};
    write_state(to, gauges);
    to.gauge("register_sequence", "Number of the last change in the register.", gauges.register_sequence);
    to.gauge("register_as_of_seconds", "Unix time of that change.",
             static_cast<double>(gauges.register_as_of_unix_ms) / 1000.0);
    to.gauge("register_age_seconds", "Since the register was last seen to have all changes.",
             static_cast<double>(gauges.register_age_ms) / 1000.0);
    to.gauge("register_citizens", "Citizens in the register.", gauges.register_citizens);
    to.gauge("buffered_bytes", "Memory of requests and answers on their way.", gauges.memory_bytes);
    to.head("alarms_total", "counter", "Alarms that guards raised.");
    to.sample("alarms_total", "", gauges.alarms);
    const auto taken = to.sum([](const thread_metrics& each) -> const counter& { return each.connections_taken; });
    const auto ended = to.sum([](const thread_metrics& each) -> const counter& { return each.connections_ended; });
    to.head("connections_total", "counter", "Connections that were taken.");
    to.sample("connections_total", "", taken);
    to.gauge("connections", "Connections that are open.", taken - std::min(taken, ended));
    to.total("read_bytes_total", "Bytes read from connections.",
             [](const thread_metrics& each) -> const counter& { return each.bytes_read; });
    to.total("written_bytes_total", "Bytes written to connections.",
             [](const thread_metrics& each) -> const counter& { return each.bytes_written; });
    to.total("ticks_total", "Turns of the threads' event loops that brought something.",
             [](const thread_metrics& each) -> const counter& { return each.ticks; });
    to.head("requests_total", "counter", "Requests that were answered, by path.");
    for (std::size_t k = 0; k < route_count; ++k)
        to.sample("requests_total", fmt::format("{{path=\"{}\"}}", route_words[k]),
                  to.sum([&](const thread_metrics& each) -> const counter& { return each.requests[k]; }));
    write_verdicts(to);
    to.head("problems_total", "counter", "Requests that got a problem document.");
    for (std::size_t k = 1; k < problem_count; ++k) {
        const auto& facts = problem_at(k);
        to.sample("problems_total",
                  fmt::format("{{code=\"{}\",problem=\"{}\"}}", static_cast<unsigned>(facts.what), facts.word),
                  to.sum([&](const thread_metrics& each) -> const counter& { return each.problems[k]; }));
    }
    to.head("questions_refused_total", "counter", "Questions with a field that is not one.");
    to.sample("questions_refused_total", "",
              to.sum([](const thread_metrics& each) -> const counter& { return each.problems[0]; }));
    to.head("limits_met_total", "counter", "Connections that a limit ended, and requests that one put off.");
    for (std::size_t k = 0; k < limit_count; ++k)
        to.sample("limits_met_total", fmt::format("{{limit=\"{}\"}}", limit_words[k]),
                  to.sum([&](const thread_metrics& each) -> const counter& { return each.limits[k]; }));
    write_batches(to);
    write_answer_times(to);
    return to.text;
}

}  // namespace xacthuc::inline v0_1::service
