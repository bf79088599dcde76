// SPDX-License-Identifier: Apache-2.0
#include "cli/input/binary_triples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "cli/exit_code.hpp"

namespace xacthuc::cli {

binary_triple first_binary_triple(std::string_view bytes) noexcept {
    binary_triple first;
    first.bytes = bytes.size();
    if (bytes.size() < binary_triple_head_bytes) return first;
    first.key = bytes.substr(0, 32);
    first.signature = bytes.substr(32, 64);
    std::uint32_t message_bytes = 0;
    std::memcpy(&message_bytes, bytes.data() + 96, sizeof message_bytes);
    first.bytes = binary_triple_head_bytes + message_bytes;
    first.whole = bytes.size() >= first.bytes;
    if (first.whole) first.message = bytes.substr(binary_triple_head_bytes, message_bytes);
    return first;
}

std::size_t binary_triples::whole_records(std::string_view bytes, std::uint64_t& records) const {
    std::size_t whole = 0;
    for (;;) {
        const auto first = first_binary_triple(bytes.substr(whole));
        if (first.bytes > binary_triple_head_bytes + binary_message_bytes_max)
            throw command_error{exit_code::failed,
                                fmt::format("a message of {} bytes, the longest may have {}: {}, record {}",
                                            first.bytes - binary_triple_head_bytes, binary_message_bytes_max, name(),
                                            record_ + records)};
        if (!first.whole) return whole;
        whole += first.bytes;
        ++records;
    }
}

bool binary_triples::next(csv::chunk& into) {
    const std::scoped_lock lock{reading_};
    into.text = std::move(carry_);
    carry_.clear();
    std::uint64_t records = 0;
    std::size_t whole = whole_records(into.text, records);
    // Of a pipe, what came is given on at once.
    while (whole == 0 && !at_end_) {
        const auto filled = into.text.size();
        into.text.resize(filled + std::max(chunk_bytes_, filled));
        const auto got = file_.read(std::span{into.text}.subspan(filled));
        into.text.resize(filled + got);
        at_end_ = got == 0;
        records = 0;
        whole = whole_records(into.text, records);
    }
    if (into.text.empty()) return false;
    if (!at_end_ || whole != 0) {
        carry_.assign(into.text, whole);
        into.text.resize(whole);
    }
    into.rows_begin = 0;
    into.sequence = sequence_++;
    into.first_line = record_;
    record_ += records;
    into.end_line = record_;
    return true;
}

}  // namespace xacthuc::cli
