// SPDX-License-Identifier: Apache-2.0
// Requests from text, one at a time: what lands where, what is refused, and in what words.
#include <stdlib.h>

#include "check.h"

static char words[256];
static xt_detail detail = {words, sizeof words, 0};

static xt_claims asked_about(const char* id) {
    const xt_claims claims = {.struct_size = XT_CLAIMS_BYTES, .id = xt_text_of(id)};
    return claims;
}

static void claims_become_a_request(const xt_digest_key* key) {
    xt_claims claims = asked_about("001199000001");
    claims.name = xt_text_of("Nguyễn Thị Hòa");
    claims.birth_date = xt_text_of("1999-03-08");
    claims.agency = 12;
    claims.procedure = 34;
    xt_request request;
    xt_request again;
    CHECK(xt_prepare(key, &claims, &request, &detail) == XT_OK);
    CHECK_TEXT(words, "");
    CHECK((request.words[0] & 0xffffffffffu) == 1199000001u);
    CHECK((request.words[0] >> 40 & 0xffffu) == (1u << XT_CLAIM_NAME | 1u << XT_CLAIM_BIRTH_DATE));
    CHECK((request.words[3] >> 32 & 0xffffu) == 12 && request.words[3] >> 48 == 34);
    // The same name in another spelling and with its size, and the date as cards have it.
    const char spelling[] = "  NGUYỄN   THỊ HOÀ rest";
    claims.name.data = spelling;
    claims.name.size = sizeof spelling - sizeof " rest";
    claims.birth_date = xt_text_of("08/03/1999");
    CHECK(xt_prepare(key, &claims, &again, NULL) == XT_OK);
    CHECK(memcmp(&request, &again, sizeof request) == 0);
    // Every other field, too.
    xt_claims full = asked_about("001199000001");
    full.name_exact = xt_text_of("Nguyễn Thị Hòa");
    full.sex = xt_text_of("Nữ");
    full.life = xt_text_of("alive");
    full.registration = xt_text_of("active");
    full.account_level_at_least = xt_text_of("level_1");
    full.account = xt_text_of("active");
    full.document = xt_text_of("valid");
    full.province = xt_text_of("01");
    full.ward = xt_text_of("00004");
    full.document_valid_on = xt_text_of("2026-01-01");
    full.born_on_or_before = xt_text_of("2008-01-01");
    CHECK(xt_prepare(key, &full, &request, &detail) == XT_OK);
    const unsigned all_but = 1u << XT_CLAIM_NAME | 1u << XT_CLAIM_BIRTH_DATE | 1u << XT_CLAIM_ACCOUNT_LEVEL;
    CHECK((request.words[0] >> 40 & 0xffffu) == (((1u << XT_CLAIM_COUNT) - 1) & ~all_but));
    full.account_level_at_least = xt_text_of(NULL);
    full.account_level = xt_text_of("level_2");
    CHECK(xt_prepare(key, &full, &request, &detail) == XT_OK);
}

static void check_refused(const xt_digest_key* key, const xt_claims* claims, xt_status status, const char* field) {
    const xt_request before = {{1, 2, 3, 4}};
    xt_request request = before;
    CHECK(xt_prepare(key, claims, &request, &detail) == status);
    CHECK(memcmp(&request, &before, sizeof before) == 0);
    CHECK(detail.size == strlen(words));
    CHECK(strncmp(words, xt_message(status), strlen(xt_message(status))) == 0);
    const char* colon = strrchr(words, ':');
    CHECK_TEXT(colon != NULL && field != NULL ? colon + 2 : "", field != NULL ? field : "");
    CHECK(xt_prepare(key, claims, &request, NULL) == status);
}

static void what_cannot_be_asked_is_refused_by_name(const xt_digest_key* key) {
    xt_claims claims = asked_about("001199000001");
    check_refused(key, &claims, XT_CLAIMS_MISSING, NULL);
    claims.sex = xt_text_of("girl");
    check_refused(key, &claims, XT_SEX_WORD, "sex");
    claims.sex = xt_text_of("F");
    claims.id = xt_text_of("00119900000");
    check_refused(key, &claims, XT_PERSONAL_ID_LENGTH, "id");
    claims.id = xt_text_of(NULL);
    check_refused(key, &claims, XT_PERSONAL_ID_LENGTH, "id");
    claims.id = xt_text_of("00119900000x");
    check_refused(key, &claims, XT_PERSONAL_ID_DIGIT, "id");
    claims.id = xt_text_of("000000000000");
    check_refused(key, &claims, XT_PERSONAL_ID_RESERVED, "id");
    claims.id = xt_text_of("001199000001");
    claims.birth_date = xt_text_of("1999-02-29");
    check_refused(key, &claims, XT_DATE_RANGE, "birth_date");
    claims.birth_date = xt_text_of("yesterday");
    check_refused(key, &claims, XT_DATE_SYNTAX, "birth_date");
    claims.birth_date = xt_text_of("1999");
    claims.born_on_or_before = xt_text_of("2008-01-01");
    check_refused(key, &claims, XT_CLAIMS_CONTRADICT, NULL);
    claims.born_on_or_before = xt_text_of("");
    claims.province = xt_text_of("02");
    check_refused(key, &claims, XT_PROVINCE_UNKNOWN, "province");
    claims.province = xt_text_of("01");
    claims.ward = xt_text_of("100000");
    check_refused(key, &claims, XT_WARD_RANGE, "ward");
    claims.ward = xt_text_of("1");
    claims.life = xt_text_of("undead");
    check_refused(key, &claims, XT_STATUS_WORD, "life");
    claims.life = xt_text_of("alive");
    claims.name = xt_text_of("An");
    claims.name_exact = xt_text_of("An");
    check_refused(key, &claims, XT_CLAIMS_CONTRADICT, "name_exact");
    claims.name_exact = xt_text_of(NULL);
    claims.name = xt_text_of("  ");
    check_refused(key, &claims, XT_NAME_EMPTY, "name");
    claims.name = xt_text_of("\xff\xfe");
    check_refused(key, &claims, XT_NAME_NOT_UTF8, "name");
    claims.name = xt_text_of(
        "A\x01"
        "B");
    check_refused(key, &claims, XT_NAME_CONTROL_CHARACTER, "name");
    claims.name = xt_text_of("A\xef\xbf\xbf");
    check_refused(key, &claims, XT_NAME_UNASSIGNED_CHARACTER, "name");
    char long_name[1000];
    memset(long_name, 'a', sizeof long_name);
    claims.name.data = long_name;
    claims.name.size = sizeof long_name;
    check_refused(key, &claims, XT_NAME_TOO_LONG, "name");
    // A text of a size that has no data, or of a size that no memory has.
    claims.name.data = NULL;
    check_refused(key, &claims, XT_NULL_ARGUMENT, "name");
    claims.name.size = XT_ZERO_TERMINATED;
    check_refused(key, &claims, XT_NULL_ARGUMENT, "name");
    claims.name.data = long_name;
    claims.name.size = SIZE_MAX / 2 + 1;
    check_refused(key, &claims, XT_ARGUMENT_RANGE, "name");
    claims.name = xt_text_of("An");
    claims.spare = 1;
    check_refused(key, &claims, XT_ARGUMENT_RANGE, "spare");
    claims.spare = 0;
    claims.required = 1u << XT_CLAIM_COUNT;
    check_refused(key, &claims, XT_ARGUMENT_RANGE, "required");
}

static void what_is_required_has_to_be_claimed(const xt_digest_key* key) {
    xt_claims claims = asked_about("001199000001");
    claims.birth_date = xt_text_of("1999-03-08");
    claims.required = 1u << XT_CLAIM_NAME | 1u << XT_CLAIM_BIRTH_DATE;
    check_refused(key, &claims, XT_CLAIM_REQUIRED, "name");
    claims.name = xt_text_of("An");
    claims.birth_date = xt_text_of("");
    check_refused(key, &claims, XT_CLAIM_REQUIRED, "birth_date");
    claims.birth_date = xt_text_of("1999-03-08");
    xt_request request;
    CHECK(xt_prepare(key, &claims, &request, NULL) == XT_OK);
    // A card without a sex on it.
    char missing[200];
    xt_detail why = {missing, sizeof missing, 0};
    CHECK(xt_prepare_card(key, xt_text_of("001199000001||An|08031999|||15042021"), 1, 2, &request, NULL) == XT_OK);
    CHECK(xt_request_requires(&request, 0, &why) == XT_OK && why.size == 0);
    CHECK(xt_request_requires(&request, 1u << XT_CLAIM_NAME | 1u << XT_CLAIM_BIRTH_DATE, &why) == XT_OK);
    CHECK(xt_request_requires(&request, 1u << XT_CLAIM_NAME | 1u << XT_CLAIM_SEX, &why) == XT_CLAIM_REQUIRED);
    CHECK_TEXT(strrchr(missing, ':') + 2, "sex");
    CHECK(xt_request_requires(&request, 1u << XT_CLAIM_COUNT, NULL) == XT_ARGUMENT_RANGE);
    CHECK(xt_request_requires(NULL, 0, NULL) == XT_NULL_ARGUMENT);
}

static void structs_of_other_versions(const xt_digest_key* key) {
    xt_claims claims = asked_about("001199000001");
    claims.sex = xt_text_of("F");
    const size_t wrong_sizes[] = {0, 8, XT_CLAIMS_BYTES - 1, 1u << 20, SIZE_MAX};
    for (size_t i = 0; i != sizeof wrong_sizes / sizeof *wrong_sizes; ++i) {
        claims.struct_size = wrong_sizes[i];
        check_refused(key, &claims, XT_STRUCT_SIZE, "xt_claims");
    }
    // A later version's, in whose new fields nothing is said, is understood; one in which something is, is refused.
    struct {
        xt_claims known;
        uint64_t added[4];
    } later;
    memset(&later, 0, sizeof later);
    later.known = claims;
    later.known.struct_size = sizeof later;
    xt_request request;
    CHECK(xt_prepare(key, &later.known, &request, &detail) == XT_OK);
    later.added[3] = 1;
    check_refused(key, &later.known, XT_STRUCT_SIZE, "xt_claims");
}

static void nulls_are_told(const xt_digest_key* key) {
    xt_claims claims = asked_about("001199000001");
    xt_request request;
    CHECK(xt_prepare(NULL, &claims, &request, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_prepare(key, NULL, &request, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_prepare(key, &claims, NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(strstr(words, "NULL") != NULL);
    CHECK(xt_prepare_card(NULL, xt_text_of(""), 0, 0, &request, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_prepare_card(key, xt_text_of(""), 0, 0, NULL, &detail) == XT_NULL_ARGUMENT);
    xt_digest_key* none = NULL;
    CHECK(xt_digest_key_load(NULL, &none, &detail) == XT_NULL_ARGUMENT && none == NULL);
    CHECK(xt_digest_key_load(path_of("digest.key"), NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_digest_key_from_bytes(NULL, &none) == XT_NULL_ARGUMENT && none == NULL);
    CHECK(xt_digest_key_fingerprint(NULL) == 0);
    xt_digest_key_free(NULL);
}

static void a_card_is_a_request(const xt_digest_key* key) {
    xt_request from_card;
    xt_request from_claims;
    const char* card = "001199000001|012345678|Nguyễn Thị Hòa|08031999|Nữ|12 Lê Lợi|15042021";
    CHECK(xt_prepare_card(key, xt_text_of(card), 5, 6, &from_card, &detail) == XT_OK);
    xt_claims claims = asked_about("001199000001");
    claims.name = xt_text_of("Nguyễn Thị Hòa");
    claims.birth_date = xt_text_of("08031999");
    claims.sex = xt_text_of("Nữ");
    claims.agency = 5;
    claims.procedure = 6;
    CHECK(xt_prepare(key, &claims, &from_claims, &detail) == XT_OK);
    CHECK(memcmp(&from_card, &from_claims, sizeof from_card) == 0);
    CHECK(xt_prepare_card(key, xt_text_of("001199000001|"), 0, 0, &from_card, &detail) == XT_QR_FIELDS);
    CHECK(xt_prepare_card(key, xt_text_of(NULL), 0, 0, &from_card, &detail) == XT_QR_FIELDS);
    CHECK(strstr(words, ": card") != NULL);
    const xt_text nowhere = {NULL, 3};
    CHECK(xt_prepare_card(key, nowhere, 0, 0, &from_card, NULL) == XT_NULL_ARGUMENT);
    const xt_text cut = {card, 12};
    CHECK(xt_prepare_card(key, cut, 0, 0, &from_card, NULL) == XT_QR_FIELDS);
}

// However little room there is, what is written is a beginning of the words that ends where a character does.
static void words_fit_into_any_room(const xt_digest_key* key) {
    xt_claims claims = asked_about("001199000001");
    claims.sex = xt_text_of("girl");  // its words have letters of two bytes
    xt_request request;
    CHECK(xt_prepare(key, &claims, &request, &detail) == XT_SEX_WORD);
    const size_t size = detail.size;
    CHECK(size == strlen(words));
    for (size_t capacity = 0; capacity <= size + 2; ++capacity) {
        char* room = malloc(capacity + 1);
        if (room == NULL) abort();
        memset(room, '?', capacity + 1);
        xt_detail small = {capacity == 0 ? NULL : room, capacity, 99};
        CHECK(xt_prepare(key, &claims, &request, &small) == XT_SEX_WORD);
        CHECK(small.size == size);
        CHECK(room[capacity] == '?');
        if (capacity != 0) {
            const size_t written = strlen(room);
            CHECK(written < capacity && strncmp(room, words, written) == 0);
            CHECK(((unsigned char)words[written] & 0xc0u) != 0x80u);
            CHECK(written + 4 >= capacity || written == size);
        }
        free(room);
    }
    xt_detail no_room = {NULL, 0, 99};
    claims.sex = xt_text_of("F");
    CHECK(xt_prepare(key, &claims, &request, &no_room) == XT_OK && no_room.size == 0);
}

static void keys_come_from_files_and_bytes(void) {
    xt_digest_key* key = NULL;
    CHECK(xt_digest_key_load(path_of("no such file"), &key, &detail) == XT_NOT_FOUND && key == NULL);
    CHECK(strstr(words, "no such file") != NULL);
    CHECK(xt_digest_key_load(path_of("authority.pub"), &key, &detail) != XT_OK && key == NULL);
    const uint8_t raw[XT_DIGEST_KEY_RAW_BYTES] = {1, 2, 3};
    xt_digest_key* same = NULL;
    CHECK(xt_digest_key_from_bytes(raw, &key) == XT_OK && key != NULL);
    CHECK(xt_digest_key_from_bytes(raw, &same) == XT_OK);
    CHECK(xt_digest_key_fingerprint(key) == xt_digest_key_fingerprint(same) && xt_digest_key_fingerprint(key) != 0);
    xt_digest_key_free(same);
    xt_digest_key_free(key);
    xt_authority* authority = NULL;
    CHECK(xt_authority_load(NULL, &authority, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_authority_load(path_of("digest.key"), &authority, &detail) == XT_DAMAGED_HEADER && authority == NULL);
    CHECK(xt_authority_from_bytes(NULL, &authority) == XT_NULL_ARGUMENT);
    const uint8_t raw_authority[XT_PUBLIC_KEY_BYTES] = {0};
    CHECK(xt_authority_from_bytes(raw_authority, &authority) == XT_OK && authority != NULL);
    xt_authority_free(authority);
    xt_authority_free(NULL);
    xt_authority_key* secret = NULL;
    CHECK(xt_authority_key_load(path_of("authority.pub"), &secret, &detail) != XT_OK && secret == NULL);
    CHECK(xt_authority_key_load(path_of("authority.key"), &secret, &detail) == XT_OK && secret != NULL);
    xt_authority_key_free(secret);
    xt_authority_key_free(NULL);
}

void test_text(void) {
    xt_digest_key* key = load_digests();
    claims_become_a_request(key);
    what_cannot_be_asked_is_refused_by_name(key);
    what_is_required_has_to_be_claimed(key);
    structs_of_other_versions(key);
    nulls_are_told(key);
    a_card_is_a_request(key);
    words_fit_into_any_room(key);
    keys_come_from_files_and_bytes();
    xt_digest_key_free(key);
}
