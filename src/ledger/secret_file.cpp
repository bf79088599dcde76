// SPDX-License-Identifier: Apache-2.0
#include "ledger/secret_file.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <span>

#include "domain/secret_memory.hpp"

namespace xacthuc::inline v0_1 {
namespace {

using file_content = std::array<std::byte, secret_tag_bytes + sizeof(secret_bytes)>;

[[nodiscard]] secret_in_file secret_of(const file_content& content) {
    const auto secret = make_secret<secret_bytes>();
    std::ranges::copy(std::span{content}.last<sizeof(secret_bytes)>(), secret->begin());
    return secret;
}

}  // namespace

detailed_result<secret_in_file> load_secret(const file_calls& calls, const std::filesystem::path& path,
                                            std::string_view tag) {
    const auto file = open_file::to_read(calls, path);
    if (!file) return file.error();
    const auto status = file->status();
    if (!status) return status.error();
    if ((status->mode & 0077U) != 0)
        return failure{errc::file_permissions, path.string() + ": only its owner may have any right to a secret"};
    const auto content = make_secret<file_content>();
    const failure other{errc::damaged_header, path.string() + ": not the secret that is wanted here"};
    if (status->size_bytes != content->size()) return other;
    if (const auto done = file->read(*content, 0); !done) return done.error();
    if (!std::ranges::equal(std::span{*content}.first<secret_tag_bytes>(), std::as_bytes(std::span{tag}))) return other;
    return secret_of(*content);
}

detailed_result<secret_in_file> create_secret(const file_calls& calls, const std::filesystem::path& path,
                                              std::string_view tag) {
    if (sodium_init() < 0) std::abort();  // no source of randomness: nothing a caller could do instead
    const auto content = make_secret<file_content>();
    std::ranges::copy(std::as_bytes(std::span{tag}), content->begin());
    const auto bytes = std::span{*content}.last<sizeof(secret_bytes)>();
    randombytes_buf(bytes.data(), bytes.size());
    if (const auto done = write_new_file(calls, path, *content, 0600); !done) return done.error();
    return secret_of(*content);
}

detailed_result<void> destroy_secret(const file_calls& calls, const std::filesystem::path& path) {
    auto file = open_file::to_change(calls, path);
    if (!file) return file.error();
    constexpr file_content nothing{};
    if (auto done = file->write(nothing, 0); !done) return done;
    if (auto done = file->sync(); !done) return done;
    if (auto done = file->close(); !done) return done;
    if (auto done = remove_file(calls, path); !done) return done;
    return sync_directory_of(calls, path);
}

}  // namespace xacthuc::inline v0_1
