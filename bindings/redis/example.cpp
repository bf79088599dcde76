// SPDX-License-Identifier: Apache-2.0
// A register of one citizen as commands for redis-cli --pipe: example <file for the digest key> | redis-cli --pipe
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/xacthuc.hpp>

#include "cluster_client/hash_slot.hpp"

namespace {

// A command as clients send it: how many words, and each with its bytes counted.
void send(std::span<const std::string_view> words) {
    std::cout << '*' << words.size() << "\r\n";
    for (const auto word : words) std::cout << '$' << word.size() << "\r\n" << word << "\r\n";
}

}  // namespace

int main(int count, char** words) {
    using namespace xacthuc;
    if (count != 2) return 1;
    const auto key = digest_key::generate();
    key.save(words[1]).value();
    auto builder = index_builder::create({.digest_key_fingerprint = key.fingerprint(), .citizens_expected = 1}).value();
    builder.make_appender()
        .append(make_record({.id = personal_id::parse("001199000001").value(),
                             .name = "Nguyễn Thị Hòa",
                             .birth = date::parse("1999-03-08").value()},
                            key)
                    .value(),
                0)
        .value();
    const auto index = std::move(builder).build(1).value();

    std::vector<std::byte> bytes;
    for (std::size_t partition = 0; partition < partition_count; ++partition) {
        static_cast<void>(export_partition(index, partition, bytes).value());
        const auto name = cluster::all_slot_tags().key_of(partition);
        const std::string_view blob{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
        const std::string_view command[] = {"XT.LOAD", name, blob};
        send(command);
    }
}
