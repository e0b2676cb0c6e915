# sessenum_unit_test(<name> SOURCES <file>... LINK <library>...): <name>_test, which ctest runs as unit.<name>.
function(sessenum_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 TEST "" "" "SOURCES;LINK")
  set(test ${name}_test)
  add_executable(${test} ${TEST_SOURCES})
  target_link_libraries(${test} PRIVATE ${TEST_LINK} GTest::gmock_main Threads::Threads)
  # Tests run for a moment: to optimize them takes longer than it saves.
  target_compile_options(${test} PRIVATE -O0)
  # To read GoogleTest takes longer than to compile most tests: the first ones do it for all.
  if(name STREQUAL base)
    target_precompile_headers(${test} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  else()
    target_precompile_headers(${test} REUSE_FROM base_test)
  endif()
  add_test(NAME unit.${name} COMMAND ${test} --gtest_brief=1 WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 600)
endfunction()

# sessenum_layer(NAME <folder> [DEPENDS <folder>...] [SOURCES <file>...] [LINK <target>...]
#                [TESTS <file>...] [TEST_DEPENDS <folder>...] [TEST_LINK <target>...] [BENCHES <file>...])
#
# Makes the library sessenum_<folder> of dissector/<folder> and, from TESTS, the test unit.<folder>. From BENCHES, with
# SESSENUM_BENCHMARKS, the program <folder>_bench, and the test bench.<folder> that it runs.
#
# A layer has an include root of its own, build/<preset>/include/<folder>, in which <folder> is a link to the sources.
# So `#include "smb/connection.h"` is found only where sessenum_smb is linked: an upward include does not compile.
# DEPENDS are public and carry their own DEPENDS along; LINK stays inside the layer.
function(sessenum_layer)
  cmake_parse_arguments(PARSE_ARGV 0 LAYER "" "NAME" 
                        "DEPENDS;SOURCES;LINK;TESTS;TEST_DEPENDS;TEST_LINK;BENCHES")
  if(LAYER_UNPARSED_ARGUMENTS OR NOT LAYER_NAME)
    message(FATAL_ERROR "sessenum_layer: cannot read the arguments: ${ARGN}")
  endif()
  foreach(below IN LISTS LAYER_DEPENDS LAYER_TEST_DEPENDS)
    if(NOT TARGET sessenum_${below})
      message(FATAL_ERROR "The layer ${LAYER_NAME} asks for ${below}, which is not below it")
    endif()
  endforeach()
  list(TRANSFORM LAYER_DEPENDS PREPEND sessenum_)
  list(TRANSFORM LAYER_TEST_DEPENDS PREPEND sessenum_)

  set(root ${PROJECT_BINARY_DIR}/include/${LAYER_NAME})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${root}/${LAYER_NAME} SYMBOLIC)

  set(library sessenum_${LAYER_NAME})
  if(LAYER_SOURCES)
    add_library(${library} STATIC ${LAYER_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${library} PRIVATE ${LAYER_LINK})
  else()
    add_library(${library} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${library} ${scope} ${root})
  target_link_libraries(${library} ${scope} ${LAYER_DEPENDS})
  # Debuggers, coverage and failed assertions name the source, not the link to it.
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR PARENT_PATH parent)
  target_compile_options(${library} ${scope} -ffile-prefix-map=${root}=${parent})

  if(BUILD_TESTING AND LAYER_TESTS)
    sessenum_unit_test(${LAYER_NAME} SOURCES ${LAYER_TESTS}
                       LINK ${library} ${LAYER_TEST_DEPENDS} ${LAYER_LINK} ${LAYER_TEST_LINK})
  endif()

  if(SESSENUM_BENCHMARKS AND LAYER_BENCHES)
    set(bench ${LAYER_NAME}_bench)
    add_executable(${bench} ${LAYER_BENCHES} ${PROJECT_SOURCE_DIR}/dissector/base/allocation_count_testing.cc)
    target_link_libraries(${bench} PRIVATE ${library} ${LAYER_TEST_DEPENDS} benchmark::benchmark_main)
    add_dependencies(benchmarks ${bench})
    if(BUILD_TESTING)
      add_test(NAME bench.${LAYER_NAME}
               COMMAND ${SESSENUM_PYTHON} -B ${PROJECT_SOURCE_DIR}/tools/benchmarks/run_once.py $<TARGET_FILE:${bench}>)
      set_tests_properties(bench.${LAYER_NAME} PROPERTIES LABELS bench TIMEOUT 600)
    endif()
  endif()
endfunction()
