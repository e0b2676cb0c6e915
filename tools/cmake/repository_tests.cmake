# Tests of the whole: the tool over pcaps/, the commands of the README, and the house's own rules.
set(tools ${PROJECT_SOURCE_DIR}/tools)

function(sessenum_python_test name)
  add_test(NAME ${name} COMMAND ${SESSENUM_PYTHON} -B ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT 900)
endfunction()

sessenum_python_test(tool.golden ${tools}/golden_test.py --sessenum $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.golden.can_fail ${tools}/golden_test.py --self-test)
sessenum_python_test(tool.cli.replay ${tools}/replay_cli_test.py --sessenum $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.cli.decode ${tools}/decode_cli_test.py --sessenum $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.damage ${tools}/damage_test.py --sessenum $<TARGET_FILE:sessenum> --variants 1000)
sessenum_python_test(tool.damage.can_fail ${tools}/damage_test.py --self-test)
sessenum_python_test(tool.tshark ${tools}/tshark_differential_test.py --sessenum $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.tshark.can_fail ${tools}/tshark_differential_test.py --self-test)
set_tests_properties(tool.tshark PROPERTIES SKIP_RETURN_CODE 77)
# Sanitizers multiply memory: what a plain build takes is looked at by tools/test, in the release build.
sessenum_python_test(tool.limits ${tools}/limits_test.py --sessenum $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.limits.can_fail ${tools}/limits_test.py --self-test)
# These keep two processors busy.
set_tests_properties(tool.damage tool.limits tool.tshark PROPERTIES PROCESSORS 2)
sessenum_python_test(tool.rules ${tools}/rules_test.py $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.extract ${tools}/extract_test.py $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.sequence ${tools}/sequence_test.py $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.live ${tools}/live_test.py --sessenum $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.dask ${tools}/dask_test.py --sessenum $<TARGET_FILE:sessenum>)
set_tests_properties(tool.dask PROPERTIES SKIP_RETURN_CODE 77 PROCESSORS 2)
sessenum_python_test(tool.dask.can_fail ${tools}/dask_test.py --self-test)
sessenum_python_test(tool.zeek ${tools}/zeek_events_test.py --sessenum $<TARGET_FILE:sessenum>
                     --events $<TARGET_FILE:zeek_events>)
sessenum_python_test(tool.duckdb ${tools}/duckdb_test.py --sessenum $<TARGET_FILE:sessenum>
                     --build-dir ${PROJECT_BINARY_DIR})
set_tests_properties(tool.duckdb PROPERTIES SKIP_RETURN_CODE 77)
sessenum_python_test(tool.formats ${tools}/formats_test.py agree --sessenum $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.formats.can_fail ${tools}/formats_test.py --self-test)
sessenum_python_test(tool.formats.sarif ${tools}/formats_test.py sarif --sessenum $<TARGET_FILE:sessenum>
                     --build-dir ${PROJECT_BINARY_DIR})
set_tests_properties(tool.formats.sarif PROPERTIES SKIP_RETURN_CODE 77)
sessenum_python_test(tool.jobs ${tools}/jobs_test.py --sessenum $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.jobs.can_fail ${tools}/jobs_test.py --self-test)
sessenum_python_test(tool.report ${tools}/report_test.py --sessenum $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.report.page ${tools}/report_page_test.py current --build-dir ${PROJECT_BINARY_DIR})
sessenum_python_test(tool.report.page.can_fail ${tools}/report_page_test.py current --self-test
                     --build-dir ${PROJECT_BINARY_DIR})
sessenum_python_test(tool.report.browser ${tools}/report_page_test.py browser --build-dir ${PROJECT_BINARY_DIR}
                     --sessenum $<TARGET_FILE:sessenum>)
# They share a folder with npm's packages.
set_tests_properties(tool.report.page tool.report.page.can_fail tool.report.browser PROPERTIES
                     SKIP_RETURN_CODE 77 RESOURCE_LOCK report_page)
sessenum_python_test(tool.readme ${tools}/readme_test.py --build-dir ${PROJECT_BINARY_DIR})
sessenum_python_test(tool.readme.can_fail ${tools}/readme_test.py --self-test)
sessenum_python_test(tool.manual ${tools}/manual_test.py --sessenum $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.completion ${tools}/completion_test.py --sessenum $<TARGET_FILE:sessenum>)
sessenum_python_test(tool.mutation ${tools}/mutation/self_test.py)
sessenum_python_test(tool.bench ${tools}/bench_test.py --sessenum $<TARGET_FILE:sessenum>
                     --pcap-loop $<TARGET_FILE:pcap_loop>)
sessenum_python_test(tool.bench.can_fail ${tools}/bench_test.py --sessenum $<TARGET_FILE:sessenum> --self-test)
sessenum_python_test(tool.fuzz ${tools}/fuzz_test.py)
# clang does not link what a program in C needs of a library in C++ with UBSan.
if(NOT (CMAKE_CXX_COMPILER_ID MATCHES Clang AND CMAKE_CXX_FLAGS MATCHES "fsanitize"))
  sessenum_python_test(tool.install ${tools}/install_test.py --build-dir ${PROJECT_BINARY_DIR} --cc ${CMAKE_C_COMPILER}
                       --cxx ${CMAKE_CXX_COMPILER} "--flags=${CMAKE_CXX_FLAGS}")
endif()
# Of those that take one processor, the longest are begun first, so that none is waited for at the end.
set_tests_properties(tool.report tool.report.browser tool.jobs PROPERTIES COST 100)
sessenum_python_test(house.architecture ${tools}/architecture_test.py)
sessenum_python_test(house.architecture.can_fail ${tools}/architecture_test.py --self-test)
sessenum_python_test(house.format ${tools}/format_test.py)
sessenum_python_test(house.oss_fuzz ${tools}/oss_fuzz_check_test.py)

# An include of a layer above is not found, one of a layer below is: the build's own guard, tried.
function(sessenum_include_test name layer header)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/include_test/${name}.cc CONTENT "#include \"${header}\"\n")
  add_test(NAME house.${name}
           COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only
                   "-I$<JOIN:$<TARGET_PROPERTY:sessenum_${layer},INTERFACE_INCLUDE_DIRECTORIES>,;-I>"
                   ${PROJECT_BINARY_DIR}/include_test/${name}.cc
           COMMAND_EXPAND_LISTS)
endfunction()

sessenum_include_test(downward_include rpc base/bytes.h)
sessenum_include_test(upward_include rpc smb/connection.h)
set_tests_properties(house.upward_include PROPERTIES PASS_REGULAR_EXPRESSION
                     "smb/connection.h.*(No such file|file not found)")
