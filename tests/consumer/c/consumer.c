// SPDX-License-Identifier: Apache-2.0
// What a program in C does at least once: ask for the version, prepare a request, verify a signature. It includes and
// links nothing but xacthuc_c.
#include <stdio.h>
#include <string.h>
#include <xacthuc.h>

// RFC 8032, section 7.1, test 2.
static const char public_key[] = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
static const char signature[] =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

static unsigned digit(char c) {
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void from_hex(const char* text, uint8_t* bytes) {
    for (size_t i = 0; i != strlen(text) / 2; ++i)
        bytes[i] = (uint8_t)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
}

int main(void) {
    if (xt_abi_version() >> 16 != XT_ABI_VERSION >> 16) return 1;
    const uint8_t raw[XT_DIGEST_KEY_RAW_BYTES] = {0};
    xt_digest_key* key = NULL;
    if (xt_digest_key_from_bytes(raw, &key) != XT_OK) return 2;
    xt_claims claims = {.struct_size = XT_CLAIMS_BYTES,
                        .id = xt_text_of("001199000001"),
                        .name = xt_text_of("Nguyễn Thị Hòa"),
                        .birth_date = xt_text_of("29/02/2000")};
    xt_request request;
    char room[200];
    xt_detail detail = {room, sizeof room, 0};
    const xt_status prepared = xt_prepare(key, &claims, &request, &detail);
    claims.birth_date = xt_text_of("29/02/2001");
    const xt_status refused = xt_prepare(key, &claims, &request, &detail);
    xt_digest_key_free(key);
    if (prepared != XT_OK || refused != XT_DATE_RANGE) return 3;

    const uint8_t message[] = {0x72};
    uint8_t key_bytes[XT_PUBLIC_KEY_BYTES];
    uint8_t signature_bytes[XT_SIGNATURE_BYTES];
    from_hex(public_key, key_bytes);
    from_hex(signature, signature_bytes);
    if (xt_ed25519_verify(key_bytes, message, sizeof message, signature_bytes) != XT_OK) return 4;
    signature_bytes[0] ^= 1;
    if (xt_ed25519_verify(key_bytes, message, sizeof message, signature_bytes) != XT_BAD_SIGNATURE) return 5;
    printf("%s\n", room);
    return 0;
}
