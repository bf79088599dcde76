// SPDX-License-Identifier: Apache-2.0
// Groups of a sealed hour, packed: ids as they are, 5 bytes, and all else in as few bits as it comes to.
//
//   groups 4 · rows 4 · calls 4
//   askings    count 4, then agency 2 · procedure 2 · claims 2 each
//   officers   count 4, then 8 each
//   profiles   count 4, then a varint of an asking and one of an officer each: who asked for what
//   answers    count 4, then verdict 8 each, its matched claims as the difference from those that were asked
//   codes      a length of 1 B for each symbol: profiles of calls' first rows · "the same" and profiles of other rows ·
//              answers · magnitudes of calls' rows, times and sequences · whether a call is signed
//   heads      a varint each of a group's index, place, time and tree rows, as differences, and of its rows and calls
//   ids        5 a row
//   signatures count 4, then 64 each of a call that has one
//   bits       for each call: rows, time and sequence as differences, signed; for each row: profile, answer
//
// The rows stay in the order that the log has bound them in: to sort them would cost, in places to go back to, what it
// saves in ids.
#pragma once

#include <cstddef>
#include <span>
#include <vector>
#include <xacthuc/domain/error.hpp>

#include "ledger/row_group.hpp"

namespace xacthuc::inline v0_1 {

// Requires: fewer than 2^32 rows, and calls that have all rows and no more. Exceptions: std::bad_alloc.
[[nodiscard]] std::vector<std::byte> encode_block(std::span<const row_group> groups);
// Errors: not_of_a_ledger. Exceptions: std::bad_alloc, for no more than some hundred bytes a byte.
[[nodiscard]] result<std::vector<row_group>> decode_block(std::span<const std::byte> bytes);

}  // namespace xacthuc::inline v0_1
