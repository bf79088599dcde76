// SPDX-License-Identifier: Apache-2.0
// A batch of questions as lines of JSON, of any length: answered as it comes, up to 256 lines at a time, in lines of
// the same order. What is wrong with a line is said in its place, and the others are answered. Holders' proofs of the
// lines that came together are verified side by side.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/engine/proof.hpp>

#include "service/problem.hpp"
#include "service/question_reader.hpp"
#include "service/tick_batch.hpp"

namespace xacthuc::inline v0_1::service {

class worker;
class connection;

// What a connection remembers of the batch that it is in.
struct line_stream {
    std::uint64_t left = 0;  // bytes of its body
    asker who;
    bool keeps_alive = true;
    bool is_over = false;
};

// Concurrency: single thread.
class line_batch {
  public:
    explicit line_batch(worker& of) noexcept : worker_{of} {}

    // Takes whole lines of what has come, as long as there is room for answers.
    // Returns how many bytes were taken; `of.is_over` says that the batch is answered.
    [[nodiscard]] std::size_t take(connection& from, line_stream& of, std::string_view bytes);

  private:
    static constexpr std::size_t rows_max = tick_batch::count_max;
    struct row {
        std::optional<question_fault> fault;
        answer_form form = answer_form::compact;
        bool with_holder = false;
        std::size_t place = 0;  // among the requests of its kind
    };
    // Those that have a holder's proof are asked by themselves: a call has one for each request, or none.
    struct asked_together {
        std::array<request, rows_max> requests;
        std::array<verdict, rows_max> verdicts;
        std::size_t count = 0;
    };

    [[nodiscard]] std::size_t take_rows(connection& from, const line_stream& of, std::string_view bytes);
    void take_row(const register_in_use& by, const line_stream& of, std::string_view line);
    void answer_rows(connection& from, const line_stream& of, const register_in_use& by);
    void ask(connection& from, const line_stream& of, const register_in_use& by, asked_together& all,
             std::span<const holder_proof> holders);
    void write_rows(std::string& out);

    worker& worker_;
    question_reader reader_;
    std::vector<row> rows_;
    asked_together plain_;
    asked_together proved_;
    std::array<holder_proof, rows_max> holders_;
};

}  // namespace xacthuc::inline v0_1::service
