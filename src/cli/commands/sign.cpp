// SPDX-License-Identifier: Apache-2.0
// xacthuc sign: signatures by libsodium, over a file, over messages on the command line, or over one message a line.
#include <algorithm>
#include <optional>
#include <vector>
#include <xacthuc/registry/signing_key.hpp>

#include "cli/commands/commands.hpp"
#include "cli/input/chunk_reader.hpp"
#include "cli/input/hex_text.hpp"
#include "cli/input/input_file.hpp"
#include "cli/input/row_table.hpp"
#include "cli/input/triple_columns.hpp"
#include "cli/output/output_file.hpp"
#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

// Signing reads the message twice, so it is held whole.
constexpr std::size_t file_bytes_max = std::size_t{1} << 30;
constexpr std::size_t sign_chunk_bytes = std::size_t{256} << 10;

struct sign_options {
    bool json = false;
    bool lines = false;
    unsigned threads = default_thread_count();
    std::string key_file;
    std::string input;
    std::vector<std::string> messages;
    std::string out = "-";
};

void append_row(std::string& to, const signing_key& key, std::span<const std::byte> message) {
    triple_parser::append_row(to, key.public_key(), key.sign(message), message);
}

[[nodiscard]] std::vector<std::byte> message_of(std::string_view digits, const std::string& where) {
    std::vector<std::byte> message;
    if (!parse_hex(digits, message))
        throw command_error{exit_code::usage, "no message in hexadecimal digits, two a byte: " + where};
    return message;
}

// One message a line, an empty line being the empty message.
void sign_lines(const signing_key& key, const sign_options& options, output_file& out) {
    row_table table{options.input, sign_chunk_bytes};
    std::string header;
    triple_parser::append_header(header);
    out.write(header);
    for_each_chunk(table, options.threads, out, [&]() -> chunk_work {
        return [&](const csv::chunk& rows, std::string& text) {
            auto rest = rows.rows();
            for (auto line = rows.first_line; !rest.empty(); ++line) {
                auto digits = rest.substr(0, rest.find('\n'));
                rest.remove_prefix(digits.size() + 1);
                if (digits.ends_with('\r')) digits.remove_suffix(1);
                append_row(text, key, message_of(digits, table.name() + ", line " + std::to_string(line)));
            }
        };
    });
}

[[nodiscard]] exit_code run_sign(const sign_options& options) {
    if (options.input.empty() == options.messages.empty())
        throw command_error{exit_code::usage, "wanted either a FILE or --hex"};
    if (options.lines && options.input.empty())
        throw command_error{exit_code::usage, "--lines reads messages from a FILE"};
    if (options.json && (options.lines || options.messages.size() > 1 || options.out != "-"))
        throw command_error{exit_code::usage, "--json is for one signature, on standard output"};
    const auto key = take(signing_key::load(options.key_file));
    std::string text;
    std::optional<ed25519::signature> single;
    if (!options.lines && options.messages.size() <= 1) {
        single = key.sign(options.messages.empty() ? whole_file(options.input, file_bytes_max)
                                                   : message_of(options.messages[0], "--hex"));
        append_hex(text, single->bytes);
    }
    if (options.json) {
        std::string public_digits;
        append_hex(public_digits, key.public_key().bytes);
        print_json({{"command", "sign"}, {"public_key", public_digits}, {"signature", text}});
        return exit_code::done;
    }
    output_file out{options.out};
    if (options.lines) {
        sign_lines(key, options, out);
    } else if (single) {
        out.write(text + '\n');
    } else {
        triple_parser::append_header(text);
        for (const auto& digits : options.messages) append_row(text, key, message_of(digits, "--hex"));
        out.write(text);
    }
    out.commit();
    return exit_code::done;
}

}  // namespace

void add_sign(CLI::App& app, exit_code& status) {
    const auto [sign, options] =
        add_command<sign_options>(app, status, "sign", "Sign a file, or messages in hexadecimal digits", run_sign);
    sign->add_option("FILE", options->input, "What to sign as one message, or - for standard input");
    sign->add_option("-k,--key", options->key_file, "Secret key, as keygen makes it")->required();
    sign->add_option("--hex", options->messages, "A message in hexadecimal digits, in place of FILE; may come again")
        ->type_name("DIGITS")
        ->allow_extra_args(false);
    sign->add_flag("--lines", options->lines, "FILE has a message in hexadecimal digits on every line");
    sign->add_option("-o,--out", options->out, "Where the signatures go, - for standard output")->capture_default_str();
    sign->add_flag("--json", options->json, "Print the one signature as a JSON object");
    sign->add_option("-j,--threads", options->threads, "Threads to use")
        ->check(CLI::Range(1U, thread_count_max))
        ->capture_default_str();
    sign->footer(
        "One signature is 128 hexadecimal digits on a line of their own. Several messages, or --lines, give a CSV "
        "file\n"
        "with the columns public_key, signature and message, which verify-signatures reads.\n"
        "Examples:\n"
        "  xacthuc sign --key agency.key report.pdf\n"
        "  xacthuc sign --key agency.key --hex 616263 --hex 00\n"
        "  xacthuc sign --key an.key --lines messages.txt > triples.csv\n");
}

}  // namespace xacthuc::cli
