# sessenum_preload(<variable>): what has to be loaded (LD_PRELOAD) before a library of this build goes into a program that
# was built without the sanitizer that the library expects to find; empty without ASan. clang links its runtime into
# programs alone.
function(sessenum_preload variable)
  set(runtimes)
  if(CMAKE_CXX_FLAGS MATCHES "fsanitize=[a-z,-]*address")
    set(runtimes libasan.so libstdc++.so)
    if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
      set(runtimes libclang_rt.asan-${CMAKE_SYSTEM_PROCESSOR}.so)
    endif()
  endif()
  set(paths)
  foreach(runtime IN LISTS runtimes)
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=${runtime} OUTPUT_VARIABLE path
                    OUTPUT_STRIP_TRAILING_WHITESPACE)
    list(APPEND paths ${path})
  endforeach()
  list(JOIN paths ":" paths)
  set(${variable} "${paths}" PARENT_SCOPE)
endfunction()
