// SPDX-License-Identifier: Apache-2.0
#include "cli/key_files.hpp"

#include "cli/exit_code.hpp"
#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

[[nodiscard]] bool is_missing(const std::string& path) {
    std::error_code error;
    return std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found;
}

[[nodiscard]] authority_key load_or_make_authority_key(const key_paths& paths) {
    if (!is_missing(paths.authority_key)) {
        auto key = take(authority_key::load(paths.authority_key));
        if (is_missing(paths.authority_public)) take(key.public_key().save(paths.authority_public));
        return key;
    }
    // A public key that is there already belongs to another secret one: snapshots signed by a new one would not load.
    if (!is_missing(paths.authority_public))
        throw command_error{exit_code::failed, "there is an authority's public key but not its secret one: " +
                                                   paths.authority_public + ", " + paths.authority_key};
    auto key = authority_key::generate();
    take(key.save(paths.authority_key));
    take(key.public_key().save(paths.authority_public));
    say("made a new authority key: {} (keep it secret) and {} (give it to those who serve)", paths.authority_key,
        paths.authority_public);
    return key;
}

}  // namespace

key_paths key_paths::beside(const std::string& snapshot) const {
    const auto folder = std::filesystem::path{snapshot}.parent_path();
    key_paths all = *this;
    if (all.digest_key.empty()) all.digest_key = folder / "digest.key";
    if (all.authority_public.empty()) {
        auto path = all.authority_key.empty() ? folder / "authority.pub" : std::filesystem::path{all.authority_key};
        all.authority_public = path.replace_extension(".pub");
    }
    if (all.authority_key.empty()) all.authority_key = folder / "authority.key";
    return all;
}

digest_key load_digest_key(const std::string& path) {
    return take(digest_key::load(path));
}

digest_key load_or_make_digest_key(const std::string& path) {
    if (!is_missing(path)) return load_digest_key(path);
    const auto key = digest_key::generate();
    take(key.save(path));
    say("made a new digest key: {} (keep it secret: with it anybody can try names against the register)", path);
    return key;
}

authority_public_key load_authority(const std::string& path) {
    return take(authority_public_key::load(path));
}

writer_keys load_or_make_keys(const key_paths& paths) {
    auto digests = load_or_make_digest_key(paths.digest_key);
    return {digests, load_or_make_authority_key(paths)};
}

}  // namespace xacthuc::cli
