// SPDX-License-Identifier: Apache-2.0
// A register that has no partition at first: citizens come and go with theirs, and are elsewhere meanwhile.
#include <stdlib.h>

#include "check.h"

static char words[512];
static xt_detail detail = {words, sizeof words, 0};

static uint32_t has(const xt_register* people, uint32_t partition) {
    uint32_t answer = 99;
    CHECK(xt_register_has_partition(people, partition, &answer) == XT_OK);
    return answer;
}

static void a_partition_moves(xt_register* from, xt_register* to, const xt_digest_key* key) {
    uint32_t partition = 99999;
    CHECK(xt_register_partition_of(from, xt_text_of("001199000001"), &partition) == XT_OK && partition < 16384);
    CHECK(has(from, partition) == 1 && has(to, partition) == 0);
    CHECK(outcome_of_name(to, key, "001199000001", "Nguyễn Thị Hòa") == XT_OUTCOME_ELSEWHERE);
    xt_change change;
    CHECK(xt_change_erase(xt_text_of("001199000001"), &change) == XT_OK);
    CHECK(xt_register_apply(to, &change, 1, NULL, NULL, &detail) == XT_PARTITION_ELSEWHERE);

    xt_partition_facts facts = {.struct_size = XT_PARTITION_FACTS_BYTES};
    size_t size = 0;
    CHECK(xt_register_export_partition(from, partition, NULL, 0, &size, NULL, &detail) == XT_OK && size > 128);
    uint8_t* const bytes = malloc(size);
    if (bytes == NULL) abort();
    CHECK(xt_register_export_partition(from, partition, bytes, size, &size, &facts, &detail) == XT_OK);
    CHECK(facts.citizens == 1 && facts.partition == partition && facts.as_of.sequence == 7);
    const unsigned before = outcome_of_name(from, key, "001199000001", "Nguyễn Thị Hòa");
    CHECK(before == XT_OUTCOME_VERIFIED);
    bytes[size - 1] ^= 1;
    CHECK(xt_register_import_partition(to, bytes, size, NULL, &detail) == XT_CHECKSUM_MISMATCH && words[0] != '\0');
    bytes[size - 1] ^= 1;
    CHECK(xt_register_import_partition(to, bytes, size - 1, NULL, &detail) == XT_TRUNCATED);
    CHECK(xt_register_import_partition(to, bytes, 0, NULL, &detail) == XT_NOT_A_PARTITION);
    CHECK(xt_register_import_partition(from, bytes, size, NULL, &detail) == XT_ALREADY_EXISTS);
    facts.struct_size = 7;
    CHECK(xt_register_import_partition(to, bytes, size, &facts, &detail) == XT_STRUCT_SIZE);
    CHECK(has(to, partition) == 0);
    facts = (xt_partition_facts){.struct_size = XT_PARTITION_FACTS_BYTES};
    CHECK(xt_register_import_partition(to, bytes, size, &facts, &detail) == XT_OK);
    CHECK(facts.citizens == 1 && facts.partition == partition && has(to, partition) == 1);
    CHECK(xt_register_drop_partition(from, partition, &detail) == XT_OK && has(from, partition) == 0);
    CHECK(xt_register_drop_partition(from, partition, &detail) == XT_PARTITION_ELSEWHERE);
    CHECK(xt_register_export_partition(from, partition, bytes, size, &size, NULL, &detail) == XT_PARTITION_ELSEWHERE);
    CHECK(outcome_of_name(to, key, "001199000001", "Nguyễn Thị Hòa") == before);
    CHECK(outcome_of_name(from, key, "001199000001", "Nguyễn Thị Hòa") == XT_OUTCOME_ELSEWHERE);
    free(bytes);
}

static void mistakes_are_refused(xt_register* people, const xt_digest_key* key) {
    xt_register* opened = NULL;
    uint32_t number = 0;
    uint64_t seed = 0;
    size_t size = 0;
    const uint8_t byte = 0;
    CHECK(xt_register_open_without_partitions(NULL, 0, 0, &opened, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_open_without_partitions(key, 0, 0, NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_open_without_partitions(key, 0, 2, &opened, &detail) == XT_ARGUMENT_RANGE && opened == NULL);
    CHECK(xt_register_placement_seed(NULL, &seed) == XT_NULL_ARGUMENT);
    CHECK(xt_register_placement_seed(people, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_register_partition_of(NULL, xt_text_of("001199000001"), &number) == XT_NULL_ARGUMENT);
    CHECK(xt_register_partition_of(people, xt_text_of("001199000001"), NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_register_partition_of(people, xt_text_of("12"), &number) == XT_PERSONAL_ID_LENGTH);
    CHECK(xt_register_has_partition(NULL, 0, &number) == XT_NULL_ARGUMENT);
    CHECK(xt_register_has_partition(people, 0, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_register_has_partition(people, XT_PARTITION_COUNT, &number) == XT_ARGUMENT_RANGE);
    CHECK(xt_register_export_partition(NULL, 0, NULL, 0, &size, NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_export_partition(people, 0, NULL, 0, NULL, NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_export_partition(people, 0, NULL, 5, &size, NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_export_partition(people, XT_PARTITION_COUNT, NULL, 0, &size, NULL, &detail) == XT_ARGUMENT_RANGE);
    CHECK(xt_register_import_partition(NULL, &byte, 1, NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_import_partition(people, NULL, 1, NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_drop_partition(NULL, 0, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_drop_partition(people, XT_PARTITION_COUNT, &detail) == XT_ARGUMENT_RANGE);
}

void test_partitions(void) {
    xt_digest_key* key = load_digests();
    xt_register* people = open_people(NULL);
    xt_register_facts facts = {.struct_size = XT_REGISTER_FACTS_BYTES};
    CHECK(xt_register_look(people, &facts) == XT_OK);
    uint64_t seed = 99;
    CHECK(xt_register_placement_seed(people, &seed) == XT_OK);
    xt_register* other = NULL;
    CHECK(xt_register_open_without_partitions(key, seed, facts.with_keys, &other, &detail) == XT_OK);
    a_partition_moves(people, other, key);
    mistakes_are_refused(people, key);
    xt_register_free(other);
    xt_register_free(people);
    xt_digest_key_free(key);
}
