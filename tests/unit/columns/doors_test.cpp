// SPDX-License-Identifier: Apache-2.0
// A row means the same through every door: as CSV, as an Arrow table, as JSON and as texts through the interface for C
// it becomes the same request, or the same citizen's record, or is refused for the same reason, told of the same field.
#include <doctest/doctest.h>
#include <xacthuc.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <xacthuc/domain/name.hpp>
#include <xacthuc/domain/request.hpp>

#include "cli/input/change_columns.hpp"
#include "columns/csv/chunk.hpp"
#include "columns/csv/citizen_columns.hpp"
#include "columns/csv/request_columns.hpp"
#include "columns/csv/row_reader.hpp"
#include "columns/field_text.hpp"
#include "columns/made_row.hpp"
#include "columns/row_cells.hpp"
#include "service/question_reader.hpp"
#include "service/routes.hpp"

using namespace xacthuc;

namespace {

// What came of a row: words of a request or a record, or why there are none, in words, and of which field.
struct outcome_of_row {
    std::array<std::uint64_t, 4> words{};
    std::string why{};
    std::string field{};

    friend bool operator==(const outcome_of_row&, const outcome_of_row&) = default;
};
std::ostream& operator<<(std::ostream& to, const outcome_of_row& one) {
    return to << (one.why.empty() ? "a request" : one.why) << " [" << one.field << "]";
}

outcome_of_row refused(boost::system::error_code why, std::string_view field) {
    return {{}, why.message(), std::string{field}};
}

constexpr std::array<std::uint8_t, digest_key_bytes> key_bytes{1, 2, 3, 4, 5};

const digest_key& test_key() {
    static const auto key = [] {
        std::array<std::byte, digest_key_bytes> bytes{};
        std::memcpy(bytes.data(), key_bytes.data(), bytes.size());
        return digest_key::from_bytes(bytes);
    }();
    return key;
}

const xt_digest_key& key_for_c() {
    static const auto* const key = [] {
        xt_digest_key* made = nullptr;
        REQUIRE(xt_digest_key_from_bytes(key_bytes.data(), &made) == XT_OK);
        return made;
    }();
    return *key;
}

// The fields that a row has, in the order in which it has them.
template <class Field>
struct said_field {
    Field field;
    std::string text;
};
template <class Field>
using said_row = std::vector<said_field<Field>>;

std::string in_quotes(std::string_view text) {
    std::string made{'"'};
    for (const char c : text) made.append(c == '"' ? 2 : 1, c);
    return made += '"';
}

std::string json_text(std::string_view text) {
    return boost::json::serialize(boost::json::string_view{text.data(), text.size()});
}

template <class Field>
std::string json_object(const said_row<Field>& row) {
    std::string text{'{'};
    for (const auto& one : row)
        text += (text.size() > 1 ? "," : "") + json_text(to_string(one.field)) + ":" + json_text(one.text);
    return text += '}';
}

template <class Field>
csv::chunk csv_file(const said_row<Field>& row) {
    csv::chunk file;
    for (const auto& one : row) (file.text += to_string(one.field)) += ',';
    file.text.back() = '\n';
    for (const auto& one : row) (file.text += in_quotes(one.text)) += ',';
    file.text.back() = '\n';
    return file;
}

// Gives the fields of the file's row to what its header makes.
template <class Parse>
outcome_of_row by_csv(const csv::chunk& file, Parse parse) {
    csv::row_reader rows{','};
    rows.open(file);
    csv::row row;
    REQUIRE(rows.next(row));
    const std::vector<std::string> texts{row.fields.begin(), row.fields.end()};
    const std::vector<std::string_view> header{texts.begin(), texts.end()};
    REQUIRE(rows.next(row));
    REQUIRE(row.problem.empty());
    return parse(header, row.fields);
}

outcome_of_row told(const std::optional<csv::row_problem>& problem, const std::array<std::uint64_t, 4>& words) {
    if (problem) return {{}, problem->reason, std::string{problem->column}};
    return {words};
}

// A column of one text, in the memory layout of Arrow.
struct arrow_text {
    std::string text;
    std::array<std::int32_t, 2> offsets{};
    std::array<const void*, 3> buffers{};
    ArrowArray array{};

    explicit arrow_text(std::string of) : text{std::move(of)} {
        offsets[1] = static_cast<std::int32_t>(text.size());
        buffers = {nullptr, offsets.data(), text.data()};
        array = {.length = 1,
                 .null_count = 0,
                 .offset = 0,
                 .n_buffers = 3,
                 .n_children = 0,
                 .buffers = buffers.data(),
                 .children = nullptr,
                 .dictionary = nullptr,
                 .release = [](ArrowArray*) {},
                 .private_data = nullptr};
    }
    arrow_text(const arrow_text&) = delete;
    arrow_text& operator=(const arrow_text&) = delete;
};

// Reads the row from a batch whose columns are in the order of the fields, as the doors for tables have them.
template <class Field, class Target>
columns::field_problem<Field> read_arrow(said_row<Field> row, std::vector<std::unique_ptr<arrow_text>>& store,
                                         Target& into) {
    std::ranges::sort(row, {}, &said_field<Field>::field);
    std::vector<ArrowArray*> children;
    for (const auto& one : row) {
        store.push_back(std::make_unique<arrow_text>(one.text));
        children.push_back(&store.back()->array);
    }
    std::array<const void*, 1> no_validity{nullptr};
    const ArrowArray whole{.length = 1,
                           .null_count = 0,
                           .offset = 0,
                           .n_buffers = 1,
                           .n_children = static_cast<std::int64_t>(children.size()),
                           .buffers = no_validity.data(),
                           .children = children.data(),
                           .dictionary = nullptr,
                           .release = [](ArrowArray*) {},
                           .private_data = nullptr};
    const ArrowSchema plain{.format = "u",
                            .name = "",
                            .metadata = nullptr,
                            .flags = 0,
                            .n_children = 0,
                            .children = nullptr,
                            .dictionary = nullptr,
                            .release = nullptr,
                            .private_data = nullptr};
    const auto type = columns::column_type::of(plain);
    const columns::batch_rows batch{whole, children.size()};
    columns::row_cells<Field, Target> cells{batch};
    for (std::size_t i = 0; i < row.size(); ++i) cells.add(row[i].field, batch.column(i, type, "a column"));
    return cells.read(0, into);
}

// Of a request, by the domain's own calls.
outcome_of_row reference_of(const said_row<request_field>& row) {
    claim_set claims;
    for (const auto& one : row) {
        const auto put = set_field(one.field, one.text, claims);
        if (put) continue;
        const bool is_second_name = put.error() == errc::claims_contradict;
        return refused(put.error(), to_string(is_second_name ? request_field::name_exact : one.field));
    }
    const auto made = prepare(claims, test_key());
    if (made) return {made->words};
    const auto about = field_of(made.error(), claims);
    return refused(made.error(), about ? to_string(*about) : std::string_view{});
}

outcome_of_row request_by_csv(const said_row<request_field>& row) {
    return by_csv(csv_file(row), [](const auto& header, const auto& fields) {
        const csv::request_parser parser{header, false, "requests.csv"};
        csv::request_row parsed;
        request made;
        auto problem = parser.parse(fields, parsed);
        if (!problem) problem = csv::prepare_row(parsed.claims, test_key(), 0, made);
        return told(problem, made.words);
    });
}

outcome_of_row request_by_arrow(const said_row<request_field>& row) {
    std::vector<std::unique_ptr<arrow_text>> store;
    claim_set claims;
    request made;
    auto problem = read_arrow(row, store, claims);
    if (!problem) problem = columns::make_request(claims, test_key(), 0, made);
    return problem ? refused(problem.why(), problem.name()) : outcome_of_row{made.words};
}

outcome_of_row request_by_json(const said_row<request_field>& row) {
    static service::question_reader reader;
    service::question asked;
    request made;
    const auto text = json_object(row);
    auto fault = reader.read(text, service::question_place::in_batch, asked);
    if (!fault) fault = service::prepare_question(asked, test_key(), std::nullopt, made);
    if (!fault) return {made.words};
    if (fault->what != service::problem::none)
        return {{}, std::string{service::facts_of(fault->what).title}, std::string{fault->member}};
    return refused(fault->error, fault->member);
}

outcome_of_row request_by_c(const said_row<request_field>& row) {
    std::vector<xt_field> fields;
    for (const auto& one : row)
        fields.push_back({one.text.data(), one.text.size(), static_cast<std::uint32_t>(one.field), 0});
    xt_request made{};
    std::uint32_t failed = 0;
    const auto status = xt_prepare_fields(&key_for_c(), fields.data(), fields.size(), 0, &made, &failed);
    if (status != XT_OK) return {{}, xt_message(status), xt_field_text(failed)};
    return {std::to_array(made.words)};
}

bool is_utf8(const std::string& text) {
    name_forms forms;
    const auto done = canonicalize(text, forms);
    return done || done.error() != errc::name_not_utf8;
}

// Cells that nobody means, for any field.
const std::vector<std::string>& hostile_cells() {
    using namespace std::string_literals;
    static const std::vector<std::string> all{"",
                                              " ",
                                              "\t",
                                              "\0"s,
                                              "A\0n"s,
                                              "\xff",
                                              "A\xc3",
                                              "A\x01n",
                                              std::string(3000, 'A'),
                                              "unknown",
                                              "null",
                                              "nan",
                                              "-1",
                                              "0",
                                              "00",
                                              "65536",
                                              "1.0",
                                              "1e3",
                                              "99999999999999999999",
                                              "\xc3\xa9",
                                              "a,b",
                                              "\"",
                                              "a\nb",
                                              "\r",
                                              "\r\n",
                                              " Nam ",
                                              "none",
                                              "true",
                                              "000000000000",
                                              "001190000001",
                                              "nam ",
                                              "2024-13",
                                              "\u200b",
                                              "1990"s,
                                              "??",
                                              "\ufeff01",
                                              "0x01",
                                              "+1",
                                              std::string(1024, '1'),
                                              "An"};
    return all;
}

// The values of its kind that a field takes.
std::vector<std::string> good_cells(std::string_view field) {
    const auto is = [field](std::initializer_list<std::string_view> any) {
        return std::ranges::count(any, field) != 0;
    };
    if (is({"id"})) return {"001190000001", "079203000002"};
    if (is({"name", "name_exact"})) return {"An", "Nguyễn Thị Hòa", "NGUYEN THI HOA"};
    if (is({"birth_date"})) return {"1990", "1990-02", "1990-02-01", "01/02/1990", "01021990"};
    if (is({"document_valid_on", "born_on_or_before", "document_expiry"})) return {"2026-01-31", "2040-12-31"};
    if (is({"sex"})) return {"male", "Nữ", "khác", "x", "Nam"};
    if (is({"life"})) return {"alive", "deceased", "missing"};
    if (is({"registration"})) return {"active", "suspended", "cancelled"};
    if (is({"account_level", "account_level_at_least"})) return {"none", "level_1", "level_2"};
    if (is({"account"})) return {"active", "locked", "revoked"};
    if (is({"document"})) return {"none", "valid", "lost", "held"};
    if (is({"province"})) return {"01", "79"};
    if (is({"superseded"})) return {"yes", "no", "không", "1"};
    return {"4", "00004", "65535"};
}

template <class Field, std::size_t Count>
said_row<Field> random_row(std::mt19937_64& random, std::size_t hostile_max) {
    const auto one_of = [&](const std::vector<std::string>& from) { return from[random() % from.size()]; };
    std::array<std::size_t, Count> order;
    std::iota(order.begin(), order.end(), 0U);
    std::shuffle(order.begin(), order.end(), random);
    said_row<Field> row;
    for (const auto k : order) {
        const auto field = static_cast<Field>(k);
        if (field != Field::id && random() % 3 != 0) continue;
        row.push_back({field, one_of(good_cells(to_string(field)))});
    }
    for (std::size_t i = random() % (hostile_max + 1); i > 0; --i)
        row[random() % row.size()].text = one_of(hostile_cells());
    return row;
}

// Which of two faults is told first is said by the order of a row; tables of Arrow have that of the fields.
template <class Field>
void order_by_field(said_row<Field>& row) {
    std::ranges::sort(row, {}, &said_field<Field>::field);
}

template <class Field>
bool is_json(const said_row<Field>& row) {
    return std::ranges::all_of(row, [](const auto& one) { return is_utf8(one.text); });
}

void check_request(const said_row<request_field>& row) {
    INFO(json_object(row));
    const auto expected = reference_of(row);
    CHECK(request_by_csv(row) == expected);
    CHECK(request_by_arrow(row) == expected);
    CHECK(request_by_c(row) == expected);
    const auto of_json = request_by_json(row);
    // JSON is UTF-8: what has another text is no JSON, unless a member before that is wrong already.
    const bool is_no_json = of_json.why == service::facts_of(service::problem::json_syntax).title;
    CHECK((of_json == expected || (is_no_json && !is_json(row))));
}

}  // namespace

TEST_CASE("each field takes or refuses every cell alike through all doors, with the same words") {
    for (std::size_t k = 0; k < request_field_count; ++k) {
        const auto field = static_cast<request_field>(k);
        auto cells = hostile_cells();
        for (auto& good : good_cells(to_string(field))) cells.push_back(good);
        for (const auto& cell : cells) {
            said_row<request_field> row{{field, cell}};
            if (field != request_field::id) row.push_back({request_field::id, "001190000001"});
            check_request(row);
            row.push_back({field == request_field::sex ? request_field::life : request_field::sex,
                           field == request_field::sex ? "alive" : "nam"});
            check_request(row);
        }
    }
}

TEST_CASE("random rows become the same requests through all doors") {
    std::mt19937_64 random{20261129};
    std::size_t good = 0;
    for (int i = 0; i < 4000; ++i) {
        auto row = random_row<request_field, request_field_count>(random, 3);
        if (i % 2 == 0)
            order_by_field(row);
        else
            row = random_row<request_field, request_field_count>(random, 0);
        check_request(row);
        good += reference_of(row).why.empty() ? 1 : 0;
    }
    CHECK(good > 400);
    CHECK(good < 3600);
}

TEST_CASE("two names contradict in the exact one, whichever is said first") {
    for (const bool is_exact_first : {false, true}) {
        said_row<request_field> row{{request_field::name, "An"}, {request_field::name_exact, "An"}};
        if (is_exact_first) std::swap(row[0], row[1]);
        row.insert(row.begin(), {request_field::id, "001190000001"});
        const auto expected = refused(errc::claims_contradict, "name_exact");
        CHECK(request_by_csv(row) == expected);
        CHECK(request_by_arrow(row) == expected);
        CHECK(request_by_json(row) == expected);
        CHECK(request_by_c(row) == expected);
    }
}

TEST_CASE("what is claimed is written so that it reads back as the same") {
    std::mt19937_64 random{7};
    for (int i = 0; i < 2000; ++i) {
        const auto row = random_row<request_field, request_field_count>(random, 0);
        claim_set claims;
        bool is_read = true;
        for (const auto& one : row) is_read = is_read && set_field(one.field, one.text, claims).has_value();
        if (!is_read) continue;
        said_row<request_field> written;
        for (std::size_t k = 0; k < request_field_count; ++k) {
            const auto field = static_cast<request_field>(k);
            written.push_back({field, {}});
            columns::append_text(written.back().text, field, claims);
        }
        CHECK(reference_of(written) == reference_of(row));
    }
}

namespace {

outcome_of_row reference_of(const said_row<citizen_field>& row) {
    citizen who;
    for (const auto& one : row)
        if (const auto put = set_field(one.field, one.text, who); !put)
            return refused(put.error(), to_string(one.field));
    const auto made = xacthuc::make_record(who, test_key());
    if (made) return {made->words};
    const bool is_name = !who.name.empty() && !digest_name(who.name, test_key());
    return refused(made.error(), is_name ? "name" : "document_expiry");
}

outcome_of_row citizen_by_csv(const said_row<citizen_field>& row) {
    return by_csv(csv_file(row), [](const auto& header, const auto& fields) {
        record made;
        return told(csv::citizen_parser{header, false, "people.csv"}.parse(fields, test_key(), made), made.words);
    });
}

outcome_of_row citizen_by_arrow(const said_row<citizen_field>& row) {
    std::vector<std::unique_ptr<arrow_text>> store;
    citizen who;
    record made;
    auto problem = read_arrow(row, store, who);
    if (!problem) problem = columns::make_record(who, test_key(), made);
    return problem ? refused(problem.why(), problem.name()) : outcome_of_row{made.words};
}

outcome_of_row citizen_by_change(const said_row<citizen_field>& row, bool is_json) {
    change made;
    if (is_json) return told(cli::change_parser{test_key()}.parse_json(json_object(row), made), made.after.words);
    return by_csv(csv_file(row), [&](const auto& header, const auto& fields) {
        const cli::change_parser parser{test_key(), header, false, "changes.csv"};
        return told(parser.parse_fields(fields, made), made.after.words);
    });
}

outcome_of_row citizen_by_c(const said_row<citizen_field>& row) {
    xt_citizen who{};
    who.struct_size = sizeof who;
    const std::array places{&who.id,           &who.name,          &who.birth_date, &who.sex,      &who.life,
                            &who.registration, &who.account_level, &who.account,    &who.document, &who.document_expiry,
                            &who.province,     &who.ward,          &who.superseded};
    for (const auto& one : row) *places.at(static_cast<std::size_t>(one.field)) = {one.text.data(), one.text.size()};
    xt_change made{};
    std::array<char, 256> room{};
    xt_detail detail{room.data(), room.size(), 0};
    const auto status = xt_change_upsert(&key_for_c(), &who, nullptr, &made, &detail);
    if (status == XT_OK) return {std::to_array(made.record)};
    const std::string text{room.data()};
    const std::string words{xt_message(status)};
    REQUIRE(text.starts_with(words + ": "));
    return {{}, words, text.substr(words.size() + 2)};
}

}  // namespace

TEST_CASE("random citizens become the same records through all doors") {
    std::mt19937_64 random{1129};
    std::size_t good = 0;
    for (int i = 0; i < 4000; ++i) {
        auto row = random_row<citizen_field, citizen_field_count>(random, i % 2 == 0 ? 3 : 0);
        if (i % 2 == 0) order_by_field(row);
        INFO(json_object(row));
        const auto expected = reference_of(row);
        good += expected.why.empty() ? 1 : 0;
        CHECK(citizen_by_csv(row) == expected);
        CHECK(citizen_by_arrow(row) == expected);
        CHECK(citizen_by_change(row, false) == expected);
        CHECK(citizen_by_c(row) == expected);
        if (is_json(row)) CHECK(citizen_by_change(row, true) == expected);
    }
    CHECK(good > 400);
    CHECK(good < 3600);
}
