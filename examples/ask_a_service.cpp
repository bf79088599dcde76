// SPDX-License-Identifier: Apache-2.0
// Asks a service about one citizen: ask_a_service URL
#include <iostream>
#include <xacthuc/client/blocking_client.hpp>

int main(int count, char** arguments) {
    using namespace xacthuc;
    client::client_options how;  // over https: certificate, key and authorities, PEM files
    how.timeout = std::chrono::seconds{5};
    auto service = client::blocking_client::open(count > 1 ? arguments[1] : "http://127.0.0.1:8080", how);
    if (!service) {
        std::cerr << service.error().message() << '\n';
        return 2;
    }
    const auto id = personal_id::parse("001199000001").value();
    const auto said = date::parse("08/03/1998").value();
    const auto answer = service->verify({.id = id, .name = "NGUYEN THI HOA", .birth_date = said});
    if (!answer) {
        // Only after no_answer_kind::unanswered is it unknown whether the question counted.
        std::cerr << answer.error().code << ": " << answer.error().message() << '\n';
        return 1;
    }
    std::cout << to_string(answer->said.outcome()) << ", name " << to_string(answer->said.name_grade()) << '\n';
    if (client::says(answer->said, claim::birth_date) == false) std::cout << "the birth date does not match\n";
}
