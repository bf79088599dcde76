// SPDX-License-Identifier: Apache-2.0
// One person's registered facts in plain text, as an agency knows them: the input from which records are made. Never
// stored.
#pragma once

#include <cstdint>
#include <string_view>
#include <xacthuc/domain/date.hpp>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/domain/status.hpp>

namespace xacthuc::inline v0_1 {

// Two-digit province code since 2025-07-01 (see data/provinces-2025.csv) and five-digit ward code; 0 is unknown.
// Source: Decision 19/2025/QĐ-TTg.
struct residence {
    static constexpr std::uint32_t province_max = 99;
    static constexpr std::uint32_t ward_max = 99'999;

    std::uint32_t province = 0;
    std::uint32_t ward = 0;
};

// Every field but the id may be unknown: an empty name, a default date, a status of 0.
struct citizen {
    personal_id id{};
    std::string_view name{};  // UTF-8, any spelling that digest_name() accepts; the caller keeps the text alive
    date birth{};
    xacthuc::sex sex = sex::unknown;
    life_status life = life_status::unknown;
    registration_status registration = registration_status::unknown;
    account_level level = account_level::unknown;
    account_status account = account_status::unknown;
    document_status document = document_status::unknown;
    date document_expiry{};          // to the day, or unknown
    bool document_lifelong = false;  // a card without expiry, as issued from the age of 60; document_expiry is ignored
    xacthuc::residence residence{};
    bool superseded = false;  // the number was replaced by another one (outcome 201)
};

}  // namespace xacthuc::inline v0_1
