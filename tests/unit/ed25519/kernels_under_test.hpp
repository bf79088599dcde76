// SPDX-License-Identifier: Apache-2.0
// Every kernel that can be run on this machine, the emulated one included.
#pragma once

#include <vector>

#include "ed25519/kernel_list.hpp"

namespace xacthuc::ed25519 {

namespace avx512ifma_emulated {
extern const kernel kernel_table;
}

inline std::vector<const kernel*> kernels_under_test() {
    std::vector<const kernel*> kernels;
    for (const kernel* const it : compiled_kernels()) {
        if (it->runs_here()) {
            kernels.push_back(it);
        }
    }
    kernels.push_back(&avx512ifma_emulated::kernel_table);
    return kernels;
}

}  // namespace xacthuc::ed25519
