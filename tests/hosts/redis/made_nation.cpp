// SPDX-License-Identifier: Apache-2.0
// made_nation <folder> <citizens> <rounds>: a made-up register for the tests with real servers, with what the library
// itself answers from it. Each citizen's ward says in which round she was last changed: 1 at first.
//
//   partitions.bin   for each partition in order: bytes of its blob (4) and the blob
//   requests.bin     a request for each citizen's name and birth date, half of them wrong; then as many for numbers
//   that
//                    nobody has
//   verdicts.bin     the library's verdicts on them, 8 bytes each
//   places.bin       the partition of each request, 2 bytes each
//   rounds.bin       for each round from 1 on, for each citizen: a request that is true in this round only (32), and
//                    the change that begins the round (72, as XT.UPSERT has it)
//   citizens.tsv     id, name and birth date
//   digest.key
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <span>
#include <string>
#include <vector>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/index/index_builder.hpp>

#include "changes.hpp"
#include "node_index.hpp"

using namespace xacthuc;

namespace {

constexpr std::uint64_t placement_seed = 4711;

[[nodiscard]] personal_id number_of(std::size_t i) {
    return personal_id::from_trusted(1'199'000'001 + i * 104'729);
}

[[nodiscard]] std::string name_of(std::size_t i) {
    constexpr const char* families[] = {"Nguyễn", "Trần", "Lê", "Phạm", "Võ"};
    constexpr const char* middles[] = {"Thị", "Văn", "Minh", "Thanh"};
    constexpr const char* given[] = {"Hòa", "Thủy", "An", "Bình", "Dũng", "Hạnh", "Quý"};
    return std::string{families[i % 5]} + ' ' + middles[i / 5 % 4] + ' ' + given[i / 20 % 7];
}

[[nodiscard]] std::string birth_of(std::size_t i) {
    const auto two = [](std::size_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return std::to_string(1950 + i % 60) + '-' + two(1 + i / 60 % 12) + '-' + two(1 + i / 720 % 28);
}

[[nodiscard]] record record_of(std::size_t i, std::uint32_t round, const digest_key& key) {
    const auto name = name_of(i);
    return make_record({.id = number_of(i),
                        .name = name,
                        .birth = date::parse(birth_of(i)).value(),
                        .residence = {.province = 1, .ward = round}},
                       key)
        .value();
}

template <class T>
void append(std::vector<char>& to, const T& value) {
    const auto bytes = std::as_bytes(std::span{&value, 1});
    to.insert(to.end(), reinterpret_cast<const char*>(bytes.data()),
              reinterpret_cast<const char*>(bytes.data()) + bytes.size());
}

void write(const std::filesystem::path& path, const std::vector<char>& bytes) {
    std::ofstream file{path, std::ios::binary};
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) throw std::runtime_error{"cannot write " + path.string()};
}

void write_questions(const std::filesystem::path& folder, std::size_t citizens, const citizen_index& index,
                     const digest_key& key) {
    std::vector<request> requests;
    std::ofstream table{folder / "citizens.tsv"};
    for (std::size_t i = 0; i < 2 * citizens; ++i) {
        const auto name = name_of(i % 2 == 0 ? i : i + 1);
        requests.push_back(
            prepare({.id = number_of(i), .name = name, .birth_date = date::parse(birth_of(i)).value()}, key).value());
        if (i < citizens) table << number_of(i).to_string() << '\t' << name_of(i) << '\t' << birth_of(i) << '\n';
    }
    std::vector<verdict> verdicts(requests.size());
    engine{index}.verify(requests, verdicts);
    std::vector<char> asked;
    std::vector<char> answered;
    std::vector<char> places;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        append(asked, requests[i]);
        append(answered, verdicts[i]);
        append(places, static_cast<std::uint16_t>(partition_of(placement_hash(requests[i].id(), placement_seed))));
    }
    write(folder / "requests.bin", asked);
    write(folder / "verdicts.bin", answered);
    write(folder / "places.bin", places);
}

void write_rounds(const std::filesystem::path& folder, std::size_t citizens, std::uint32_t rounds,
                  const digest_key& key) {
    std::vector<char> all;
    for (std::uint32_t round = 1; round <= rounds; ++round)
        for (std::size_t i = 0; i < citizens; ++i) {
            append(all, prepare({.id = number_of(i), .ward = round}, key).value());
            append(all, std::uint64_t{0});  // an upsert
            append(all, record_of(i, round, key));
            append(all, public_key{});
        }
    write(folder / "rounds.bin", all);
}

void make(const std::filesystem::path& folder, std::size_t citizens, std::uint32_t rounds) {
    const auto key = digest_key::generate();
    key.save(folder / "digest.key").value();
    auto builder = index_builder::create({.placement_seed = placement_seed,
                                          .digest_key_fingerprint = key.fingerprint(),
                                          .as_of = {1, 1'795'000'000'000}})
                       .value();
    {
        auto appender = builder.make_appender();
        for (std::size_t i = 0; i < citizens; ++i) appender.append(record_of(i, 1, key), i).value();
    }
    redis::node_index index{std::move(builder).build(1).value()};
    std::vector<char> blobs;
    for (std::size_t p = 0; p < partition_count; ++p) {
        const auto blob = index.give_out(p, {1, 1'795'000'000'000}).value();
        append(blobs, static_cast<std::uint32_t>(blob.size()));
        blobs.insert(blobs.end(), reinterpret_cast<const char*>(blob.data()),
                     reinterpret_cast<const char*>(blob.data()) + blob.size());
    }
    write(folder / "partitions.bin", blobs);
    write_questions(folder, citizens, index.index(), key);
    write_rounds(folder, citizens, rounds, key);
}

}  // namespace

int main(int count, char** words) {
    try {
        if (count != 4) throw std::runtime_error{"made_nation <folder> <citizens> <rounds>"};
        make(words[1], std::stoul(words[2]), static_cast<std::uint32_t>(std::stoul(words[3])));
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
