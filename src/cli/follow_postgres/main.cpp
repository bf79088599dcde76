// SPDX-License-Identifier: Apache-2.0
// xacthuc-follow-postgres, which `xacthuc follow-postgres` starts: who follows no server needs none of its libraries.
#include "cli/follow_postgres/follow_postgres.hpp"

namespace cli = xacthuc::cli;

int main(int argument_count, char** arguments) {
    return cli::run_as_subcommand("follow-postgres", cli::add_follow_postgres, argument_count, arguments);
}
