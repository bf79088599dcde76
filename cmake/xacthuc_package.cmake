# SPDX-License-Identifier: Apache-2.0
# A Debian package of all that is installed: cmake --build <folder> --target package. It makes the user, and enables and
# starts nothing: there is no service without a register and a configuration.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME xacthuc)
set(CPACK_PACKAGE_VENDOR xacthuc)
set(CPACK_PACKAGE_CONTACT "the maintainers of xacthuc")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR})
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "systemd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/cmake/package/postinst
                                       ${PROJECT_SOURCE_DIR}/cmake/package/prerm ${PROJECT_SOURCE_DIR}/cmake/package/postrm)
include(CPack)
