// SPDX-License-Identifier: Apache-2.0
#include "cli/streams/change_intake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/exit_code.hpp"
#include "cli/streams/citizen_import.hpp"

namespace xacthuc::cli {
namespace {

[[nodiscard]] bool is_same(const change& a, const change& b) noexcept {
    return a.kind == b.kind && a.after.words == b.after.words && a.key == b.key;
}

}  // namespace

change_intake::change_intake(registry& into, output_file& rejects, options how)
    : into_{into}, rejects_{rejects}, how_{std::move(how)} {
    std::string header;
    append_rejects_header(header);
    rejects_.write(header);
}

std::string change_intake::at(std::uint64_t line) const {
    return fmt::format("{}, line {}", how_.input, line);
}

void change_intake::add(const change& what, std::uint64_t line) {
    const bool from_feed = what.sequence != 0 && !how_.renumber;
    ++totals_.rows;
    if (from_feed && is_repeated(what, line)) {
        ++totals_.repeated;
        taken_line_ = line;
        return;
    }
    changes_.push_back(what);
    origins_.push_back({line, from_feed});
    taken_line_ = line;
    if (changes_.size() >= how_.batch_size) flush();
}

// Whether the register has this change of a feed already. Throws where it is not the next one either.
bool change_intake::is_repeated(const change& what, std::uint64_t line) {
    const auto made = into_.index().as_of().sequence;
    const auto wanted = made + changes_.size() + 1;
    if (what.sequence == wanted) return false;
    if (what.sequence > wanted) {
        flush();
        throw command_error{
            exit_code::not_trusted,
            fmt::format("changes are missing: wanted is change {}, found was {}: {}", wanted, what.sequence, at(line))};
    }
    const auto& here = what.sequence > made ? changes_[what.sequence - made - 1] : own_change(what.sequence, line);
    if (is_same(here, what)) return true;
    flush();
    throw command_error{exit_code::not_trusted,
                        fmt::format("change {} is another one in the register, so it is no copy of the feed's source "
                                    "(--renumber makes changes whatever their numbers): {}",
                                    what.sequence, at(line))};
}

const change& change_intake::own_change(std::uint64_t sequence, std::uint64_t line) {
    const auto has_it = [&] {
        return !own_.empty() && sequence >= own_.front().sequence && sequence <= own_.back().sequence;
    };
    if (!has_it()) {
        if (!own_feed_ || own_feed_->position() != sequence) {
            auto opened = into_.follow(sequence);
            if (!opened && opened.error().code == errc::changes_trimmed)
                throw command_error{exit_code::failed,
                                    fmt::format("change {} is here already by its number, but no longer in the "
                                                "register's log, so nobody can say whether it is the same: begin with "
                                                "change {}: {}",
                                                sequence, into_.index().as_of().sequence + 1, at(line))};
            own_feed_.emplace(take(std::move(opened)));
        }
        own_.clear();
        static_cast<void>(take(own_feed_->next(own_)));
        if (!has_it())
            throw command_error{exit_code::not_trusted,
                                fmt::format("change {} is missing in the register's own log", sequence)};
    }
    return own_[sequence - own_.front().sequence];
}

void change_intake::reject(std::uint64_t line, std::string_view column, std::string_view reason) {
    ++totals_.rows;
    write_reject(line, column, reason);
    taken_line_ = line;
}

void change_intake::write_reject(std::uint64_t line, std::string_view column, std::string_view reason) {
    std::string text;
    append_reject(text, line, column, reason);
    rejects_.write(text);
    ++totals_.rejected;
}

void change_intake::flush() {
    make();
    totals_.through_line = taken_line_;
}

void change_intake::make() {
    std::vector<refused_change> refused;
    while (!changes_.empty()) {
        const auto done = into_.apply(changes_, &refused);
        if (done) {
            totals_.applied += changes_.size();
            ++totals_.batches;
            break;
        }
        if (refused.empty()) throw error_of(done.error());
        // What comes after a change of a feed would get the number of the one that is left out.
        const auto first =
            std::ranges::find_if(refused, [&](const auto& one) { return origins_[one.place].from_feed; });
        if (first != refused.end()) stop_feed_at(*first);
        leave_out(refused);
    }
    changes_.clear();
    origins_.clear();
}

void change_intake::stop_feed_at(const refused_change& refused) {
    const auto what = changes_[refused.place];
    const auto line = origins_[refused.place].line;
    const auto reason = refused.why.message();
    changes_.resize(refused.place);
    origins_.resize(refused.place);
    make();
    write_reject(line, {}, reason);
    totals_.through_line = line;
    throw command_error{exit_code::not_trusted, fmt::format("change {} of the feed cannot be made here ({}), so the "
                                                            "register is no copy of the feed's source: {}",
                                                            what.sequence, reason, at(line))};
}

// Nothing of a batch with bad changes was made: it is tried again without them.
void change_intake::leave_out(const std::vector<refused_change>& refused) {
    std::size_t kept = 0;
    std::size_t next = 0;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        if (next < refused.size() && refused[next].place == i) {
            write_reject(origins_[i].line, {}, refused[next++].why.message());
            continue;
        }
        changes_[kept] = changes_[i];
        origins_[kept++] = origins_[i];
    }
    changes_.resize(kept);
    origins_.resize(kept);
}

}  // namespace xacthuc::cli
