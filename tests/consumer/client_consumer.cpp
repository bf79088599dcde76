// SPDX-License-Identifier: Apache-2.0
// What a program that asks a service does, where nobody answers: nothing was sent, and the error says so. It includes
// and links nothing but xacthuc's client, so that it builds only if the installed package brings along what it needs.
#include <xacthuc/client/blocking_client.hpp>

int main() {
    using namespace xacthuc;
    client::client_options how;
    how.attempts = 1;
    auto service = client::blocking_client::open("unix:no-such-folder/socket", how);
    if (!service) return 1;
    const auto id = personal_id::parse("001199000001").value();
    const auto answer = service->verify({.id = id, .sex = sex::female});
    if (answer || answer.error().kind != client::no_answer_kind::not_sent) return 2;
    const auto not_asked = service->verify({.id = id});
    if (not_asked || not_asked.error().code != static_cast<int>(errc::claims_missing)) return 3;
    return client::blocking_client::open("https://localhost").has_value() ? 0 : 4;
}
