// SPDX-License-Identifier: Apache-2.0
// What a sanitizer takes over in the process under test.
#pragma once

// A macro, for cases that cannot be compiled away: a sanitizer ends the process where it gets no memory itself, has its
// own signal handlers, and its mlock() does nothing and says that it succeeded.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define XACTHUC_TEST_SANITIZED 1
#elif defined(__has_feature)
#define XACTHUC_TEST_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define XACTHUC_TEST_SANITIZED 0
#endif

// Under ThreadSanitizer all takes ten times as long, and what it looks for shows at any number of repetitions.
#if defined(__SANITIZE_THREAD__)
#define XACTHUC_TEST_THREAD_SANITIZED 1
#elif defined(__has_feature)
#define XACTHUC_TEST_THREAD_SANITIZED __has_feature(thread_sanitizer)
#else
#define XACTHUC_TEST_THREAD_SANITIZED 0
#endif
