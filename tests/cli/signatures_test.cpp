// SPDX-License-Identifier: Apache-2.0
// The keygen, sign and verify-signatures subcommands, from end to end.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <string>

#include "cli/command.hpp"

using xacthuc_test::lines_of;
using xacthuc_test::workplace;

namespace {

// RFC 8032, section 7.1, tests 1 to 3.
constexpr auto published =
    "public_key,signature,message,reference,expected\n"
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,"
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2465"
    "5"
    "141438e7a100b,,\"one, 1\",valid\n"
    "3D4017C3E843895A92B70AA74D1B7EBC9C982CCF2EC4968CC0CD55F12AF4660C,"
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb0"
    "0"
    "d291612bb0c00,72,two,valid\n"
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,"
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc0"
    "2"
    "7beceea1ec40a,af83,three,invalid\n";

std::string bytes_of_hex(const std::string& digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    return bytes;
}

// A row of a triples file as the binary record.
std::string record_of(const std::string& row) {
    const auto first = row.find(','), second = row.find(',', first + 1);
    const auto message = bytes_of_hex(row.substr(second + 1, row.find(',', second + 1) - second - 1));
    std::string record = bytes_of_hex(row.substr(0, first) + row.substr(first + 1, second - first - 1));
    for (unsigned i = 0; i < 4; ++i) record += static_cast<char>(message.size() >> (8 * i));
    return record + message;
}

}  // namespace

TEST_CASE("published signatures are valid, and one over another message is not") {
    const workplace place;
    place.write("t.csv", published);
    const auto run = place.shell("xacthuc verify-signatures t.csv");
    CHECK(run.code == 0);
    const auto lines = lines_of(run.out);
    REQUIRE(lines.size() == 4);
    CHECK(lines[0] == "line,reference,verdict,column,reason");
    CHECK(lines[1] == "2,\"one, 1\",valid,,");
    CHECK(lines[2] == "3,two,valid,,");
    // The published message is af82.
    CHECK(lines[3] == "4,three,invalid,,");
    CHECK(place.shell("xacthuc verify-signatures t.csv --require-valid").code == 4);
    for (const auto* isa : {"portable", "avx2", "avx512", "avx512ifma", "none"})
        CHECK(place.shell(std::string{"XACTHUC_ISA="} + isa + " xacthuc verify-signatures t.csv").out == run.out);
}

TEST_CASE("what is expected is compared, what is malformed is told by its column, and JSON lines are JSON") {
    const workplace place;
    auto text = std::string{published};
    text.replace(text.rfind("invalid"), 7, "valid");
    place.write("wrong.csv", text);
    const auto wrong = place.shell("xacthuc verify-signatures wrong.csv -o v.csv --json");
    CHECK(wrong.code == 4);
    CHECK(wrong.err.find("line 4") != std::string::npos);
    CHECK(boost::json::parse(wrong.out).at("wrong_answers").as_int64() == 1);
    const auto key = std::string(64, '0'), signature = std::string(128, 'a');
    place.write("bad.csv", "ref;khoa_cong_khai;CHU KY;message\nr;" + key + ";" + signature + ";0\n;12;" + signature +
                               ";\n;" + key + ";" + signature.substr(1) + "g;\n\n;" + key + ";" + signature + ";\n");
    const auto bad = place.shell("xacthuc verify-signatures - --delimiter ';' --json < bad.csv");
    CHECK(bad.code == 3);
    const auto lines = lines_of(bad.out);
    REQUIRE(lines.size() == 5);
    CHECK(boost::json::parse(lines[0]).at("reference").as_string() == "r");
    CHECK(boost::json::parse(lines[0]).at("column").as_string() == "message");
    CHECK(boost::json::parse(lines[1]).at("column").as_string() == "public_key");
    CHECK(boost::json::parse(lines[2]).at("column").as_string() == "signature");
    CHECK(boost::json::parse(lines[3]).at("line").as_int64() == 6);
    CHECK(boost::json::parse(lines[3]).at("verdict").as_string() == "invalid");
    const auto summary = boost::json::parse(lines[4]);
    CHECK(summary.at("command").as_string() == "verify-signatures");
    CHECK(summary.at("malformed").as_int64() == 3);
    CHECK(summary.at("invalid").as_int64() == 1);
    CHECK(summary.at("rejected_kernels").as_array().empty());
    place.write("header.csv", "public_key,signature\n");
    CHECK(place.shell("xacthuc verify-signatures header.csv").code == 2);
    place.write("unknown.csv", "public_key,signature,message,more\n");
    CHECK(place.shell("xacthuc verify-signatures unknown.csv").code == 2);
}

TEST_CASE("binary triples get the verdicts of the same triples as text, and a record cut short is malformed") {
    const workplace place;
    place.write("t.csv", published);
    std::string binary;
    for (const auto& row : lines_of(published))
        if (!row.starts_with("public")) binary += record_of(row);
    place.write("t.bin", binary);
    const auto whole = place.shell("xacthuc verify-signatures t.bin --binary");
    CHECK(whole.code == 0);
    CHECK(whole.out == "line,reference,verdict,column,reason\n1,,valid,,\n2,,valid,,\n3,,invalid,,\n");
    for (const std::size_t cut : {binary.size() - 1, binary.size() - 50, std::size_t{1}, std::size_t{100}}) {
        place.write("cut.bin", binary.substr(0, cut));
        const auto run = place.shell("cat cut.bin | xacthuc verify-signatures - --binary");
        CHECK(run.code == (cut == 100 ? 0 : 3));
        CHECK((run.out.find("malformed,,the file ends within the record") != std::string::npos) == (cut != 100));
    }
    place.write("none.bin", "");
    CHECK(place.shell("xacthuc verify-signatures none.bin --binary").out == "line,reference,verdict,column,reason\n");
    place.write("huge.bin", binary.substr(0, 96) + "\xff\xff\xff\x7f");
    const auto huge = place.shell("xacthuc verify-signatures huge.bin --binary");
    CHECK(huge.code == 1);
    CHECK(huge.err.find("record 1") != std::string::npos);
}

TEST_CASE("keygen makes a pair that signs; the secret half is for its owner only, and nothing is replaced") {
    const workplace place;
    const auto made = place.shell("xacthuc keygen a.key --json");
    REQUIRE(made.code == 0);
    const auto facts = boost::json::parse(made.out);
    const std::string digits{facts.at("public_key").as_string()};
    CHECK(place.read("a.pub") == "xacthuc-signing-public-1 " + digits + "\n");
    CHECK(std::filesystem::status(place / "a.key").permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    const auto secret = place.read("a.key");
    CHECK(place.shell("xacthuc keygen a.key").code == 1);
    CHECK(place.shell("xacthuc keygen b.key --public a.pub").code == 1);
    CHECK_FALSE(place.has("b.key"));
    CHECK(place.read("a.key") == secret);
    CHECK(place.shell("xacthuc keygen none/a.key").code == 1);
    CHECK(place.shell("chmod 640 a.key && xacthuc sign -k a.key a.pub").code == 5);
    CHECK(place.shell("xacthuc sign -k a.pub a.pub").code == 5);
}

TEST_CASE("what sign signs verify-signatures finds valid, whatever way the message came") {
    const workplace place;
    REQUIRE(place.shell("xacthuc keygen a.key").code == 0);
    place.write("abc", "abc");
    const auto file = place.shell("xacthuc sign -k a.key abc").out;
    CHECK(file.size() == 129);
    CHECK(place.shell("printf abc | xacthuc sign -k a.key -").out == file);
    CHECK(place.shell("xacthuc sign -k a.key --hex 616263").out == file);
    const auto json = boost::json::parse(place.shell("xacthuc sign -k a.key abc --json").out);
    CHECK(std::string{json.at("signature").as_string()} + "\n" == file);
    place.write("messages", "616263\n\r\n00ff\n");
    const auto triples = place.shell("xacthuc sign -k a.key --lines messages").out;
    REQUIRE(lines_of(triples).size() == 4);
    CHECK(lines_of(triples)[1].find(file.substr(0, 128)) != std::string::npos);
    CHECK(place.shell("xacthuc sign -k a.key --hex 616263 --hex '' --hex 00ff").out == triples);
    CHECK(place.shell("xacthuc sign -k a.key --lines messages | xacthuc verify-signatures - --require-valid").code ==
          0);
    place.write("odd", "61626\n");
    const auto odd = place.shell("xacthuc sign -k a.key --lines odd -o odd.csv");
    CHECK(odd.code == 2);
    CHECK(odd.err.find("odd, line 1") != std::string::npos);
    CHECK_FALSE(place.has("odd.csv"));
    CHECK(place.shell("xacthuc sign -k a.key").code == 2);
    CHECK(place.shell("xacthuc sign -k a.key abc --hex 00").code == 2);
}

TEST_CASE("many signatures by few keys, which get combs: the same on one thread and on three, by pipe and by file") {
    const workplace place;
    REQUIRE(place.shell("xacthuc generate -n 5k --seed 3 --keys 3 --signatures t.csv --signature-count 12k").code == 0);
    const auto all = lines_of(place.read("t.csv"));
    REQUIRE(all.size() == 12'001);
    // Every fourth signature belongs to the next message.
    std::string text = all[0] + "\n";
    std::size_t moved = 0;
    for (std::size_t i = 1; i < all.size(); ++i) {
        auto row = all[i];
        if (i % 4 == 0 && i + 1 < all.size()) {
            row.replace(row.rfind(','), std::string::npos, all[i + 1].substr(all[i + 1].rfind(',')));
            ++moved;
        }
        text += row + "\n";
    }
    place.write("mixed.csv", text);
    CHECK(place.shell("xacthuc verify-signatures t.csv --require-valid -o v.csv").code == 0);
    const auto one = place.shell("xacthuc verify-signatures mixed.csv -j1 -o one.csv --json");
    CHECK(one.code == 0);
    CHECK(boost::json::parse(one.out).at("invalid").as_int64() == static_cast<std::int64_t>(moved));
    CHECK(place.shell("cat mixed.csv | xacthuc verify-signatures - -j3 | cmp - one.csv").code == 0);
}

TEST_CASE("accounts of a generated register have keys when asked for") {
    const workplace place;
    REQUIRE(place.shell("xacthuc generate -n 3k --keys 10 -o with.xts").code == 0);
    REQUIRE(place.shell("xacthuc generate -n 3k -o without.xts").code == 0);
    CHECK(std::filesystem::file_size(place / "with.xts") > std::filesystem::file_size(place / "without.xts"));
    CHECK(place.shell("xacthuc inspect with.xts --verify").code == 0);
    CHECK(place.shell("xacthuc generate -n 3k --signatures t.csv").code == 2);
}
