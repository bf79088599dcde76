// SPDX-License-Identifier: Apache-2.0
// A stream of binary triples, cut into chunks of whole records. One record after the other, nothing between:
//
//   public key 32 bytes · signature 64 · length of the message 4, little-endian · message
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/input/chunk_reader.hpp"
#include "cli/input/input_file.hpp"

namespace xacthuc::cli {

inline constexpr std::size_t binary_triple_head_bytes = 32 + 64 + 4;
inline constexpr std::uint32_t binary_message_bytes_max = std::uint32_t{64} << 20;

// The first record of `bytes`; the message is empty and `whole` false where they end within it.
struct binary_triple {
    std::string_view key, signature, message;
    std::size_t bytes = 0;
    bool whole = false;
};
[[nodiscard]] binary_triple first_binary_triple(std::string_view bytes) noexcept;

class binary_triples {
  public:
    binary_triples(const std::string& path, std::size_t chunk_bytes) : file_{path}, chunk_bytes_{chunk_bytes} {}

    [[nodiscard]] const std::string& name() const noexcept { return file_.name(); }
    // The next chunk, first_line being the number of its first record, from 1; false at the end. Only the last record
    // of the last chunk may not be whole. Throws command_error, also on a message over the limit. Concurrency: blocks
    // on the reader.
    [[nodiscard]] bool next(csv::chunk& into);

  private:
    [[nodiscard]] std::size_t whole_records(std::string_view bytes, std::uint64_t& records) const;

    input_file file_;
    std::size_t chunk_bytes_;
    std::mutex reading_;
    std::string carry_;
    std::uint64_t sequence_ = 0;
    std::uint64_t record_ = 1;
    bool at_end_ = false;
};

}  // namespace xacthuc::cli
