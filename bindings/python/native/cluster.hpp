// SPDX-License-Identifier: Apache-2.0
// A register in a Redis or Valkey cluster as Python holds it: the key of its names, and connections that threads share.
#pragma once

#include <nanobind/nanobind.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>
#include <xacthuc/cluster_client/cluster_client.hpp>
#include <xacthuc/domain/digest_key.hpp>

#include "answers.hpp"
#include "growing_array.hpp"
#include "register.hpp"
#include "request_columns.hpp"
#include "working_threads.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

class open_cluster {
  public:
    // Connects once, so that what is wrong is told now. Requires: the interpreter lock is held; it is given away
    // meanwhile. Throws library_error.
    open_cluster(std::string nodes, const std::filesystem::path& digest_key, cluster::cluster_options how);

    // Throws what open_register::verify() does.
    [[nodiscard]] std::shared_ptr<const answer_data> verify(nb::handle people, const request_arguments& fields,
                                                            working_threads& threads) const;
    [[nodiscard]] std::shared_ptr<const answer_data> verify(const prepared_requests& requests,
                                                            working_threads& threads) const;

    // Which nodes failed in the last call, and why, although others may have answered for them.
    [[nodiscard]] std::vector<std::string> failures() const;

  private:
    using client = std::unique_ptr<cluster::cluster_client>;
    // One that nobody uses, or a new one. Throws library_error.
    [[nodiscard]] client take_client() const;
    void give_back(client one) const;
    [[nodiscard]] client connect() const;
    // The verdicts of these, by one thread.
    [[nodiscard]] cluster::answers_report ask(std::span<const request> requests, std::span<verdict> verdicts) const;

    std::string nodes_;
    digest_key digests_;
    cluster::cluster_options how_;
    mutable std::mutex guard_;  // of what follows
    mutable std::vector<client> unused_;
    mutable std::vector<std::string> failures_;
    std::shared_ptr<page_pool> answer_memory_ = std::make_shared<page_pool>();
};

}  // namespace xacthuc::python
