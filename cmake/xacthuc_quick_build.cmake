# SPDX-License-Identifier: Apache-2.0
# XACTHUC_QUICK_BUILD, what scripts/test builds with: the compiler reads the headers once for several sources of a folder.
# So two sources of one folder cannot have the same name in their anonymous namespaces, and that each includes what it
# uses is seen only by the other builds.

# xacthuc_unite(<target> [ONE_FOLDER] [RARELY_RUN <folders>...] [<options>...]): has the target's sources compiled a few of a
# folder at a time, with these options. Those that have options of their own are compiled alone. ONE_FOLDER: the folders below
# the target's own count as one, so that many small ones do not make many small units. RARELY_RUN: folders of which the
# tests do not wait for what runs, but for the compiler; "." is the whole target. They are optimized less, and under a sanitizer
# not at all, where that takes two thirds of the time.
function(xacthuc_unite target)
  if(NOT XACTHUC_QUICK_BUILD)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 unite "ONE_FOLDER" "" "RARELY_RUN")
  set(less -O1)
  if(XACTHUC_SANITIZE)
    set(less -O0)
  endif()
  if(unite_RARELY_RUN STREQUAL ".")
    list(APPEND unite_UNPARSED_ARGUMENTS ${less})
    set(unite_RARELY_RUN "")
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP XACTHUC_ONE_FOLDER ${unite_ONE_FOLDER}
                                             XACTHUC_RARELY_RUN "${unite_RARELY_RUN}" XACTHUC_OPTIMIZED_LESS "${less}")
  target_compile_options(${target} PRIVATE -Wno-shadow ${unite_UNPARSED_ARGUMENTS})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # These warnings are about what is in one unit with what, and of no use here: the other builds have them.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage -Wno-maybe-uninitialized)
  endif()
  # When all folders have added theirs.
  cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY \"${PROJECT_SOURCE_DIR}\" CALL xacthuc_group_sources ${target})")
endfunction()

function(xacthuc_group_sources target)
  get_target_property(sources ${target} SOURCES)
  get_target_property(own_folder ${target} SOURCE_DIR)
  get_target_property(is_one_folder ${target} XACTHUC_ONE_FOLDER)
  get_target_property(rarely_run ${target} XACTHUC_RARELY_RUN)
  get_target_property(less ${target} XACTHUC_OPTIMIZED_LESS)
  get_target_property(build_folder ${target} BINARY_DIR)
  set(sources_max 14)
  foreach(source IN LISTS sources)
    if(NOT source MATCHES "\\.cpp$")
      continue()
    endif()
    get_filename_component(path ${source} ABSOLUTE BASE_DIR ${own_folder})
    get_filename_component(folder ${path} DIRECTORY)
    if(is_one_folder)
      set(folder ${own_folder})
    endif()
    string(REPLACE ${PROJECT_BINARY_DIR}/ "" folder ${folder})
    string(REPLACE ${PROJECT_SOURCE_DIR}/ "" folder ${folder})
    set(is_rarely_run FALSE)
    if(folder IN_LIST rarely_run)
      set(is_rarely_run TRUE)
    endif()
    string(MAKE_C_IDENTIFIER ${folder} folder)
    list(APPEND in_${folder} ${path})
    list(LENGTH in_${folder} count)
    math(EXPR part "(${count} - 1) / ${sources_max}")
    set_property(SOURCE ${path} TARGET_DIRECTORY ${target} PROPERTY UNITY_GROUP ${folder}_${part})
    if(is_rarely_run)
      # An option on a source would keep it out of the unit; one on the unit that CMake will write does not.
      set_property(SOURCE ${build_folder}/CMakeFiles/${target}.dir/Unity/unity_${folder}_${part}_cxx.cxx
                   TARGET_DIRECTORY ${target} PROPERTY COMPILE_OPTIONS ${less})
    endif()
  endforeach()
endfunction()

# Adds sources of tests to the target as one unit. Each goes into a namespace of its own, after all headers: what it
# includes is there then, and names that are in several of them do not meet. A source that opens a named namespace is
# compiled alone.
function(xacthuc_unite_tests target)
  get_target_property(sources ${target} XACTHUC_UNITED)
  set(headers "")
  set(bodies "")
  foreach(source IN LISTS sources)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    file(STRINGS ${source} lines REGEX "^#include |^namespace [a-z_:0-9]+ {")
    if(lines MATCHES "namespace ")
      target_sources(${target} PRIVATE ${source})
      continue()
    endif()
    list(APPEND headers ${lines})
    get_filename_component(name ${source} NAME_WE)
    string(APPEND bodies "namespace of_${name} {\n#include \"${source}\"\n}\n")
  endforeach()
  list(REMOVE_DUPLICATES headers)
  list(JOIN headers "\n" headers)
  set(united ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp)
  file(CONFIGURE OUTPUT ${united} CONTENT "${headers}\n${bodies}" @ONLY)
  target_sources(${target} PRIVATE ${united})
endfunction()
