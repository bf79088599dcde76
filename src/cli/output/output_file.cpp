// SPDX-License-Identifier: Apache-2.0
#include "cli/output/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "cli/exit_code.hpp"
#include "cli/interruption.hpp"

namespace xacthuc::cli {

output_file::output_file(const std::string& path, readers who) : path_{path} {
    if (path == "-") {
        path_ = "standard output";
        descriptor_ = STDOUT_FILENO;
        return;
    }
    std::error_code error;
    // Devices and pipes are written to as they are; a link to a file stays a link.
    if (const auto status = std::filesystem::status(path, error);
        std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
        descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        if (descriptor_ < 0) throw system_failure(errno, path_);
        return;
    }
    const auto target = std::filesystem::weakly_canonical(path, error);
    if (!error) path_ = target;
    partial_path_ = path_ + ".partial";
    const mode_t mode = who == readers::owner ? 0600 : 0666;
    // An old partial file may have other permissions or be a link to elsewhere: it is replaced, not written into.
    ::unlink(partial_path_.c_str());
    descriptor_ = ::open(partial_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor_ < 0) throw system_failure(errno, path_);
}

output_file::~output_file() {
    if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
    if (descriptor_ >= 0 && !partial_path_.empty()) ::unlink(partial_path_.c_str());
}

void output_file::write(std::string_view bytes) {
    bytes_written_ += bytes.size();
    while (!bytes.empty()) {
        const auto put = ::write(descriptor_, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) {
            // Only who waits for a reader stops here: what is told of an interrupted work is written still.
            if (partial_path_.empty()) stop_if_interrupted();
            continue;
        }
        if (put < 0) throw system_failure(errno, path_);
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

void output_file::commit() {
    if (partial_path_.empty()) return;
    if (::fsync(descriptor_) != 0) throw system_failure(errno, path_);
    if (std::rename(partial_path_.c_str(), path_.c_str()) != 0) throw system_failure(errno, path_);
    ::close(descriptor_);
    descriptor_ = -1;
}

}  // namespace xacthuc::cli
