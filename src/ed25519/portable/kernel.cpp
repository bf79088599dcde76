// SPDX-License-Identifier: Apache-2.0
// The kernel for any 64-bit CPU: one lane.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "ed25519/division_steps.hpp"
#include "ed25519/encoding.hpp"
#include "ed25519/kernel_list.hpp"
#include "ed25519/sha512_constants.hpp"
#include "system/processor.hpp"

namespace xacthuc::inline v0_1::ed25519::portable {
namespace {
namespace one {
// clang-format off
#include "ed25519/portable/lanes.hpp"
#include "ed25519/portable/field.hpp"
#include "ed25519/kernel/never_raised.hpp"
#include "ed25519/kernel/kernel_body.hpp"
// clang-format on
}  // namespace one

}  // namespace

constinit const kernel kernel_table = one::described("portable", 1, 1, processor_runs<instruction_set::portable>);

}  // namespace xacthuc::inline v0_1::ed25519::portable
