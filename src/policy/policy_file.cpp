// SPDX-License-Identifier: Apache-2.0
// A compiled policy in bytes, little-endian:
//
//   head        magic 8 · version 4 · frameworks 4 · agencies 4 · procedures 4 · rules 4 · rows 4
//   framework   version 4 · SHA-256 32 · name
//   agency      number 2 · row 2 · name
//   procedure   number 2 · name                        its column is its place, from 1
//   rules       32 B each, as rule.hpp has them
//   matrix      rows × (procedures + 1) × 2 B
//   end         SHA-256 of all before, 32
//
// A name is its length, 2, and so many bytes.
#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <type_traits>
#include <xacthuc/policy/policy_table.hpp>

#include "domain/octets.hpp"
#include "files/file.hpp"

namespace xacthuc::inline v0_1 {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

constexpr std::array<unsigned char, 8> magic{0x89, 'X', 'T', 'P', '\r', '\n', 0x1a, '\n'};
constexpr std::uint32_t format_version = 1;
constexpr std::uint64_t policy_bytes_max = std::uint64_t{1} << 30;

[[nodiscard]] sha256_digest sha256_of(std::span<const std::byte> bytes) {
    sha256_digest digest;
    crypto_hash_sha256(octets(digest), octets(bytes), bytes.size());
    return digest;
}

class byte_writer {
  public:
    template <class T>
    void put(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        put_bytes(std::as_bytes(std::span{&value, 1}));
    }
    void put_name(const std::string& name) {
        put(static_cast<std::uint16_t>(name.size()));
        put_bytes(std::as_bytes(std::span{name}));
    }
    void put_bytes(std::span<const std::byte> bytes) { made_.insert(made_.end(), bytes.begin(), bytes.end()); }
    [[nodiscard]] std::vector<std::byte> take() { return std::move(made_); }
    [[nodiscard]] const std::vector<std::byte>& made() const noexcept { return made_; }

  private:
    std::vector<std::byte> made_;
};

// Reads zeros once the bytes have ended, and remembers that they have.
class byte_reader {
  public:
    explicit byte_reader(std::span<const std::byte> from) : left_{from} {}

    template <class T>
    [[nodiscard]] T get() {
        static_assert(std::is_trivially_copyable_v<T>);
        T value{};
        if (const auto bytes = take(sizeof(T)); !bytes.empty()) std::memcpy(&value, bytes.data(), sizeof(T));
        return value;
    }
    [[nodiscard]] std::string get_name() {
        const auto bytes = take(get<std::uint16_t>());
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    // Empty where there are not so many.
    [[nodiscard]] std::span<const std::byte> take(std::size_t count) {
        if (count > left_.size()) {
            ended_ = true;
            left_ = {};
            return {};
        }
        const auto taken = left_.first(count);
        left_ = left_.subspan(count);
        return taken;
    }
    [[nodiscard]] std::size_t left() const noexcept { return left_.size(); }
    [[nodiscard]] bool ended() const noexcept { return ended_; }

  private:
    std::span<const std::byte> left_;
    bool ended_ = false;
};

// Whether each field has a value that rule.hpp gives it.
[[nodiscard]] bool is_rule(const rule& r) noexcept {
    const auto refuses = static_cast<unsigned>(r.refusal);
    const bool refusal_is_good = refuses == 0 || (refuses >= static_cast<unsigned>(outcome::unknown_agency) &&
                                                  refuses <= static_cast<unsigned>(outcome::agency_suspended));
    return refusal_is_good && (r.may_ask & ~all_claims) == 0 && (r.must_ask & ~all_claims) == 0 &&
           (r.proof & ~(agency_proved | holder_proved)) == 0 && r.answer <= answer_detail::per_claim &&
           r.account_level_at_least <= account_level::level_2 && r.consent <= consent_basis::holder &&
           r.misses_per_citizen_day <= misses_no_limit;
}

[[nodiscard]] failure bad(errc code, std::string what) {
    return {make_error_code(code), std::move(what)};
}

}  // namespace

std::vector<std::byte> policy_table::bytes() const {
    byte_writer to;
    to.put(magic);
    for (const auto count : {std::size_t{format_version}, frameworks_.size(), agencies_.size(), procedures_.size(),
                             rules_.size(), profile_count()})
        to.put(static_cast<std::uint32_t>(count));
    for (const auto& each : frameworks_) {
        to.put(each.version);
        to.put(each.sha256);
        to.put_name(each.name);
    }
    for (const auto& each : agencies_) {
        to.put(each.number);
        to.put((*profiles_)[each.number]);
        to.put_name(each.name);
    }
    for (const auto& each : procedures_) {
        to.put(each.number);
        to.put_name(each.name);
    }
    to.put_bytes(std::as_bytes(std::span{rules_}));
    to.put_bytes(std::as_bytes(std::span{matrix_}));
    to.put(sha256_of(to.made()));
    return to.take();
}

detailed_result<policy_table> policy_table::from_bytes(std::span<const std::byte> bytes) {
    byte_reader in{bytes};
    if (in.get<std::array<unsigned char, 8>>() != magic) return bad(errc::not_a_policy, "it begins otherwise");
    if (const auto version = in.get<std::uint32_t>(); version != format_version)
        return bad(version > format_version ? errc::newer_version : errc::not_a_policy,
                   "version " + std::to_string(version) + ", and this reads " + std::to_string(format_version));
    if (bytes.size() < sizeof(sha256_digest) + magic.size()) return bad(errc::truncated, "no hash at its end");
    sha256_digest hash;
    const auto content = bytes.first(bytes.size() - hash.size());
    std::memcpy(hash.data(), bytes.data() + content.size(), hash.size());
    if (sha256_of(content) != hash) return bad(errc::checksum_mismatch, "SHA-256 of a compiled policy");

    std::array<std::uint32_t, 5> counts;
    for (auto& each : counts) each = in.get<std::uint32_t>();
    const auto [framework_count, agency_count, procedure_count, rules_said, row_count] = counts;
    const auto rule_count = rules_said;  // a name that a lambda may take
    // Each takes bytes, so that a wrong count asks for no more memory than the file has.
    if (std::uint64_t{framework_count} + agency_count + procedure_count + rule_count + row_count > in.left() ||
        row_count == 0 || rule_count == 0 || procedure_count > 65'535)
        return bad(errc::not_a_policy, "counts that do not fit its size");
    policy_table made;
    for (std::uint32_t k = 0; k < framework_count; ++k) {
        compiled_framework each;
        each.version = in.get<std::uint32_t>();
        each.sha256 = in.get<sha256_digest>();
        each.name = in.get_name();
        made.frameworks_.push_back(std::move(each));
    }
    bool is_good = true;
    for (std::uint32_t k = 0; k < agency_count; ++k) {
        const auto number = in.get<std::uint16_t>();
        const auto row = in.get<std::uint16_t>();
        is_good = is_good && row < row_count;
        (*made.profiles_)[number] = row;
        made.agencies_.push_back({number, in.get_name()});
    }
    made.column_count_ = std::size_t{procedure_count} + 1;
    for (std::uint32_t k = 0; k < procedure_count; ++k) {
        const auto number = in.get<std::uint16_t>();
        (*made.columns_)[number] = static_cast<std::uint16_t>(k + 1);
        made.procedures_.push_back({number, in.get_name()});
    }
    const auto rules = in.take(std::size_t{rule_count} * sizeof(rule));
    const auto matrix = in.take(std::size_t{row_count} * made.column_count_ * sizeof(std::uint16_t));
    if (in.ended() || in.left() != sizeof(sha256_digest))
        return bad(errc::not_a_policy, "sections that do not fit its size");
    made.rules_.resize(rule_count);
    std::memcpy(made.rules_.data(), rules.data(), rules.size());
    made.matrix_.resize(matrix.size() / sizeof(std::uint16_t));
    std::memcpy(made.matrix_.data(), matrix.data(), matrix.size());
    is_good = is_good && std::ranges::all_of(made.rules_, is_rule) &&
              std::ranges::all_of(made.matrix_, [&](std::uint16_t number) { return number < rule_count; });
    // What is not known is refused, whatever the file says.
    is_good = is_good &&
              std::all_of(made.matrix_.begin(), made.matrix_.begin() + static_cast<std::ptrdiff_t>(made.column_count_),
                          [&](std::uint16_t n) { return made.rules_[n].refusal != outcome::verified; });
    for (std::size_t row = 0; is_good && row < row_count; ++row)
        is_good = made.rules_[made.matrix_[row * made.column_count_]].refusal != outcome::verified;
    if (!is_good) return bad(errc::not_a_policy, "values out of range");
    made.finish();
    return made;
}

detailed_result<policy_table> policy_table::load(const std::filesystem::path& path) {
    const auto file = open_file::to_read(system_file_calls(), path);
    if (!file) return file.error();
    const auto status = file->status();
    if (!status) return status.error();
    if (status->size_bytes > policy_bytes_max)
        return bad(errc::not_a_policy, path.string() + ": larger than one can be");
    std::vector<std::byte> bytes(status->size_bytes);
    if (auto read = file->read(bytes, 0); !read) return read.error();
    auto made = from_bytes(bytes);
    if (!made) return failure{made.error().code, path.string() + ": " + made.error().context};
    return made;
}

detailed_result<void> policy_table::save(const std::filesystem::path& path) const {
    auto to = replacement_file::create(system_file_calls(), path);
    if (!to) return to.error();
    if (auto written = to->file().write(bytes(), 0); !written) return written.error();
    return to->commit();
}

}  // namespace xacthuc::inline v0_1
