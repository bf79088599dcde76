# SPDX-License-Identifier: Apache-2.0
# Warnings and sanitizers for one target of this project; consumers get neither.
function(xacthuc_flags target)
  if(XACTHUC_DEVELOPER_WARNINGS)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
  endif()
  if(XACTHUC_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${XACTHUC_SANITIZE} -fno-omit-frame-pointer
                                             -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${XACTHUC_SANITIZE})
    if(XACTHUC_SANITIZE MATCHES "thread")
      # Fences are what ThreadSanitizer does not follow, and g++ refuses them. Nothing here shares what Asio does.
      target_compile_definitions(${target} PRIVATE BOOST_ASIO_DISABLE_FENCED_BLOCK)
    endif()
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
      # The sanitizer's part for C++ comes with the linker for C++ only, and programs in C link libraries that need it.
      set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
    endif()
  endif()
endfunction()
