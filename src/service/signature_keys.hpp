// SPDX-License-Identifier: Apache-2.0
// Whose signatures are taken, and the service's own key. The keys are files as xacthuc keygen writes them; an agency's
// is named by its number in a folder:
//
//   agencies/12.pub     xacthuc-signing-public-1 <64 hexadecimal digits>; its keyid is agency:12
//
// Immutable but for the combs that busy keys get: a reload makes another, and who waits keeps the old one's keys.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/ed25519/signature.hpp>
#include <xacthuc/engine/proof.hpp>
#include <xacthuc/registry/signing_key.hpp>

#include "service/problem.hpp"
#include "service/settings.hpp"

namespace xacthuc::inline v0_1::service {

class signature_keys {
  public:
    // Errors: io, damaged_header and file_permissions of the files; those of agency_keys::set(); not_found, where the
    // folder is not there; already_exists, where a file is not named by an agency's number.
    [[nodiscard]] static detailed_result<std::shared_ptr<const signature_keys>> load(const signature_settings& from);

    // Concurrency: any thread; as agency_keys::find().
    [[nodiscard]] agency_keys::entry find(std::uint16_t agency) const { return agencies_.find(agency); }
    [[nodiscard]] const signature_settings& as() const noexcept { return as_; }
    // After how many seconds the same can be asked again that got this problem of the service.
    [[nodiscard]] unsigned retry_after_s(problem why) const noexcept {
        constexpr std::int64_t second_ms = 1000;
        if (why != problem::nonces_unknown) return 1;
        // Then also what was signed at this moment is taken.
        return static_cast<unsigned>((as_.max_ahead.count() + second_ms - 1) / second_ms + 1);
    }
    // Whether answers are signed.
    [[nodiscard]] bool can_sign() const noexcept { return own_.has_value(); }
    // Requires: can_sign().
    // Concurrency: wait-free.
    [[nodiscard]] ed25519::signature sign(std::string_view message) const noexcept;

  private:
    explicit signature_keys(const signature_settings& as) : as_{as} {}
    [[nodiscard]] detailed_result<void> load_agencies();

    signature_settings as_;
    agency_keys agencies_;
    std::optional<signing_key> own_;
};

// The agency that a keyid names: agency:12, and no other way to write it.
[[nodiscard]] std::optional<std::uint16_t> agency_of_key_id(std::string_view key_id) noexcept;

}  // namespace xacthuc::inline v0_1::service
