// SPDX-License-Identifier: Apache-2.0
// What each call says when it refuses: the status, words about the thing that is wrong and about nothing else, though
// many calls share a status; and that what the caller gave for results is as it was.
#define _POSIX_C_SOURCE 200809L  // chmod()
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "refusals.h"

static void write_file(const char* name, const char* text, size_t size, mode_t mode) {
    FILE* file = fopen(path_of(name), "wb");
    CHECK(file != NULL && fwrite(text, 1, size, file) == size && fclose(file) == 0);
    CHECK(chmod(path_of(name), mode) == 0);
}

// A copy of a file, cut to `size` bytes where it is longer, with the byte at `flipped` flipped, and bytes added.
static void write_copy(const char* name, const char* from, size_t size, size_t flipped, size_t added, mode_t mode) {
    FILE* file = fopen(path_of(from), "rb");
    const size_t room = (size_t)1 << 24;
    char* bytes = calloc(1, room);
    if (file == NULL || bytes == NULL) abort();
    size_t there = fread(bytes, 1, room - added, file);
    CHECK(fclose(file) == 0 && there > 0 && there < room - added);
    if (there > size) there = size;
    if (flipped < there) bytes[flipped] = (char)(bytes[flipped] ^ 1);
    write_file(name, bytes, there + added, mode);
    free(bytes);
}

static void files_of_keys(void) {
    static const char nonsense[] = "no key at all\n";
    write_file("nonsense", nonsense, sizeof nonsense - 1, 0600);
    write_copy("open-digest.key", "digest.key", SIZE_MAX, SIZE_MAX, 0, 0644);
    write_copy("open-authority.key", "authority.key", SIZE_MAX, SIZE_MAX, 0, 0644);
    REFUSES(xt_digest_key_load(path_of("none"), &out.digests, &detail), XT_NOT_FOUND, "no such file|/none",
            FILES | KEYS);
    REFUSES(xt_authority_load(path_of("none"), &out.authority, &detail), XT_NOT_FOUND, "no such file|/none", FILES);
    REFUSES(xt_authority_key_load(path_of("none"), &out.pair, &detail), XT_NOT_FOUND, "no such file|/none", FILES);
    REFUSES(xt_digest_key_load(path_of("nonsense"), &out.digests, &detail), XT_DAMAGED_HEADER, "digest key|/nonsense",
            FILES | KEYS);
    REFUSES(xt_authority_load(path_of("nonsense"), &out.authority, &detail), XT_DAMAGED_HEADER, "key|/nonsense",
            FILES | KEYS | AUTHORITIES);
    REFUSES(xt_authority_key_load(path_of("nonsense"), &out.pair, &detail), XT_DAMAGED_HEADER, "key|/nonsense",
            FILES | KEYS | AUTHORITIES);
    REFUSES(xt_digest_key_load(path_of("open-digest.key"), &out.digests, &detail), XT_FILE_PERMISSIONS,
            "permissions|600", FILES | KEYS);
    REFUSES(xt_authority_key_load(path_of("open-authority.key"), &out.pair, &detail), XT_FILE_PERMISSIONS,
            "permissions", FILES | KEYS | AUTHORITIES);
    REFUSES(xt_digest_key_load(NULL, &out.digests, &detail), XT_NULL_ARGUMENT, "NULL|path", ARGUMENTS);
    REFUSES(xt_authority_load(NULL, &out.authority, &detail), XT_NULL_ARGUMENT, "NULL|path", ARGUMENTS);
    REFUSES(xt_authority_key_load(NULL, &out.pair, &detail), XT_NULL_ARGUMENT, "NULL|path", ARGUMENTS);
    REFUSES(xt_digest_key_load(path_of("digest.key"), NULL, &detail), XT_NULL_ARGUMENT, "NULL|handle", ARGUMENTS);
    REFUSES(xt_digest_key_from_bytes(NULL, &out.digests), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_authority_from_bytes(NULL, &out.authority), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
}

static xt_claims asked(const char* id) {
    const xt_claims claims = {.struct_size = XT_CLAIMS_BYTES, .id = xt_text_of(id)};
    return claims;
}

// A field of a structure, what stands in it, and what is said of that.
typedef struct {
    size_t offset;
    const char* text;
    xt_status status;
    const char* says;
    unsigned about;
} wrong_text;

static void put_wrong(void* structure, const wrong_text* wrong) {
    const xt_text text = xt_text_of(wrong->text);
    memcpy((char*)structure + wrong->offset, &text, sizeof text);
}

static void requests(const xt_digest_key* key) {
    const char* id = "001199000001";
    xt_claims claims = asked("0011990000");
    REFUSES(xt_prepare(key, &claims, &out.request, &detail), XT_PERSONAL_ID_LENGTH, "id", PERSONAL_IDS);
    claims = asked("00119900000x");
    REFUSES(xt_prepare(key, &claims, &out.request, &detail), XT_PERSONAL_ID_DIGIT, "id", PERSONAL_IDS);
    claims = asked("000000000000");
    REFUSES(xt_prepare(key, &claims, &out.request, &detail), XT_PERSONAL_ID_RESERVED, "id", PERSONAL_IDS);
    claims = asked(id);
    REFUSES(xt_prepare(key, &claims, &out.request, &detail), XT_CLAIMS_MISSING, "claims nothing", CLAIMS);
    static const wrong_text wrong[] = {
        {offsetof(xt_claims, name), "  ", XT_NAME_EMPTY, "empty|name", NAMES},
        {offsetof(xt_claims, name_exact), "A\xff", XT_NAME_NOT_UTF8, "UTF-8|name_exact", NAMES},
        {offsetof(xt_claims, name), "A\x01", XT_NAME_CONTROL_CHARACTER, "control|name", NAMES},
        {offsetof(xt_claims, birth_date), "soon", XT_DATE_SYNTAX, "birth_date", DAYS},
        {offsetof(xt_claims, birth_date), "30/02/1999", XT_DATE_RANGE, "birth_date", DAYS},
        {offsetof(xt_claims, document_valid_on), "2026-02-30", XT_DATE_RANGE, "document_valid_on", DAYS},
        {offsetof(xt_claims, document_valid_on), "1850-02-03", XT_DATE_RANGE, "document_valid_on", DAYS},
        {offsetof(xt_claims, born_on_or_before), "30/02/1999", XT_DATE_RANGE, "born_on_or_before", DAYS},
        {offsetof(xt_claims, sex), "x y", XT_SEX_WORD, "sex", NOTHING_ELSE},
        {offsetof(xt_claims, life), "gone", XT_STATUS_WORD, "life", NOTHING_ELSE},
        {offsetof(xt_claims, registration), "gone", XT_STATUS_WORD, "registration", NOTHING_ELSE},
        {offsetof(xt_claims, account_level), "9", XT_STATUS_WORD, "account_level", NOTHING_ELSE},
        {offsetof(xt_claims, account_level_at_least), "9", XT_STATUS_WORD, "account_level_at_least", NOTHING_ELSE},
        {offsetof(xt_claims, account), "gone", XT_STATUS_WORD, "account", NOTHING_ELSE},
        {offsetof(xt_claims, document), "gone", XT_STATUS_WORD, "document", NOTHING_ELSE},
        {offsetof(xt_claims, province), "98", XT_PROVINCE_UNKNOWN, "province", CODES},
        {offsetof(xt_claims, ward), "1234567", XT_WARD_RANGE, "ward", CODES},
    };
    for (size_t i = 0; i != sizeof wrong / sizeof wrong[0]; ++i) {
        claims = asked(id);
        put_wrong(&claims, &wrong[i]);
        REFUSES(xt_prepare(key, &claims, &out.request, &detail), wrong[i].status, wrong[i].says, wrong[i].about);
    }
    claims = asked(id);
    claims.name = xt_text_of("An");
    claims.name_exact = xt_text_of("An");
    REFUSES(xt_prepare(key, &claims, &out.request, &detail), XT_CLAIMS_CONTRADICT, "same field|name", CLAIMS | NAMES);
    claims.name_exact = xt_text_of(NULL);
    claims.required = 1u << XT_CLAIM_SEX;
    REFUSES(xt_prepare(key, &claims, &out.request, &detail), XT_CLAIM_REQUIRED, "required|sex", CLAIMS);
    claims.required = 1u << XT_CLAIM_COUNT;
    REFUSES(xt_prepare(key, &claims, &out.request, &detail), XT_ARGUMENT_RANGE, "required", ARGUMENTS);
    claims.required = 0;
    claims.struct_size = 3;
    REFUSES(xt_prepare(key, &claims, &out.request, &detail), XT_STRUCT_SIZE, "xt_claims", ARGUMENTS | CLAIMS);
    REFUSES(xt_prepare(NULL, &claims, &out.request, &detail), XT_NULL_ARGUMENT, "NULL|key", ARGUMENTS | KEYS | CLAIMS);

    REFUSES(xt_prepare_card(key, xt_text_of("a|b"), 1, 2, &out.request, &detail), XT_QR_FIELDS, "QR|card",
            NOTHING_ELSE);
    REFUSES(xt_prepare_card(key, xt_text_of("001199000001||Nguyễn Thị Hòa|32139999|Nữ|x|01012024"), 1, 2, &out.request,
                            &detail),
            XT_DATE_RANGE, "card", DAYS);
    REFUSES(xt_prepare_card(NULL, xt_text_of(""), 1, 2, &out.request, &detail), XT_NULL_ARGUMENT, "NULL|key",
            ARGUMENTS | KEYS);
    const xt_request one = {{1199000001u, 0, 0, 0}};
    REFUSES(xt_request_requires(&one, 1u << XT_CLAIM_BIRTH_DATE, &detail), XT_CLAIM_REQUIRED, "birth_date", CLAIMS);
    REFUSES(xt_request_requires(&one, UINT16_MAX, &detail), XT_ARGUMENT_RANGE, "required", ARGUMENTS);
    REFUSES(xt_request_requires(NULL, 0, &detail), XT_NULL_ARGUMENT, "NULL|request", ARGUMENTS);

    xt_claim_columns columns = {.struct_size = XT_CLAIM_COLUMNS_BYTES};
    REFUSES(xt_prepare_columns(key, &columns, 1, &out.request, out.statuses, &out.count), XT_NULL_ARGUMENT, "NULL",
            ARGUMENTS);
    columns.required = UINT16_MAX;
    REFUSES(xt_prepare_columns(key, &columns, 1, &out.request, out.statuses, &out.count), XT_ARGUMENT_RANGE, "argument",
            ARGUMENTS);
    columns.struct_size = 3;
    REFUSES(xt_prepare_columns(key, &columns, 1, &out.request, out.statuses, &out.count), XT_STRUCT_SIZE, "struct",
            ARGUMENTS);
}

static void snapshots(const xt_authority* trusted, const xt_digest_key* key, const xt_authority_key* secret) {
    xt_authority* stranger = NULL;
    xt_digest_key* foreign = NULL;
    CHECK(xt_authority_load(path_of("foreign.pub"), &stranger, NULL) == XT_OK);
    CHECK(xt_digest_key_load(path_of("foreign-digest.key"), &foreign, NULL) == XT_OK);
    write_copy("short.xts", "people.xts", 300, SIZE_MAX, 0, 0600);
    write_copy("cut.xts", "people.xts", 4096, SIZE_MAX, 0, 0600);
    write_copy("long.xts", "people.xts", SIZE_MAX, SIZE_MAX, 5, 0600);
    write_copy("flipped.xts", "people.xts", SIZE_MAX, 5000, 0, 0600);
    const struct {
        const char* file;
        const xt_authority* trusted;
        const xt_digest_key* key;
        xt_status status;
        const char* says;
        unsigned about;
    } wrong[] = {
        {"none", trusted, key, XT_NOT_FOUND, "no such file|/none", FILES},
        {"digest.key", trusted, key, XT_NOT_A_SNAPSHOT, "not a xacthuc snapshot|/digest.key", SNAPSHOTS | FILES},
        {"short.xts", trusted, key, XT_TRUNCATED, "cut short|/short.xts", FILES | SNAPSHOTS | HEADERS},
        {"cut.xts", trusted, key, XT_TRUNCATED, "cut short|/cut.xts", FILES},
        {"long.xts", trusted, key, XT_TRAILING_BYTES, "longer|/long.xts", FILES},
        {"flipped.xts", trusted, key, XT_CHECKSUM_MISMATCH, "checksum|/flipped.xts", NOTHING_ELSE},
        {"people.xts", stranger, key, XT_FOREIGN_AUTHORITY, "another authority|/people.xts", SIGNATURES | AUTHORITIES},
        {"people.xts", trusted, foreign, XT_FOREIGN_DIGEST_KEY, "digest key|/people.xts", KEYS | NAMES},
    };
    for (size_t i = 0; i != sizeof wrong / sizeof wrong[0]; ++i)
        REFUSES(xt_register_open_snapshot(path_of(wrong[i].file), wrong[i].trusted, wrong[i].key, NULL, &out.opened,
                                          &detail),
                wrong[i].status, wrong[i].says, wrong[i].about);
    xt_snapshot_options options = {.struct_size = XT_SNAPSHOT_OPTIONS_BYTES, .map = 7};
    REFUSES(xt_register_open_snapshot(path_of("people.xts"), trusted, key, &options, &out.opened, &detail),
            XT_ARGUMENT_RANGE, "map", ARGUMENTS | AGENCIES);
    options.struct_size = 3;
    REFUSES(xt_register_open_snapshot(path_of("people.xts"), trusted, key, &options, &out.opened, &detail),
            XT_STRUCT_SIZE, "xt_snapshot_options", ARGUMENTS | SNAPSHOTS);
    REFUSES(xt_register_open_snapshot(NULL, trusted, key, NULL, &out.opened, &detail), XT_NULL_ARGUMENT, "NULL|path",
            ARGUMENTS);

    xt_register* people = open_people(NULL);
    REFUSES(xt_register_save(people, path_of("none/people.xts"), secret, 1, &detail), XT_NOT_FOUND,
            "no such file or folder|/none/", FILES);
    REFUSES(xt_register_save(people, NULL, secret, 1, &detail), XT_NULL_ARGUMENT, "NULL|path", ARGUMENTS | AUTHORITIES);
    REFUSES(xt_register_save(people, path_of("x"), secret, UINT32_MAX, &detail), XT_ARGUMENT_RANGE, "threads",
            ARGUMENTS);
    REFUSES(xt_register_look(NULL, &out.facts), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    out.facts.struct_size = out_before.facts.struct_size = 3;
    REFUSES(xt_register_look(people, &out.facts), XT_STRUCT_SIZE, "struct", ARGUMENTS);
    out.facts.struct_size = out_before.facts.struct_size = XT_REGISTER_FACTS_BYTES;
    REFUSES(xt_register_refresh(people, &out.freshness, &detail), XT_NOT_A_REGISTRY, "registry|from a snapshot",
            REGISTRIES | SNAPSHOTS);
    REFUSES(xt_register_checkpoint(people, 1, 2, &out.checkpoint, &detail), XT_NOT_A_REGISTRY,
            "registry|from a snapshot", REGISTRIES | SNAPSHOTS);
    xt_register_free(people);
    xt_digest_key_free(foreign);
    xt_authority_free(stranger);
}

static void changes(const xt_digest_key* key) {
    static const wrong_text wrong[] = {
        {offsetof(xt_citizen, id), "12", XT_PERSONAL_ID_LENGTH, "id", PERSONAL_IDS},
        {offsetof(xt_citizen, name), "A\xff", XT_NAME_NOT_UTF8, "UTF-8|: name", NAMES},
        {offsetof(xt_citizen, name), "A\x01", XT_NAME_CONTROL_CHARACTER, "control|: name", NAMES},
        {offsetof(xt_citizen, birth_date), "30/02/1999", XT_DATE_RANGE, "birth_date", DAYS},
        {offsetof(xt_citizen, document_expiry), "30/02/2030", XT_DATE_RANGE, "document_expiry", DAYS},
        {offsetof(xt_citizen, document_expiry), "2300-01-01", XT_DATE_RANGE, "document_expiry", DAYS},
        {offsetof(xt_citizen, document_expiry), "1850-01-01", XT_DATE_RANGE, "document_expiry", DAYS},
        {offsetof(xt_citizen, sex), "x y", XT_SEX_WORD, "sex", NOTHING_ELSE},
        {offsetof(xt_citizen, life), "gone", XT_STATUS_WORD, "life", NOTHING_ELSE},
        {offsetof(xt_citizen, superseded), "perhaps", XT_STATUS_WORD, "superseded", NOTHING_ELSE},
        {offsetof(xt_citizen, province), "98", XT_PROVINCE_UNKNOWN, "province", CODES},
        {offsetof(xt_citizen, ward), "1234567", XT_WARD_RANGE, "ward", CODES},
    };
    for (size_t i = 0; i != sizeof wrong / sizeof wrong[0]; ++i) {
        xt_citizen who = {.struct_size = XT_CITIZEN_BYTES, .id = xt_text_of("001199000001")};
        put_wrong(&who, &wrong[i]);
        REFUSES(xt_change_upsert(key, &who, NULL, &out.change, &detail), wrong[i].status, wrong[i].says,
                wrong[i].about);
    }
    const xt_citizen sizeless = {.struct_size = 3};
    REFUSES(xt_change_upsert(key, &sizeless, NULL, &out.change, &detail), XT_STRUCT_SIZE, "xt_citizen",
            ARGUMENTS | CITIZENS);
    REFUSES(xt_change_upsert(NULL, &sizeless, NULL, &out.change, &detail), XT_NULL_ARGUMENT, "NULL|key",
            ARGUMENTS | KEYS | CHANGES);
    REFUSES(xt_change_erase(xt_text_of("12"), &out.change), XT_PERSONAL_ID_LENGTH, "personal id", PERSONAL_IDS);
    REFUSES(xt_change_erase(xt_text_of("12"), NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_change_set_key(xt_text_of("00119900000x"), NULL, &out.change), XT_PERSONAL_ID_DIGIT, "personal id",
            PERSONAL_IDS);
    REFUSES(xt_change_set_key(xt_text_of("000000000000"), NULL, &out.change), XT_PERSONAL_ID_RESERVED, "personal id",
            PERSONAL_IDS);

    xt_register* people = open_people(NULL);
    xt_change unknown;
    CHECK(xt_change_erase(xt_text_of("001199000777"), &unknown) == XT_OK);
    REFUSES(xt_register_apply(people, &unknown, 1, &(size_t){0}, NULL, &detail), XT_CITIZEN_UNKNOWN,
            "no such citizen|change 0", CITIZENS | CHANGES);
    unknown.kind = 17;
    REFUSES(xt_register_apply(people, &unknown, 1, NULL, NULL, &detail), XT_ARGUMENT_RANGE, "change 0",
            ARGUMENTS | CHANGES);
    REFUSES(xt_register_apply(NULL, &unknown, 1, NULL, NULL, &detail), XT_NULL_ARGUMENT, "NULL|opened",
            ARGUMENTS | CHANGES);
    xt_register_free(people);
    const xt_snapshot_options mapping = {.struct_size = XT_SNAPSHOT_OPTIONS_BYTES, .map = 1};
    people = open_people(&mapping);
    CHECK(xt_change_erase(xt_text_of("001199000001"), &unknown) == XT_OK);
    REFUSES(xt_register_apply(people, &unknown, 1, NULL, NULL, &detail), XT_READ_ONLY,
            "not opened for writing|change 0", CHANGES);
    xt_register_free(people);
}

static void registries(const xt_digest_key* key, const xt_authority* trusted, const xt_authority_key* secret) {
    char directory[1024];
    snprintf(directory, sizeof directory, "%s/refusing-%ld", folder, (long)getpid());
    xt_register* people = open_people(NULL);
    CHECK(xt_register_create_directory(directory, people, key, secret, 1, &detail) == XT_OK);
    REFUSES(xt_register_create_directory(directory, people, key, secret, 1, &detail), XT_ALREADY_EXISTS,
            "there is a registry in it", REGISTRIES);
    REFUSES(xt_register_create_directory(NULL, people, key, secret, 1, &detail), XT_NULL_ARGUMENT, "NULL|path",
            ARGUMENTS | KEYS | AUTHORITIES);
    REFUSES(xt_register_open_directory(path_of("none"), trusted, NULL, &out.opened, &detail), XT_NOT_A_REGISTRY,
            "not a xacthuc registry|/none", REGISTRIES | FILES);
    xt_registry_options options = {.struct_size = XT_REGISTRY_OPTIONS_BYTES, .digest_key_file = path_of("none")};
    REFUSES(xt_register_open_directory(directory, trusted, &options, &out.opened, &detail), XT_NOT_FOUND,
            "no such file|/none", FILES | KEYS);
    options.digest_key_file = NULL;
    options.read_only = 3;
    REFUSES(xt_register_open_directory(directory, trusted, &options, &out.opened, &detail), XT_ARGUMENT_RANGE,
            "read_only", ARGUMENTS | AGENCIES);
    options.struct_size = 3;
    REFUSES(xt_register_open_directory(directory, trusted, &options, &out.opened, &detail), XT_STRUCT_SIZE,
            "xt_registry_options", ARGUMENTS | REGISTRIES);

    xt_register* writer = NULL;
    CHECK(xt_register_open_directory(directory, trusted, NULL, &writer, &detail) == XT_OK);
    REFUSES(xt_register_open_directory(directory, trusted, NULL, &out.opened, &detail), XT_REGISTRY_LOCKED,
            "registry|writing", REGISTRIES);
    REFUSES(xt_register_checkpoint(writer, 1, 2, &out.checkpoint, &detail), XT_READ_ONLY, "signed with",
            SNAPSHOTS | SIGNATURES);
    xt_change* many = calloc(100001, sizeof *many);
    if (many == NULL || xt_change_erase(xt_text_of("001199000001"), &many[0]) != XT_OK) abort();
    for (size_t i = 1; i != 100001; ++i) many[i] = many[0];
    REFUSES(xt_register_apply(writer, many, 100001, NULL, NULL, &detail), XT_CODE_RANGE, "100001 changes", CHANGES);
    free(many);
    xt_register_free(writer);
    xt_register_free(people);
}

static void proofs_and_signatures(const xt_digest_key* key) {
    uint8_t bad_key[XT_PUBLIC_KEY_BYTES] = {0};  // of small order
    uint8_t signature[XT_SIGNATURE_BYTES] = {0};
    uint8_t not_canonical[XT_PUBLIC_KEY_BYTES];
    uint8_t off_curve[XT_PUBLIC_KEY_BYTES] = {2};
    uint8_t good_key[XT_PUBLIC_KEY_BYTES] = {0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a,
                                             0xa7, 0x4d, 0x1b, 0x7e, 0xbc, 0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4,
                                             0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c};
    memset(not_canonical, 0xff, sizeof not_canonical);
    CHECK(xt_ed25519_prepare() == XT_OK);
    REFUSES(xt_ed25519_verify(good_key, NULL, 0, signature), XT_BAD_SIGNATURE, "signature does not verify", SIGNATURES);
    REFUSES(xt_ed25519_verify(NULL, NULL, 0, signature), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    xt_signed_message item = {.signature = NULL, .public_key = good_key};
    REFUSES(xt_ed25519_verify_batch(&item, 1, out.valid, &out.count), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    item.signature = signature;
    item.message = signature;
    item.message_size = SIZE_MAX;
    REFUSES(xt_ed25519_verify_batch(&item, 1, out.valid, &out.count), XT_ARGUMENT_RANGE, "argument", ARGUMENTS);
    const struct {
        const uint8_t* key;
        xt_status status;
        const char* says;
    } wrong[] = {{bad_key, XT_KEY_SMALL_ORDER, "small order"},
                 {not_canonical, XT_KEY_NOT_CANONICAL, "not canonical"},
                 {off_curve, XT_KEY_NOT_ON_CURVE, "curve"}};
    xt_agency_keys* agencies = NULL;
    CHECK(xt_agency_keys_create(0, &agencies) == XT_OK);
    for (size_t i = 0; i != sizeof wrong / sizeof wrong[0]; ++i) {
        REFUSES(xt_verifying_key_make(wrong[i].key, 0, &out.verifying), wrong[i].status, wrong[i].says, KEYS);
        REFUSES(xt_agency_keys_set(agencies, 5, wrong[i].key), wrong[i].status, wrong[i].says, KEYS);
    }
    REFUSES(xt_verifying_key_make(good_key, 99, &out.verifying), XT_ARGUMENT_RANGE, "argument", ARGUMENTS);
    REFUSES(xt_verifying_key_make(good_key, 0, NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_verifying_key_make(NULL, 0, &out.verifying), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_agency_keys_create(0, NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_agency_keys_revoke(agencies, 5), XT_AGENCY_UNKNOWN, "no agency of this number", AGENCIES | KEYS);
    REFUSES(xt_agency_keys_reinstate(agencies, 5, good_key), XT_AGENCY_UNKNOWN, "no agency of this number",
            AGENCIES | KEYS);
    CHECK(xt_agency_keys_set(agencies, 5, good_key) == XT_OK);
    // It has a key, and none that was revoked.
    REFUSES(xt_agency_keys_reinstate(agencies, 5, good_key), XT_AGENCY_UNKNOWN, "this could be done", AGENCIES | KEYS);
    CHECK(xt_agency_keys_revoke(agencies, 5) == XT_OK);
    REFUSES(xt_agency_keys_set(agencies, 5, good_key), XT_AGENCY_REVOKED, "revoked|reinstated", AGENCIES | KEYS);
    REFUSES(xt_agency_keys_reinstate(agencies, 5, bad_key), XT_KEY_SMALL_ORDER, "small order", KEYS);

    xt_register* people = open_people(NULL);
    const xt_claims claims = {.struct_size = XT_CLAIMS_BYTES, .id = xt_text_of("001199000001"), .sex = xt_text_of("f")};
    xt_request request;
    CHECK(xt_prepare(key, &claims, &request, NULL) == XT_OK);
    const xt_holder_proof holder = {0};
    xt_agency_proof agency = {.spare = {1, 0, 0}};
    xt_proof_options options = {.struct_size = XT_PROOF_OPTIONS_BYTES, .max_age_ms = -1};
    REFUSES(xt_verify(people, NULL, 1, out.verdicts, &out.freshness), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_verify_holders(people, &request, &holder, 1, &options, out.verdicts, &out.freshness), XT_ARGUMENT_RANGE,
            "argument", ARGUMENTS);
    REFUSES(xt_verify_agency(people, &request, 1, &agency, agencies, NULL, out.verdicts, &out.freshness),
            XT_ARGUMENT_RANGE, "argument", ARGUMENTS);
    options.struct_size = 3;
    REFUSES(xt_verify_holders(people, &request, &holder, 1, &options, out.verdicts, &out.freshness), XT_STRUCT_SIZE,
            "struct", ARGUMENTS);
    REFUSES(xt_holder_message(NULL, 0, 0, signature, out.holder_message), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_agency_message(NULL, 1, 5, 0, signature, out.agency_message), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    xt_register_free(people);
    xt_agency_keys_free(agencies);
}

void test_messages(void) {
    memset(&out, 0x5a, sizeof out);
    out.facts.struct_size = XT_REGISTER_FACTS_BYTES;
    out.policy_facts.struct_size = XT_POLICY_FACTS_BYTES;
    out.checkpoint.struct_size = XT_CHECKPOINT_FACTS_BYTES;
    out.scrub.struct_size = XT_SCRUB_FACTS_BYTES;
    memcpy(&out_before, &out, sizeof out);
    xt_digest_key* key = load_digests();
    xt_authority* trusted = NULL;
    xt_authority_key* secret = NULL;
    CHECK(xt_authority_load(path_of("authority.pub"), &trusted, NULL) == XT_OK);
    CHECK(xt_authority_key_load(path_of("authority.key"), &secret, NULL) == XT_OK);
    files_of_keys();
    requests(key);
    snapshots(trusted, key, secret);
    changes(key);
    registries(key, trusted, secret);
    proofs_and_signatures(key);
    refuse_tables(key);
    refuse_policies(trusted);
    refuse_ledgers(secret);
    refuse_texts(key);
    refuse_partitions(key);
    refuse_keeping(key, trusted, secret);
    xt_authority_key_free(secret);
    xt_authority_free(trusted);
    xt_digest_key_free(key);
}
