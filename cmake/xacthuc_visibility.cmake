# SPDX-License-Identifier: Apache-2.0
# A shared libxacthuc shows what is public and nothing else. The command, the tests and the benchmarks use what is private
# as well and link xacthuc::inside: the same objects, compiled once, in an archive.
get_target_property(library_type xacthuc TYPE)
if(library_type STREQUAL "SHARED_LIBRARY")
  configure_file(${PROJECT_SOURCE_DIR}/src/exports.map.in ${PROJECT_BINARY_DIR}/exports.map @ONLY)
  target_link_options(xacthuc PRIVATE LINKER:--version-script=${PROJECT_BINARY_DIR}/exports.map)
  set_property(TARGET xacthuc PROPERTY LINK_DEPENDS ${PROJECT_BINARY_DIR}/exports.map)
  add_library(xacthuc_inside STATIC EXCLUDE_FROM_ALL $<TARGET_OBJECTS:xacthuc>)
  set_target_properties(xacthuc_inside PROPERTIES LINKER_LANGUAGE CXX)
  target_compile_features(xacthuc_inside PUBLIC cxx_std_20)
  target_include_directories(xacthuc_inside PUBLIC ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(xacthuc_inside ${xacthuc_links})
  xacthuc_flags(xacthuc_inside)
  add_library(xacthuc::inside ALIAS xacthuc_inside)
else()
  add_library(xacthuc::inside ALIAS xacthuc)
endif()
