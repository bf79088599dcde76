// SPDX-License-Identifier: Apache-2.0
#include "cli/registers/key_files.hpp"

#include <filesystem>

#include "cli/exit_code.hpp"
#include "cli/shared_options.hpp"

namespace xacthuc::cli {

key_paths key_paths::beside(const std::string& snapshot) const {
    const auto all = key_files{digest_key, authority_key, authority_public}.beside(snapshot);
    return {all.digest_key, all.authority_key, all.authority_public};
}

key_paths key_paths::in(const std::string& folder) const {
    return beside((std::filesystem::path{folder} / "snapshot").string());
}

writer_keys load_or_make_keys(const key_paths& paths) {
    auto keys = take(xacthuc::load_or_make_keys({paths.digest_key, paths.authority_key, paths.authority_public}));
    if (keys.made_digest_key)
        say("made a new digest key: {} (keep it secret: with it anybody can try names against the register)",
            paths.digest_key);
    if (keys.made_authority)
        say("made a new authority key: {} (keep it secret) and {} (give it to those who serve)", paths.authority_key,
            paths.authority_public);
    return keys;
}

digest_key load_digest_key(const std::string& path) {
    return take(digest_key::load(path));
}

authority_public_key load_authority(const std::string& path) {
    return take(authority_public_key::load(path));
}

}  // namespace xacthuc::cli
