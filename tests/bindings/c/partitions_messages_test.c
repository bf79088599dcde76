// SPDX-License-Identifier: Apache-2.0
// What the calls about partitions, and about the position of a source, say when they refuse.
#include "refusals.h"

static void partitions(xt_register* people, const xt_digest_key* key) {
    static const uint8_t nonsense[200] = {1};
    uint32_t number = 0;
    uint64_t seed = 0;
    REFUSES(xt_register_open_without_partitions(NULL, 0, 0, &out.opened, &detail), XT_NULL_ARGUMENT, "NULL|key",
            ARGUMENTS | KEYS);
    REFUSES(xt_register_open_without_partitions(key, 0, 2, &out.opened, &detail), XT_ARGUMENT_RANGE, "with_keys",
            ARGUMENTS | KEYS);
    REFUSES(xt_register_placement_seed(NULL, &seed), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_register_partition_of(people, xt_text_of("1"), &number), XT_PERSONAL_ID_LENGTH, "digits", PERSONAL_IDS);
    REFUSES(xt_register_has_partition(people, XT_PARTITION_COUNT, &number), XT_ARGUMENT_RANGE, "argument", ARGUMENTS);
    REFUSES(xt_register_export_partition(people, XT_PARTITION_COUNT, NULL, 0, &out.count, NULL, &detail),
            XT_ARGUMENT_RANGE, "partition", ARGUMENTS);
    REFUSES(xt_register_import_partition(people, nonsense, sizeof nonsense, NULL, &detail), XT_NOT_A_PARTITION,
            "partition|begins otherwise", NOTHING_ELSE);
    REFUSES(xt_register_import_partition(people, NULL, 1, NULL, &detail), XT_NULL_ARGUMENT, "NULL|bytes", ARGUMENTS);
    REFUSES(xt_register_drop_partition(people, XT_PARTITION_COUNT, &detail), XT_ARGUMENT_RANGE, "partition", ARGUMENTS);
    CHECK(number == 0 && seed == 0);
}

static void positions(xt_register* people) {
    const uint8_t byte = 0;
    REFUSES(xt_register_apply_from(people, NULL, 0, &byte, 1, NULL, &out.freshness, &detail), XT_NOT_A_REGISTRY,
            "registry", REGISTRIES);
    REFUSES(xt_register_apply_from(NULL, NULL, 0, NULL, 1, NULL, &out.freshness, &detail), XT_NULL_ARGUMENT,
            "NULL|source_position", ARGUMENTS);
    REFUSES(xt_register_source_position(people, NULL, 0, &out.count, &detail), XT_NOT_A_REGISTRY, "registry",
            REGISTRIES);
    REFUSES(xt_register_source_position(NULL, NULL, 0, &out.count, &detail), XT_NULL_ARGUMENT, "NULL|opened",
            ARGUMENTS);
}

void refuse_partitions(const xt_digest_key* key) {
    xt_register* people = open_people(NULL);
    partitions(people, key);
    positions(people);
    xt_register_free(people);
}
