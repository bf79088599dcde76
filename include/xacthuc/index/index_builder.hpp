// SPDX-License-Identifier: Apache-2.0
// Bulk building of an index: appenders collect records from any number of threads, then partitions are built one by one
// in parallel. The same records with the same ordinals give the same bytes, whatever the threads did.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/index/citizen_index.hpp>

namespace xacthuc::inline v0_1 {

class index_builder {
  public:
    struct options {
        // Where records lie follows from it and their ids. Drawn at random when it is not given, so that nobody can
        // choose ids that come to lie on top of one another; given, the same records make the same index.
        std::optional<std::uint64_t> placement_seed{};
        std::uint64_t digest_key_fingerprint = 0;
        freshness as_of{};
        bool with_keys = false;
        // Records a slot, 0.60 to 0.70 by design: lower is faster, higher is smaller.
        double load = 0.62;
        // About how many records will come; only used to refuse before work starts what cannot fit into memory.
        std::uint64_t citizens_expected = 0;
    };

    // A record that came again: the one with the greater ordinal stays.
    struct duplicate {
        std::uint64_t id;
        std::uint64_t dropped_ordinal;
        std::uint64_t kept_ordinal;
    };

    // One thread's way in.
    // Concurrency: each appender is used by one thread at a time.
    class appender {
      public:
        XACTHUC_API appender(appender&&) noexcept;
        XACTHUC_API appender& operator=(appender&&) noexcept;
        XACTHUC_API ~appender();
        // Requires: the record came from make_record(), so that its integrity check is right and its version 0.
        // `ordinal` orders records of one id (a row number); the greatest wins.
        // Errors: out_of_memory.
        [[nodiscard]] XACTHUC_API detailed_result<void> append(const record& r, std::uint64_t ordinal);
        // The same with a key; all zeros is "no key".
        // Requires: as above.
        // Errors: out_of_memory; no_key_column, where the builder was not made with_keys.
        [[nodiscard]] XACTHUC_API detailed_result<void> append(const record& r, std::uint64_t ordinal,
                                                               const public_key& key);

      private:
        friend class index_builder;
        struct state;
        explicit appender(std::unique_ptr<state> s) noexcept;
        std::unique_ptr<state> state_;
    };

    // Errors: out_of_memory when citizens_expected cannot fit.
    [[nodiscard]] XACTHUC_API static detailed_result<index_builder> create(const options& how);

    XACTHUC_API index_builder(index_builder&&) noexcept;
    XACTHUC_API index_builder& operator=(index_builder&&) noexcept;
    XACTHUC_API ~index_builder();

    // Concurrency: any thread.
    [[nodiscard]] XACTHUC_API appender make_appender();

    // Called now and then with partitions done of partition_count, by one thread at a time; may be empty.
    using progress = std::function<void(std::size_t)>;

    // Builds with `threads` threads (the caller's is one of them). Duplicates are listed in the order of their ids.
    // Requires: every appender is destroyed.
    // Errors: out_of_memory, index_full (a partition over table_word::line_count_max).
    [[nodiscard]] XACTHUC_API detailed_result<citizen_index> build(unsigned threads,
                                                                   std::vector<duplicate>* duplicates = nullptr,
                                                                   const progress& report = {}) &&;

  private:
    struct state;
    explicit index_builder(std::unique_ptr<state> s) noexcept;
    std::unique_ptr<state> state_;
};

}  // namespace xacthuc::inline v0_1
