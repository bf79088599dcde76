// SPDX-License-Identifier: Apache-2.0
// Compiles a stretch of functions for a wider instruction set than the rest of the program, without a compiler option
// on the file: XACTHUC_TARGET_BEGIN("avx2,bmi2") ... XACTHUC_TARGET_END. No header may be included in between, since
// its weak inline functions would then be compiled wide and could be the ones that the linker keeps for everybody.
#pragma once

#define XACTHUC_PRAGMA(text) _Pragma(#text)
#if defined(__clang__)
#define XACTHUC_TARGET_BEGIN(isa) \
    XACTHUC_PRAGMA(clang attribute push(__attribute__((target(isa))), apply_to = function))
#define XACTHUC_TARGET_END _Pragma("clang attribute pop")
#else
#define XACTHUC_TARGET_BEGIN(isa) _Pragma("GCC push_options") XACTHUC_PRAGMA(GCC target(isa))
#define XACTHUC_TARGET_END _Pragma("GCC pop_options")
#endif
