# SPDX-License-Identifier: Apache-2.0
# Makes the register that docs/c-abi.md makes, and runs the example in C on it.
#
#   cmake -D XACTHUC=<the command> -D EXAMPLE=<the program> -D WORK_DIR=… -P verify_one_c_test.cmake
file(REMOVE_RECURSE ${WORK_DIR})
file(WRITE ${WORK_DIR}/people.csv "so_cccd,ho_ten,ngay_sinh\n001199000001,Nguyễn Thị Hòa,08/03/1999\n")
execute_process(COMMAND ${XACTHUC} import ${WORK_DIR}/people.csv --out ${WORK_DIR}/people.xts COMMAND_ERROR_IS_FATAL ANY
                OUTPUT_QUIET)
execute_process(COMMAND ${EXAMPLE} ${WORK_DIR} COMMAND_ERROR_IS_FATAL ANY OUTPUT_VARIABLE said)
if(NOT said STREQUAL "birth_date_mismatch, name folded, as of change 1\n")
  message(FATAL_ERROR "the example said: ${said}")
endif()
execute_process(COMMAND ${EXAMPLE} ${WORK_DIR}/nowhere RESULT_VARIABLE status ERROR_VARIABLE said)
if(status EQUAL 0 OR NOT said MATCHES "digest.key")
  message(FATAL_ERROR "without a register the example said: ${said}")
endif()
