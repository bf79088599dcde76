// SPDX-License-Identifier: Apache-2.0
// Hostile logs: texts of checkpoints, proofs and cosignatures, bundles, and files of a good log with the input laid
// over them. Nothing may crash, what is read is written the same, and no log passes whose files are not the good ones.
#include <sodium.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <span>
#include <string>
#include <vector>
#include <xacthuc/ledger/tlog_proof.hpp>
#include <xacthuc/ledger/witness.hpp>

#include "domain/octets.hpp"
#include "ledger/entry_bundle.hpp"
#include "ledger/http_exchange.hpp"
#include "ledger/log_verifying.hpp"
#include "ledger/tile_log.hpp"
#include "unit/registry/model_files.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr auto directory = "/log";
constexpr auto origin = "example.com/log";

void demand(bool is_so) {
    if (!is_so) std::abort();
}

struct good_log {
    model_files files;
    file_calls calls = files.calls();
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
    public_key key;
    std::map<std::string, model_files::bytes> kept;
    checkpoint head;
    signed_note note;

    good_log() {
        const std::array<unsigned char, crypto_sign_SEEDBYTES> seed{1};
        crypto_sign_seed_keypair(octets(key.bytes), secret.data(), seed.data());
        auto log = tile_log::open(calls, directory, identity()).value();
        for (const auto count : std::initializer_list<std::size_t>{40, 230, 30}) {
            for (std::size_t i = 0; i < count; ++i) {
                const auto entry = "entry " + std::to_string(log.size());
                static_cast<void>(log.append(std::as_bytes(std::span{entry})).value());
            }
            log.integrate().value();
        }
        head = log.head();
        note = log.published_note();
        for (const auto& name : files.file_names())
            if (!files.contents(name).empty()) kept[name] = files.contents(name);
    }
    [[nodiscard]] note_verifier verifier() const { return note_verifier::make(origin, key).value(); }
    [[nodiscard]] log_identity identity() const {
        return {origin, verifier(), [this](std::span<const std::byte> message) {
                    ed25519::signature made;
                    crypto_sign_detached(octets(made.bytes), nullptr, octets(message), message.size(), secret.data());
                    return made;
                }};
    }
    [[nodiscard]] bool is_as_it_was() {
        return std::ranges::all_of(
            kept, [&](const auto& one) { return files.exists(one.first) && files.contents(one.first) == one.second; });
    }
    // A log that was opened has written; it begins anew.
    void restore() {
        for (const auto& name : files.file_names())
            if (!kept.contains(name) && !files.contents(name).empty()) files.remove(name);
        for (const auto& [name, bytes] : kept)
            if (files.exists(name))
                files.contents(name) = bytes;
            else
                files.put(name, bytes);
    }
};

[[nodiscard]] good_log& the_log() {
    static good_log log;
    return log;
}

void read_texts(std::string_view text) {
    if (const auto note = parse_note(text)) demand(note->encode() == text);
    if (const auto read = parse_checkpoint(text)) demand(read->text() == text);
    if (const auto proof = parse_tlog_proof(text)) {
        demand(proof->encode() == text);
        static_cast<void>(check_tlog_proof(*proof, {}, origin, the_log().verifier()));
    }
    if (const auto key = cosigner::parse(text)) demand(key->text() == text);
    static_cast<void>(http_url::parse(text));
}

void read_bundle(std::span<const std::uint8_t> input) {
    const auto width = std::size_t{input[0]} + 1;
    const auto bytes = std::as_bytes(input.subspan(1));
    const auto bundle = entry_bundle::parse({bytes.begin(), bytes.end()}, width);
    if (!bundle) return;
    entry_bundle again;
    for (std::size_t i = 0; i < bundle->width(); ++i) again.append(bundle->entry(i));
    demand(bundle->width() == width && std::ranges::equal(again.bytes(), bundle->bytes()));
}

void take_answers(unsigned kind, std::string body) {
    auto& log = the_log();
    witness_policy policy;
    policy.witnesses.push_back({cosigner::make("witness.example", log.key).value(), "http://127.0.0.1"});
    witness_round round{policy};
    const auto status = kind % 3 == 0 ? 200U : kind % 3 == 1 ? 409U : kind;
    const auto taken = round.take(log.note, std::vector<witness_round::answer>{{0, status, std::move(body)}});
    for (const auto& one : taken.cosignatures)
        demand(cosigned_at({log.note.text, {one}}, policy.witnesses[0].who).has_value());
}

// Runs of "file, offset (2 bytes), length, bytes"; a length of 0 cuts the file there.
void lay_over(std::span<const std::uint8_t> input) {
    auto& log = the_log();
    while (input.size() > 4) {
        auto file = std::next(log.kept.begin(), input[0] % static_cast<std::ptrdiff_t>(log.kept.size()));
        auto& bytes = log.files.contents(file->first);
        const std::size_t at = (std::size_t{input[1]} | std::size_t{input[2]} << 8) % (bytes.size() + 1);
        const auto size = std::min(std::size_t{input[3]} % 100, input.size() - 4);
        if (size == 0) {
            bytes.resize(at);
        } else {
            bytes.resize(std::max(bytes.size(), at + size));
            std::ranges::copy(std::as_bytes(input.subspan(4, size)), bytes.begin() + static_cast<std::ptrdiff_t>(at));
        }
        input = input.subspan(4 + size);
    }
    const auto report = verify_log_files(log.calls, directory, origin, log.verifier(), {});
    if (report && report->problem_count == 0 && !report->is_unfinished) demand(log.is_as_it_was());
    if (auto opened = tile_log::open(log.calls, directory, log.identity())) {
        for (std::uint64_t i = 0; i < opened->size(); i += 37) {
            static_cast<void>(opened->read_entry(i));
            static_cast<void>(opened->prove_inclusion(i, opened->size()));
        }
    }
    log.restore();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::span<const std::uint8_t> input{data + 1, size - 1};
    const std::string text{reinterpret_cast<const char*>(input.data()), input.size()};
    switch (data[0] % 4) {
        case 0:
            read_texts(text);
            break;
        case 1:
            read_bundle(input);
            break;
        case 2:
            take_answers(input[0], text.substr(1));
            break;
        default:
            lay_over(input);
    }
    return 0;
}
