# SPDX-License-Identifier: Apache-2.0
# What xacthuc links; docs/dependencies.md says why each, and what was the runner-up.
include(CheckCXXSourceCompiles)
check_cxx_source_compiles("#include <version>
#if defined(_LIBCPP_VERSION) || defined(_GLIBCXX_DEBUG)
#error not the standard library that the packages below were built with
#endif
int main() {}" XACTHUC_HAS_PLAIN_LIBSTDCXX)
if(NOT XACTHUC_HAS_PLAIN_LIBSTDCXX)
  unset(XACTHUC_HAS_PLAIN_LIBSTDCXX CACHE)  # asked anew when the flags have been mended
  message(FATAL_ERROR "xacthuc: build with libstdc++ and without _GLIBCXX_DEBUG: fmt, Boost and the other C++ packages that "
                      "it links are built so, and their types have other layouts otherwise. _GLIBCXX_ASSERTIONS is fine.")
endif()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(PkgConfig REQUIRED)

# The libraries that only xacthuc's own sources include: consumers of a static xacthuc link them too, so this list also
# goes into the installed package configuration and the pkg-config file. Each is <name>=<pkg-config requirement>, and
# is linked as PkgConfig::<name>.
set(xacthuc_private_modules "sodium=libsodium>=1.0.18" "xxhash=libxxhash>=0.8.1" "utf8proc=libutf8proc>=2"
                            "sqlite=sqlite3>=3.40")
foreach(module IN LISTS xacthuc_private_modules)
  string(REGEX MATCH "^([a-z0-9]+)=(.+)$" module "${module}")
  pkg_check_modules(${CMAKE_MATCH_1} REQUIRED IMPORTED_TARGET ${CMAKE_MATCH_2})
endforeach()

if(XACTHUC_BUILD_CLI OR XACTHUC_BUILD_TESTS OR XACTHUC_BUILD_CLIENT OR XACTHUC_BUILD_FUZZERS)
  find_package(Boost 1.81 REQUIRED COMPONENTS json)
endif()
if(XACTHUC_BUILD_CLI OR XACTHUC_BUILD_TESTS OR XACTHUC_BUILD_FUZZERS)
  find_package(fmt 9 REQUIRED)
endif()
if(XACTHUC_BUILD_CLI OR XACTHUC_BUILD_TESTS)
  find_package(CLI11 2.1 REQUIRED)
endif()
if(XACTHUC_BUILD_CLI OR XACTHUC_BUILD_CLIENT OR XACTHUC_BUILD_FUZZERS)
  find_package(OpenSSL 3.0 REQUIRED)
  # The client of PostgreSQL, for xacthuc-follow-postgres, which is not built where it is not there.
  pkg_check_modules(pq IMPORTED_TARGET libpq>=15)
endif()
option(XACTHUC_WITH_POSTGRES "Build xacthuc-follow-postgres" "${pq_FOUND}")
if(XACTHUC_BUILD_CLI OR XACTHUC_BUILD_CLUSTER_CLIENT)
  pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis>=0.14)
endif()
if(XACTHUC_BUILD_TESTS OR XACTHUC_BUILD_FUZZERS)
  find_package(doctest 2.4 REQUIRED)
endif()
if(XACTHUC_BUILD_BENCH)
  find_package(benchmark REQUIRED)
endif()
