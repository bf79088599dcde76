// SPDX-License-Identifier: Apache-2.0
// Texts that several threads make at once, written in their order.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "cli/output/output_file.hpp"

namespace xacthuc::cli {

// Lets texts through in the order of their numbers, which start from 0 and leave none out.
class ordered_writer {
  public:
    explicit ordered_writer(output_file& out) : out_{out} {}

    // Blocks until all earlier ones are written. Returns false when the work was called off.
    [[nodiscard]] bool write(std::uint64_t number, std::string_view text);
    // Makes all writers return.
    void call_off();

  private:
    output_file& out_;
    std::mutex turn_;
    std::condition_variable changed_;
    std::uint64_t next_ = 0;
    bool called_off_ = false;
};

// Calls make(number, text) for 0 to count - 1 on `threads` threads and writes the texts in order. The first exception
// stops all and is thrown on.
void write_in_order(std::uint64_t count, unsigned threads, output_file& out,
                    const std::function<void(std::uint64_t number, std::string& text)>& make);

}  // namespace xacthuc::cli
