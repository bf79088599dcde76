// SPDX-License-Identifier: Apache-2.0
#include "ledger/access_segment.hpp"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "hash/content_hash.hpp"
#include "ledger/little_endian.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view segment_magic = "xt-accs1";
constexpr std::size_t hash_bytes = sizeof(damage_hash);

[[nodiscard]] failure wrong_segment(errc what, const open_file& file, std::string_view words) {
    return {what, file.path().string() + ": " + std::string{words}};
}

// An entry, as its bytes have it.
struct raw_entry {
    std::uint64_t id_and_day = 0;
    std::uint64_t payload = 0;

    raw_entry(const std::byte* from, std::size_t payload_bytes) noexcept
        : id_and_day{load_little(from, access_layout::head_bytes)},
          payload{load_little(from + access_layout::head_bytes, payload_bytes)} {}
};

[[nodiscard]] constexpr std::uint64_t low_bits(unsigned count) noexcept {
    return (std::uint64_t{1} << count) - 1;
}

}  // namespace

std::array<std::byte, access_segment_head::bytes> access_segment_head::encode() const noexcept {
    std::array<std::byte, bytes> to{};
    auto* at = std::ranges::copy(std::as_bytes(std::span{segment_magic}), to.data()).out;
    for (const auto number : {static_cast<std::uint64_t>(month.number), entries, blocks, kinds, officers, file_bytes}) {
        store_little(number, at, 8);
        at += 8;
    }
    at = std::ranges::copy(nonce, at).out;
    at = std::ranges::copy(tables_hash, at).out;
    std::ranges::copy(hash_for_damage(std::span{to}.first<bytes - hash_bytes>()), at);
    return to;
}

std::optional<access_segment_head> access_segment_head::decode(std::span<const std::byte, bytes> from) noexcept {
    access_segment_head head;
    const auto number = [&](std::size_t k) { return load_little(from.data() + 8 * k, 8); };
    head.month.number = static_cast<std::int64_t>(number(1));
    head.entries = number(2);
    head.blocks = number(3);
    head.kinds = number(4);
    head.officers = number(5);
    head.file_bytes = number(6);
    std::ranges::copy(from.subspan<56, 16>(), head.nonce.begin());
    std::ranges::copy(from.subspan<72, 16>(), head.tables_hash.begin());
    if (!std::ranges::equal(head.encode(), from)) return std::nullopt;
    return head;
}

std::optional<access_layout> access_layout::of(std::uint64_t kinds, std::uint64_t officers) noexcept {
    const auto bits = [](std::uint64_t count) { return static_cast<unsigned>(std::bit_width(count - (count != 0))); };
    const access_layout made{bits(kinds), bits(officers)};
    if (made.kind_bits > 24 || second_bits + made.kind_bits + made.officer_bits > 64) return std::nullopt;
    return made;
}

access_mask::access_mask(const access_secret& of_day, const std::array<std::byte, 16>& nonce) noexcept {
    crypto_core_hchacha20(key_.data(), reinterpret_cast<const unsigned char*>(nonce.data()),
                          reinterpret_cast<const unsigned char*>(of_day.data()), nullptr);
}

access_mask::~access_mask() {
    sodium_memzero(key_.data(), key_.size());
}

std::uint64_t access_mask::at(std::uint64_t place) const noexcept {
    static_assert(crypto_stream_chacha20_NONCEBYTES == 8);
    std::array<std::byte, 8> nonce;
    std::array<std::byte, 8> stream;
    store_little(place, nonce.data(), nonce.size());
    crypto_stream_chacha20(reinterpret_cast<unsigned char*>(stream.data()), stream.size(),
                           reinterpret_cast<const unsigned char*>(nonce.data()), key_.data());
    return load_little(stream.data(), stream.size());
}

// The masks of a month's days, made as they are asked for.
class access_segment::masks {
  public:
    masks(const access_segment& of, const access_secrets& secrets) noexcept : of_{of}, secrets_{secrets} {}

    // None where the day has no secret.
    [[nodiscard]] detailed_result<const access_mask*> of_day(std::size_t day) {
        auto& known = days_[day];
        if (!known.is_asked) {
            const auto secret = secrets_(of_.month().first_day() + static_cast<std::int64_t>(day));
            if (!secret) return secret.error();
            if (*secret) known.mask.emplace(**secret, of_.head_.nonce);
            known.is_asked = true;
        }
        return known.mask ? &*known.mask : nullptr;
    }

  private:
    struct known_day {
        bool is_asked = false;
        std::optional<access_mask> mask;
    };
    const access_segment& of_;
    const access_secrets& secrets_;
    std::array<known_day, std::size_t{1} << access_layout::day_bits> days_{};
};

detailed_result<access_segment> access_segment::open(const file_calls& calls, const std::filesystem::path& path) {
    auto file = open_file::to_read(calls, path);
    if (!file) return file.error();
    std::array<std::byte, access_segment_head::bytes> bytes;
    if (auto done = file->read(bytes, 0); !done) return done.error();
    const auto head = access_segment_head::decode(bytes);
    if (!head) return wrong_segment(errc::damaged_header, *file, "no segment of accesses, or its head is damaged");
    const auto status = file->status();
    if (!status) return status.error();
    if (status->size_bytes < head->file_bytes)
        return wrong_segment(errc::truncated, *file, "it says that it is longer");
    if (status->size_bytes > head->file_bytes)
        return wrong_segment(errc::trailing_bytes, *file, "it says that it is shorter");
    const auto layout = access_layout::of(head->kinds, head->officers);
    const auto most = head->file_bytes;
    const bool is_month = head->month.number >= 0 && head->month.number < std::int64_t{12} * 10'000;
    if (!layout || !is_month || head->entries > most || head->blocks > most || head->kinds > most ||
        head->officers > most)
        return wrong_segment(errc::damaged_header, *file, "its head contradicts itself");
    access_segment segment{std::move(*file), *head, *layout};
    if (auto done = segment.read_tables(); !done) return done.error();
    return segment;
}

detailed_result<void> access_segment::read_tables() {
    const auto kinds_bytes = head_.kinds * access_kind::bytes;
    const auto size = kinds_bytes + head_.officers * 8 + head_.blocks * access_layout::index_entry_bytes;
    const auto begin = access_segment_head::bytes + head_.entries * layout_.entry_bytes() +
                       head_.blocks * access_layout::trailer_bytes;
    if (begin + size != head_.file_bytes)
        return wrong_segment(errc::damaged_header, file_, "its parts do not make up its size");
    std::vector<std::byte> bytes(size);
    if (auto done = file_.read(bytes, begin); !done) return done;
    if (hash_for_damage(bytes) != head_.tables_hash)
        return wrong_segment(errc::checksum_mismatch, file_, "its index is damaged");
    const auto* at = bytes.data();
    const auto next = [&](std::size_t count) {
        at += count;
        return load_little(at - count, count);
    };
    kinds_.resize(head_.kinds);
    for (auto& kind : kinds_) {
        kind.agency = static_cast<std::uint16_t>(next(2));
        kind.procedure = static_cast<std::uint16_t>(next(2));
        kind.claims = static_cast<claim_mask>(next(2));
        kind.verdict_bits = next(8);
    }
    officers_.resize(head_.officers);
    for (auto& officer : officers_) officer = next(8);
    index_.resize(head_.blocks);
    for (auto& block : index_) {
        block.id = next(8);
        block.place = next(8);
    }
    for (std::size_t b = 0; b < index_.size(); ++b) {
        const auto count = entries_of(b);
        if (count == 0 || count > access_layout::block_entries_max || (b == 0 ? index_[0].place != 0 : false) ||
            (b != 0 && index_[b].id < index_[b - 1].id))
            return wrong_segment(errc::damaged_header, file_, "its index contradicts itself");
    }
    return {};
}

std::uint64_t access_segment::entries_of(std::size_t block) const noexcept {
    return (block + 1 < index_.size() ? index_[block + 1].place : head_.entries) - index_[block].place;
}

std::uint64_t access_segment::offset_of(std::size_t block) const noexcept {
    return access_segment_head::bytes + index_[block].place * layout_.entry_bytes() +
           block * access_layout::trailer_bytes;
}

access_segment::blocks_of access_segment::blocks_with(std::uint64_t hidden_id) const noexcept {
    const auto from = std::ranges::lower_bound(index_, hidden_id, {}, &block_start::id);
    const auto to = std::ranges::upper_bound(from, index_.end(), hidden_id, {}, &block_start::id);
    const auto first = static_cast<std::size_t>(from - index_.begin());
    // It may begin inside of the block before.
    return {first - (first != 0), static_cast<std::size_t>(to - index_.begin())};
}

void access_segment::expect(std::uint64_t hidden_id) const noexcept {
    const auto [first, end] = blocks_with(hidden_id);
    if (first == end) return;
    const auto size = offset_of(end - 1) + layout_.block_bytes(entries_of(end - 1)) - offset_of(first);
    file_.expect_read(offset_of(first), size);
}

detailed_result<void> access_segment::read_block(std::size_t block, std::vector<std::byte>& bytes) const {
    bytes.resize(layout_.block_bytes(entries_of(block)));
    if (auto done = file_.read(bytes, offset_of(block)); !done) return done;
    const auto hashed = bytes.size() - hash_bytes;
    if (load_little(bytes.data() + hashed - 8, 8) != block ||
        !std::ranges::equal(hash_for_damage(std::span{bytes}.first(hashed)), std::span{bytes}.subspan(hashed)))
        return wrong_segment(errc::checksum_mismatch, file_,
                             "a block is damaged, at offset " + std::to_string(offset_of(block)));
    return {};
}

detailed_result<void> access_segment::take_entries(std::size_t block, std::span<const std::byte> bytes,
                                                   std::size_t first, std::size_t end, masks& of,
                                                   const access_taker& take) const {
    const auto payload_bits = access_layout::second_bits + layout_.kind_bits + layout_.officer_bits;
    for (auto i = first; i < end; ++i) {
        const raw_entry entry{bytes.data() + i * layout_.entry_bytes(), layout_.payload_bytes()};
        const auto day = static_cast<std::size_t>(entry.id_and_day & low_bits(access_layout::day_bits));
        const auto mask = of.of_day(day);
        if (!mask) return mask.error();
        if (*mask == nullptr) continue;
        auto payload = entry.payload ^ (*mask)->at(index_[block].place + i);
        if (payload_bits < 64) payload &= low_bits(payload_bits);
        const auto second = static_cast<std::uint32_t>(payload & low_bits(access_layout::second_bits));
        const auto kind = payload >> access_layout::second_bits & low_bits(layout_.kind_bits);
        const auto officer = payload >> (access_layout::second_bits + layout_.kind_bits);
        if (kind >= kinds_.size() || officer >= officers_.size() || second >= local_second::day_s)
            return wrong_segment(errc::checksum_mismatch, file_, "an entry is not encrypted with the key of its day");
        const auto& what = kinds_[kind];
        take({.hidden_id = index_[block].id + (entry.id_and_day >> access_layout::day_bits),
              .time_unix_s = local_second{month().first_day() + static_cast<std::int64_t>(day), second}.unix_s(),
              .agency = what.agency,
              .procedure = what.procedure,
              .claims = what.claims,
              .verdict_bits = what.verdict_bits,
              .officer = officers_[officer]});
    }
    return {};
}

detailed_result<void> access_segment::find(std::uint64_t hidden_id, const access_secrets& secrets,
                                           const access_taker& take) const {
    std::vector<std::byte> bytes;
    masks of{*this, secrets};
    const auto [first_block, end_block] = blocks_with(hidden_id);
    for (auto block = first_block; block < end_block; ++block) {
        if (hidden_id - index_[block].id >= access_layout::id_span) continue;
        if (auto done = read_block(block, bytes); !done) return done;
        const auto count = static_cast<std::size_t>(entries_of(block));
        const auto wanted = (hidden_id - index_[block].id) << access_layout::day_bits;
        const auto place_of = [&](std::uint64_t least) {
            std::size_t from = 0;
            for (auto size = count; size != 0;) {
                const auto half = size / 2;
                const auto at =
                    load_little(bytes.data() + (from + half) * layout_.entry_bytes(), access_layout::head_bytes);
                if (at < least) {
                    from += half + 1;
                    size -= half + 1;
                } else {
                    size = half;
                }
            }
            return from;
        };
        const auto first = place_of(wanted);
        const auto end = place_of(wanted + (std::uint64_t{1} << access_layout::day_bits));
        if (auto done = take_entries(block, bytes, first, end, of, take); !done) return done;
    }
    return {};
}

detailed_result<void> access_segment::read_all(const access_secrets& secrets, const access_taker& take) const {
    std::vector<std::byte> bytes;
    masks of{*this, secrets};
    for (std::size_t block = 0; block < index_.size(); ++block) {
        if (auto done = read_block(block, bytes); !done) return done;
        if (auto done = take_entries(block, bytes, 0, entries_of(block), of, take); !done) return done;
    }
    return {};
}

namespace {

// A sum over accesses that does not depend on their order.
struct access_sum {
    std::uint64_t count = 0;
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    void add(const record_access& of) noexcept {
        std::array<std::byte, 40> bytes{};
        store_little(of.hidden_id, bytes.data(), 8);
        store_little(static_cast<std::uint64_t>(of.time_unix_s), bytes.data() + 8, 8);
        store_little(of.agency | std::uint64_t{of.procedure} << 16 | std::uint64_t{of.claims} << 32, bytes.data() + 16,
                     8);
        store_little(of.verdict_bits, bytes.data() + 24, 8);
        store_little(of.officer, bytes.data() + 32, 8);
        const auto hash = hash_for_damage(bytes);
        ++count;
        low += load_little(hash.data(), 8);
        high += load_little(hash.data() + 8, 8);
    }
    friend bool operator==(const access_sum&, const access_sum&) = default;
};

}  // namespace

detailed_result<void> check_access_segment(const access_segment& segment, const access_source& source,
                                           const access_secrets& secrets) {
    access_sum found;
    if (auto done = segment.read_all(secrets, [&](const record_access& one) { found.add(one); }); !done) return done;
    access_sum expected;
    failure lost{};
    const auto add = [&](const record_access& one) {
        const auto secret = secrets(local_second::of(one.time_unix_s).day);
        if (!secret && !lost.code) lost = secret.error();
        if (secret && *secret) expected.add(one);
    };
    if (auto done = source(add); !done) return done;
    if (lost.code) return lost;
    if (found == expected) return {};
    return failure{errc::checksum_mismatch, "the accesses of " + segment.month().text() +
                                                " are not those of the rows: " + std::to_string(found.count) +
                                                " are there, and " + std::to_string(expected.count) + " should be"};
}

}  // namespace xacthuc::inline v0_1
