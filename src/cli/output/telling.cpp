// SPDX-License-Identifier: Apache-2.0
#include "cli/output/telling.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace xacthuc::cli {

void hold_standard_descriptors() noexcept {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
        // Opened the wrong way round, so that whoever reads or writes it is told (EBADF). The lowest number that is
        // free is this one.
        static_cast<void>(::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY));
    }
}

void tell(std::string_view text) noexcept {
    while (!text.empty()) {
        const auto put = ::write(STDERR_FILENO, text.data(), text.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(put));
    }
}

}  // namespace xacthuc::cli
