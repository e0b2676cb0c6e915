# cmake -D SOURCE=<folder of the repository> -D TEMPLATE=<commit.cc.in> -D OUTPUT=<commit.cc> -P commit.cmake
#
# Runs with every build; the file changes with the commit alone. A release unpacked within somebody else's repository has
# no commit.
function(git_answer variable)
  execute_process(COMMAND git ${ARGN} WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE answer ERROR_QUIET
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(${variable} "${answer}" PARENT_SCOPE)
endfunction()

git_answer(top rev-parse --show-toplevel)
set(SESSENUM_COMMIT "")
if(top STREQUAL SOURCE)
  git_answer(SESSENUM_COMMIT describe --always --dirty --abbrev=12 --exclude=*)
endif()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
