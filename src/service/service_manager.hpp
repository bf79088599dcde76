// SPDX-License-Identifier: Apache-2.0
// Tells the service manager that started the process how it stands: systemd's notification protocol, sd_notify(3). It
// is one datagram of text to the socket that the environment names, and so simple that its own manual suggests to speak
// it without libsystemd, whose libraries would else lie in one process with the register's keys.
#pragma once

#include <string>
#include <string_view>

namespace xacthuc::inline v0_1::service {

// Concurrency: single thread.
class service_manager {
  public:
    // That of the environment; where there is none, nothing is ever told. The processes that are started from here are
    // not told of it.
    service_manager();

    void ready() { tell("READY=1\nSTATUS=answering"); }
    void loading() { tell("STATUS=loading the register"); }
    // A reload has begun; ready() says that it is done.
    void reloading();
    void stopping() { tell("STOPPING=1\nSTATUS=answering what is on its way"); }

  private:
    void tell(std::string_view text) const noexcept;

    std::string socket_;
};

}  // namespace xacthuc::inline v0_1::service
