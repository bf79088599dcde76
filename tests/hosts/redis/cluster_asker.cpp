// SPDX-License-Identifier: Apache-2.0
// cluster_asker <nodes> <timeout, ms>: the C++ client for tests that are written in Python. Reads how many questions
// there are (4 bytes) and the questions (32 each) from standard input, again and again until its end; writes how many
// have no answer (4), how many nodes failed (4), and the verdicts (8 each). Says "ready" when it is, and ends with 2
// and a line on standard error where the client has an error.
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>
#include <xacthuc/cluster_client/cluster_client.hpp>

using namespace xacthuc;

namespace {

template <class T>
bool read(T* to, std::size_t count) {
    return static_cast<bool>(
        std::cin.read(reinterpret_cast<char*>(to), static_cast<std::streamsize>(count * sizeof(T))));
}
template <class T>
void write(const T* from, std::size_t count) {
    std::cout.write(reinterpret_cast<const char*>(from), static_cast<std::streamsize>(count * sizeof(T)));
}

int fail(const failure& why) {
    std::cerr << why.code.message() << ": " << why.message() << '\n';
    return 2;
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) return 1;
    cluster::cluster_options how;
    how.timeout = std::chrono::milliseconds{std::stol(words[2])};
    auto by = cluster::cluster_client::open(words[1], how);
    if (!by) return fail(by.error());
    std::cout << "ready\n" << std::flush;
    std::uint32_t questions = 0;
    std::vector<request> asked;
    std::vector<verdict> answered;
    while (read(&questions, 1)) {
        asked.resize(questions);
        answered.resize(questions);
        if (!read(asked.data(), questions)) return 1;
        const auto report = by->verify(asked, answered);
        if (!report) return fail(report.error());
        const std::uint32_t told[] = {static_cast<std::uint32_t>(report->unanswered),
                                      static_cast<std::uint32_t>(report->failures.size())};
        write(told, 2);
        write(answered.data(), questions);
        std::cout << std::flush;
    }
}
