// SPDX-License-Identifier: Apache-2.0
#include "service/measure_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <span>
#include <string>
#include <thread>
#include <vector>
#include <xacthuc/engine/engine.hpp>

#include "population/planted_request.hpp"
#include "service/asking_sockets.hpp"
#include "service/question_signer.hpp"
#include "service/served_process.hpp"

namespace xacthuc::bench {
namespace {

// All of them are right.
constexpr std::string_view verified = "{\"outcome\":0,";
constexpr std::size_t distinct_questions = std::size_t{1} << 16;

[[nodiscard]] std::string question_of(const claim_set& of) {
    const auto id = of.id.digits();
    return fmt::format(R"({{"id":"{}","name":"{}","birth_date":"{}","sex":"{}","life":"{}"}})",
                       std::string_view{id.data(), id.size()}, *of.name, of.birth_date->to_string(), to_string(*of.sex),
                       to_string(*of.life));
}

[[nodiscard]] std::string posted(std::string_view path, std::string_view type, std::string_view body,
                                 std::string_view headers = "") {
    return fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {}\r\n{}Content-Length: {}\r\n\r\n{}",
                       path, type, headers, body.size(), body);
}

[[nodiscard]] double median_of(std::vector<double> all) {
    std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2));
    return all[all.size() / 2];
}

class service_bench {
  public:
    service_bench(const std::filesystem::path& registry, const population& nation, const citizen_index& index,
                  const digest_key& key, const service_options& how)
        : registry_{registry},
          asked_{nation, 0, request_mix::right_basic},
          index_{index},
          key_{key},
          how_{how},
          server_{registry} {
        for (std::uint64_t j = 0; j < distinct_questions; ++j) {
            name_text text;
            bodies_.push_back(question_of(asked_.at(j, text).claims));
        }
    }

    [[nodiscard]] service_speed run() {
        made_.single_us = json_us(1);
        made_.half_load_per_second = answered_per_second_ / 2;
        made_.pipelined_us = json_us(how_.pipelined);
        measure_half_load();
        measure_prepared();
        measure_lines();
        measure_signed();
        return made_;
    }

  private:
    template <class What>
    [[nodiscard]] double cpu_of(const What& what) {
        const auto before = server_.cpu_seconds();
        what();
        return server_.cpu_seconds() - before;
    }

    [[nodiscard]] double json_us(std::size_t at_once) {
        std::vector<std::string> texts;
        for (std::size_t k = 0; k + at_once <= bodies_.size(); k += at_once) {
            auto& text = texts.emplace_back();
            for (std::size_t n = 0; n < at_once; ++n) text += posted("/v1/verify", "application/json", bodies_[k + n]);
        }
        const auto rounds = how_.questions / at_once;
        const auto ask = [&](std::uint64_t so_many) {
            made_.wrong_answers += ask_in_turns(server_.port(), how_.connections, texts, at_once, so_many, verified);
        };
        ask(rounds / 20 + 1);
        const auto begun = std::chrono::steady_clock::now();
        const auto seconds = cpu_of([&] { ask(rounds); });
        answered_per_second_ = static_cast<double>(rounds * at_once) /
                               std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
        return seconds * 1e6 / static_cast<double>(rounds * at_once);
    }

    void measure_half_load() {
        std::vector<std::string> texts;
        for (const auto& each : bodies_) texts.push_back(posted("/v1/verify", "application/json", each));
        const auto told = ask_on_schedule(server_.port(), how_.connections, texts, made_.half_load_per_second,
                                          how_.scheduled, verified);
        made_.wrong_answers += told.wrong;
        const auto at = [&](double part) {
            const auto place = static_cast<std::size_t>(static_cast<double>(told.took.size()) * part);
            return std::chrono::duration<double, std::milli>(told.took[std::min(place, told.took.size() - 1)]).count();
        };
        made_.half_load_p50_ms = at(0.5);
        made_.half_load_p99_ms = at(0.99);
        made_.half_load_p999_ms = at(0.999);
    }

    void measure_prepared() {
        const auto headers = fmt::format("xacthuc-digest-key: {:016x}\r\n", key_.fingerprint());
        std::vector<std::string> texts;
        std::vector<std::vector<request>> batches;
        std::vector<verdict> answers(how_.batch_rows);
        for (std::size_t k = 0; k < distinct_questions / how_.batch_rows; ++k) {
            auto& batch = batches.emplace_back(how_.batch_rows);
            asked_.fill(k * how_.batch_rows, batch, answers, key_);
            texts.push_back(posted("/v1/verify/batch", "application/vnd.xacthuc.requests",
                                   {reinterpret_cast<const char*>(batch.data()), batch.size() * sizeof(request)},
                                   headers));
        }
        const verdict right = answers.front();
        const std::string_view wanted{reinterpret_cast<const char*>(&right), 2};
        made_.wrong_answers += ask_in_turns(server_.port(), 1, texts, 1, texts.size(), wanted);
        const auto rows = static_cast<double>(how_.batches * how_.batch_rows);
        made_.prepared_per_second =
            rows /
            cpu_of([&] { made_.wrong_answers += ask_in_turns(server_.port(), 1, texts, 1, how_.batches, wanted); });
        const engine here{index_};
        const auto begun = std::chrono::steady_clock::now();
        for (std::uint64_t k = 0; k < how_.batches; ++k) here.verify(batches[k % batches.size()], answers);
        made_.in_process_per_second =
            rows / std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
        made_.prepared_ratio = made_.prepared_per_second / made_.in_process_per_second;
    }

    void measure_lines() {
        std::string body;
        for (std::uint64_t k = 0; k < how_.lines; ++k) (body += bodies_[k % bodies_.size()]) += '\n';
        const auto text = posted("/v1/verify/batch", "application/x-ndjson", body);
        const auto seconds = cpu_of([&] {
            const auto right = ask_at_length(server_.port(), text, verified);
            made_.wrong_answers += how_.lines - std::min(right, how_.lines);
        });
        made_.lines_per_second = static_cast<double>(how_.lines) / seconds;
    }

    // Both processes remember the nonces, each its own: so both get the same questions, in turns.
    void measure_signed() {
        const question_signer signer{registry_.parent_path() / "agencies"};
        served_process together{registry_, {.agencies = signer.folder()}};
        served_process alone{registry_, {.agencies = signer.folder(), .tick_batches = false}};
        // What was signed up to the start is not taken.
        std::this_thread::sleep_for(std::chrono::milliseconds{1'100});
        std::vector<std::string> texts;
        for (std::uint64_t k = 0; k < how_.signed_questions; ++k)
            texts.push_back(signer.posted(bodies_[k % bodies_.size()]));
        std::vector<double> both;
        std::vector<double> single;
        std::vector<double> ratios;
        const auto size = texts.size() / how_.signed_rounds;
        for (std::uint64_t round = 0; round < how_.signed_rounds; ++round) {
            const std::span part{texts.data() + round * size, size};
            const auto us_of = [&](const served_process& at) {
                const auto before = at.cpu_seconds();
                made_.wrong_answers += ask_in_turns(at.port(), how_.connections, part, 1, size, verified);
                return (at.cpu_seconds() - before) * 1e6 / static_cast<double>(size);
            };
            both.push_back(us_of(together));
            single.push_back(us_of(alone));
            ratios.push_back(single.back() / both.back());
        }
        made_.signed_us = median_of(both);
        made_.signed_alone_us = median_of(single);
        made_.signed_ratio = median_of(ratios);
    }

    std::filesystem::path registry_;
    planted_requests asked_;
    const citizen_index& index_;
    digest_key key_;
    service_options how_;
    served_process server_;
    std::vector<std::string> bodies_;
    service_speed made_;
    double answered_per_second_ = 0;  // of the last questions as JSON, by the clock
};

}  // namespace

service_speed measure_service(const std::filesystem::path& registry, const population& nation,
                              const citizen_index& index, const digest_key& key, const service_options& how) {
    return service_bench{registry, nation, index, key, how}.run();
}

}  // namespace xacthuc::bench
