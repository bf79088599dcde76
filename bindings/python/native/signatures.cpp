// SPDX-License-Identifier: Apache-2.0
#include "signatures.hpp"

#include <nanobind/ndarray.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <xacthuc/ed25519/verify.hpp>

#include "byte_rows.hpp"
#include "errors.hpp"
#include "python_text.hpp"
#include "working_threads.hpp"

namespace xacthuc::python {
namespace {

constexpr std::uint64_t signatures_a_piece = 1024;

struct columns {
    byte_rows messages;
    byte_rows signatures;
    byte_rows keys;
};

[[nodiscard]] std::size_t common_size(const columns& of) {
    if (of.messages.is_for_all() || of.signatures.is_for_all())
        throw column_error{"messages and signatures: wanted many; only keys may be one bytes object for all"};
    const auto size = of.messages.size();
    if (of.signatures.size() != size || (!of.keys.is_for_all() && of.keys.size() != size))
        throw argument_error{"messages, signatures and keys: wanted equally many"};
    return size;
}

// Rows whose signature or key is not of the right length, or missing, are false without being looked at.
void verify_piece(const columns& from, std::uint64_t first, std::uint64_t end, bool* verdicts) {
    std::array<ed25519::batch_item, signatures_a_piece> items;
    std::array<std::uint64_t, signatures_a_piece> rows;
    std::array<bool, signatures_a_piece> results;
    std::size_t count = 0;
    for (auto row = first; row < end; ++row) {
        const auto message = from.messages[row];
        const auto signature = from.signatures[row];
        const auto key = from.keys[row];
        verdicts[row] = false;
        if (message.data() == nullptr || signature.size() != ed25519::signature_bytes ||
            key.size() != public_key_bytes || message.size() > ed25519::message_bytes_max)
            continue;
        rows[count] = row;
        // Both are plain bytes of alignment 1, read where they lie.
        items[count++] = {message, reinterpret_cast<const ed25519::signature*>(signature.data()),
                          reinterpret_cast<const public_key*>(key.data()), nullptr};
    }
    (void)ed25519::verify_batch(std::span{items}.first(count), std::span{results}.first(count));
    for (std::size_t i = 0; i < count; ++i) verdicts[rows[i]] = results[i];
}

[[nodiscard]] nb::ndarray<nb::numpy, bool, nb::ndim<1>> verify_batch(nb::handle messages, nb::handle signatures,
                                                                     nb::handle keys, nb::handle threads,
                                                                     nb::handle progress) {
    working_threads working{threads, progress, "signatures", messages};
    const columns from{{messages, "messages"}, {signatures, "signatures"}, {keys, "keys"}};
    const auto size = common_size(from);
    auto verdicts = std::make_unique<bool[]>(std::max<std::size_t>(size, 1));
    working.share_out(size, signatures_a_piece,
                      [&](std::uint64_t first, std::uint64_t end) { verify_piece(from, first, end, verdicts.get()); });
    working.finish();
    const nb::capsule owner{verdicts.get(), [](void* dying) noexcept { delete[] static_cast<bool*>(dying); }};
    return {verdicts.release(), {size}, owner};
}

}  // namespace

void define_signatures(nb::module_& module) {
    module.def("ed25519_verify_batch", &verify_batch, nb::arg("messages"), nb::arg("signatures"), nb::arg("keys"),
               nb::arg("threads").none(), nb::arg("progress").none());
    module.def("ed25519_kernel", [] { return python_text(ed25519::kernel_name()); });
    module.def("ed25519_rejected_kernels", [] { return python_text(ed25519::rejected_kernels()); });
}

}  // namespace xacthuc::python
