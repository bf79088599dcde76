// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <xacthuc/policy/framework.hpp>

#include "domain/octets.hpp"
#include "files/file.hpp"
#include "policy/framework_reader.hpp"
#include "policy/toml_values.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// Far more than a nation's framework has, and little enough that a wrong file is noticed before it is read.
constexpr std::uint64_t framework_bytes_max = std::uint64_t{64} << 20;

[[nodiscard]] sha256_digest sha256_of(std::string_view text) {
    sha256_digest digest;
    crypto_hash_sha256(octets(digest), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return digest;
}

[[nodiscard]] policy_faults one_fault(std::string file, std::string what) {
    return {{{std::move(file), 0}, std::move(what)}};
}

[[nodiscard]] policy_result<std::string> read_whole(const std::filesystem::path& path) {
    const auto read = [&]() -> detailed_result<std::string> {
        const auto file = open_file::to_read(system_file_calls(), path);
        if (!file) return file.error();
        const auto status = file->status();
        if (!status) return status.error();
        if (status->size_bytes > framework_bytes_max)
            return failure{make_error_code(errc::io), path.string() + ": larger than a framework can be"};
        std::string text(status->size_bytes, '\0');
        if (auto done = file->read(std::as_writable_bytes(std::span{text}), 0); !done) return done.error();
        return text;
    }();
    if (!read) return one_fault(path.string(), read.error().message());
    return *read;
}

}  // namespace

std::string hex_of(const sha256_digest& digest) {
    std::string digits(2 * digest.size() + 1, '\0');
    sodium_bin2hex(digits.data(), digits.size(), octets(digest), digest.size());
    digits.pop_back();  // the zero that ends it
    return digits;
}

std::string source_place::text() const {
    return line == 0 ? file : file + ':' + std::to_string(line);
}

std::string policy_fault::message() const {
    return at.text() + ": " + what;
}

void throw_exception_from_error(const policy_faults& faults, const boost::source_location& where) {
    std::string all;
    for (const auto& each : faults) all += (all.empty() ? "" : "\n") + each.message();
    boost::throw_exception(std::runtime_error{all}, where);
}

policy_result<framework> parse_framework(std::string_view text, std::string file) {
    const auto document = parse_toml(text, file);
    if (!document) return document.error();
    policy_faults faults;
    auto made = framework_reader{std::move(file), faults}.read(*document);
    made.sha256 = sha256_of(text);
    std::ranges::stable_sort(faults, {}, [](const policy_fault& f) { return f.at.line; });
    if (!faults.empty()) return faults;
    return made;
}

policy_result<framework> load_framework(const std::filesystem::path& file) {
    auto text = read_whole(file);
    if (!text) return text.error();
    if (file.extension() != ".note") return parse_framework(*text, file.string());
    auto note = parse_note(*text);
    if (!note) return one_fault(file.string(), note.error().message());
    auto made = parse_framework(note->text, file.string());
    if (made) made->note = *std::move(note);
    return made;
}

policy_result<std::vector<framework>> load_frameworks(const std::filesystem::path& from) {
    std::vector<std::filesystem::path> files;
    std::error_code failed;
    if (std::filesystem::is_directory(from, failed)) {
        for (std::filesystem::recursive_directory_iterator at{from, failed}, end; !failed && at != end;
             at.increment(failed))
            if (at->path().extension() == ".toml" || at->path().extension() == ".note") files.push_back(at->path());
        if (failed) return one_fault(from.string(), failed.message());
        std::ranges::sort(files);
    } else {
        files.push_back(from);
    }
    if (files.empty()) return one_fault(from.string(), "has no framework: no *.toml and no *.note is below it");

    policy_faults faults;
    std::vector<framework> all;
    for (const auto& each : files) {
        auto read = load_framework(each);
        if (!read) {
            const auto more = read.error();  // a copy: begin and end have to be of one
            faults.insert(faults.end(), more.begin(), more.end());
            continue;
        }
        // A text that lies beside its note: *.note comes before *.toml.
        if (!all.empty() && std::filesystem::path{all.back().file}.replace_extension(".toml") == each) {
            if (all.back().sha256 != read->sha256)
                faults.push_back({{each.string(), 0}, "is another text than the signed one in " + all.back().file});
            continue;
        }
        all.push_back(*std::move(read));
    }
    if (!faults.empty()) return faults;
    return all;
}

}  // namespace xacthuc::inline v0_1
