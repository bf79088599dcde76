// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <xacthuc/ledger/witness.hpp>

#include "domain/contract.hpp"
#include "ledger/hash_line.hpp"
#include "ledger/http_exchange.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr unsigned http_ok = 200;
constexpr unsigned http_conflict = 409;
constexpr std::size_t witness_hashes_max = 63;  // of a proof, as the protocol has it

[[nodiscard]] std::string request_body(std::uint64_t old_size, std::span<const tree_hash> proof,
                                       const signed_note& note) {
    auto body = "old " + std::to_string(old_size) + '\n';
    for (const auto& hash : proof) body += base64_of_hash(hash) + '\n';
    return body + '\n' + note.encode();
}

// What a server answered, so that it can be shown: its first line's letters.
[[nodiscard]] std::string shown(std::string_view body) {
    constexpr std::size_t shown_max = 200;
    std::string line{body.substr(0, std::min(body.find('\n'), shown_max))};
    std::ranges::replace_if(
        line, [](char c) { return c < ' ' || c > '~'; }, '?');
    return line;
}

// The cosignature in an answer: a line that would stand below the checkpoint.
[[nodiscard]] std::optional<note_signature> cosignature_in(const signed_note& note, const std::string& body,
                                                           const cosigner& who) {
    const auto answered = parse_note(note.text + '\n' + body);
    if (!answered || answered->text != note.text || !cosigned_at(*answered, who)) return std::nullopt;
    const auto id = who.key_id();
    return *std::ranges::find_if(answered->signatures,
                                 [&](const auto& s) { return s.key_id == id && s.name == who.name(); });
}

void require_witness(const char* call, std::size_t witness, const witness_policy& of) {
    contract::within(call, "witness", witness, 0, of.witnesses.size());
}

}  // namespace

std::optional<std::uint64_t> witness_policy::witnessed_at(const signed_note& note) const {
    if (quorum == 0) return std::numeric_limits<std::uint64_t>::max();
    std::vector<std::uint64_t> times;
    for (const auto& one : witnesses)
        if (const auto time_s = cosigned_at(note, one.who)) times.push_back(*time_s);
    if (times.size() < quorum) return std::nullopt;
    std::ranges::sort(times, std::greater{});
    return times[quorum - 1];
}

bool witness_policy::is_fresh(const signed_note& note, std::uint64_t now_s) const {
    const auto time_s = witnessed_at(note);
    return time_s && (*time_s >= now_s || now_s - *time_s <= static_cast<std::uint64_t>(staleness_max.count()));
}

witness_round::witness_round(witness_policy policy) : policy_{std::move(policy)}, sizes_(policy_.witnesses.size()) {}

detailed_result<std::vector<witness_round::request>> witness_round::prepare(const signed_note& note,
                                                                            const prover& prove) const {
    const auto head = parse_checkpoint(note.text);
    if (!head) return failure{head.error(), "what witnesses are to cosign"};
    std::vector<request> requests;
    for (std::size_t i = 0; i < policy_.witnesses.size(); ++i) {
        // One that is further than the log is asked all the same: it answers with its size, and that is an alarm.
        const auto from = std::min(sizes_[i], head->size);
        std::vector<tree_hash> hashes;
        if (from != 0 && from != head->size) {
            auto proof = prove(from, head->size);
            if (!proof) return proof.error();
            hashes = std::move(*proof);
        }
        if (hashes.size() > witness_hashes_max)
            return failure{errc::checkpoint_syntax, "a tree of more than 2^62 entries"};
        requests.push_back({i, request_body(from, hashes, note)});
    }
    return requests;
}

std::vector<witness_round::answer> witness_round::ask(std::span<const request> requests) const {
    std::vector<answer> answers;
    std::vector<http_post> posts;
    std::vector<std::size_t> asked;
    for (const auto& one : requests) require_witness("witness_round::ask", one.witness, policy_);
    for (const auto& one : requests) {
        const auto& url = policy_.witnesses[one.witness].url;
        if (auto to = http_url::parse(url)) {
            to->path += "/add-checkpoint";
            posts.push_back({std::move(*to), one.body});
            asked.push_back(one.witness);
        } else {
            answers.push_back({one.witness, 0, "not an address of the form http://host[:port][/path]: " + url});
        }
    }
    auto replies = post_all(posts, policy_.timeout);
    for (std::size_t i = 0; i < replies.size(); ++i)
        answers.push_back({asked[i], replies[i].status, std::move(replies[i].body)});
    return answers;
}

witness_round::outcome witness_round::take(const signed_note& note, std::span<const answer> answers) {
    outcome all;
    const auto head = parse_checkpoint(note.text);
    const auto size = head ? head->size : 0;
    for (const auto& one : answers) require_witness("witness_round::take", one.witness, policy_);
    for (const auto& one : answers) {
        const auto& witness = policy_.witnesses[one.witness];
        auto& known = sizes_[one.witness];
        const auto refused = [&](const std::string& why) {
            all.failures.push_back({errc::witness_refused, witness.who.name() + ": " + why});
        };
        if (one.status == http_ok) {
            if (auto made = cosignature_in(note, one.body, witness.who)) {
                all.cosignatures.push_back(std::move(*made));
                known = size;
            } else {
                refused("its answer has no cosignature of its key");
            }
        } else if (one.status == http_conflict) {
            std::string_view body{one.body};
            const auto line = take_line(body);
            const auto theirs = line ? number_of_decimal(*line) : std::nullopt;
            if (!theirs) {
                refused("conflict: " + shown(one.body));
            } else if (*theirs > size) {
                refused("it has cosigned " + std::to_string(*theirs) + " entries, and this log has " +
                        std::to_string(size) + ": the log was set back, or another has its key");
            } else if (*theirs == std::min(known, size)) {
                refused("it has cosigned another tree of " + std::to_string(*theirs) + " entries");
            } else {
                known = *theirs;
                all.to_repeat.push_back(one.witness);
            }
        } else {
            refused(one.status == 0 ? one.body : "HTTP " + std::to_string(one.status) + ": " + shown(one.body));
        }
    }
    return all;
}

detailed_result<witness_round::outcome> witness_round::run(const signed_note& note, const prover& prove) {
    outcome all;
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto requests = prepare(note, prove);
        if (!requests) return requests.error();
        if (attempt != 0)
            std::erase_if(*requests, [&](const request& one) {
                return std::ranges::find(all.to_repeat, one.witness) == all.to_repeat.end();
            });
        auto taken = take(note, ask(*requests));
        std::ranges::move(taken.cosignatures, std::back_inserter(all.cosignatures));
        std::ranges::move(taken.failures, std::back_inserter(all.failures));
        all.to_repeat = std::move(taken.to_repeat);
        if (all.to_repeat.empty()) break;
    }
    return all;
}

}  // namespace xacthuc::inline v0_1
