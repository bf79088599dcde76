// SPDX-License-Identifier: Apache-2.0
// The service as a whole: the register, the threads, the doors; started, reloaded and ended by its owner.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>
#include <xacthuc/domain/error.hpp>

#include "service/served_register.hpp"
#include "service/settings.hpp"
#include "service/worker.hpp"

namespace xacthuc::inline v0_1::service {

class server {
  public:
    // Whether a server could be started with these settings, as far as can be told without starting it.
    [[nodiscard]] static detailed_result<void> check(const settings& of);
    // Opens the doors and starts to load the register; until it is loaded, questions get a problem. `failed` is called
    // when it cannot be.
    // Errors: those of the parts' opening; io (an address).
    [[nodiscard]] static detailed_result<std::unique_ptr<server>> start(const settings& of, tell_line tell,
                                                                        std::function<void(const failure&)> failed);
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    // As end().
    ~server();

    // Where it listens: ports that were 0 are known.
    [[nodiscard]] const std::vector<listener_settings>& listeners() const noexcept { return settings_.listeners; }
    [[nodiscard]] bool is_ready() const noexcept;

    // Takes certificates, keys of signatures, policy and limits anew; connections stay. What else has changed is for
    // the next start. Errors: those of the files; then all is as before.
    [[nodiscard]] detailed_result<void> reload(const settings& of);
    // Says that it is not ready, takes no more clients, answers what is on its way, and ends.
    void end();

  private:
    server(const settings& of, tell_line tell);
    [[nodiscard]] detailed_result<void> open_doors(const reloadable& with);
    void each_worker(const std::function<void(worker&)>& what);

    settings settings_;
    tell_line tell_;
    shared_state all_;
    std::unique_ptr<served_register> source_;
    std::vector<std::unique_ptr<worker>> workers_;
    std::vector<std::thread> threads_;
    bool has_ended_ = false;
};

}  // namespace xacthuc::inline v0_1::service
