// SPDX-License-Identifier: Apache-2.0
// The header is all that a C99 program needs.
#include <xacthuc.h>

int main(void) {
    const xt_text text = xt_text_of("001199000001");
    return xt_abi_version() >> 16 == XT_ABI_VERSION >> 16 && text.size == XT_ZERO_TERMINATED ? 0 : 1;
}
