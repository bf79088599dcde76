# SPDX-License-Identifier: Apache-2.0
# Installs libxacthuc_c with its header, and what find_package(xacthuc_c) and pkg-config need to find it: a package of
# its own, for a program in C needs nothing of what the C++ library's package looks for.
include(CMakePackageConfigHelpers)

# xacthuc_install_c(<target> [<arguments of install(), such as COMPONENT>...]): the target is a shared or a static
# libxacthuc_c. What is made for it lies in <target>-package.
function(xacthuc_install_c target)
  set(c_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/xacthuc_c)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/${target}-package)

  # The C++ library has to be found too where it is not inside: a static libxacthuc_c, or a shared libxacthuc.
  get_target_property(c_library_type ${target} TYPE)
  get_target_property(cpp_library_type xacthuc TYPE)
  set(xacthuc_c_find_cpp "")
  set(xacthuc_c_requires "")
  set(xacthuc_c_libs_private "")
  if(c_library_type STREQUAL "STATIC_LIBRARY" OR cpp_library_type STREQUAL "SHARED_LIBRARY")
    set(xacthuc_c_find_cpp "find_dependency(xacthuc ${PROJECT_VERSION})")
    set(xacthuc_c_requires "xacthuc = ${PROJECT_VERSION}")
  endif()
  if(c_library_type STREQUAL "STATIC_LIBRARY")
    set(cpp_runtime ${CMAKE_CXX_IMPLICIT_LINK_LIBRARIES})
    list(REMOVE_DUPLICATES cpp_runtime)
    list(JOIN cpp_runtime " -l" cpp_runtime)
    set(xacthuc_c_libs_private "-l${cpp_runtime}")
  endif()

  configure_package_config_file(${PROJECT_SOURCE_DIR}/bindings/c/xacthuc_c-config.cmake.in ${made}/xacthuc_c-config.cmake
                                INSTALL_DESTINATION ${c_package_dir} NO_SET_AND_CHECK_MACRO)
  # The interface's number again: within one upper half nothing goes away.
  get_target_property(xacthuc_c_version xacthuc_c VERSION)
  write_basic_package_version_file(${made}/xacthuc_c-config-version.cmake VERSION ${xacthuc_c_version}
                                   COMPATIBILITY SameMajorVersion)
  file(RELATIVE_PATH xacthuc_prefix_from_pc ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
  string(REGEX REPLACE "/$" "" xacthuc_prefix_from_pc "${xacthuc_prefix_from_pc}")
  configure_file(${PROJECT_SOURCE_DIR}/bindings/c/xacthuc_c.pc.in ${made}/xacthuc_c.pc @ONLY)

  set_target_properties(${target} PROPERTIES EXPORT_NAME xacthuc_c)
  install(TARGETS ${target} EXPORT ${target}-targets
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} ${ARGN} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ${ARGN}
          FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} ${ARGN})
  install(EXPORT ${target}-targets NAMESPACE xacthuc:: FILE xacthuc_c-targets.cmake DESTINATION ${c_package_dir} ${ARGN})
  install(FILES ${made}/xacthuc_c-config.cmake ${made}/xacthuc_c-config-version.cmake DESTINATION ${c_package_dir} ${ARGN})
  install(FILES ${made}/xacthuc_c.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig ${ARGN})
endfunction()
