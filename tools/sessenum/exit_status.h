// What the program tells its caller.
#ifndef SESSENUM_TOOLS_SESSENUM_EXIT_STATUS_H_
#define SESSENUM_TOOLS_SESSENUM_EXIT_STATUS_H_

namespace sessenum::tool {

enum class ExitStatus : int {
  kDone = 0,
  kFindings = 1,  // something at or above --fail-on
  kFailed = 2,    // could not do the job, or not all of it
};

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_EXIT_STATUS_H_
