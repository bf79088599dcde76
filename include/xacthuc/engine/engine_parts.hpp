// SPDX-License-Identifier: Apache-2.0
// What an engine may have besides an index.
#pragma once

namespace xacthuc::inline v0_1 {

class guards;
class live_policy;
class policy_table;
class row_queue;

// Borrowed. What is not there costs nothing, and asks nothing of requests.
struct engine_parts {
    // Who may ask what. With it, calls have to say the time.
    const live_policy* policy = nullptr;
    // One that stays: in place of the policy in force, for calls that together have to be judged by one.
    const policy_table* table = nullptr;
    // What askers have used up, and what looks like an attack. With them, calls have to say the time; without policy
    // there are no quotas and no limits of misses, but for each citizen the same proof is still taken once.
    guards* watch = nullptr;
    // Where every answer leaves a row: a ledger's queue. A call that finds no room there gets ledger_full, or
    // ledger_stopped, in every verdict, and nothing of it is looked up; calls are best of no more rows than half the
    // queue has. With it, calls have to say the time. A call that is refused as a whole leaves no row: who asked is not
    // known.
    row_queue* rows = nullptr;
};

}  // namespace xacthuc::inline v0_1
