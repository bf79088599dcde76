// SPDX-License-Identifier: Apache-2.0
// A process that writes a ledger is killed at any moment, hundreds of times over one ledger: each life finds all that
// the ones before it acknowledged, whole, and no size ever had two roots.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "ledger/ledger_impl.hpp"
#include "unit/ledger/log_signer.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::int64_t begin_unix_ms = 1'795'878'000'000;
constexpr std::int64_t hour_ms = 3'600'000;

// What a life tells over a pipe when wait() has come back.
struct acknowledged {
    std::uint64_t id;
    std::uint64_t entry;
    std::uint64_t row;
    std::uint64_t size;
    tree_hash root;
};

[[nodiscard]] ledger_options options_of(const log_signer& signer) {
    const auto identity = signer.identity();
    ledger_options options{.origin = identity.origin, .verifier = identity.verifier, .signer = identity.signer};
    options.queue_slots = 256;
    options.group_rows_min = 4;
    return options;
}

// Answers until it is killed; a clock that runs fast takes it over ends of hours, whose rows it packs.
[[noreturn]] void live(const std::filesystem::path& folder, std::uint64_t id, int to) {
    const log_signer signer;
    auto made = ledger::open(folder, options_of(signer));
    if (!made) ::_exit(1);
    for (;;) {
        const auto now = begin_unix_ms + static_cast<std::int64_t>(id) * hour_ms / 40;
        request asked;
        asked.words[0] = id;
        const verdict shown{outcome::verified, 0, 0, 0};
        const auto ticket = made->append({.time_unix_ms = now}, {&asked, 1}, {&shown, 1});
        if (!ticket || !made->publish(now) || !made->wait(*ticket)) ::_exit(2);
        const auto place = made->place(*ticket, 0).value();
        const acknowledged said{id, place.entry, place.row, made->head().size, made->head().root};
        if (::write(to, &said, sizeof said) != sizeof said) ::_exit(3);
        if (id % 16 == 0 && !made->seal(now)) ::_exit(4);
        ++id;
    }
}

}  // namespace

TEST_CASE("a ledger that is killed three hundred times has all that it acknowledged" * doctest::test_suite("slow")) {
    const scratch_directory in;
    const auto folder = in.path() / "ledger";
    std::mt19937 random{11};
    std::vector<acknowledged> all;
    std::map<std::uint64_t, tree_hash> roots;
    std::uint64_t next_id = 1;
    for (int life = 0; life < 300; ++life) {
        int pipe[2];
        REQUIRE(::pipe(pipe) == 0);
        const auto child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::close(pipe[0]);
            live(folder, next_id, pipe[1]);
        }
        ::close(pipe[1]);
        std::this_thread::sleep_for(std::chrono::microseconds{random() % 200'000});
        ::kill(child, SIGKILL);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        acknowledged said;
        while (::read(pipe[0], &said, sizeof said) == sizeof said) {
            all.push_back(said);
            const auto [at, is_new] = roots.try_emplace(said.size, said.root);
            REQUIRE((is_new || at->second == said.root));
            next_id = said.id + 1;
        }
        ::close(pipe[0]);
        ++next_id;  // what was answered last may be there
        if (life % 20 != 19) continue;
        const log_signer signer;
        auto made = ledger::open(folder, options_of(signer));
        REQUIRE_MESSAGE(made.has_value(), made.error().message());
        const auto checked = made->check();
        REQUIRE_MESSAGE(checked.has_value(), checked.error().message());
        if (all.empty()) continue;
        REQUIRE(made->head().size >= all.back().size);
        for (std::size_t k = all.size() > 200 ? all.size() - 200 : 0; k < all.size(); ++k) {
            const auto shown = made->receipt_for(ledger_place{all[k].entry, all[k].row});
            REQUIRE(shown.has_value());
            REQUIRE(shown->row.id == all[k].id);
        }
        for (const auto& [size, root] : roots)
            if (size % 7 == 0) REQUIRE(made->head().size >= size);
    }
    MESSAGE(all.size() << " answers acknowledged in 300 lives");
    CHECK(all.size() > 100);
}
