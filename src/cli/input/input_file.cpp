// SPDX-License-Identifier: Apache-2.0
#include "cli/input/input_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "cli/exit_code.hpp"
#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"

namespace xacthuc::cli {

input_file::input_file(const std::string& path)
    : name_{path == "-" ? "standard input" : path},
      descriptor_{path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {
    if (descriptor_ < 0) throw system_failure(errno, name_);
    struct stat facts {};
    if (::fstat(descriptor_, &facts) != 0) throw system_failure(errno, name_);
    if (S_ISDIR(facts.st_mode)) throw system_failure(EISDIR, name_);
    if (S_ISREG(facts.st_mode)) size_bytes_ = static_cast<std::uint64_t>(facts.st_size);
}

input_file::~input_file() {
    if (descriptor_ > STDIN_FILENO) ::close(descriptor_);
}

std::size_t input_file::read(std::span<char> buffer) {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        stop_if_interrupted();
        std::array<pollfd, 2> waits{{{descriptor_, POLLIN, 0}, {interruption_file(), POLLIN, 0}}};
        if (::poll(waits.data(), waits.size(), -1) < 0) {
            if (errno == EINTR) continue;
            throw system_failure(errno, name_);
        }
        if (waits[1].revents != 0) continue;
        const auto got = ::read(descriptor_, buffer.data() + filled, buffer.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw system_failure(errno, name_);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
        if (!size_bytes_) break;
    }
    return filled;
}

std::vector<std::byte> whole_file(const std::string& path, std::size_t bytes_max) {
    input_file in{path};
    std::vector<std::byte> content;
    for (std::size_t filled = 0;;) {
        content.resize(std::max<std::size_t>(2 * filled, 65536));
        const auto got = in.read({reinterpret_cast<char*>(content.data()) + filled, content.size() - filled});
        filled += got;
        if (filled > bytes_max)
            throw command_error{exit_code::failed, "has more than " + bytes_text(bytes_max) + ": " + in.name()};
        if (got != 0) continue;
        content.resize(filled);
        return content;
    }
}

}  // namespace xacthuc::cli
