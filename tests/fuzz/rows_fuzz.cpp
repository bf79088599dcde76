// SPDX-License-Identifier: Apache-2.0
// Hostile rows: blocks of sealed hours, records of open ones, and receipts. Whatever is read as groups is written and
// read again as the same; whatever is read as a receipt says the same again. The first byte says what the rest is.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>
#include <xacthuc/ledger/receipt.hpp>

#include "ledger/group_record.hpp"
#include "ledger/row_block.hpp"

using namespace xacthuc;

namespace {

void must(bool is_so) {
    if (!is_so) std::abort();
}

[[nodiscard]] bool are_same(const row_group& a, const row_group& b) {
    if (a.leaf_index != b.leaf_index || a.first_place != b.first_place || a.time_unix_ms != b.time_unix_ms ||
        a.tree_rows != b.tree_rows || a.calls != b.calls || a.hidden_ids != b.hidden_ids)
        return false;
    for (std::size_t row = 0; row < a.rows(); ++row)
        if (a.kind(row) != b.kind(row)) return false;
    return true;
}

void check_block(std::span<const std::byte> bytes) {
    const auto groups = decode_block(bytes);
    if (!groups) return;
    const auto again = decode_block(encode_block(*groups));
    must(again.has_value() && again->size() == groups->size());
    for (std::size_t k = 0; k < groups->size(); ++k) must(are_same((*groups)[k], (*again)[k]));
}

void check_record(std::span<const std::byte> bytes) {
    if (bytes.size() < group_head_bytes) return;
    const auto head = group_head::decode(bytes.first<group_head_bytes>());
    if (!head) return;
    static const auto key = day_key::from_bytes(std::array<std::byte, day_key::key_bytes>{});
    // The input is the payload in the clear.
    std::vector<std::byte> payload{bytes.begin() + group_head_bytes, bytes.end()};
    key.cipher(head->nonce, payload);
    const auto group = decode_group(*head, payload, key);
    if (!group) return;
    const auto written = encode_group(*group, head->entry, key, {});
    const auto at = std::span{written};
    must(is_undamaged(at.first<group_head_bytes>(), at.subspan(group_head_bytes), {}));
    std::vector<std::byte> again{at.begin() + group_head_bytes, at.end()};
    const auto read = decode_group(group_head::decode(at.first<group_head_bytes>()).value(), again, key);
    must(read.has_value() && are_same(*group, *read));
}

void check_receipt(std::span<const std::byte> bytes) {
    const auto shown = receipt::decode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    if (!shown) return;
    must(receipt::decode(shown->encode()).value() == *shown);
    static const auto nobody = note_verifier::make("nobody", {}).value();
    must(!verify_receipt(*shown, "nobody", nobody));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto bytes = std::as_bytes(std::span{data + 1, size - 1});
    switch (data[0] % 3) {
        case 0:
            check_block(bytes);
            break;
        case 1:
            check_record(bytes);
            break;
        default:
            check_receipt(bytes);
    }
    return 0;
}
