// SPDX-License-Identifier: Apache-2.0
// The same work without Python, for the benchmark to compare with: a loop as a C++ service would have it, over the very
// buffers that the Python side reads, in the same process.
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>
#include <xacthuc/domain/name.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/registry/snapshot.hpp>

namespace {

using namespace xacthuc;

struct plain_register {
    digest_key digests;
    citizen_index index;
    std::vector<request> requests;
    std::vector<verdict> verdicts;
};

// A column of Arrow's large_string: row i is text[offsets[i]] to text[offsets[i + 1]].
struct text_column {
    const std::int64_t* offsets;
    const char* text;

    [[nodiscard]] std::string_view operator[](std::uint64_t row) const noexcept {
        return {text + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row])};
    }
};

[[nodiscard]] request request_of(std::string_view id, std::string_view name, std::string_view birth,
                                 std::string_view sex, const digest_key& key) {
    const auto number = personal_id::parse(id);
    const auto day = date::parse(birth);
    const auto which = parse_sex(sex);
    if (!number || !day || !which) return {};
    claim_set claims;
    claims.id = *number;
    claims.name = name;
    claims.birth_date = *day;
    claims.sex = *which;
    const auto made = prepare(claims, key);
    return made ? *made : request{};
}

}  // namespace

extern "C" {

__attribute__((visibility("default"))) plain_register* plain_open(const char* snapshot, const char* digest_key_path,
                                                                  const char* authority) {
    const auto digests = digest_key::load(digest_key_path).value();
    auto index = load_snapshot(snapshot, authority_public_key::load(authority).value(), {.threads = 2}).value();
    return new plain_register{digests, std::move(index), {}, {}};
}

// Answers rows of texts; returns how many are verified. `columns`: id, name, birth date, sex.
__attribute__((visibility("default"))) std::uint64_t plain_verify_text(plain_register* of, const text_column* columns,
                                                                       std::uint64_t rows) {
    constexpr std::uint64_t piece = 1024;
    const engine answering{of->index};
    // As a service does that answers a batch: room for all verdicts, made in this call.
    const std::unique_ptr<verdict[]> verdicts{new verdict[rows]};
    std::uint64_t verified = 0;
    for (std::uint64_t first = 0; first < rows; first += piece) {
        std::array<request, piece> requests;
        const auto count = std::min(piece, rows - first);
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto row = first + i;
            requests[i] = request_of(columns[0][row], columns[1][row], columns[2][row], columns[3][row], of->digests);
        }
        const std::span answered{verdicts.get() + first, count};
        answering.verify(std::span{requests}.first(count), answered);
        for (const auto& one : answered) verified += one.outcome() == outcome::verified ? 1 : 0;
    }
    return verified;
}

__attribute__((visibility("default"))) void plain_prepare(plain_register* of, const text_column* columns,
                                                          std::uint64_t rows) {
    of->requests.resize(rows);
    of->verdicts.resize(rows);
    for (std::uint64_t row = 0; row < rows; ++row)
        of->requests[row] = request_of(columns[0][row], columns[1][row], columns[2][row], columns[3][row], of->digests);
}

__attribute__((visibility("default"))) void plain_verify_prepared(plain_register* of) {
    engine{of->index}.verify(of->requests, of->verdicts);
}

}  // extern "C"
