// SPDX-License-Identifier: Apache-2.0
// Logs, proofs and requests to a witness, made by us for programs of others to judge. See the scripts beside it.
//
//   write <folder> <entries> <step>   a log, its checkpoint cosigned; prints verifier key, cosigner's key, and the last
//                                     entry's proof file
//   proofs <entries>                  every checkpoint, inclusion and consistency proof up to so many entries, as
//   binary witness <url> <verifier key>      what an honest log and dishonest ones ask of a witness
#include <sodium.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/ledger/tlog_proof.hpp>
#include <xacthuc/ledger/witness.hpp>

#include "domain/octets.hpp"
#include "ledger/tile_log.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;

namespace {

class peer_key {
  public:
    peer_key(unsigned char seed_byte, std::string name) : name_{std::move(name)} {
        std::array<unsigned char, crypto_sign_SEEDBYTES> seed;
        seed.fill(seed_byte);
        crypto_sign_seed_keypair(octets(key_.bytes), secret_.data(), seed.data());
    }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] note_verifier verifier() const { return note_verifier::make(name_, key_).value(); }
    [[nodiscard]] cosigner as_cosigner() const { return cosigner::make(name_, key_).value(); }
    [[nodiscard]] note_signer signer() const {
        return [secret = secret_](std::span<const std::byte> message) {
            ed25519::signature made;
            crypto_sign_detached(octets(made.bytes), nullptr, octets(message), message.size(), secret.data());
            return made;
        };
    }
    [[nodiscard]] log_identity identity() const { return {name_, verifier(), signer()}; }

  private:
    std::string name_;
    public_key key_;
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret_{};
};

const peer_key log_key{1, "example.com/xacthuc/ledger"};

[[nodiscard]] std::string made_entry(std::uint64_t index, std::string_view salt) {
    return "entry " + std::to_string(index) + std::string{salt} + std::string(index % 50, '.');
}

// Throws what went wrong.
void grow(tile_log& log, std::uint64_t count, std::string_view salt = "") {
    std::vector<std::string> entries;
    for (std::uint64_t i = 0; i < count; ++i) entries.push_back(made_entry(log.size() + i, salt));
    std::vector<std::span<const std::byte>> spans;
    for (const auto& entry : entries) spans.push_back(std::as_bytes(std::span{entry}));
    static_cast<void>(log.append(spans).value());
    log.integrate().value();
}

[[nodiscard]] tile_log open_log(const std::filesystem::path& folder) {
    return tile_log::open(system_file_calls(), folder, log_key.identity()).value();
}

int write_log(const std::filesystem::path& folder, std::uint64_t entries, std::uint64_t step) {
    const peer_key witness{9, "witness.example/w"};
    auto log = open_log(folder);
    while (log.size() < entries) grow(log, std::min(step, entries - log.size()));
    const std::vector cosignatures{
        make_cosignature(log.published_note().text, witness.as_cosigner(), 1'700'000'000, witness.signer())};
    log.cosign(cosignatures).value();
    std::cout << log_key.verifier().text() << '\n' << witness.as_cosigner().text() << '\n';
    if (entries != 0) {
        const auto last = entries - 1;
        const std::string extra = "beside it";
        const auto extra_bytes = std::as_bytes(std::span{extra});
        std::cout << tlog_proof{{extra_bytes.begin(), extra_bytes.end()},
                                last,
                                log.prove_inclusion(last, entries).value(),
                                log.published_note()}
                         .encode();
    }
    return EXIT_SUCCESS;
}

void put(std::string& to, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>(number >> shift);
}

void put_record(char kind, std::uint64_t a, std::uint64_t b, std::string_view bytes) {
    std::string head{kind};
    put(head, static_cast<std::uint32_t>(a));
    put(head, static_cast<std::uint32_t>(b));
    put(head, static_cast<std::uint32_t>(bytes.size()));
    std::cout << head << bytes;
}

[[nodiscard]] std::string_view bytes_of(const std::vector<tree_hash>& hashes) {
    return {reinterpret_cast<const char*>(hashes.data()), hashes.size() * sizeof(tree_hash)};
}

// Kind, two numbers and the size of what follows, each of four bytes: V key, E entry, C checkpoint, I inclusion of the
// first number in the tree of the second, T the tree of the first number in that of the second.
int write_proofs(std::uint64_t entries) {
    const tests::scratch_directory scratch{tests::scratch_directory::quick_place()};
    auto log = open_log(scratch.path() / "log");
    put_record('V', 0, 0, log_key.verifier().text());
    for (std::uint64_t size = 1; size <= entries; ++size) {
        grow(log, 1);
        put_record('E', size - 1, 0, made_entry(size - 1, ""));
        put_record('C', size, 0, log.published());
    }
    for (std::uint64_t to = 1; to <= entries; ++to)
        for (std::uint64_t from = 1; from <= to; ++from) {
            put_record('I', from - 1, to, bytes_of(log.prove_inclusion(from - 1, to).value()));
            put_record('T', from, to, bytes_of(log.prove_consistency(from, to).value()));
        }
    std::cout.flush();
    return std::cout.good() ? EXIT_SUCCESS : EXIT_FAILURE;
}

// What a witness is asked about this state of the log, by a log that proves as the prover does.
[[nodiscard]] bool is_cosigned(witness_round& round, const signed_note& note, const witness_round::prover& prove,
                               const char* what, bool is_expected) {
    const auto outcome = round.run(note, prove).value();
    for (const auto& one : outcome.failures) std::cout << what << ": " << one.message() << '\n';
    if (!outcome.cosignatures.empty()) std::cout << what << ": cosigned\n";
    if (outcome.cosignatures.empty() == is_expected) {
        std::cout << what << ": that is wrong\n";
        return false;
    }
    return true;
}

int ask_witness(const std::string& url, std::string_view key) {
    witness_policy policy;
    policy.witnesses.push_back({cosigner::parse(key).value(), url});
    policy.quorum = 1;
    const tests::scratch_directory scratch{tests::scratch_directory::quick_place()};
    auto log = open_log(scratch.path() / "log");
    auto fork = open_log(scratch.path() / "fork");
    witness_round round{policy};
    const auto honest = [&](std::uint64_t from, std::uint64_t to) { return log.prove_consistency(from, to); };
    const auto forked = [&](std::uint64_t from, std::uint64_t to) { return fork.prove_consistency(from, to); };
    const auto nothing = [](std::uint64_t, std::uint64_t) -> detailed_result<std::vector<tree_hash>> {
        return std::vector<tree_hash>{};
    };
    bool is_good = true;
    signed_note rolled_back;
    for (const auto count : std::initializer_list<std::uint64_t>{1, 1, 98, 156, 1, 300}) {
        grow(log, count);
        is_good = is_cosigned(round, log.published_note(), honest, "honest", true) && is_good;
        if (rolled_back.text.empty()) rolled_back = log.published_note();
    }
    witness_round forgetful{policy};
    is_good = is_cosigned(forgetful, log.published_note(), honest, "honest, not knowing where it is", true) && is_good;
    grow(fork, log.size() + 5, " another");
    is_good = is_cosigned(round, fork.published_note(), forked, "fork", false) && is_good;
    is_good = is_cosigned(round, rolled_back, honest, "rollback", false) && is_good;
    grow(log, 50);
    is_good = is_cosigned(round, log.published_note(), nothing, "gap", false) && is_good;
    is_good = is_cosigned(round, log.published_note(), honest, "honest afterwards", true) && is_good;
    const auto note = [&] {
        auto cosigned = log.published_note();
        const auto again = round.run(cosigned, honest).value();
        cosigned.signatures.insert(cosigned.signatures.end(), again.cosignatures.begin(), again.cosignatures.end());
        return cosigned;
    }();
    const auto now_s = static_cast<std::uint64_t>(std::time(nullptr));
    if (!policy.is_fresh(note, now_s)) {
        std::cout << "its cosignature is not of now\n";
        is_good = false;
    }
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string> arguments{words + 1, words + count};
    try {
        if (arguments.size() == 4 && arguments[0] == "write")
            return write_log(arguments[1], std::stoull(arguments[2]), std::stoull(arguments[3]));
        if (arguments.size() == 2 && arguments[0] == "proofs") return write_proofs(std::stoull(arguments[1]));
        if (arguments.size() == 3 && arguments[0] == "witness") return ask_witness(arguments[1], arguments[2]);
    } catch (const std::exception& thrown) {
        std::cerr << thrown.what() << '\n';
        return EXIT_FAILURE;
    }
    std::cerr << "log_peer write <folder> <entries> <step> | proofs <entries> | witness <url> <verifier key>\n";
    return 2;
}
