// SPDX-License-Identifier: Apache-2.0
#include "cli/output/verdict_format.hpp"

#include <map>

namespace xacthuc::cli {

void add_verdict_output(CLI::App& subcommand, verdict_output& into) {
    subcommand.add_option("-o,--out", into.path, "Where verdicts go, - for standard output")->capture_default_str();
    static const std::map<std::string, verdict_format> formats{{"csv", verdict_format::csv},
                                                               {"jsonl", verdict_format::json_lines}};
    subcommand
        .add_option("--format", into.format, "csv or jsonl (JSON lines) [csv; jsonl with --json to standard output]")
        ->transform(CLI::Transformer(formats))
        ->type_name("FORMAT");
}

}  // namespace xacthuc::cli
