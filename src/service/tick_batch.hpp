// SPDX-License-Identifier: Apache-2.0
// The questions that one tick brought, from all connections of a thread: verified together, and answered each to its
// own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/engine/proof.hpp>

#include "service/answer_signature.hpp"
#include "service/answer_text.hpp"
#include "service/metrics.hpp"
#include "service/question_reader.hpp"
#include "service/served_register.hpp"
#include "service/signature_gate.hpp"
#include "service/signature_keys.hpp"

namespace xacthuc::inline v0_1::service {

class connection;

// Who asks: the requests of a call have to be of one.
struct asker {
    std::optional<std::uint16_t> agency;  // by certificate, or by the listener
    std::uint64_t officer = 0;
    bool with_holder = false;  // each request has its holder's proof
    friend auto operator<=>(const asker&, const asker&) = default;
};

// Concurrency: single thread.
class tick_batch {
  public:
    static constexpr std::size_t count_max = 256;

    // A question that waits for the end of the tick.
    struct waiting {
        connection* from = nullptr;
        asker who;
        answer_form form = answer_form::compact;
        bool closes = false;
        bool is_signed = false;  // add_signature() comes next
        bool signs = false;      // the answer
        std::size_t proof = 0;   // which of the signatures
        std::size_t correlator_at = 0;
        std::size_t correlator_size = 0;
    };

    [[nodiscard]] bool is_full() const noexcept { return count_ == count_max; }
    [[nodiscard]] bool is_empty() const noexcept { return count_ == 0; }
    // Requires: !is_full().
    void add(const waiting& from, const request& asked, std::string_view correlator);
    // The proof of the holder, of the one that was added last. Requires: who.with_holder.
    void add_holder(const holder_proof& proof) noexcept { holders_[count_ - 1] = proof; }
    // The signature of the one that was added last, over this text.
    void add_signature(const signed_request& proof, std::string_view base);
    // What all are answered by.
    struct means {
        const register_in_use& by;
        served_register& source;  // keeps the places of rows, for receipts
        const std::shared_ptr<const signature_keys>& keys;
        used_nonces& nonces;
        std::string_view date;
        std::int64_t now_unix_ms = 0;
    };
    // Answers all, each into its connection, in the order in which they came. Their signatures are verified first; a
    // question whose signature is wrong is not asked.
    void answer(const means& with, thread_metrics& metrics);

  private:
    // Those from one place of order_ to another, who are of one asker.
    void verify(const means& with, std::size_t first, std::size_t end);
    [[nodiscard]] problem refused(std::size_t place) const noexcept;
    void write(std::size_t place, const means& with, thread_metrics& metrics);
    // Returns the connection's answers, at whose end this one is.
    std::string& put(std::size_t place, const means& with, answer_head head, std::string_view body,
                     bool is_signed_later = false);
    [[nodiscard]] std::unique_ptr<const late_signature> sign_later(std::size_t place, const means& with,
                                                                   const std::string& answers) const;

    struct answered {
        verdict says;
        freshness as_of;
        std::size_t call = 0;  // among calls_, plus one; 0: it has no rows
        std::size_t row = 0;   // of the call
    };

    std::size_t count_ = 0;
    std::array<waiting, count_max> from_;
    std::array<request, count_max> asked_;
    std::array<answered, count_max> answers_;
    std::array<std::uint16_t, count_max> order_;
    std::array<request, count_max> gathered_;
    std::array<verdict, count_max> verdicts_;
    std::array<holder_proof, count_max> holders_;
    std::array<holder_proof, count_max> gathered_holders_;
    std::vector<std::shared_ptr<const call_place>> calls_;
    std::vector<signed_request> proofs_;
    std::string bases_;  // the texts that they are over
    std::string signature_;
    std::string correlators_;
    std::string body_;
    std::string fresh_text_;
    freshness fresh_of_;
};

}  // namespace xacthuc::inline v0_1::service
