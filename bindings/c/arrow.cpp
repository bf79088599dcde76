// SPDX-License-Identifier: Apache-2.0
// Verification of tables of the Arrow C data interface, by batches and by streams of them.
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <xacthuc/domain/heading.hpp>
#include <xacthuc/domain/request.hpp>

#include "boundary.hpp"
#include "columns/made_row.hpp"
#include "columns/row_cells.hpp"
#include "columns/table_error.hpp"
#include "field_refusal.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

constexpr std::size_t rows_a_piece = 256;

// Which column holds which field.
struct column_of_field {
    std::size_t position;
    request_field field;
};

// Headings are not repeated: the first row of a table without headings is a person's.
[[nodiscard]] std::string named(std::size_t position) {
    return "columns[" + std::to_string(position) + "]";
}

class choice {
  public:
    choice(const columns::table_schema& schema, const xt_table_options& how) : schema_{schema}, how_{how} {}

    // Throws column_error.
    [[nodiscard]] std::vector<column_of_field> made() && {
        for (std::size_t i = 0; i < schema_.names.size(); ++i) {
            const auto field = how_.fields != nullptr ? how_.fields[i] : by_heading(i);
            if (field != XT_FIELD_NONE) take(i, field);
        }
        if (position_of_[XT_FIELD_ID] == nothing) throw columns::column_error{"none is known to be the one of the ids"};
        // In the order of the fields: name_exact contradicts name, wherever it stands.
        std::ranges::sort(taken_, {}, &column_of_field::field);
        return std::move(taken_);
    }

  private:
    static constexpr std::size_t nothing = static_cast<std::size_t>(-1);

    [[nodiscard]] uint32_t by_heading(std::size_t position) const {
        if (const auto field = find_heading(request_headings, schema_.names[position]))
            return static_cast<uint32_t>(*field);
        if (how_.ignore_unknown == 1) return XT_FIELD_NONE;
        throw columns::column_error{named(position) + " has a heading that is not known"};
    }

    void take(std::size_t position, uint32_t number) {
        if (position_of_[number] != nothing)
            throw columns::column_error{named(position) + " is another one for " + std::string{xt_field_text(number)}};
        position_of_[number] = position;
        const auto field = static_cast<request_field>(number);
        columns::check_column(schema_.types[position], named(position), columns::kind_of(field), to_string(field));
        taken_.push_back({position, field});
    }

    const columns::table_schema& schema_;
    const xt_table_options& how_;
    std::array<std::size_t, XT_FIELD_COUNT> position_of_ = [] {
        std::array<std::size_t, XT_FIELD_COUNT> none;
        none.fill(nothing);
        return none;
    }();
    std::vector<column_of_field> taken_;
};

// Where the answers of a batch go; the last two may be NULL.
struct places {
    xt_verdict* verdicts;
    xt_status* statuses;
    uint32_t* failed;
};

// A table's schema, and what its rows are asked of.
class table {
  public:
    // `agency` is that of rows that name none. Throws arrow_error, column_error.
    table(const ArrowSchema& schema, const xt_table_options& how, const digest_key& key, std::uint16_t agency)
        : schema_{columns::table_schema::of(schema)}, key_{key}, required_{how.required}, agency_{agency} {
        if (how.fields != nullptr && how.field_count != schema_.names.size())
            throw columns::column_error{"the table has " + std::to_string(schema_.names.size()) +
                                        " columns, field_count is " + std::to_string(how.field_count)};
        chosen_ = choice{schema_, how}.made();
    }

    // Throws arrow_error.
    [[nodiscard]] freshness answer(c::judged_call&& call, const citizen_index& index, const ArrowArray& array,
                                   const places& into) const {
        const columns::batch_rows batch{array, schema_.names.size()};
        columns::row_cells<request_field, claim_set> cells{batch};
        for (const auto& [position, field] : chosen_)
            cells.add(field, batch.column(position, schema_.types[position], named(position)));
        const auto count = static_cast<std::size_t>(batch.count());
        std::optional<freshness> oldest;
        for (std::size_t first = 0; first < count || !oldest; first += rows_a_piece) {
            std::array<request, rows_a_piece> requests;
            const auto size = std::min(rows_a_piece, count - first);
            for (std::size_t i = 0; i < size; ++i) {
                const auto why = prepare_row(cells, first + i, requests[i]);
                if (into.statuses != nullptr) into.statuses[first + i] = why.status;
                if (into.failed != nullptr) into.failed[first + i] = why.field;
            }
            const auto now = call.answer(index, std::span<const request>{requests}.first(size),
                                         {reinterpret_cast<verdict*>(into.verdicts) + first, size});
            if (!oldest) oldest = now;
        }
        call.settle();
        return *oldest;
    }

  private:
    [[nodiscard]] c::field_refusal prepare_row(const columns::row_cells<request_field, claim_set>& cells,
                                               std::size_t row, request& into) const {
        into = {};
        claim_set claims;
        if (const auto why = cells.read(static_cast<std::int64_t>(row), claims)) return c::refusal_of(why);
        if (claims.agency == 0) claims.agency = agency_;
        return c::refusal_of(columns::make_request(claims, key_, required_, into));
    }

    columns::table_schema schema_;
    const digest_key& key_;
    claim_mask required_;
    std::uint16_t agency_;
    std::vector<column_of_field> chosen_;
};

[[nodiscard]] xt_status read_options(const xt_table_options* from, xt_table_options& how, xt_detail* detail) {
    if (const auto status = c::read_options(from, XT_TABLE_OPTIONS_BYTES, how); status != XT_OK)
        return c::refuse(detail, status, "xt_table_options");
    if (!c::are_claims(how.required) || how.spare != 0 || how.ignore_unknown > 1)
        return c::refuse(detail, XT_ARGUMENT_RANGE, "required, spare or ignore_unknown");
    if (how.fields == nullptr) return XT_OK;
    const std::span fields{how.fields, how.field_count};
    const auto is_known = [](uint32_t number) { return number < XT_FIELD_COUNT || number == XT_FIELD_NONE; };
    return std::ranges::all_of(fields, is_known) ? xt_status{XT_OK} : c::refuse(detail, XT_ARGUMENT_RANGE, "fields");
}

// What is thrown about tables, as a status.
template <class Body>
[[nodiscard]] xt_status guarded_table(xt_detail* detail, const Body& body) {
    return c::guarded(detail, [&] {
        try {
            return body();
        } catch (const columns::arrow_error& error) {
            return c::refuse(detail, XT_TABLE, error.what());
        } catch (const columns::column_error& error) {
            return c::refuse(detail, XT_COLUMN, error.what());
        }
    });
}

// What a stream handed out, released in the end.
template <class Structure>
struct taken {
    Structure held{};
    taken() = default;
    taken(const taken&) = delete;
    taken& operator=(const taken&) = delete;
    ~taken() {
        if (held.release != nullptr) held.release(&held);
    }
};

[[nodiscard]] std::string words_of(ArrowArrayStream& stream, int code) {
    const auto* const words = stream.get_last_error != nullptr ? stream.get_last_error(&stream) : nullptr;
    return words != nullptr ? std::string{words} : "error " + std::to_string(code);
}

void tell(const freshness& now, xt_freshness* into) noexcept {
    if (into != nullptr) *into = {now.sequence, now.as_of_unix_ms};
}

[[nodiscard]] xt_status answer_batches(const xt_register& opened, const table& asked, ArrowArrayStream& stream,
                                       xt_take_verdicts take, void* context, std::optional<freshness>& oldest) {
    std::uint64_t first = 0;
    std::vector<xt_verdict> verdicts;
    std::vector<xt_status> statuses;
    std::vector<uint32_t> failed;
    for (;;) {
        taken<ArrowArray> batch;
        if (const int code = stream.get_next(&stream, &batch.held); code != 0)
            throw columns::arrow_error{"it could not be read on: " + words_of(stream, code)};
        if (batch.held.release == nullptr) return XT_OK;
        static_cast<void>(columns::batch_rows{batch.held, static_cast<std::size_t>(batch.held.n_children)});
        const auto count = static_cast<std::size_t>(batch.held.length);
        verdicts.resize(count);
        statuses.resize(count);
        failed.resize(count);
        const auto held = opened.live.hold();
        const auto now =
            asked.answer(opened.begin_call(), *held, batch.held, {verdicts.data(), statuses.data(), failed.data()});
        if (!oldest || now.sequence < oldest->sequence) oldest = now;
        if (take(context, first, count, verdicts.data(), statuses.data(), failed.data()) != 0) return XT_CANCELLED;
        first += count;
    }
}

}  // namespace

xt_status xt_verify_arrow(const xt_register* opened, const xt_digest_key* key, const struct ArrowSchema* schema,
                          const struct ArrowArray* array, const xt_table_options* options, xt_verdict* verdicts,
                          xt_freshness* freshness, xt_status* statuses, uint32_t* failed, xt_detail* detail) {
    return guarded_table(detail, [&] {
        if (opened == nullptr || schema == nullptr || array == nullptr ||
            !c::is_there(verdicts, array->length == 0 ? 0 : 1))
            return c::refuse(detail, XT_NULL_ARGUMENT, "opened, schema, array or verdicts");
        xt_table_options how;
        if (const auto status = read_options(options, how, detail); status != XT_OK) return status;
        if (schema->release == nullptr || array->release == nullptr)
            throw columns::arrow_error{"it has been released already"};
        const auto held = opened->live.hold();
        const digest_key* digests = nullptr;
        if (const auto status = c::find_key(*opened, *held, key, digests); status != XT_OK)
            return c::refuse(detail, status, "digests");
        const table asked{*schema, how, *digests, opened->agency};
        tell(asked.answer(opened->begin_call(), *held, *array, {verdicts, statuses, failed}), freshness);
        return xt_status{XT_OK};
    });
}

xt_status xt_verify_arrow_stream(const xt_register* opened, const xt_digest_key* key, struct ArrowArrayStream* stream,
                                 const xt_table_options* options, xt_take_verdicts take, void* context,
                                 xt_freshness* freshness, xt_detail* detail) {
    return guarded_table(detail, [&] {
        if (opened == nullptr || stream == nullptr || take == nullptr)
            return c::refuse(detail, XT_NULL_ARGUMENT, "opened, stream or take");
        xt_table_options how;
        if (const auto status = read_options(options, how, detail); status != XT_OK) return status;
        if (stream->release == nullptr || stream->get_schema == nullptr || stream->get_next == nullptr)
            throw columns::arrow_error{"the stream has been released, or has no functions"};
        const digest_key* digests = nullptr;
        if (const auto status = c::find_key(*opened, *opened->live.hold(), key, digests); status != XT_OK)
            return c::refuse(detail, status, "digests");
        taken<ArrowSchema> schema;
        if (const int code = stream->get_schema(stream, &schema.held); code != 0)
            throw columns::arrow_error{"it gives no schema: " + words_of(*stream, code)};
        if (schema.held.release == nullptr) throw columns::arrow_error{"its schema has been released already"};
        const table asked{schema.held, how, *digests, opened->agency};
        std::optional<xacthuc::freshness> oldest;
        const auto status = answer_batches(*opened, asked, *stream, take, context, oldest);
        if (status != XT_OK) return c::refuse(detail, status);
        tell(oldest ? *oldest : opened->live.hold()->as_of(), freshness);
        return xt_status{XT_OK};
    });
}
