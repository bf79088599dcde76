// SPDX-License-Identifier: Apache-2.0
#include <system_error>
#include <utility>
#include <xacthuc/registry/key_files.hpp>

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] bool is_missing(const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found;
}

[[nodiscard]] detailed_result<authority_key> load_authority(const key_files& files) {
    auto key = authority_key::load(files.authority_key);
    if (key && is_missing(files.authority_public))
        if (const auto saved = key->public_key().save(files.authority_public); !saved) return saved.error();
    return key;
}

[[nodiscard]] detailed_result<authority_key> make_authority(const key_files& files) {
    // A public key that is there already belongs to another secret one: snapshots signed by a new one would not load.
    if (!is_missing(files.authority_public))
        return failure{errc::not_found, files.authority_key.string() + ", the secret one to " +
                                            files.authority_public.string() + ", which is there"};
    auto key = authority_key::generate();
    if (const auto saved = key.save(files.authority_key); !saved) return saved.error();
    if (const auto saved = key.public_key().save(files.authority_public); !saved) return saved.error();
    return key;
}

[[nodiscard]] detailed_result<digest_key> make_digest_key(const std::filesystem::path& path) {
    auto key = digest_key::generate();
    if (const auto saved = key.save(path); !saved) return saved.error();
    return key;
}

}  // namespace

key_files key_files::beside(const std::filesystem::path& snapshot) const {
    const auto folder = snapshot.parent_path();
    key_files all = *this;
    if (all.digest_key.empty()) all.digest_key = folder / "digest.key";
    if (all.authority_public.empty()) {
        auto path = all.authority_key.empty() ? folder / "authority.pub" : all.authority_key;
        all.authority_public = path.replace_extension(".pub");
    }
    if (all.authority_key.empty()) all.authority_key = folder / "authority.key";
    return all;
}

detailed_result<writer_keys> load_or_make_keys(const key_files& files) {
    const bool has_digest_key = !is_missing(files.digest_key);
    auto digests = has_digest_key ? digest_key::load(files.digest_key) : make_digest_key(files.digest_key);
    if (!digests) return digests.error();
    const bool has_authority = !is_missing(files.authority_key);
    auto authority = has_authority ? load_authority(files) : make_authority(files);
    if (!authority) return authority.error();
    return writer_keys{*digests, *authority, !has_digest_key, !has_authority};
}

}  // namespace xacthuc::inline v0_1
