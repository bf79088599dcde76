// SPDX-License-Identifier: Apache-2.0
// Writes the register that the tests in C read: a snapshot of a few citizens with their keys, and the files of its own
// keys, and a compiled policy, into a folder. The C interface opens
// them and does not make them.
#include <sodium.h>

#include <array>
#include <filesystem>
#include <iostream>
#include <span>
#include <xacthuc/xacthuc.hpp>

using namespace xacthuc;

namespace {

// The holder's key pair is that of a seed which is thirty-two times this number; 0 is no key.
[[nodiscard]] public_key key_of(unsigned char seed_byte) {
    public_key key;
    if (seed_byte == 0) return key;
    std::array<unsigned char, crypto_sign_SEEDBYTES> seed;
    seed.fill(seed_byte);
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret;
    crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(key.bytes.data()), secret.data(), seed.data());
    return key;
}

void write(const std::filesystem::path& folder) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const auto digests = digest_key::generate();
    digests.save(folder / "digest.key").value();
    digest_key::generate().save(folder / "foreign-digest.key").value();
    const auto authority = authority_key::generate();
    authority.save(folder / "authority.key").value();
    authority.public_key().save(folder / "authority.pub").value();
    authority_key::generate().public_key().save(folder / "foreign.pub").value();

    auto builder = index_builder::create({.digest_key_fingerprint = digests.fingerprint(),
                                          .as_of = {7, 1'700'000'000'000},
                                          .with_keys = true,
                                          .citizens_expected = 3})
                       .value();
    {
        auto appender = builder.make_appender();
        std::uint64_t ordinal = 0;
        const auto add = [&](const citizen& who, unsigned char seed_byte) {
            const auto key = key_of(seed_byte);
            appender.append(make_record(who, digests).value(), ordinal++, key).value();
        };
        add({.id = personal_id::parse("001199000001").value(),
             .name = "Nguyễn Thị Hòa",
             .birth = date::parse("1999-03-08").value(),
             .sex = sex::female,
             .life = life_status::alive,
             .registration = registration_status::active,
             .level = account_level::level_2,
             .account = account_status::active,
             .document = document_status::valid,
             .document_expiry = date::parse("2035-01-01").value(),
             .residence = {.province = 1, .ward = 4}},
            1);
        add({.id = personal_id::parse("001050000002").value(),
             .name = "Trần Văn An",
             .birth = date::parse("1950").value(),
             .sex = sex::male,
             .life = life_status::deceased},
            0);
        add({.id = personal_id::parse("079080000003").value(),
             .name = "Lê Văn Tám",
             .life = life_status::alive,
             .account = account_status::revoked},
            3);
    }
    const auto index = std::move(builder).build(1).value();
    save_snapshot(index, folder / "people.xts", authority).value();
    constexpr auto in_2027 = policy_day_of(1'800'000'000'000);
    load_policy({.path = XACTHUC_POLICY, .today = in_2027}).value().table->save(folder / "policy.xtp").value();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 || sodium_init() < 0) return 2;
    try {
        write(argv[1]);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
