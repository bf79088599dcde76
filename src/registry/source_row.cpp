// SPDX-License-Identifier: Apache-2.0
#include "registry/source_row.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <xacthuc/registry/registry.hpp>

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] binding_hash source_proof(const registry_id& of, std::uint64_t sequence,
                                        std::span<const std::byte> position, const sealing_key& key) {
    std::vector<std::byte> bytes(of.begin(), of.end());
    const auto number = std::as_bytes(std::span{&sequence, 1});
    bytes.insert(bytes.end(), number.begin(), number.end());
    bytes.insert(bytes.end(), position.begin(), position.end());
    return keyed_hash("xacthuc source's position", bytes, key);
}

}  // namespace

detailed_result<void> source_row::prepare_to_write() {
    constexpr auto table =
        "CREATE TABLE IF NOT EXISTS source (id INTEGER PRIMARY KEY CHECK (id = 1), position BLOB NOT NULL, "
        "sequence INTEGER NOT NULL, proof BLOB NOT NULL) STRICT";
    if (auto done = in_->run(table); !done) return done;
    auto made = statement::prepare(*in_, "INSERT OR REPLACE INTO source VALUES (1, ?1, ?2, ?3)");
    if (!made) return made.error();
    write_.emplace(std::move(*made));
    return {};
}

detailed_result<void> source_row::write(std::span<const std::byte> position, std::uint64_t sequence,
                                        const registry_id& of) const {
    const auto proof = source_proof(of, sequence, position, key_);
    write_->bind(1, position);
    write_->bind(2, sequence);
    write_->bind(3, std::span<const std::byte>{proof});
    return write_->run();
}

detailed_result<source_words> source_row::read(const registry_id& of) const {
    if (!read_) {
        const auto tables = in_->ask("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'source'");
        if (!tables) return tables.error();
        if (*tables == "0") return source_words{};
        auto made = statement::prepare(*in_, "SELECT position, sequence, proof FROM source WHERE id = 1");
        if (!made) return made.error();
        read_.emplace(std::move(*made));
    }
    const statement::use ends{*read_};
    const auto row = read_->step();
    if (!row) return row.error();
    if (!*row) return source_words{};
    const auto position = read_->blob(0);
    source_words found{{position.begin(), position.end()}, static_cast<std::uint64_t>(read_->integer(1))};
    const auto proof = source_proof(of, found.sequence, found.position, key_);
    if (found.position.size() > source_position_bytes_max || !std::ranges::equal(read_->blob(2), proof))
        return failure{errc::damaged_changes,
                       in_->path().string() + ": the source's position does not match its proof"};
    return found;
}

}  // namespace xacthuc::inline v0_1
