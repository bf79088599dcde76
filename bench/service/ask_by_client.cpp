// SPDX-License-Identifier: Apache-2.0
// Asks a service by the C++ client, for so many seconds, and tells how many questions were answered and what that cost
// the client: ask_by_client URL FILE-OF-QUESTIONS SECONDS one|lines
//
// The questions, a JSON object a line, are asked one at a time on each of 64 connections, or 500 a message on four.
// What is told: answers, and seconds of processor time of this process.
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <deque>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>
#include <xacthuc/client/client.hpp>
#include <xacthuc/domain/request_field.hpp>

namespace {

using namespace xacthuc;
using clock_type = std::chrono::steady_clock;

constexpr std::size_t lines_a_message = 500;

[[nodiscard]] double processor_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& of) {
        return static_cast<double>(of.tv_sec) + static_cast<double>(of.tv_usec) * 1e-6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

class load {
  public:
    load(const std::string& url, const std::string& file, double seconds)
        : by_{client::client::open(on_.get_executor(), url, {.connections_max = 64}).value()},
          end_{clock_type::now() +
               std::chrono::duration_cast<clock_type::duration>(std::chrono::duration<double>(seconds))} {
        std::ifstream in{file};
        for (std::string line; std::getline(in, line);) add(line);
        if (questions_.empty()) throw std::runtime_error{file + ": no questions"};
    }
    void run(bool by_lines) {
        for (int k = 0; k < (by_lines ? 4 : 64); ++k) by_lines ? ask_lines() : ask_one();
        const auto before = processor_seconds();
        on_.run();
        std::printf("%llu %.6f\n", static_cast<unsigned long long>(answered_), processor_seconds() - before);
    }

  private:
    void add(const std::string& line) {
        auto& made = questions_.emplace_back();
        const auto tree = boost::json::parse(line);
        for (const auto& each : tree.as_object()) {
            const auto text = std::string_view{each.value().as_string()};
            for (std::size_t field = 0; field < request_field_count; ++field) {
                const auto which = static_cast<request_field>(field);
                if (to_string(which) != std::string_view{each.key()}) continue;
                if (!set_field(which, texts_.emplace_back(text), made)) throw std::runtime_error{line};
            }
        }
    }
    [[nodiscard]] const claim_set& next() { return questions_[at_++ % questions_.size()]; }

    void ask_one() {
        if (clock_type::now() >= end_) return;
        by_.async_verify(next(), {}, [this](const client::answered<client::answer>& got) {
            if (!got) throw std::runtime_error{got.error().message()};
            ++answered_;
            ask_one();
        });
    }
    void ask_lines() {
        if (clock_type::now() >= end_) return;
        client::question_lines all;
        for (std::size_t k = 0; k < lines_a_message; ++k) all.add(next());
        by_.async_verify_rows(std::move(all), {}, [this](const client::answered<client::row_answers>& got) {
            if (!got) throw std::runtime_error{got.error().message()};
            answered_ += got->size();
            ask_lines();
        });
    }

    boost::asio::io_context on_;
    client::client by_;
    clock_type::time_point end_;
    std::deque<std::string> texts_;
    std::vector<claim_set> questions_;
    std::size_t at_ = 0;
    std::uint64_t answered_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 5) return 2;
    try {
        load{arguments[1], arguments[2], std::stod(arguments[3])}.run(std::string_view{arguments[4]} == "lines");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
