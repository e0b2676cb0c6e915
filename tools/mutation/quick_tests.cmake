# A mutant of a header has the tests compiled anew: what is not the project's is read once. Those that run long are
# optimized here, where they run for each mutant.
function(sessenum_quicken_tests)
  foreach(layer IN ITEMS base ndr srvsvc rpc smb net rules replay output)
    if(TARGET ${layer}_test)
      if(layer MATCHES "base|srvsvc")
        target_compile_options(${layer}_test PRIVATE -O1)
      endif()
      target_precompile_headers(${layer}_test PRIVATE <gmock/gmock.h> <gtest/gtest.h> <algorithm> <array> <cstdint> <deque>
                                <map> <optional> <string> <string_view> <utility> <vector>)
    endif()
  endforeach()
endfunction()
cmake_language(DEFER CALL sessenum_quicken_tests)
