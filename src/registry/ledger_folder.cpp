// SPDX-License-Identifier: Apache-2.0
#include "registry/ledger_folder.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>
#include <xacthuc/registry/authority.hpp>

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] std::string first_line_of(const std::filesystem::path& path) {
    std::string line;
    std::ifstream file{path};
    std::getline(file, line);
    return line;
}

[[nodiscard]] detailed_result<note_verifier> verifier_of(const std::string& name, const authority_key& key) {
    ed25519::public_key half;
    std::ranges::transform(key.public_key().bytes(), half.bytes.begin(),
                           [](std::byte each) { return static_cast<std::uint8_t>(each); });
    auto made = note_verifier::make(name, half);
    if (!made) return failure{make_error_code(errc::note_name), name};
    return *std::move(made);
}

// The name of the ledger in the folder, or the one that it is to have, once it is known to be one.
[[nodiscard]] detailed_result<std::string> settle_origin(const std::filesystem::path& folder, std::string origin) {
    const auto given_away = folder / "ledger.vkey";
    std::error_code failed;
    if (!std::filesystem::exists(given_away, failed)) {
        if (origin.empty())
            return failure{make_error_code(errc::note_name), folder.string() + ": a new ledger needs a name"};
        if (const auto made = verifier_of(origin, authority_key::generate()); !made) return made.error();
        return origin;
    }
    const auto known = note_verifier::parse(first_line_of(given_away));
    if (!known) return failure{make_error_code(errc::note_key), given_away.string() + ": " + known.error().message()};
    if (!origin.empty() && origin != known->name())
        return failure{make_error_code(errc::note_name), "this ledger is " + std::string{known->name()}};
    return std::string{known->name()};
}

}  // namespace

detailed_result<ledger_options> ledger_options_in(const std::filesystem::path& folder, std::string origin) {
    const auto secret = folder / "ledger.key";
    const auto given_away = folder / "ledger.vkey";
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return failure{make_error_code(errc::io), folder.string() + ": " + failed.message()};
    auto name = settle_origin(folder, std::move(origin));
    if (!name) return name.error();
    const bool is_new = !std::filesystem::exists(given_away, failed);
    if (is_new && !std::filesystem::exists(secret, failed))
        if (const auto saved = authority_key::generate().save(secret); !saved) return saved.error();
    auto key = authority_key::load(secret);
    if (!key) return key.error();
    auto verifier = verifier_of(*name, *key);
    if (!verifier) return verifier.error();
    if (is_new && !(std::ofstream{given_away} << verifier->text() << '\n'))
        return failure{make_error_code(errc::io), given_away.string() + ": cannot be written"};
    return ledger_options{.origin = *std::move(name),
                          .verifier = *std::move(verifier),
                          .signer = [key = *std::move(key)](std::span<const std::byte> message) {
                              ed25519::signature made;
                              std::ranges::transform(key.sign(message), made.bytes.begin(),
                                                     [](std::byte each) { return static_cast<std::uint8_t>(each); });
                              return made;
                          }};
}

}  // namespace xacthuc::inline v0_1
