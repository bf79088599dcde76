# SPDX-License-Identifier: Apache-2.0
# Installs a build of xacthuc into a prefix of its own, then builds and runs consumer.cpp against it, once by
# find_package and once by pkg-config.
#
#   cmake -D SOURCE_DIR=… -D BUILD_DIR=… -D WORK_DIR=… -D COMPILER=… -D LIBRARY_TYPE=… [-D C_COMPILER=…]
#         [-D STATIC_C_COMPONENT=…] -P consumer_test.cmake
#
# LIBRARY_TYPE is the library target's: STATIC_LIBRARY or SHARED_LIBRARY. With C_COMPILER, libxacthuc_c is there as well,
# and c/consumer.c is built against it in the same two ways; STATIC_C_COMPONENT is what installs a static one in its place.
file(REMOVE_RECURSE ${WORK_DIR}/prefix ${WORK_DIR}/moved ${WORK_DIR}/static ${WORK_DIR}/consumer)
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\n${output}\nfailed: ${status}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${WORK_DIR}/prefix)
# A package that knows where it was installed breaks when it is moved.
file(RENAME ${WORK_DIR}/prefix ${WORK_DIR}/moved)
set(prefix ${WORK_DIR}/moved)
file(GLOB_RECURSE pkg_config_file ${prefix}/xacthuc.pc)
get_filename_component(pkg_config_dir ${pkg_config_file} DIRECTORY)
get_filename_component(library_dir ${pkg_config_dir} DIRECTORY)
set(ENV{LD_LIBRARY_PATH} ${library_dir})

set(expected "001199000001 born 2000-02-29\n")
run(${CMAKE_COMMAND} -G Ninja -S ${SOURCE_DIR}/tests/consumer -B ${WORK_DIR}/consumer -D CMAKE_PREFIX_PATH=${prefix}
    -D CMAKE_CXX_COMPILER=${COMPILER})
run(${CMAKE_COMMAND} --build ${WORK_DIR}/consumer)
run(${WORK_DIR}/consumer/consumer)
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "the find_package consumer said: ${output}")
endif()
if(EXISTS ${prefix}/include/xacthuc/client)
  run(${WORK_DIR}/consumer/client_consumer)
endif()
if(EXISTS ${prefix}/include/xacthuc/cluster_client)
  run(${WORK_DIR}/consumer/cluster_client_consumer)
endif()

# Another standard library is refused with the reason, by the package and by a build of the library.
foreach(source ${SOURCE_DIR}/tests/consumer ${SOURCE_DIR})
  execute_process(COMMAND ${CMAKE_COMMAND} -G Ninja -S ${source} -B ${WORK_DIR}/consumer/debug -D CMAKE_PREFIX_PATH=${prefix}
                          -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=-D_GLIBCXX_DEBUG
                  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(status EQUAL 0 OR NOT output MATCHES "without[ \n]+_GLIBCXX_DEBUG")
    message(FATAL_ERROR "with _GLIBCXX_DEBUG ${source} was configured, or refused without the reason: ${output}")
  endif()
  file(REMOVE_RECURSE ${WORK_DIR}/consumer/debug)
endforeach()

set(ENV{PKG_CONFIG_PATH} ${pkg_config_dir})
set(static "")
if(LIBRARY_TYPE STREQUAL "STATIC_LIBRARY")
  set(static --static)
endif()
run(pkg-config ${static} --cflags --libs xacthuc)
separate_arguments(flags UNIX_COMMAND "${output}")
run(${COMPILER} -std=c++20 ${SOURCE_DIR}/tests/consumer/consumer.cpp ${flags} -o ${WORK_DIR}/consumer/by_pkg_config)
run(${WORK_DIR}/consumer/by_pkg_config)
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "the pkg-config consumer said: ${output}")
endif()
foreach(client client cluster_client)
  if(EXISTS ${prefix}/include/xacthuc/${client})
    run(pkg-config ${static} --cflags --libs xacthuc_${client})
    separate_arguments(flags UNIX_COMMAND "${output}")
    run(${COMPILER} -std=c++20 ${SOURCE_DIR}/tests/consumer/${client}_consumer.cpp ${flags} -o ${WORK_DIR}/consumer/${client}_by_pkg_config)
    run(${WORK_DIR}/consumer/${client}_by_pkg_config)
  endif()
endforeach()

function(check_c prefix links_cxx pkg_config_arguments)
  get_filename_component(name ${prefix} NAME)
  set(build ${WORK_DIR}/consumer/c-${name})
  set(expected "no such day, or a year outside 1801 to 2311: birth_date\n")
  run(${CMAKE_COMMAND} -G Ninja -S ${SOURCE_DIR}/tests/consumer/c -B ${build} -D CMAKE_PREFIX_PATH=${prefix}
      -D LINKS_CXX=${links_cxx} -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_C_COMPILER=${C_COMPILER} -D CMAKE_C_FLAGS=-std=c11)
  run(${CMAKE_COMMAND} --build ${build})
  run(${build}/consumer_c)
  if(NOT output STREQUAL expected)
    message(FATAL_ERROR "the find_package consumer in C said: ${output}")
  endif()
  run(pkg-config ${pkg_config_arguments} --cflags --libs xacthuc_c)
  separate_arguments(flags UNIX_COMMAND "${output}")
  run(${C_COMPILER} -std=c11 ${SOURCE_DIR}/tests/consumer/c/consumer.c ${flags} -Wl,-rpath,${library_dir} -o ${build}/by_pkg_config)
  run(${build}/by_pkg_config)
  if(NOT output STREQUAL expected)
    message(FATAL_ERROR "the pkg-config consumer in C said: ${output}")
  endif()
endfunction()
if(C_COMPILER)
  # The program is told where libxacthuc_c is, and that one finds a shared libxacthuc beside itself.
  unset(ENV{LD_LIBRARY_PATH})
  check_c(${prefix} OFF "")
  set(ENV{LD_LIBRARY_PATH} ${library_dir})
endif()
if(STATIC_C_COMPONENT)
  file(COPY ${prefix}/ DESTINATION ${WORK_DIR}/static)
  file(GLOB_RECURSE shared ${WORK_DIR}/static/*xacthuc_c*)
  file(REMOVE ${shared})
  run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${WORK_DIR}/static --component ${STATIC_C_COMPONENT})
  file(GLOB_RECURSE pkg_config_file ${WORK_DIR}/static/xacthuc_c.pc)
  get_filename_component(static_pkg_config_dir ${pkg_config_file} DIRECTORY)
  set(ENV{PKG_CONFIG_PATH} ${static_pkg_config_dir})
  check_c(${WORK_DIR}/static ON --static)
  # Whoever has no libxacthuc_c.so at run time has no need of it.
  execute_process(COMMAND ldd ${WORK_DIR}/consumer/c-static/by_pkg_config OUTPUT_VARIABLE needed)
  if(needed MATCHES "xacthuc")
    message(FATAL_ERROR "linked with the static library, the program needs a shared one: ${needed}")
  endif()
  set(ENV{PKG_CONFIG_PATH} ${pkg_config_dir})
endif()

# And as a part of a larger source tree, where xacthuc must bring its library and nothing else.
run(${CMAKE_COMMAND} -G Ninja -S ${SOURCE_DIR}/tests/consumer -B ${WORK_DIR}/consumer/subproject
    -D XACTHUC_SOURCE_DIR=${SOURCE_DIR} -D CMAKE_CXX_COMPILER=${COMPILER})
run(${CMAKE_COMMAND} --build ${WORK_DIR}/consumer/subproject --target help)
if(output MATCHES "doctest|_bench|xacthuc_cli|xacthuc_c")
  message(FATAL_ERROR "as a subproject, xacthuc builds more than its library:\n${output}")
endif()
