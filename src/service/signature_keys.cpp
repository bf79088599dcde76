// SPDX-License-Identifier: Apache-2.0
#include "service/signature_keys.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <xacthuc/ed25519/verify.hpp>

namespace xacthuc::inline v0_1::service {
namespace {

constexpr std::string_view public_ending = ".pub";

[[nodiscard]] std::optional<std::uint16_t> parse_agency(std::string_view digits) noexcept {
    std::uint16_t agency = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), agency);
    if (failed != std::errc{} || end != digits.data() + digits.size() || digits.starts_with('0')) return std::nullopt;
    return agency;
}

}  // namespace

std::optional<std::uint16_t> agency_of_key_id(std::string_view key_id) noexcept {
    constexpr std::string_view begin = "agency:";
    return key_id.starts_with(begin) ? parse_agency(key_id.substr(begin.size())) : std::nullopt;
}

detailed_result<std::shared_ptr<const signature_keys>> signature_keys::load(const signature_settings& from) {
    std::shared_ptr<signature_keys> made{new signature_keys{from}};
    if (!from.agencies.empty()) {
        ed25519::prepare();
        if (const auto loaded = made->load_agencies(); !loaded) return loaded.error();
    }
    if (!from.key.empty()) {
        auto own = signing_key::load(from.key);
        if (!own) return own.error();
        made->own_ = *std::move(own);
    }
    return std::shared_ptr<const signature_keys>{std::move(made)};
}

detailed_result<void> signature_keys::load_agencies() {
    std::error_code error;
    for (std::filesystem::directory_iterator each{as_.agencies, error}; !error && each != decltype(each){};
         each.increment(error)) {
        const auto& path = each->path();
        if (path.extension() != public_ending) continue;
        const auto agency = parse_agency(path.stem().native());
        if (!agency)
            return failure{make_error_code(errc::io),
                           path.string() + ": an agency's key is named by its number: 12.pub"};
        const auto key = load_signing_public_key(path);
        if (!key) return key.error();
        if (const auto set = agencies_.set(*agency, *key); !set) return failure{set.error(), path.string()};
    }
    if (error) return failure{make_error_code(errc::io), as_.agencies.string() + ": " + error.message()};
    for (const auto agency : as_.revoked)
        if (const auto revoked = agencies_.revoke(agency); !revoked)
            return failure{revoked.error(),
                           "revoked: " + std::to_string(agency) + ", whose key is not in " + as_.agencies.string()};
    agencies_.promote();
    return {};
}

ed25519::signature signature_keys::sign(std::string_view message) const noexcept {
    return own_->sign(std::as_bytes(std::span{message}));
}

}  // namespace xacthuc::inline v0_1::service
