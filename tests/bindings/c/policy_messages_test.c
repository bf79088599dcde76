// SPDX-License-Identifier: Apache-2.0
// What the calls about policy say when they refuse.
#include "refusals.h"

static const xt_policy_options is_unsigned = {.struct_size = XT_POLICY_OPTIONS_BYTES, .is_unsigned = 1};

static void write_framework(void) {
    FILE* file = fopen(path_of("faulty.toml"), "wb");
    CHECK(file != NULL && fputs("framework = \"vn\"\nversion = 1\nnonsense = 1\nmore = 2\n", file) >= 0);
    CHECK(fclose(file) == 0);
}

static void refuse_loading(void) {
    write_framework();
    REFUSES(xt_policy_load(path_of("faulty.toml"), &is_unsigned, &out.policy, &detail), XT_FRAMEWORK_FAULTS,
            "faults|toml:3: |toml:4: ", KEYS);
    REFUSES(xt_policy_load(path_of("faulty.toml"), NULL, &out.policy, &detail), XT_ARGUMENT_RANGE, "signature|root",
            ARGUMENTS | SIGNATURES);
    xt_policy_options both = is_unsigned;
    both.root = "vn+00000000+AA";
    REFUSES(xt_policy_load(path_of("faulty.toml"), &both, &out.policy, &detail), XT_ARGUMENT_RANGE, "root",
            ARGUMENTS | SIGNATURES);
    both.is_unsigned = 0;
    REFUSES(xt_policy_load(path_of("faulty.toml"), &both, &out.policy, &detail), XT_NOTE_KEY, "key|root", KEYS | NAMES);
    both.spare = 1;
    REFUSES(xt_policy_load(path_of("faulty.toml"), &both, &out.policy, &detail), XT_ARGUMENT_RANGE, "spare",
            ARGUMENTS | SIGNATURES);
    both.struct_size = 1;
    REFUSES(xt_policy_load(path_of("faulty.toml"), &both, &out.policy, &detail), XT_STRUCT_SIZE, "struct", ARGUMENTS);
    REFUSES(xt_policy_load(path_of("none.xtp"), NULL, &out.policy, &detail), XT_NOT_FOUND, "no such file|none.xtp",
            FILES);
    REFUSES(xt_policy_load(NULL, NULL, &out.policy, &detail), XT_NULL_ARGUMENT, "NULL|path", ARGUMENTS);
    REFUSES(xt_policy_load(path_of("none.xtp"), NULL, NULL, &detail), XT_NULL_ARGUMENT, "NULL|handle", ARGUMENTS);
}

static void refuse_asking(const xt_policy* policy) {
    REFUSES(xt_policy_look(NULL, &out.policy_facts), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_policy_look(policy, NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_policy_explain(policy, "nobody", "101", "vi", out.text, sizeof out.text, &out.count, &detail),
            XT_NOT_IN_POLICY, "the agency nobody", AGENCIES);
    REFUSES(xt_policy_explain(policy, "5", "nothing", "vi", out.text, sizeof out.text, &out.count, &detail),
            XT_NOT_IN_POLICY, "the procedure nothing", NOTHING_ELSE);
    REFUSES(xt_policy_explain(policy, "5", "101", "fr", out.text, sizeof out.text, &out.count, &detail),
            XT_ARGUMENT_RANGE, "language", ARGUMENTS);
    REFUSES(xt_policy_explain(policy, NULL, "101", "vi", out.text, sizeof out.text, &out.count, &detail),
            XT_NULL_ARGUMENT, "NULL|agency", ARGUMENTS | AGENCIES);
    xt_policy_question asked = {.proofs = 4};
    REFUSES(xt_policy_decide(policy, &asked, 1, out.outcomes), XT_ARGUMENT_RANGE, "argument", ARGUMENTS);
    asked.proofs = 0;
    asked.claims = 1u << XT_CLAIM_COUNT;
    REFUSES(xt_policy_decide(policy, &asked, 1, out.outcomes), XT_ARGUMENT_RANGE, "argument", ARGUMENTS);
    REFUSES(xt_policy_decide(policy, NULL, 1, out.outcomes), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_register_set_policy(NULL, policy), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
}

static void refuse_guards(void) {
    REFUSES(xt_guards_open(NULL, &out.guards, &detail), XT_NULL_ARGUMENT, "NULL|folder", ARGUMENTS | FILES);
    REFUSES(xt_guards_open(path_of("people.xts/guards"), &out.guards, &detail), XT_IO, "people.xts/guards", FILES);
    REFUSES(xt_guards_save(NULL, &detail), XT_NULL_ARGUMENT, "NULL|guards", ARGUMENTS);
    REFUSES(xt_guards_close(NULL, &detail), XT_NULL_ARGUMENT, "NULL|guards", ARGUMENTS);
    REFUSES(xt_guards_take_alarms(NULL, NULL, 0, &out.count), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_guards_suspend(NULL, 5), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_guards_reinstate(NULL, 5), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_register_set_guards(NULL, NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    xt_guards* first = NULL;
    xt_guards* second = NULL;
    CHECK(xt_guards_open(path_of("first"), &first, NULL) == XT_OK &&
          xt_guards_open(path_of("second"), &second, NULL) == XT_OK);
    xt_register* people = open_people(NULL);
    CHECK(xt_register_set_guards(people, first) == XT_OK);
    REFUSES(xt_register_set_guards(people, second), XT_ARGUMENT_RANGE, "argument", ARGUMENTS);
    xt_register_free(people);
    xt_guards_free(first);
    xt_guards_free(second);
}

static void refuse_registers(const xt_authority* trusted, const xt_policy* policy) {
    xt_snapshot_options options = {.struct_size = XT_SNAPSHOT_OPTIONS_BYTES, .agency = 65536};
    char people[1024];
    snprintf(people, sizeof people, "%s", path_of("people.xts"));
    REFUSES(xt_register_open_snapshot(people, trusted, NULL, &options, &out.opened, &detail), XT_ARGUMENT_RANGE,
            "agency", ARGUMENTS | AGENCIES);
    const xt_registry_options of_directory = {.struct_size = XT_REGISTRY_OPTIONS_BYTES, .agency = 65536};
    REFUSES(xt_register_open_directory(people, trusted, &of_directory, &out.opened, &detail), XT_ARGUMENT_RANGE,
            "agency", ARGUMENTS | AGENCIES);
    xt_register* opened = open_people(NULL);
    options.agency = 0;
    options.policy = policy;
    REFUSES(xt_register_replace(opened, people, trusted, NULL, &options, &detail), XT_ARGUMENT_RANGE, "policy|agency",
            ARGUMENTS | AGENCIES);
    xt_register_free(opened);
}

void refuse_policies(const xt_authority* trusted) {
    xt_policy* policy = NULL;
    CHECK(xt_policy_load(XACTHUC_POLICY, &is_unsigned, &policy, &detail) == XT_OK);
    refuse_loading();
    refuse_guards();
    refuse_asking(policy);
    refuse_registers(trusted, policy);
    xt_policy_free(policy);
}
