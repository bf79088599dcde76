// SPDX-License-Identifier: Apache-2.0
// A register of one citizen, and a request about her with a wrong birth date.
#include <iostream>
#include <xacthuc/xacthuc.hpp>

int main() {
    using namespace xacthuc;
    const auto key = digest_key::generate();
    const auto id = personal_id::parse("001199000001").value();
    const auto birth = date::parse("1999-03-08").value();
    auto builder = index_builder::create({.citizens_expected = 1}).value();
    builder.make_appender()
        .append(make_record({.id = id, .name = "Nguyễn Thị Hòa", .birth = birth}, key).value(), 0)
        .value();
    const auto index = std::move(builder).build(1).value();

    const auto said = date::parse("08/03/1998").value();
    const auto asked = prepare({.id = id, .name = "NGUYEN THI HOA", .birth_date = said}, key).value();
    verdict answer;
    engine{index}.verify({&asked, 1}, {&answer, 1});
    std::cout << to_string(answer.outcome()) << ", name " << to_string(answer.name_grade()) << '\n';
}
