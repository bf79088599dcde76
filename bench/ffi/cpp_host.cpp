// SPDX-License-Identifier: Apache-2.0
// What a service in C++ does with one request in text: the measure that the other hosts are held against.
//   ffi_cpp_host <folder of people.xts, digest.key and authority.pub> <questions>
#include <filesystem>
#include <xacthuc/xacthuc.hpp>

#include "questions.hpp"

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    using namespace xacthuc;
    const std::filesystem::path folder{argv[1]};
    const auto trusted = authority_public_key::load(folder / "authority.pub").value();
    const auto key = digest_key::load(folder / "digest.key").value();
    const auto people = load_snapshot(folder / "people.xts", trusted).value();
    const engine answering{people};
    constexpr std::array fields{request_field::id, request_field::name, request_field::birth_date, request_field::sex};
    return bench::tell(bench::read_questions(argv[2]), [&](const bench::question& one) {
        claim_set claims;
        for (std::size_t i = 0; i < fields.size(); ++i)
            if (!set_field(fields[i], one[i], claims)) return false;
        const auto made = prepare(claims, key);
        if (!made) return false;
        verdict answer;
        answering.verify({&*made, 1}, {&answer, 1});
        return answer.outcome() == outcome::verified;
    });
}
