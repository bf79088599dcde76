// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>
#include <xacthuc/ledger/log_reader.hpp>
#include <xacthuc/ledger/receipt_reader.hpp>

#include "ledger/group_finder.hpp"
#include "ledger/group_hash.hpp"
#include "ledger/hour.hpp"

namespace xacthuc::inline v0_1 {

struct receipt_reader::impl {
    std::filesystem::path directory;
    note_verifier log;
    group_finder rows;
};

detailed_result<receipt_reader> receipt_reader::open(const std::filesystem::path& directory, const note_verifier& log) {
    auto rows = group_finder::open(system_file_calls(), directory);
    if (!rows) return rows.error();
    return receipt_reader{std::make_unique<impl>(impl{directory, log, std::move(*rows)})};
}

receipt_reader::receipt_reader(std::unique_ptr<impl> of) noexcept : impl_{std::move(of)} {}
receipt_reader::receipt_reader(receipt_reader&&) noexcept = default;
receipt_reader& receipt_reader::operator=(receipt_reader&&) noexcept = default;
receipt_reader::~receipt_reader() = default;

detailed_result<receipt> receipt_reader::read(std::uint64_t entry, std::uint64_t row) {
    auto& [directory, log, rows] = *impl_;
    const auto name = "entry " + std::to_string(entry);
    auto reader = log_reader::open(directory / "log", log.name(), log);
    if (!reader) return reader.error();
    if (entry >= reader->head().size)
        return failure{errc::not_found,
                       "there is no " + name + ": the ledger has " + std::to_string(reader->head().size)};
    const auto bytes = reader->entry(entry);
    if (!bytes) return bytes.error();
    const auto leaf = group_leaf::decode(*bytes);
    if (!leaf) return failure{errc::ledger_damaged, name + " of the log is not one of a ledger"};
    const auto group = rows.read_group(entry);
    if (!group && group.error().code == errc::not_found)
        return failure{errc::not_found, "the rows of " + name + " are pruned or forgotten"};
    if (!group) return group.error();
    if (row >= group->rows()) return failure{errc::not_found, name + " has no row " + std::to_string(row)};
    const auto key = rows.key_of(ledger_hour::of(group->time_unix_ms).day());
    if (!key) return key.error();
    const failure wrong{errc::ledger_damaged, "the rows of " + name + " are not what it says"};
    if (group->tree_rows != leaf->rows) return wrong;
    const auto hashed = hash_group(*group, leaf->policy, *key, rows.ids());
    if (hashed.leaf != *leaf) return wrong;
    constexpr auto chunk = row_batch::chunk_rows;
    auto proof =
        prove_row(*group, static_cast<std::size_t>(row),
                  find_call(*group, static_cast<std::size_t>(row / chunk * chunk)), hashed.tree, *key, rows.ids());
    auto proved = reader->prove(entry);
    if (!proved) return proved.error();
    return receipt{.row = proof.row,
                   .row_index = row,
                   .row_path = std::move(proof.path),
                   .leaf = *leaf,
                   .leaf_index = entry,
                   .leaf_path = std::move(proved->hashes),
                   .note = std::move(proved->note)};
}

detailed_result<receipt> read_receipt(const std::filesystem::path& directory, const note_verifier& log,
                                      std::uint64_t entry, std::uint64_t row) {
    auto reader = receipt_reader::open(directory, log);
    if (!reader) return reader.error();
    return reader->read(entry, row);
}

}  // namespace xacthuc::inline v0_1
