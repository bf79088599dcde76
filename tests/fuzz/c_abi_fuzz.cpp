// SPDX-License-Identifier: Apache-2.0
// Texts of any bytes and sizes, in structs of any size, through the interface for C. Every text lies in memory of just
// its size, so that AddressSanitizer sees a byte read beyond it.
#include <xacthuc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

// Takes the input apart, from its front.
class input {
  public:
    input(const std::uint8_t* data, std::size_t size) : data_{data}, size_{size} {}

    std::uint8_t byte() {
        if (size_ == 0) return 0;
        --size_;
        return *data_++;
    }
    std::uint16_t two_bytes() { return static_cast<std::uint16_t>(byte() << 8 | byte()); }
    // A text in memory of its own; sometimes one that ends with a zero, none at all, or a size that cannot be.
    xt_text text() {
        const auto kind = byte();
        if (kind == 0) return {nullptr, 0};
        if (kind == 1) return {nullptr, byte()};
        const std::size_t wanted = kind == 2 ? two_bytes() % 2048 : byte() % 64;
        const auto size = std::min(wanted, size_);
        const bool ends_with_zero = kind % 4 == 3;
        memory_.push_back(std::make_unique<char[]>(size + (ends_with_zero ? 1 : 0)));
        auto* const copy = memory_.back().get();
        if (size != 0) std::memcpy(copy, data_, size);
        data_ += size;
        size_ -= size;
        if (ends_with_zero) copy[size] = '\0';
        if (kind == 255) return {copy, SIZE_MAX / 2 + 1 + byte()};
        return {copy, ends_with_zero ? XT_ZERO_TERMINATED : size};
    }

  private:
    const std::uint8_t* data_;
    std::size_t size_;
    std::vector<std::unique_ptr<char[]>> memory_;
};

constexpr std::array claim_fields{&xt_claims::id,
                                  &xt_claims::name,
                                  &xt_claims::name_exact,
                                  &xt_claims::birth_date,
                                  &xt_claims::sex,
                                  &xt_claims::life,
                                  &xt_claims::registration,
                                  &xt_claims::account_level,
                                  &xt_claims::account,
                                  &xt_claims::document,
                                  &xt_claims::province,
                                  &xt_claims::ward,
                                  &xt_claims::document_valid_on,
                                  &xt_claims::born_on_or_before,
                                  &xt_claims::account_level_at_least};
constexpr std::array column_fields{&xt_claim_columns::id,
                                   &xt_claim_columns::name,
                                   &xt_claim_columns::name_exact,
                                   &xt_claim_columns::birth_date,
                                   &xt_claim_columns::sex,
                                   &xt_claim_columns::life,
                                   &xt_claim_columns::registration,
                                   &xt_claim_columns::account_level,
                                   &xt_claim_columns::account,
                                   &xt_claim_columns::document,
                                   &xt_claim_columns::province,
                                   &xt_claim_columns::ward,
                                   &xt_claim_columns::document_valid_on,
                                   &xt_claim_columns::born_on_or_before,
                                   &xt_claim_columns::account_level_at_least};
constexpr std::array citizen_fields{&xt_citizen::id,
                                    &xt_citizen::name,
                                    &xt_citizen::birth_date,
                                    &xt_citizen::sex,
                                    &xt_citizen::life,
                                    &xt_citizen::registration,
                                    &xt_citizen::account_level,
                                    &xt_citizen::account,
                                    &xt_citizen::document,
                                    &xt_citizen::document_expiry,
                                    &xt_citizen::province,
                                    &xt_citizen::ward,
                                    &xt_citizen::superseded};

// Room for an error's words of just so many bytes, and what must hold of them afterwards.
class room {
  public:
    explicit room(std::size_t capacity)
        : bytes_{std::make_unique<char[]>(capacity)}, detail_{bytes_.get(), capacity, SIZE_MAX} {}

    [[nodiscard]] xt_detail* detail() { return &detail_; }
    void check(xt_status status) const {
        require((detail_.size == 0) == (status == XT_OK));
        if (detail_.capacity == 0) return;
        require(std::memchr(detail_.data, 0, detail_.capacity) != nullptr);
        require(std::strlen(detail_.data) <= detail_.size);
    }

  private:
    std::unique_ptr<char[]> bytes_;
    xt_detail detail_;
};

const xt_digest_key* digests() {
    static const xt_digest_key* const made = [] {
        const std::array<std::uint8_t, XT_DIGEST_KEY_RAW_BYTES> raw{1, 2, 3};
        xt_digest_key* key = nullptr;
        require(xt_digest_key_from_bytes(raw.data(), &key) == XT_OK);
        return key;
    }();
    return made;
}

void check_prepared(const xt_request& request) {
    require((request.words[0] & 0xff'ffff'ffff) - 1 < 999'999'999'999);
    const auto claims = request.words[0] >> 40 & 0xffff;
    require(claims != 0 && claims < 1U << XT_CLAIM_COUNT);
}

// One request, and the same as a row of columns, say the same.
void prepare(input& from) {
    xt_claims claims{};
    claims.struct_size = XT_CLAIMS_BYTES;
    for (const auto field : claim_fields) claims.*field = from.text();
    claims.agency = from.two_bytes();
    claims.procedure = from.two_bytes();
    room words{from.byte()};
    xt_request request{};
    const auto status = xt_prepare(digests(), &claims, &request, words.detail());
    words.check(status);
    if (status == XT_OK) check_prepared(request);

    xt_claim_columns columns{};
    columns.struct_size = XT_CLAIM_COLUMNS_BYTES;
    std::array<const char*, claim_fields.size()> data{};
    std::array<std::size_t, claim_fields.size()> sizes{};
    for (std::size_t i = 0; i < claim_fields.size(); ++i) {
        data[i] = (claims.*claim_fields[i]).data;
        sizes[i] = (claims.*claim_fields[i]).size;
        columns.*column_fields[i] = {&data[i], &sizes[i]};
        // A NULL among a column's texts is nothing said, whatever its size; of a text alone it is a mistake.
        if (data[i] == nullptr && sizes[i] != 0) return;
    }
    columns.agency = claims.agency;
    columns.procedure = claims.procedure;
    xt_request row{};
    xt_status row_status = XT_UNEXPECTED;
    std::size_t prepared = 0;
    require(xt_prepare_columns(digests(), &columns, 1, &row, &row_status, &prepared) == XT_OK);
    require(row_status == status && prepared == (status == XT_OK ? 1U : 0U));
    require(std::memcmp(&row, &request, sizeof row) == 0);
}

void prepare_card(input& from) {
    room words{from.byte()};
    xt_request request{};
    const auto status = xt_prepare_card(digests(), from.text(), from.two_bytes(), 0, &request, words.detail());
    words.check(status);
    if (status == XT_OK) check_prepared(request);
}

void make_change(input& from) {
    xt_citizen who{};
    who.struct_size = XT_CITIZEN_BYTES;
    for (const auto field : citizen_fields) who.*field = from.text();
    room words{from.byte()};
    xt_change change{};
    const auto status = xt_change_upsert(digests(), &who, nullptr, &change, words.detail());
    words.check(status);
    require(change.kind == (status == XT_OK ? 1U : 0U));
    const auto erased = xt_change_erase(who.id, &change);
    if (status == XT_OK) require(erased == XT_OK && change.kind == 3);
}

// A struct of any size, in memory of that size where it can be one.
void read_any_size(input& from) {
    const std::size_t size = from.two_bytes() % 600;
    const auto bytes = std::max(size, sizeof(std::size_t));
    auto memory = std::make_unique<std::uint64_t[]>(bytes / 8 + 1);
    auto* const given = reinterpret_cast<std::uint8_t*>(memory.get());
    std::memcpy(given, &size, sizeof size);
    // Only what a caller may leave out, or what a later version has: no pointers to nowhere.
    for (auto i = std::size_t{XT_CLAIM_COLUMNS_BYTES}; i < size; ++i) given[i] = from.byte();
    xt_request request{};
    const auto as_claims = xt_prepare(digests(), reinterpret_cast<const xt_claims*>(given), &request, nullptr);
    require(as_claims == XT_STRUCT_SIZE || as_claims == XT_PERSONAL_ID_LENGTH);
    const auto as_columns =
        xt_prepare_columns(digests(), reinterpret_cast<const xt_claim_columns*>(given), 0, nullptr, nullptr, nullptr);
    require(as_columns == XT_OK || as_columns == XT_STRUCT_SIZE);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    input from{data, size};
    switch (from.byte() % 4) {
        case 0:
            prepare(from);
            break;
        case 1:
            prepare_card(from);
            break;
        case 2:
            make_change(from);
            break;
        default:
            read_any_size(from);
    }
    return 0;
}
