// SPDX-License-Identifier: Apache-2.0
#include "cluster_client/partition_loading.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "cluster_client/server_errors.hpp"

namespace xacthuc::inline v0_1::cluster {

load_report partition_loading::run() {
    report_.outcomes.assign(copies_.size(), load_outcome::unsent);
    left_.resize(copies_.size());
    std::iota(left_.begin(), left_.end(), std::size_t{0});
    for (unsigned round = 1; !left_.empty(); ++round) {
        auto nodes = by_node();
        std::vector<node_job> jobs(nodes.size());
        for (std::size_t n = 0; n < nodes.size(); ++n) write(nodes[n], jobs[n]);
        by_.run(jobs);
        const auto before = left_.size();
        for (std::size_t n = 0; n < nodes.size(); ++n) {
            std::size_t k = 0;
            for (const auto copy : nodes[n].copies) {
                // The reply to ASKING says nothing.
                k += std::exchange(asking_[copy], std::nullopt) ? 1 : 0;
                if (k >= jobs[n].replies.size()) break;
                if (take(jobs[n].replies[k++], jobs[n].to, copy)) std::erase(left_, copy);
            }
        }
        if (left_.empty() || round == by_.how().rounds_max || !by_.pause(left_.size() != before)) break;
        // Who does not have a map now may have one later.
        static_cast<void>(by_.read_map());
    }
    report_.failures = by_.failures();
    return std::move(report_);
}

std::vector<partition_loading::copies_of_node> partition_loading::by_node() {
    const auto& map = by_.map();
    std::map<std::string, copies_of_node> all;
    for (const auto copy : left_) {
        const auto owner = map.owner[copies_[copy].partition];
        if (!asking_[copy] && owner == slot_map::nobody) continue;
        const auto& node = asking_[copy] ? *asking_[copy] : map.nodes[owner];
        auto& to = all[node.text()];
        to.node = node;
        to.copies.push_back(copy);
    }
    std::vector<copies_of_node> nodes;
    for (auto& [name, one] : all) nodes.push_back(std::move(one));
    return nodes;
}

void partition_loading::write(copies_of_node& to, node_job& job) {
    job.to = to.node;
    to.texts.reserve(to.copies.size() + 1);
    std::string before;
    for (const auto copy : to.copies) {
        const auto& one = copies_[copy];
        if (asking_[copy]) {
            append_command(before, {"ASKING"});
            ++job.commands;
        }
        append_word_count(before, replace_ ? 3 : 4);
        append_word(before, "XT.LOAD");
        append_word(before, all_slot_tags().key_of(one.partition));
        append_word_size(before, one.bytes.size());
        ++job.commands;
        const auto& text = to.texts.emplace_back(std::move(before));
        job.bytes.push_back(boost::asio::buffer(text));
        job.bytes.push_back(boost::asio::buffer(one.bytes.data(), one.bytes.size()));
        before = "\r\n";
        if (!replace_) append_word(before, "NEWER");
    }
    const auto& text = to.texts.emplace_back(std::move(before));
    job.bytes.push_back(boost::asio::buffer(text));
}

bool partition_loading::take(const reply& said, const node_address& from, std::size_t copy) {
    auto& outcome = report_.outcomes[copy];
    if (said.is(reply::kind::text) && (said.text == "OK" || said.text == "HELD")) {
        outcome = said.text == "OK" ? load_outcome::loaded : load_outcome::held;
        return true;
    }
    if (!said.is(reply::kind::error)) {
        by_.note_error(from, "no answer to a load");
        return false;
    }
    by_.note_error(from, said.text);
    if (said.text.starts_with("ASK ")) asking_[copy] = pointed_to(said.text, from);
    if (!is_final(code_of_error(said.text))) return false;
    outcome = load_outcome::refused;
    return true;
}

}  // namespace xacthuc::inline v0_1::cluster
