// SPDX-License-Identifier: Apache-2.0
#include "signing_keys.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <xacthuc/ed25519/verify.hpp>
#include <xacthuc/registry/signing_key.hpp>

#include "arguments.hpp"
#include "errors.hpp"

namespace xacthuc::python {
namespace {

[[nodiscard]] std::span<const std::byte> octets_of(const nb::bytes& from) noexcept {
    return {static_cast<const std::byte*>(from.data()), from.size()};
}

template <class Bytes>
[[nodiscard]] nb::bytes python_bytes(const Bytes& from) {
    return nb::bytes{from.bytes.data(), from.bytes.size()};
}

[[nodiscard]] bool is_signature_of(const nb::bytes& key, const nb::bytes& message, const nb::bytes& signature) {
    public_key by;
    ed25519::signature made;
    if (key.size() != by.bytes.size() || signature.size() != made.bytes.size() ||
        message.size() > ed25519::message_bytes_max)
        return false;
    std::ranges::copy(octets_of(key), by.bytes.begin());
    std::ranges::copy(octets_of(signature), made.bytes.begin());
    return ed25519::verify(by, octets_of(message), made);
}

}  // namespace

void define_signing_keys(nb::module_& module) {
    nb::class_<signing_key>{module, "SigningKey",
                            "A key pair that signs: an account's, an agency's or a service's, as xacthuc keygen writes "
                            "it. The secret half lies in memory that is locked and kept out of core dumps where the "
                            "system allows, and is never given to Python. It cannot be pickled."}
        .def_static(
            "generate", [] { return signing_key::generate(); }, "A new pair, from the operating system's generator.")
        .def_static(
            "load", [](nb::handle path) { return take(signing_key::load(path_of(path))); }, nb::arg("path"),
            nb::sig("def load(path: str | os.PathLike[str]) -> SigningKey"),
            "The pair of a file <name>.key. Raises NotFoundError; TrustError where anybody but the owner has a right "
            "to "
            "the file; DamageError where it is no whole key file.")
        .def(
            "save", [](const signing_key& self, nb::handle path) { take(self.save(path_of(path))); }, nb::arg("path"),
            nb::sig("def save(self, path: str | os.PathLike[str]) -> None"),
            "Writes the pair to a new file that only its owner may read; never over one that is there.")
        .def(
            "save_public", [](const signing_key& self, nb::handle path) { take(self.save_public(path_of(path))); },
            nb::arg("path"), nb::sig("def save_public(self, path: str | os.PathLike[str]) -> None"),
            "Writes the public half, likewise.")
        .def_prop_ro(
            "public_key", [](const signing_key& self) { return python_bytes(self.public_key()); },
            "The half that is given to whoever verifies: 32 bytes.")
        .def(
            "sign",
            [](const signing_key& self, const nb::bytes& message) {
                return python_bytes(self.sign(octets_of(message)));
            },
            nb::arg("message"), "The Ed25519 signature of a message: 64 bytes.");
    module.def(
        "load_signing_public_key",
        [](nb::handle path) { return python_bytes(take(load_signing_public_key(path_of(path)))); }, nb::arg("path"));
    module.def("ed25519_verify", &is_signature_of, nb::arg("key"), nb::arg("message"), nb::arg("signature"));
}

}  // namespace xacthuc::python
