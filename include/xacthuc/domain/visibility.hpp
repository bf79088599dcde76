// SPDX-License-Identifier: Apache-2.0
// What a shared libxacthuc shows: the functions of the public headers that are not inline, and nothing else. Types need
// no mark: none has virtual functions, and what is thrown is of Boost or the standard library.
#pragma once

#define XACTHUC_API [[gnu::visibility("default")]]
