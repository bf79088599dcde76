// SPDX-License-Identifier: Apache-2.0
#include "cli/shared_options.hpp"

#include <boost/json/serialize.hpp>
#include <map>

#include "cli/output/output_file.hpp"

namespace xacthuc::cli {

void add_json(CLI::App& subcommand, bool& into) {
    subcommand.add_flag("--json", into, "Print the result as one JSON object on standard output");
}

void add_shared(CLI::App& subcommand, shared_options& into) {
    add_json(subcommand, into.json);
    subcommand.add_option("-j,--threads", into.threads, "Threads to use")
        ->check(CLI::Range(1U, thread_count_max))
        ->capture_default_str();
}

void add_seed(CLI::App& subcommand, std::uint64_t& into) {
    subcommand.add_option("--seed", into, "The same seed and count give the same nation")->capture_default_str();
}

CLI::Option* add_count(CLI::App& subcommand, const std::string& names, std::uint64_t& into, const std::string& what) {
    static const std::map<std::string, std::uint64_t> units{{"k", 1'000}, {"M", 1'000'000}, {"G", 1'000'000'000}};
    return subcommand.add_option(names, into, what)
        ->transform(CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::CASE_SENSITIVE, "COUNT[k|M|G]"));
}

void print_json(const boost::json::object& result) {
    output_file out{"-"};
    out.write(boost::json::serialize(result) + '\n');
}

void print_text(std::string_view text) {
    output_file{"-"}.write(text);
}

}  // namespace xacthuc::cli
