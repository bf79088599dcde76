// SPDX-License-Identifier: Apache-2.0
// A connection answers what the slow references say of its bytes, request for request, line for line and verdict for
// verdict, wherever the bytes are cut, and nothing else.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sanitized.hpp"
#include "service/mutated_text.hpp"
#include "service/service_at_work.hpp"
#include "service/stream_answers.hpp"
#include "service/stream_seeds.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

class answered_streams {
  public:
    answered_streams() : at_{300, [](service::settings& with) { with.most = stream_limits(); }} {}

    void check(const std::string& stream, const std::vector<std::size_t>& cuts) {
        const auto expected = by_.expect(stream);
        for (const auto& each : expected) {
            good_ += each.status == 200 ? 1 : 0;
            refused_ += each.body == expected_answer::bodies::problem ? 1 : 0;
            rows_ += each.rows.size();
        }
        const auto answered = answers_to(at_.unix_client(), stream, cuts);
        if (const auto* const wrong = stream_answers{answered}.differ(expected))
            FAIL_CHECK(wrong << " in\n" << stream << "\nwhich got\n" << answered);
    }

    // So many of each kind that all are looked at.
    void check_kinds(std::size_t least) const {
        CHECK(good_ > least);
        CHECK(refused_ > least);
        CHECK(rows_ > least);
    }

  private:
    std::size_t good_ = 0;
    std::size_t refused_ = 0;
    std::size_t rows_ = 0;
    service_at_work at_;
    engine answers_{at_.on.nation.index()};
    digest_key key_ = test_key();
    stream_reference by_{answers_, key_, at_.with.most};
};

}  // namespace

TEST_CASE("streams of requests are answered as the references say, whole and cut at every byte") {
    answered_streams streams;
    for (const auto& each : good_streams()) {
        streams.check(each, {});
        std::vector<std::size_t> everywhere;
        for (std::size_t k = 1; k < each.size(); ++k) everywhere.push_back(k);
        streams.check(each, everywhere);
    }
}

TEST_CASE("streams that are nearly right are answered as the references say, wherever they are cut") {
    answered_streams streams;
    mutated_text made{3, good_streams(), stream_words()};
    constexpr std::size_t rounds = XACTHUC_TEST_SANITIZED ? 1'500 : 8'000;
    for (std::size_t k = 0; k < rounds; ++k) {
        const auto stream = made.next();
        std::vector<std::size_t> cuts;
        for (auto count = made.below(3); count != 0; --count) cuts.push_back(made.below(stream.size() + 1));
        std::ranges::sort(cuts);
        streams.check(stream, cuts);
    }
    streams.check_kinds(rounds / 4);
}

TEST_CASE("a line may have all the bytes that lines may have, though its end comes later") {
    answered_streams streams;
    const auto most = stream_limits().line_bytes;
    for (const auto size : {most - 1, most, most + 1}) {
        const std::string begin = "{\"id\":\"001199000001\",\"name\":\"";
        const auto body = begin + std::string(size - begin.size() - 2, 'a') + "\"}\n{}\n";
        const auto stream = post_lines(body) + get("/livez");
        const auto at = stream.find('\n', stream.find("\r\n\r\n") + 4);
        for (const auto cut : {std::size_t{0}, at - 1, at, at + 1}) streams.check(stream, {cut});
    }
}
