// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <xacthuc/registry/ledger_folder.hpp>

#include "files/file.hpp"

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] std::filesystem::path public_half(const std::filesystem::path& folder) {
    return folder / "ledger.vkey";
}

[[nodiscard]] bool is_there(const std::filesystem::path& path) {
    std::error_code failed;
    return std::filesystem::exists(path, failed);
}

[[nodiscard]] detailed_result<note_verifier> verifier_of(std::string_view origin, const authority_key& key) {
    const auto made = note_verifier::make(origin, key.public_key().key());
    if (!made)
        return failure{made.error(), origin.empty() ? "a new ledger needs one, such as example.vn/ledger"
                                                    : "of the ledger: " + std::string{origin}};
    return *made;
}

[[nodiscard]] detailed_result<void> give_away(const note_verifier& verifier, const std::filesystem::path& path) {
    auto file = replacement_file::create(system_file_calls(), path, 0644);
    if (!file) return file.error();
    const auto line = verifier.text() + '\n';
    if (auto done = file->file().write(std::as_bytes(std::span{line}), 0); !done) return done.error();
    return file->commit();
}

// The key of the folder, or a new one in it.
[[nodiscard]] detailed_result<authority_key> key_in(const std::filesystem::path& folder, bool may_be_made) {
    const auto path = folder / "ledger.key";
    if (is_there(path) || !may_be_made) return authority_key::load(path);
    auto key = authority_key::generate();
    if (auto done = key.save(path); !done) return done.error();
    return key;
}

[[nodiscard]] detailed_result<witness_policy> witnesses_in(const std::filesystem::path& folder) {
    const auto path = folder / "witnesses.toml";
    if (!is_there(path)) return witness_policy{};
    auto read = witness_policy::load(path);
    if (read) return *std::move(read);
    return failure_of_faults(read.error(), errc::settings_faults);
}

}  // namespace

detailed_result<note_verifier> ledger_verifier_in(const std::filesystem::path& folder) {
    const auto path = public_half(folder);
    std::ifstream file{path};
    std::string line;
    if (!std::getline(file, line)) return failure{errc::not_found, path.string()};
    const auto known = note_verifier::parse(line);
    if (!known) return failure{known.error(), path.string()};
    return *known;
}

detailed_result<ledger_options> ledger_options_in(const std::filesystem::path& folder, std::string_view origin,
                                                  const std::optional<authority_key>& key) {
    const bool is_new = !is_there(public_half(folder));
    std::string name{origin};
    if (!is_new) {
        const auto known = ledger_verifier_in(folder);
        if (!known) return known.error();
        if (!origin.empty() && origin != known->name())
            return failure{errc::ledger_mismatch, folder.string() + " is " + known->name()};
        name = known->name();
    }
    // Whether it is a name, before anything is written.
    if (auto named = verifier_of(name, authority_key::generate()); !named) return named.error();
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return failure{failed, folder.string() + ": creating"};
    auto held = key ? detailed_result<authority_key>{*key} : key_in(folder, is_new);
    if (!held) return held.error();
    const auto verifier = verifier_of(name, *held);
    if (!verifier) return verifier.error();
    if (!is_new && *ledger_verifier_in(folder) != *verifier)
        return failure{errc::ledger_mismatch, "the key is not that of " + public_half(folder).string()};
    if (is_new)
        if (auto done = give_away(*verifier, public_half(folder)); !done) return done.error();
    auto witnesses = witnesses_in(folder);
    if (!witnesses) return witnesses.error();
    ledger_options options{
        .origin = name, .verifier = *verifier, .signer = [secret = *held](std::span<const std::byte> message) {
            return ed25519::signature{secret.sign(message)};
        }};
    options.witnesses = *std::move(witnesses);
    return options;
}

}  // namespace xacthuc::inline v0_1
