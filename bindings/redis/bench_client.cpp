// SPDX-License-Identifier: Apache-2.0
// For bench_client.py: the same batches by the cluster client, and as commands that were put together before, by plain
// sockets, which is what a client can cost at least. In turns.
//
//   bench_client ask <requests.bin> <owners.bin> <batch> <batches> <nodes>
//       owners.bin says by 2 bytes a slot which of the nodes has it. For each round a line: wall and own processor time
//       of the client and of the plain commands, nanoseconds a question.
//   bench_client fill <citizens> <partitions> <node>
//       So many partitions of a nation of so many citizens, at their full size, into one node. Says how many citizens
//       they have.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>
#include <xacthuc/cluster_client/cluster_client.hpp>
#include <xacthuc/index/index_builder.hpp>
#include <xacthuc/registry/partition_copy.hpp>

#include "cluster_client/module_format.hpp"
#include "cluster_client/resp.hpp"
#include "cluster_client/slot_map.hpp"

using namespace xacthuc;

namespace {

constexpr int rounds = 7;

class plain_socket {
  public:
    explicit plain_socket(const cluster::node_address& to) : number_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(to.port);
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        (void)::setsockopt(number_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (::connect(number_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
            throw std::runtime_error{"cannot connect to " + to.text()};
    }
    plain_socket(const plain_socket&) = delete;
    plain_socket& operator=(const plain_socket&) = delete;
    ~plain_socket() { ::close(number_); }

    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto put = ::send(number_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (put <= 0) throw std::runtime_error{"the server went away"};
            bytes.remove_prefix(static_cast<std::size_t>(put));
        }
    }
    void receive(std::size_t bytes) {
        for (std::size_t got = 0; got < bytes;) {
            const auto size = ::recv(number_, room_.data(), room_.size(), 0);
            if (size <= 0) throw std::runtime_error{"the server went away"};
            got += static_cast<std::size_t>(size);
        }
    }

  private:
    int number_;
    std::vector<char> room_ = std::vector<char>(std::size_t{1} << 18);
};

// A node's part of a batch, and how long the reply is.
struct plain_command {
    std::size_t node = 0;
    std::string bytes;
    std::size_t answer_bytes = 0;
};

struct asked_batch {
    std::vector<request> requests;
    std::vector<plain_command> commands;
};

template <class T>
[[nodiscard]] std::vector<T> read_all(const char* path) {
    std::ifstream file{path, std::ios::binary | std::ios::ate};
    std::vector<T> all(static_cast<std::size_t>(file.tellg()) / sizeof(T));
    file.seekg(0);
    if (!file.read(reinterpret_cast<char*>(all.data()), static_cast<std::streamsize>(all.size() * sizeof(T))))
        throw std::runtime_error{std::string{"cannot read "} + path};
    return all;
}

[[nodiscard]] std::size_t head_bytes(std::size_t size) {
    return ("$" + std::to_string(size) + "\r\n").size();
}

[[nodiscard]] std::vector<plain_command> commands_of(const std::vector<request>& requests,
                                                     const std::vector<std::uint16_t>& owners,
                                                     const cluster::register_identity& of, std::size_t nodes) {
    std::vector<plain_command> commands;
    for (std::size_t node = 0; node < nodes; ++node) {
        std::string bytes;
        std::set<std::size_t> partitions;
        for (const auto& one : requests) {
            const auto partition = partition_of(placement_hash(one.id(), of.placement_seed));
            if (owners[partition] != node) continue;
            partitions.insert(partition);
            bytes.append(reinterpret_cast<const char*>(&one), sizeof one);
        }
        if (bytes.empty()) continue;
        auto& command = commands.emplace_back();
        command.node = node;
        cluster::append_command(command.bytes, {"XT.VERIFY", bytes, {reinterpret_cast<const char*>(&of), sizeof of}});
        const auto answers = bytes.size() / sizeof(request) * sizeof(verdict);
        const auto rows = partitions.size() * sizeof(cluster::partition_freshness);
        command.answer_bytes = 4 + head_bytes(answers) + answers + 2 + head_bytes(rows) + rows + 2;
    }
    return commands;
}

struct spent {
    double wall_ns = 0;
    double own_ns = 0;
};

template <class Work>
[[nodiscard]] spent measured(std::size_t questions, const Work& work) {
    const auto own = [] {
        timespec now{};
        (void)::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
    };
    const auto began = std::chrono::steady_clock::now();
    const auto own_before = own();
    work();
    const std::chrono::duration<double, std::nano> wall = std::chrono::steady_clock::now() - began;
    const auto count = static_cast<double>(questions);
    return {wall.count() / count, (own() - own_before) / count};
}

void ask(char** words) {
    const auto all = read_all<request>(words[2]);
    const auto owners = read_all<std::uint16_t>(words[3]);
    const std::size_t batch_size = std::stoul(words[4]);
    std::vector<asked_batch> batches(std::stoul(words[5]));
    auto client = cluster::cluster_client::open(words[6]).value();
    std::vector<std::unique_ptr<plain_socket>> sockets;
    std::string list = words[6];
    for (std::size_t at = 0; at < list.size();) {
        const auto comma = std::min(list.find(',', at), list.size());
        sockets.push_back(std::make_unique<plain_socket>(
            cluster::node_address::parse(std::string_view{list}.substr(at, comma - at)).value()));
        at = comma + 1;
    }
    std::mt19937_64 random{7};
    for (auto& one : batches) {
        for (std::size_t i = 0; i < batch_size; ++i) one.requests.push_back(all[random() % all.size()]);
        one.commands = commands_of(one.requests, owners, client.identity().value(), sockets.size());
    }
    std::vector<verdict> verdicts(batch_size);
    for (int round = 0; round < rounds; ++round) {
        const auto by_client = measured(batch_size * batches.size(), [&] {
            for (const auto& one : batches)
                if (client.verify(one.requests, verdicts).value().unanswered != 0)
                    throw std::runtime_error{"a question without an answer"};
        });
        const auto by_plain = measured(batch_size * batches.size(), [&] {
            for (const auto& one : batches) {
                for (const auto& command : one.commands) sockets[command.node]->send(command.bytes);
                for (const auto& command : one.commands) sockets[command.node]->receive(command.answer_bytes);
            }
        });
        std::cout << by_client.wall_ns << ' ' << by_client.own_ns << ' ' << by_plain.wall_ns << ' ' << by_plain.own_ns
                  << '\n';
    }
}

void fill(char** words) {
    constexpr std::uint64_t seed = 4711;
    const std::uint64_t citizens = std::stoull(words[2]);
    const std::size_t partitions = std::stoul(words[3]);
    const auto key = digest_key::generate();
    std::vector<std::uint64_t> ids;
    for (std::uint64_t i = 0; i < citizens; ++i)
        if (const auto id = 1'199'000'001 + i * 7; partition_of(placement_hash(id, seed)) < partitions)
            ids.push_back(id);
    // The builder sizes partitions as for the whole nation.
    auto builder =
        index_builder::create(
            {.placement_seed = seed, .digest_key_fingerprint = key.fingerprint(), .as_of = {1, 1'795'000'000'000}})
            .value();
    {
        auto appender = builder.make_appender();
        std::uint64_t line = 0;
        for (const auto id : ids)
            appender
                .append(make_record({.id = personal_id::from_trusted(id), .name = "Nguyễn Thị Hòa"}, key).value(),
                        line++)
                .value();
    }
    const auto index = std::move(builder).build(1).value();
    auto client = cluster::cluster_client::open(words[4]).value();
    std::vector<std::byte> bytes;
    for (std::size_t p = 0; p < partitions; ++p) {
        static_cast<void>(export_partition(index, p, bytes).value());
        const cluster::partition_copy copy{p, bytes};
        if (client.load({&copy, 1}).value().outcomes[0] != cluster::load_outcome::loaded)
            throw std::runtime_error{"a partition was not loaded"};
    }
    std::cout << ids.size() << '\n';
}

}  // namespace

int main(int count, char** words) {
    try {
        const std::string what = count > 1 ? words[1] : "";
        if (what == "ask" && count == 7) {
            ask(words);
        } else if (what == "fill" && count == 5) {
            fill(words);
        } else {
            return 1;
        }
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
