// SPDX-License-Identifier: Apache-2.0
// A synthetic population in an index, for engine tests.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <utility>
#include <vector>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/index/index_builder.hpp>

#include "engine/kernel.hpp"
#include "population/planted_request.hpp"
#include "population/population.hpp"

namespace xacthuc::tests {

[[nodiscard]] inline digest_key test_key() {
    std::array<std::byte, digest_key_bytes> bytes{};
    bytes[3] = std::byte{7};
    return digest_key::from_bytes(bytes);
}

class small_nation {
  public:
    explicit small_nation(std::uint64_t citizens, double load = 0.62, bool with_keys = false)
        : people_{population::create(1, citizens).value()}, index_{build(people_, load, with_keys)} {}

    [[nodiscard]] const population& people() const noexcept { return people_; }
    [[nodiscard]] citizen_index& index() noexcept { return index_; }

    struct questions {
        std::vector<request> requests;
        std::vector<verdict> expected;
    };
    [[nodiscard]] questions ask(std::uint64_t first, std::size_t count) const {
        questions q{std::vector<request>(count), std::vector<verdict>(count)};
        planted_requests{people_}.fill(first, q.requests, q.expected, test_key());
        return q;
    }

  private:
    [[nodiscard]] static citizen_index build(const population& people, double load, bool with_keys) {
        index_builder::options how;
        how.placement_seed = 0;
        how.load = load;
        how.with_keys = with_keys;
        how.as_of = {1, 1'795'000'000'000};
        how.digest_key_fingerprint = test_key().fingerprint();
        auto builder = index_builder::create(how).value();
        {
            auto appender = builder.make_appender();
            std::vector<record> records(std::size_t{1} << 10);
            for (std::uint64_t i = 0; i < people.count(); i += records.size()) {
                const auto count = std::min<std::uint64_t>(records.size(), people.count() - i);
                const std::span<record> part{records.data(), count};
                people.fill_records(i, part, test_key());
                for (std::uint64_t k = 0; k < count; ++k) appender.append(part[k], i + k).value();
            }
        }
        return std::move(builder).build(2).value();
    }

    population people_;
    citizen_index index_;
};

}  // namespace xacthuc::tests
