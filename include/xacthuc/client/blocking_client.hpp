// SPDX-License-Identifier: Apache-2.0
// The operations of client.hpp for a thread that waits for each answer.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <xacthuc/client/answer.hpp>
#include <xacthuc/client/client.hpp>
#include <xacthuc/client/client_options.hpp>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1::client {

// One service, asked by the calling thread alone: it starts none, but that Asio looks up names of hosts in one.
// Concurrency: single thread.
class blocking_client {
  public:
    // As client::open().
    // Errors: those of client::open().
    [[nodiscard]] XACTHUC_API static detailed_result<blocking_client> open(std::string_view url,
                                                                           const client_options& how = {});

    XACTHUC_API blocking_client(blocking_client&&) noexcept;
    XACTHUC_API blocking_client& operator=(blocking_client&&) noexcept;
    XACTHUC_API ~blocking_client();

    // As client::async_verify(), and so on.
    [[nodiscard]] XACTHUC_API answered<answer> verify(const claim_set& question, const asking& how = {});
    [[nodiscard]] XACTHUC_API answered<row_answers> verify_rows(question_lines questions, const asking& how = {});
    [[nodiscard]] XACTHUC_API answered<prepared_answers> verify_prepared(std::span<const request> requests,
                                                                         std::uint64_t digest_key,
                                                                         const asking& how = {});
    [[nodiscard]] XACTHUC_API answered<xacthuc::client::register_state> register_state();
    [[nodiscard]] XACTHUC_API answered<accesses> my_accesses(personal_id id, const holder_proof& proof,
                                                             const access_query& which = {});
    [[nodiscard]] XACTHUC_API answered<std::string> receipt(std::string_view number);

    // Fills in the next question, and says whether there is one. Its views are needed until the next call.
    using question_source = std::function<bool(claim_set&)>;
    // Takes the next answer; false ends it all.
    using answer_sink = std::function<bool(const answered<verdict>&)>;
    // Asks any number of questions, 500 a message, and gives the answers in their order. Questions are taken from the
    // source as answers are taken by the sink, so neither runs ahead of the other: millions take the memory of 500.
    // Returns how many answers were given; where there is none, what was not given may or may not have been answered.
    [[nodiscard]] XACTHUC_API answered<std::size_t> verify_many(const question_source& next, const answer_sink& take,
                                                                const asking& how = {});

  private:
    class state;
    explicit blocking_client(std::unique_ptr<state> made) noexcept;
    std::unique_ptr<state> state_;
};

}  // namespace xacthuc::inline v0_1::client
