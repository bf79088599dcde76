// SPDX-License-Identifier: Apache-2.0
// The part of kernel_body.hpp that the wider kernels take from the one-lane code: to end what has no more lanes to
// fill.

// The order is that of their needs.
// clang-format off
#include "ed25519/portable/lanes.hpp"
#include "ed25519/portable/field.hpp"
#include "ed25519/kernel/never_raised.hpp"
#include "ed25519/kernel/element.hpp"
#include "ed25519/kernel/point.hpp"
#include "ed25519/kernel/finish.hpp"
#include "ed25519/kernel/sha512.hpp"
// clang-format on
