// SPDX-License-Identifier: Apache-2.0
// The subcommand follow-postgres, which is a program of its own: see cli/commands/commands.hpp.
#pragma once

#include "cli/program.hpp"

namespace xacthuc::cli {

add_subcommand add_follow_postgres;

}  // namespace xacthuc::cli
