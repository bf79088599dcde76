# SPDX-License-Identifier: Apache-2.0
# Installs the library, its headers, and what find_package(xacthuc) and pkg-config need to find it.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/xacthuc)

# CMake consumers of a static library find its private libraries the way this build did.
set(xacthuc_find_private_modules "")
set(xacthuc_requires_private "")
foreach(module IN LISTS xacthuc_private_modules)
  string(REGEX MATCH "^([a-z0-9]+)=([a-z0-9]+)(>=)(.+)$" module "${module}")
  string(APPEND xacthuc_find_private_modules
         "  pkg_check_modules(${CMAKE_MATCH_1} QUIET IMPORTED_TARGET ${CMAKE_MATCH_2}>=${CMAKE_MATCH_4})\n"
         "  if(NOT TARGET PkgConfig::${CMAKE_MATCH_1})\n"
         "    set(xacthuc_FOUND FALSE)\n"
         "    set(xacthuc_NOT_FOUND_MESSAGE \"xacthuc needs ${CMAKE_MATCH_2} >= ${CMAKE_MATCH_4}\")\n"
         "    return()\n"
         "  endif()\n")
  list(APPEND xacthuc_requires_private "${CMAKE_MATCH_2} >= ${CMAKE_MATCH_4}")
endforeach()
list(JOIN xacthuc_requires_private ", " xacthuc_requires_private)
list(TRANSFORM CMAKE_DL_LIBS PREPEND -l OUTPUT_VARIABLE xacthuc_libs_private)
get_target_property(xacthuc_library_type xacthuc TYPE)

configure_package_config_file(cmake/xacthuc-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/xacthuc-config.cmake
                              INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/xacthuc-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)

# The .pc file finds its prefix from where it lies, so that an installed tree can be moved.
file(RELATIVE_PATH xacthuc_prefix_from_pc ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" xacthuc_prefix_from_pc "${xacthuc_prefix_from_pc}")
configure_file(cmake/xacthuc.pc.in xacthuc.pc @ONLY)

install(TARGETS xacthuc EXPORT xacthuc-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT xacthuc-targets NAMESPACE xacthuc:: DESTINATION ${package_dir})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/xacthuc-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/xacthuc-config-version.cmake
        DESTINATION ${package_dir})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/xacthuc.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
set(xacthuc_client_requires_private "libsodium >= 1.0.18, openssl >= 3.0")
foreach(client client cluster_client)
  if(TARGET xacthuc_${client})
    configure_file(cmake/xacthuc_${client}.pc.in xacthuc_${client}.pc @ONLY)
    install(TARGETS xacthuc_${client} EXPORT xacthuc_${client}-targets
            ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
            FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
    install(EXPORT xacthuc_${client}-targets NAMESPACE xacthuc:: DESTINATION ${package_dir})
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/xacthuc_${client}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  endif()
endforeach()
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
# An example to start from; nothing reads it from there.
install(DIRECTORY data/policy DESTINATION ${CMAKE_INSTALL_DATADIR}/xacthuc FILES_MATCHING PATTERN "*.toml")
if(TARGET xacthuc_cli)
  install(TARGETS xacthuc_cli xacthucd RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
foreach(program xacthuc_bench xacthuc_follow_postgres)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()
include(xacthuc_package)
