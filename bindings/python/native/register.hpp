// SPDX-License-Identifier: Apache-2.0
// An opened register as Python holds it, and the requests that were prepared for it.
#pragma once

#include <nanobind/nanobind.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/index/citizen_index.hpp>
#include <xacthuc/registry/opened_register.hpp>

#include "answers.hpp"
#include "growing_array.hpp"
#include "policy.hpp"
#include "request_columns.hpp"
#include "watching.hpp"
#include "working_threads.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

// Requests, kept to be asked again.
struct prepared_requests {
    growing_array<request> requests;
    std::vector<row_problem> problems;
    claim_mask claims = 0;
    std::uint64_t digest_key_fingerprint = 0;
};

struct opening {
    std::filesystem::path path;  // a snapshot, or a registry's directory
    std::filesystem::path digest_key;
    std::filesystem::path authority;
    bool map = false;
    std::string check;           // of a mapped one: "everything", "damage" or "directory"
    std::filesystem::path mark;  // of a directory: its high-water mark, where that lies elsewhere
    std::uint64_t at_least = 0;  // a register that does not come to this change is refused
    asking_side asking;
};

// Makes requests of the rows of a table, for the register whose names this key digests; `agency` is that of rows that
// name none. Throws column_error, arrow_error, and what the table throws.
[[nodiscard]] std::unique_ptr<prepared_requests> prepare_table(nb::handle people, const request_arguments& fields,
                                                               const digest_key& digests, std::uint16_t agency,
                                                               working_threads& threads);

class open_register {
  public:
    // Throws library_error.
    [[nodiscard]] static std::unique_ptr<open_register> open(const opening& from, working_threads& threads);

    // Throws column_error, arrow_error, library_error, and what the table throws.
    [[nodiscard]] std::shared_ptr<const answer_data> verify(nb::handle people, const request_arguments& fields,
                                                            const call_record& how, working_threads& threads) const;
    [[nodiscard]] std::shared_ptr<const answer_data> verify(const prepared_requests& requests, const call_record& how,
                                                            working_threads& threads) const;
    [[nodiscard]] std::unique_ptr<prepared_requests> prepare(nb::handle people, const request_arguments& fields,
                                                             working_threads& threads) const;

    // Of a registry's directory: makes the changes that others have added since. Of a snapshot there are none.
    // Requires: the interpreter lock is not held. Throws library_error.
    void refresh();

    // From now on calls are judged by this policy; those that have begun end with the one that they began with.
    void set_policy(const open_policy& with);
    // From now on these watch what is answered. Throws argument_error where others do.
    void set_guards(const open_guards& with);
    // From now on answers leave rows there. Throws argument_error where they leave them in another.
    void set_ledger(std::shared_ptr<open_ledger> with);
    [[nodiscard]] asking_side asking() const;

    [[nodiscard]] const citizen_index& index() const noexcept { return opened_.index(); }
    [[nodiscard]] const digest_key& digests() const noexcept { return *opened_.digests(); }
    [[nodiscard]] const opening& opened_from() const noexcept { return opened_from_; }

  private:
    open_register(const opening& from, opened_register opened) : opened_from_{from}, opened_{std::move(opened)} {}

    opening opened_from_;
    opened_register opened_;
    std::mutex refreshing_;
    mutable std::mutex asking_guard_;  // of opened_from_.asking
    std::shared_ptr<page_pool> answer_memory_ = std::make_shared<page_pool>();
};

}  // namespace xacthuc::python
