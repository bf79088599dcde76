// SPDX-License-Identifier: Apache-2.0
#include "ledgers/bench_ledger_key.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <memory>

#include "domain/octets.hpp"

namespace xacthuc::bench {

ledger_options bench_ledger_options(std::size_t queue_slots) {
    public_key key;
    const auto secret = std::make_shared<std::array<unsigned char, crypto_sign_SECRETKEYBYTES>>();
    crypto_sign_keypair(octets(key.bytes), secret->data());
    const std::string origin = "example.com/bench";
    return {.origin = origin,
            .verifier = note_verifier::make(origin, key).value(),
            .signer =
                [secret](std::span<const std::byte> message) {
                    ed25519::signature made;
                    crypto_sign_detached(octets(made.bytes), nullptr, octets(message), message.size(), secret->data());
                    return made;
                },
            .queue_slots = queue_slots};
}

std::uint64_t bytes_of_files(const std::filesystem::path& folder, std::string_view ending) {
    std::uint64_t sum = 0;
    for (const auto& each : std::filesystem::recursive_directory_iterator{folder})
        if (each.is_regular_file() && each.path().string().ends_with(ending)) sum += each.file_size();
    return sum;
}

double middle(std::vector<double> of) {
    if (of.empty()) return 0;
    const auto at = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
    std::ranges::nth_element(of, at);
    return *at;
}

}  // namespace xacthuc::bench
