// SPDX-License-Identifier: Apache-2.0
#include <xacthuc/policy/rule.hpp>

namespace xacthuc::inline v0_1 {

std::string_view to_string(answer_detail value) noexcept {
    return value == answer_detail::one_bit ? "one_bit" : "per_claim";
}

std::string_view to_string(consent_basis value) noexcept {
    return value == consent_basis::law ? "law" : "holder";
}

}  // namespace xacthuc::inline v0_1
