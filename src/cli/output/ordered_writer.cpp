// SPDX-License-Identifier: Apache-2.0
#include "cli/output/ordered_writer.hpp"

#include <atomic>

#include "cli/interruption.hpp"
#include "cli/threads.hpp"

namespace xacthuc::cli {

bool ordered_writer::write(std::uint64_t number, std::string_view text) {
    std::unique_lock lock{turn_};
    changed_.wait(lock, [&] { return next_ == number || called_off_; });
    if (called_off_) return false;
    // The lock may stay: whoever waits for it waits for this text anyway.
    out_.write(text);
    ++next_;
    changed_.notify_all();
    return true;
}

void ordered_writer::call_off() {
    const std::scoped_lock lock{turn_};
    called_off_ = true;
    changed_.notify_all();
}

void write_in_order(std::uint64_t count, unsigned threads, output_file& out,
                    const std::function<void(std::uint64_t, std::string&)>& make) {
    ordered_writer writer{out};
    std::atomic<std::uint64_t> next{0};
    run_threads(threads, [&](unsigned) {
        try {
            std::string text;
            for (auto number = next.fetch_add(1); number < count; number = next.fetch_add(1)) {
                stop_if_interrupted();
                text.clear();
                make(number, text);
                if (!writer.write(number, text)) return;
            }
        } catch (...) {
            writer.call_off();
            throw;
        }
    });
}

}  // namespace xacthuc::cli
