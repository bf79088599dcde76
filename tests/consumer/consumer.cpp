// SPDX-License-Identifier: Apache-2.0
// What a service that links xacthuc does at least once: parse a number, prepare a request, verify a signature, catch an
// error. It includes and links nothing but xacthuc, so that it builds only if the installed package brings along all
// that xacthuc needs.
#include <array>
#include <boost/system/system_error.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/date.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/ed25519/verify.hpp>

namespace {

template <std::size_t Size>
std::array<std::byte, Size> from_hex(std::string_view text) {
    const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
    std::array<std::byte, Size> bytes{};
    for (std::size_t i = 0; i != Size; ++i) {
        bytes[i] = static_cast<std::byte>(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    }
    return bytes;
}

// The request for a citizen's name, typed in another way, carries the same digests as her record.
bool request_mirrors_record(xacthuc::personal_id id, xacthuc::date birth) {
    const auto key = xacthuc::digest_key::from_bytes(std::array<std::byte, xacthuc::digest_key_bytes>{});
    const auto record = xacthuc::make_record({.id = id, .name = "Nguyễn Thị Hòa", .birth = birth}, key);
    const auto request = xacthuc::prepare({.id = id, .name = "NGUYỄN THỊ HOÀ", .birth_date = birth}, key);
    return record && request && record->words[1] == request->words[1] && request->id() == id.value();
}

// RFC 8032, section 7.1, test 2.
bool signature_is_verified() {
    const xacthuc::public_key key{from_hex<32>("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")};
    xacthuc::ed25519::signature signature{
        from_hex<64>("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")};
    const std::byte message[] = {std::byte{0x72}};
    const bool right = xacthuc::ed25519::verify(key, message, signature);
    signature.bytes[0] ^= std::byte{1};
    const bool wrong = xacthuc::ed25519::verify(key, message, signature);
    return right && !wrong;
}

// Thrown in the library, caught here: a code of the library's own category.
bool error_is_caught() {
    try {
        static_cast<void>(xacthuc::digest_key::load("no-such-folder/digest.key").value());
    } catch (const boost::system::system_error& error) {
        return error.code() == xacthuc::errc::not_found && error.code().category() == xacthuc::error_category();
    }
    return false;
}

}  // namespace

int main() {
    const auto id = xacthuc::personal_id::parse("001199000001");
    if (!id || id->birth_year_hint() != 1999) return 1;
    if (xacthuc::personal_id::parse("00119900000x") != xacthuc::errc::personal_id_digit) return 2;
    const auto birth = xacthuc::date::parse("29/02/2000");
    if (!birth || birth->to_string() != "2000-02-29") return 3;
    if (!request_mirrors_record(*id, *birth)) return 4;
    if (!signature_is_verified()) return 5;
    if (!error_is_caught()) return 6;
    std::printf("%s born %s\n", id->to_string().c_str(), birth->to_string().c_str());
}
