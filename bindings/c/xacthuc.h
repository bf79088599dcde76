// SPDX-License-Identifier: Apache-2.0
// xacthuc for C, and for every language that can call C: verification of requests against a population register.
//
// Conventions, for all that follows.
// * Every function that can fail returns an xt_status: XT_OK, which is 0, or a positive code that xt_message() has a
//   text for. Where it takes an xt_detail, the text says more: which field, which file, which byte.
// * Handles are opaque. Who gets one frees it, with its own function, which takes NULL too. Nothing else is allocated
//   on one side and freed on the other: texts are borrowed for the length of a call, results lie in the caller's
//   memory.
// * Structs have one layout on every 64-bit little-endian machine. Their sizes are macros here and functions in the
//   library. Those that may grow begin with their own size, which the caller sets; a field of 0 is always the default.
// * No exception leaves the library, nothing needs to be initialised, there are no hidden threads and no globals.
// * A NULL where something is required is XT_NULL_ARGUMENT. After an error nothing has happened, unless the call says
//   otherwise, and the variable for a handle is as it was. Arrays may be NULL when their count is 0.
// * Values and symbols are added, never renumbered or removed, within one XT_ABI_VERSION's upper half.
// * "Concurrency" uses the words that the README defines. Where it is not mentioned: any number of threads at once on
//   const handles, one at a time on others.
#pragma once

#include "xacthuc_c/changes.h"
#include "xacthuc_c/counts.h"
#include "xacthuc_c/ed25519.h"
#include "xacthuc_c/feed.h"
#include "xacthuc_c/fields.h"
#include "xacthuc_c/guards.h"
#include "xacthuc_c/history.h"
#include "xacthuc_c/interface.h"
#include "xacthuc_c/keys.h"
#include "xacthuc_c/ledger.h"
#include "xacthuc_c/partitions.h"
#include "xacthuc_c/policy.h"
#include "xacthuc_c/proofs.h"
#include "xacthuc_c/register.h"
#include "xacthuc_c/requests.h"
#include "xacthuc_c/sizes.h"
#include "xacthuc_c/tables.h"
#include "xacthuc_c/verdicts.h"
