// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>
#include <xacthuc/registry/change_feed.hpp>

#include "registry/change_log.hpp"
#include "registry/registry_files.hpp"

namespace xacthuc::inline v0_1 {

struct change_feed::state {
    change_log log;
    std::uint64_t last;  // what was given out
};

change_feed::change_feed(std::unique_ptr<state> s) noexcept : state_{std::move(s)} {}
change_feed::change_feed(change_feed&&) noexcept = default;
change_feed& change_feed::operator=(change_feed&&) noexcept = default;
change_feed::~change_feed() = default;

detailed_result<change_feed> change_feed::open(const std::filesystem::path& directory, const digest_key& digests,
                                               std::optional<std::uint64_t> from_sequence,
                                               const change_feed_options& how) {
    const auto system = plain_system();
    const registry_directory where{*system.files, directory};
    auto log = change_log::open(
        {system.files, system.gate, where.changes(), how.mark_file.empty() ? where.mark() : how.mark_file},
        sealing_key{digests}, change_log::access::read, how.at_least_sequence);
    if (!log) {
        auto failed = log.error();
        if (failed.code == errc::not_found) failed.code = errc::not_a_registry;
        return failed;
    }
    const auto floor = log->floor();
    if (!floor) return floor.error();
    if (from_sequence && *from_sequence <= floor->sequence)
        return failure{errc::changes_trimmed, where.changes().string() + ": it begins with change " +
                                                  std::to_string(floor->sequence + 1) + ", wanted is " +
                                                  std::to_string(*from_sequence)};
    const auto last = log->last();
    if (!last) return last.error();
    const auto after = from_sequence ? *from_sequence - 1 : floor->sequence;
    if (after > last->sequence)
        return failure{errc::sequence_gap, where.changes().string() + ": it ends with change " +
                                               std::to_string(last->sequence) + ", wanted is " +
                                               std::to_string(*from_sequence)};
    return change_feed{std::make_unique<state>(state{std::move(*log), after})};
}

detailed_result<std::size_t> change_feed::next(std::vector<change>& into, std::size_t count_max) {
    auto& s = *state_;
    if (s.log.is_inherited()) return failure{errc::forked, "a feed"};
    const auto before = into.size();
    auto visited = s.log.visit(s.last, change_log::no_end, [&](const change_batch& batch) -> detailed_result<bool> {
        const auto batch_begin = into.size();
        if (!unpack_batch(batch, into)) {
            into.resize(batch_begin);
            return failure{errc::damaged_changes,
                           "the batch that begins with change " + std::to_string(batch.first_sequence) + " is none"};
        }
        // The feed may begin in the middle of a batch.
        if (s.last >= batch.first_sequence)
            into.erase(into.begin() + static_cast<std::ptrdiff_t>(batch_begin),
                       into.begin() + static_cast<std::ptrdiff_t>(batch_begin + s.last - batch.first_sequence + 1));
        s.last = batch.last_sequence();
        return into.size() - before < count_max;
    });
    if (!visited) return visited.error();
    return into.size() - before;
}

std::uint64_t change_feed::position() const noexcept {
    return state_->last + 1;
}

}  // namespace xacthuc::inline v0_1
