// SPDX-License-Identifier: Apache-2.0
// The same through libxacthuc_c, as a host that links nothing else: xt_verify_fields(), a call a question.
//   ffi_c_host <folder of people.xts, digest.key and authority.pub> <questions>
#include <xacthuc.h>

#include "questions.hpp"

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const std::string folder{argv[1]};
    xt_authority* trusted = nullptr;
    xt_digest_key* key = nullptr;
    xt_register* people = nullptr;
    if (xt_authority_load((folder + "/authority.pub").c_str(), &trusted, nullptr) != XT_OK ||
        xt_digest_key_load((folder + "/digest.key").c_str(), &key, nullptr) != XT_OK ||
        xt_register_open_snapshot((folder + "/people.xts").c_str(), trusted, key, nullptr, &people, nullptr) != XT_OK)
        return 1;
    const int done =
        xacthuc::bench::tell(xacthuc::bench::read_questions(argv[2]), [&](const xacthuc::bench::question& one) {
            const std::array<xt_field, 4> fields{{{one[0].data(), one[0].size(), XT_FIELD_ID, 0},
                                                  {one[1].data(), one[1].size(), XT_FIELD_NAME, 0},
                                                  {one[2].data(), one[2].size(), XT_FIELD_BIRTH_DATE, 0},
                                                  {one[3].data(), one[3].size(), XT_FIELD_SEX, 0}}};
            xt_verdict verdict;
            uint32_t failed = 0;
            const auto status =
                xt_verify_fields(people, nullptr, fields.data(), fields.size(), 0, &verdict, nullptr, &failed);
            return status == XT_OK && xt_verdict_outcome(verdict) == XT_OUTCOME_VERIFIED;
        });
    xt_register_free(people);
    xt_digest_key_free(key);
    xt_authority_free(trusted);
    return done;
}
