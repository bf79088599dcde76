// SPDX-License-Identifier: Apache-2.0
#include "cli/streams/signature_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstring>
#include <iterator>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <xacthuc/ed25519/verify.hpp>

#include "columns/csv/field_writer.hpp"
#include "columns/csv/row_reader.hpp"

namespace xacthuc::cli {
namespace {

// A key that comes so often in one chunk is worth a place in the ring, which costs a square root.
constexpr std::uint32_t uses_for_ring = 16;

struct key_hash {
    std::size_t operator()(const public_key& key) const noexcept {
        // Whoever makes keys that collide slows down only the chunk that they are in.
        std::size_t first = 0;
        std::memcpy(&first, key.bytes.data(), sizeof first);
        return first;
    }
};

struct pending_triple {
    std::uint64_t line = 0;
    triple_row row;
    std::size_t reference_begin = 0;
    std::size_t reference_size = 0;
    std::optional<csv::row_problem> problem;
    bool valid = false;
};

[[nodiscard]] const char* verdict_word(const pending_triple& it) {
    return it.problem ? "malformed" : it.valid ? "valid" : "invalid";
}

// One thread's part: a chunk's triples, verified side by side, then the verdicts as text.
class signature_chunk_verifier {
  public:
    explicit signature_chunk_verifier(const signature_stream& stream) : stream_{stream}, reader_{stream.delimiter} {}

    [[nodiscard]] signature_totals run(const csv::chunk& chunk, std::string& text) {
        pending_.clear();
        messages_.clear();
        references_.clear();
        if (stream_.parser != nullptr) {
            take_rows(chunk);
        } else {
            take_records(chunk);
        }
        verify();
        totals_ = {};
        for (const auto& it : pending_) write(it, text);
        return std::move(totals_);
    }

  private:
    void take_rows(const csv::chunk& chunk) {
        csv::row row;
        reader_.open(chunk);
        while (reader_.next(row)) {
            auto& it = pending_.emplace_back();
            it.line = row.line;
            it.problem = row.problem.empty() ? stream_.parser->parse(row.fields, it.row, messages_)
                                             : csv::row_problem{"", std::string{row.problem}};
            it.reference_begin = references_.size();
            it.reference_size = it.problem && it.problem->column == "reference" ? 0 : it.row.reference.size();
            references_ += it.row.reference.substr(0, it.reference_size);
            it.row.reference = {};
        }
    }

    void take_records(const csv::chunk& chunk) {
        auto rest = chunk.rows();
        for (auto number = chunk.first_line; !rest.empty(); ++number) {
            const auto record = first_binary_triple(rest);
            auto& it = pending_.emplace_back();
            it.line = number;
            if (!record.whole) {
                it.problem = csv::row_problem{"", "the file ends within the record"};
                return;
            }
            rest.remove_prefix(record.bytes);
            std::memcpy(it.row.key.bytes.data(), record.key.data(), record.key.size());
            std::memcpy(it.row.signature.bytes.data(), record.signature.data(), record.signature.size());
            it.row.message_begin = messages_.size();
            it.row.message_size = record.message.size();
            const auto message = std::as_bytes(std::span{record.message});
            messages_.insert(messages_.end(), message.begin(), message.end());
        }
    }

    // The keys that come often, with the combs that the ring has for them.
    void look_up_keys() {
        uses_.clear();
        registered_.clear();
        for (const auto& it : pending_)
            if (!it.problem) ++uses_[it.row.key];
        for (const auto& [key, uses] : uses_) {
            if (uses < uses_for_ring) continue;
            auto found = stream_.ring.find(key, uses);
            if (found == nullptr && stream_.ring.add(key)) found = stream_.ring.find(key, uses);
            if (found != nullptr && found->comb_bits() != 0) registered_.emplace(key, std::move(found));
        }
    }

    void verify() {
        look_up_keys();
        items_.clear();
        for (const auto& it : pending_) {
            if (it.problem) continue;
            const auto known = registered_.empty() ? registered_.end() : registered_.find(it.row.key);
            const bool is_known = known != registered_.end();
            items_.push_back({.message = std::span{messages_}.subspan(it.row.message_begin, it.row.message_size),
                              .signature = &it.row.signature,
                              .raw_key = is_known ? nullptr : &it.row.key,
                              .key = is_known ? known->second.get() : nullptr});
        }
        const auto verdicts = std::make_unique<bool[]>(items_.size());
        ed25519::verify_batch(items_, {verdicts.get(), items_.size()});
        std::size_t next = 0;
        for (auto& it : pending_)
            if (!it.problem) it.valid = verdicts[next++];
    }

    void write(const pending_triple& it, std::string& text) {
        const auto reference = std::string_view{references_}.substr(it.reference_begin, it.reference_size);
        if (stream_.format == verdict_format::csv) {
            fmt::format_to(std::back_inserter(text), "{},", it.line);
            csv::append_field(text, reference);
            fmt::format_to(std::back_inserter(text), ",{},", verdict_word(it));
            if (it.problem) text += it.problem->column;
            text += ',';
            if (it.problem) csv::append_field(text, it.problem->reason);
            text += '\n';
        } else {
            write_json(it, reference, text);
        }
        ++totals_.signatures;
        totals_.valid += it.valid ? 1 : 0;
        totals_.malformed += it.problem ? 1 : 0;
        if (it.problem || !it.row.expected) return;
        ++totals_.compared;
        if (*it.row.expected == it.valid) return;
        ++totals_.wrong;
        if (totals_.first_wrong.size() < signature_totals::wrong_lines_kept) totals_.first_wrong.push_back(it.line);
    }

    static void write_json(const pending_triple& it, std::string_view reference, std::string& text) {
        const auto put = [&](std::string_view key, std::string_view value) {
            fmt::format_to(std::back_inserter(text), ",\"{}\":{}", key,
                           boost::json::serialize(boost::json::value(value)));
        };
        fmt::format_to(std::back_inserter(text), "{{\"line\":{}", it.line);
        if (!reference.empty()) put("reference", reference);
        put("verdict", verdict_word(it));
        if (it.problem && !it.problem->column.empty()) put("column", it.problem->column);
        if (it.problem) put("reason", it.problem->reason);
        text += "}\n";
    }

    const signature_stream& stream_;
    csv::row_reader reader_;
    std::vector<pending_triple> pending_;
    std::vector<std::byte> messages_;
    std::string references_;
    std::unordered_map<public_key, std::uint32_t, key_hash> uses_;
    std::unordered_map<public_key, std::shared_ptr<const ed25519::verifying_key>, key_hash> registered_;
    std::vector<ed25519::batch_item> items_;
    signature_totals totals_;
};

}  // namespace

void signature_totals::add(const signature_totals& part) {
    signatures += part.signatures;
    valid += part.valid;
    malformed += part.malformed;
    compared += part.compared;
    wrong += part.wrong;
    first_wrong.insert(first_wrong.end(), part.first_wrong.begin(), part.first_wrong.end());
    std::ranges::sort(first_wrong);
    if (first_wrong.size() > wrong_lines_kept) first_wrong.resize(wrong_lines_kept);
}

signature_totals verify_signatures(const signature_stream& stream, output_file& out,
                                   const std::function<void(std::uint64_t)>& advance) {
    signature_totals totals;
    std::mutex adding;
    if (stream.format == verdict_format::csv) out.write("line,reference,verdict,column,reason\n");
    const auto next = [&](csv::chunk& into) {
        return stream.rows != nullptr ? stream.rows->next(into) : stream.records->next(into);
    };
    for_each_chunk(next, stream.threads, out, [&]() -> chunk_work {
        return [&, verifier = std::make_shared<signature_chunk_verifier>(stream)](const csv::chunk& chunk,
                                                                                  std::string& text) {
            const auto part = verifier->run(chunk, text);
            {
                const std::scoped_lock lock{adding};
                totals.add(part);
            }
            advance(part.signatures);
        };
    });
    return totals;
}

}  // namespace xacthuc::cli
