// SPDX-License-Identifier: Apache-2.0
// xacthuc keygen: a key pair for an account or an agency, in two files.
#include <filesystem>
#include <xacthuc/registry/signing_key.hpp>

#include "cli/commands/commands.hpp"
#include "cli/input/hex_text.hpp"
#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

struct keygen_options {
    bool json = false;
    std::string secret_file;
    std::string public_file;
};

[[nodiscard]] bool exists(const std::string& path) {
    std::error_code error;
    return std::filesystem::exists(std::filesystem::symlink_status(path, error));
}

[[nodiscard]] exit_code run_keygen(keygen_options options) {
    if (options.public_file.empty())
        options.public_file = std::filesystem::path{options.secret_file}.replace_extension(".pub").string();
    // Looked at before anything is written, so that no half of a new pair comes to lie beside half of an older one.
    for (const auto& file : {options.secret_file, options.public_file})
        if (exists(file)) throw command_error{exit_code::failed, "there is a file of that name already: " + file};
    if (options.secret_file == options.public_file)
        throw command_error{exit_code::usage, "one file for both halves: " + options.secret_file};
    const auto key = signing_key::generate();
    take(key.save(options.secret_file));
    take(key.save_public(options.public_file));
    std::string digits;
    append_hex(digits, key.public_key().bytes);
    if (options.json) {
        print_json({{"command", "keygen"},
                    {"public_key", digits},
                    {"secret_file", options.secret_file},
                    {"public_file", options.public_file}});
    } else {
        say("made {} (keep it secret) and {} (give it to those who verify)", options.secret_file, options.public_file);
    }
    return exit_code::done;
}

}  // namespace

void add_keygen(CLI::App& app, exit_code& status) {
    const auto [keygen, options] = add_command<keygen_options>(
        app, status, "keygen", "Make a key pair that signs, for an account or an agency", run_keygen);
    keygen->add_option("FILE", options->secret_file, "Where the secret key goes, for its owner's eyes only")
        ->required();
    keygen->add_option("--public", options->public_file, "Where the public key goes [FILE, ending in .pub]");
    add_json(*keygen, options->json);
    keygen->footer(
        "Files that are there already are never replaced. The public key's file is one line of text:\n"
        "xacthuc-signing-public-1 and 64 hexadecimal digits.\n"
        "Examples:\n"
        "  xacthuc keygen agency.key\n"
        "  xacthuc keygen keys/an.key --public keys/an.pub --json\n");
}

}  // namespace xacthuc::cli
