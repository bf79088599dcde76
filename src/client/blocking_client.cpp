// SPDX-License-Identifier: Apache-2.0
#include <boost/asio/io_context.hpp>
#include <optional>
#include <utility>
#include <xacthuc/client/blocking_client.hpp>

namespace xacthuc::inline v0_1::client {

// The loop goes round only while a call waits: no connection that is kept is looked after in between.
class blocking_client::state {
  public:
    [[nodiscard]] static detailed_result<std::unique_ptr<state>> open(std::string_view url, const client_options& how) {
        auto made = std::make_unique<state>();
        auto opened = client::open(made->loop_.get_executor(), url, how);
        if (!opened) return opened.error();
        made->by_ = *std::move(opened);
        return made;
    }

    template <class T, class Start>
    [[nodiscard]] answered<T> wait(const Start& start) {
        std::optional<answered<T>> got;
        start(*by_, [&](answered<T> made) { got = std::move(made); });
        loop_.restart();
        while (!got && loop_.run_one() != 0) continue;
        return *std::move(got);
    }

  private:
    boost::asio::io_context loop_{1};
    std::optional<client> by_;
};

blocking_client::blocking_client(std::unique_ptr<state> made) noexcept : state_{std::move(made)} {}
blocking_client::blocking_client(blocking_client&&) noexcept = default;
blocking_client& blocking_client::operator=(blocking_client&&) noexcept = default;
blocking_client::~blocking_client() = default;

detailed_result<blocking_client> blocking_client::open(std::string_view url, const client_options& how) {
    auto made = state::open(url, how);
    if (!made) return made.error();
    return blocking_client{*std::move(made)};
}

answered<answer> blocking_client::verify(const claim_set& question, const asking& how) {
    return state_->wait<answer>([&](client& by, auto done) { by.async_verify(question, how, std::move(done)); });
}

answered<row_answers> blocking_client::verify_rows(question_lines questions, const asking& how) {
    return state_->wait<row_answers>(
        [&](client& by, auto done) { by.async_verify_rows(std::move(questions), how, std::move(done)); });
}

answered<prepared_answers> blocking_client::verify_prepared(std::span<const request> requests, std::uint64_t digest_key,
                                                            const asking& how) {
    return state_->wait<prepared_answers>(
        [&](client& by, auto done) { by.async_verify_prepared(requests, digest_key, how, std::move(done)); });
}

answered<register_state> blocking_client::register_state() {
    return state_->wait<xacthuc::client::register_state>(
        [](client& by, auto done) { by.async_register_state(std::move(done)); });
}

answered<accesses> blocking_client::my_accesses(personal_id id, const holder_proof& proof, const access_query& which) {
    return state_->wait<accesses>(
        [&](client& by, auto done) { by.async_my_accesses(id, proof, which, std::move(done)); });
}

answered<std::string> blocking_client::receipt(std::string_view number) {
    return state_->wait<std::string>([&](client& by, auto done) { by.async_receipt(number, std::move(done)); });
}

answered<std::size_t> blocking_client::verify_many(const question_source& next, const answer_sink& take,
                                                   const asking& how) {
    std::size_t given = 0;
    for (bool has_more = true; has_more;) {
        question_lines lines;
        while (!lines.is_full()) {
            claim_set question;
            has_more = next(question);
            if (!has_more) break;
            lines.add(question);
        }
        auto rows = verify_rows(std::move(lines), how);
        if (!rows) return std::move(rows).error();
        for (const auto& each : *rows) {
            ++given;
            if (!take(each)) return given;
        }
    }
    return given;
}

}  // namespace xacthuc::inline v0_1::client
