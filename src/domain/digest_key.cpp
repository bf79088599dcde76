// SPDX-License-Identifier: Apache-2.0
// Digest keys and their files. A key file is one line of text, so that it can also be kept on paper:
//     xacthuc-digest-key-1 <32 hexadecimal digits of the key> <16 of its fingerprint>
#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <xacthuc/domain/digest_key.hpp>

#include "domain/secret_memory.hpp"

namespace xacthuc::inline v0_1 {
namespace {

static_assert(digest_key_bytes == crypto_shorthash_KEYBYTES);

constexpr std::string_view file_tag = "xacthuc-digest-key-1 ";
constexpr std::size_t key_digits = 2 * digest_key_bytes;
constexpr std::size_t fingerprint_digits = 16;
constexpr std::size_t file_bytes = file_tag.size() + key_digits + 1 + fingerprint_digits + 1;

// The text of a key file, kept like the key.
using key_text = std::array<char, file_bytes + 1>;

class descriptor {
  public:
    explicit descriptor(int number) noexcept : number_{number} {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int get() const noexcept { return number_; }
    [[nodiscard]] bool close() noexcept { return ::close(std::exchange(number_, -1)) == 0; }

  private:
    int number_;
};

[[nodiscard]] failure fail(errc code, const std::filesystem::path& path, std::string_view what) {
    return {code, path.string() + ": " + std::string{what}};
}

[[nodiscard]] failure fail_system(const std::filesystem::path& path, std::string_view doing) {
    const int error = errno;
    errc code = errc::io;
    if (error == ENOENT) code = errc::not_found;
    if (error == EEXIST) code = errc::already_exists;
    if (error == ENOSPC || error == EDQUOT) code = errc::disk_full;
    return fail(code, path, std::string{doing} + ": " + std::strerror(error));
}

[[nodiscard]] bool write_all(int file, std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// Reads until the buffer is full or the file ends; -1 on an error.
[[nodiscard]] ssize_t read_all(int file, std::span<char> buffer) noexcept {
    std::size_t size = 0;
    while (size < buffer.size()) {
        const ssize_t got = ::read(file, buffer.data() + size, buffer.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    return static_cast<ssize_t>(size);
}

[[nodiscard]] bool parse_hex(std::string_view digits, std::span<unsigned char> bytes) noexcept {
    std::size_t size = 0;
    return sodium_hex2bin(bytes.data(), bytes.size(), digits.data(), digits.size(), nullptr, &size, nullptr) == 0 &&
           size == bytes.size();
}

[[nodiscard]] std::array<unsigned char, 8> big_endian(std::uint64_t value) noexcept {
    std::array<unsigned char, 8> bytes{};
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<unsigned char>(value >> (56 - 8 * i));
    return bytes;
}

void write_hex(char* digits, std::span<const unsigned char> bytes) noexcept {
    sodium_bin2hex(digits, 2 * bytes.size() + 1, bytes.data(), bytes.size());
}

constexpr std::string_view saving_suffix = ".saving-";
constexpr std::size_t saving_digits = 16;

[[nodiscard]] std::string name_beside(const std::filesystem::path& path) {
    if (sodium_init() < 0) std::abort();  // no source of randomness: as in generate()
    std::array<unsigned char, saving_digits / 2> random{};
    randombytes_buf(random.data(), random.size());
    std::array<char, saving_digits + 1> digits{};
    write_hex(digits.data(), random);
    return path.string() + std::string{saving_suffix} + digits.data();
}

// Key files that processes began beside this one and did not live to name: nobody holds them locked. What cannot be
// looked at stays. Not by std::filesystem, whose iterator ends the process where memory lacks.
void remove_abandoned(const std::filesystem::path& path) {
    const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    const auto begun = path.filename().string() + std::string{saving_suffix};
    const std::unique_ptr<DIR, int (*)(DIR*)> directory{::opendir(parent.c_str()), ::closedir};
    if (directory == nullptr) return;
    while (const auto* const entry = ::readdir(directory.get())) {
        const std::string name = entry->d_name;
        if (!name.starts_with(begun) || name.size() != begun.size() + saving_digits) continue;
        const auto whole = parent / name;
        const descriptor file{::open(whole.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
        if (file.get() >= 0 && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(whole.c_str());
    }
}

[[nodiscard]] bool sync_directory_of(const std::filesystem::path& path) {
    const std::filesystem::path parent = path.parent_path();
    const descriptor directory{::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return directory.get() >= 0 && ::fsync(directory.get()) == 0;
}

}  // namespace

digest_key digest_key::generate() {
    const auto bytes = make_secret<key_bytes>();
    randombytes_buf(bytes->data(), bytes->size());
    return digest_key{bytes};
}

digest_key digest_key::from_bytes(std::span<const std::byte, digest_key_bytes> bytes) {
    const auto own = make_secret<key_bytes>();
    std::ranges::copy(bytes, own->begin());
    return digest_key{own};
}

detailed_result<digest_key> digest_key::load(const std::filesystem::path& path) {
    // Non-blocking, so that a pipe put in the file's place is refused below instead of waited for.
    const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.get() < 0) return fail_system(path, "cannot open the digest key");
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return fail_system(path, "cannot examine the digest key");
    if (!S_ISREG(status.st_mode)) return fail(errc::damaged_header, path, "not a regular file");
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fail(errc::file_permissions, path, "only the owner may read a digest key; chmod 600 it");

    const auto text = make_secret<key_text>();
    const ssize_t size = read_all(file.get(), *text);
    if (size < 0) return fail_system(path, "cannot read the digest key");
    const std::string_view line{text->data(), static_cast<std::size_t>(size)};
    if (line.size() != file_bytes || !line.starts_with(file_tag) || line[file_tag.size() + key_digits] != ' ' ||
        line.back() != '\n')
        return fail(errc::damaged_header, path, "not a digest key file");

    const auto own = make_secret<key_bytes>();
    std::array<unsigned char, 8> stored{};
    const std::span<unsigned char> bytes{reinterpret_cast<unsigned char*>(own->data()), digest_key_bytes};
    if (!parse_hex(line.substr(file_tag.size(), key_digits), bytes) ||
        !parse_hex(line.substr(file_tag.size() + key_digits + 1, fingerprint_digits), stored))
        return fail(errc::damaged_header, path, "a digit of the digest key is not hexadecimal");
    digest_key key{own};
    if (stored != big_endian(key.fingerprint()))
        return fail(errc::checksum_mismatch, path, "the digest key does not have the fingerprint beside it");
    return key;
}

detailed_result<void> digest_key::save(const std::filesystem::path& path) const {
    const auto text = make_secret<key_text>();
    char* out = std::ranges::copy(file_tag, text->data()).out;
    write_hex(out, {reinterpret_cast<const unsigned char*>(bytes_->data()), digest_key_bytes});
    out[key_digits] = ' ';
    write_hex(out + key_digits + 1, big_endian(fingerprint()));
    out[key_digits + 1 + fingerprint_digits] = '\n';

    // Written under another name, mode 0600 from the first byte, then linked: link() fails where a file is already. The
    // name and the lock are those of all files that are being written, so that what a killed process leaves is swept.
    remove_abandoned(path);
    const auto temporary = name_beside(path);
    descriptor file{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (file.get() < 0) return fail_system(path, "cannot make a file for the digest key");
    static_cast<void>(::flock(file.get(), LOCK_EX | LOCK_NB));
    {
        const std::unique_ptr<const char, int (*)(const char*)> unlinked_afterwards{temporary.c_str(), ::unlink};
        if (!write_all(file.get(), {text->data(), file_bytes}) || ::fsync(file.get()) != 0 || !file.close())
            return fail_system(path, "cannot write the digest key");
        if (::link(temporary.c_str(), path.c_str()) != 0) return fail_system(path, "cannot name the digest key's file");
    }
    if (!sync_directory_of(path)) return fail_system(path, "cannot sync the digest key's directory");
    return {};
}

std::uint64_t digest_key::fingerprint() const noexcept {
    return hash("\x02xacthuc digest key");
}

std::uint64_t digest_key::hash(std::string_view message) const noexcept {
    std::array<unsigned char, crypto_shorthash_BYTES> digest;
    crypto_shorthash(digest.data(), reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                     reinterpret_cast<const unsigned char*>(bytes_->data()));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < digest.size(); ++i) value |= std::uint64_t{digest[i]} << (8 * i);
    return value;
}

}  // namespace xacthuc::inline v0_1
