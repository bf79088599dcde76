# SPDX-License-Identifier: Apache-2.0
# A library beside libxacthuc, so that nobody else needs what it links: xacthuc::<name>, of sources in the folder that
# calls this and of public headers in include/xacthuc/<name>. xacthuc::<name>_inside has the same objects over what a
# shared libxacthuc does not show, as xacthuc::inside does, for the command and tests.
#   SOURCES  without their ending
#   OBJECTS  libraries of objects that are taken in
#   LINKS    what only this library links
function(xacthuc_side_library name)
  cmake_parse_arguments(PARSE_ARGV 1 its "" "" "SOURCES;OBJECTS;LINKS")
  set(library xacthuc_${name})
  add_library(${library})
  add_library(xacthuc::${name} ALIAS ${library})
  set_target_properties(${library} PROPERTIES EXPORT_NAME ${name} VERSION ${PROJECT_VERSION}
                                              SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
                                              POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
                                              VISIBILITY_INLINES_HIDDEN ON)
  set(objects $<TARGET_OBJECTS:${library}>)
  foreach(source ${its_SOURCES})
    target_sources(${library} PRIVATE ${source}.cpp)
  endforeach()
  foreach(taken ${its_OBJECTS})
    target_sources(${library} PRIVATE $<TARGET_OBJECTS:${taken}>)
    list(APPEND objects $<TARGET_OBJECTS:${taken}>)
  endforeach()
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/xacthuc/${name}/*.hpp)
  target_sources(${library} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers})
  target_include_directories(${library} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${library} PUBLIC xacthuc::xacthuc PRIVATE ${its_LINKS})
  xacthuc_flags(${library})
  xacthuc_unite(${library} RARELY_RUN .)
  if(XACTHUC_VERIFY_HEADERS)
    set_target_properties(${library} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
    add_dependencies(public_headers_alone ${library}_verify_interface_header_sets)
  endif()

  add_library(${library}_inside STATIC EXCLUDE_FROM_ALL ${objects})
  add_library(xacthuc::${name}_inside ALIAS ${library}_inside)
  set_target_properties(${library}_inside PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${library}_inside PUBLIC xacthuc::inside PRIVATE ${its_LINKS})
  xacthuc_flags(${library}_inside)
  if(XACTHUC_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Asio counts with a fence, also in its any_io_executor, which g++ says that ThreadSanitizer does not follow.
    target_compile_options(${library} PRIVATE -Wno-tsan)
    target_compile_options(${library}_inside INTERFACE -Wno-tsan)
  endif()
  get_target_property(type ${library} TYPE)
  if(type STREQUAL "SHARED_LIBRARY")
    target_link_options(${library} PRIVATE LINKER:--version-script=${PROJECT_BINARY_DIR}/exports.map)
    set_property(TARGET ${library} PROPERTY LINK_DEPENDS ${PROJECT_BINARY_DIR}/exports.map)
  endif()
endfunction()
