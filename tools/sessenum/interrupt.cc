#include "interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace sessenum::tool {
namespace {

volatile std::sig_atomic_t nothing = -1;  // a descriptor that is always at its end
volatile std::sig_atomic_t is_told = 0;

// A read that waits comes back, and the next one finds the end: none can slip in between.
void EndStandardInput(int /*signal*/) {
  const int before = errno;
  static_cast<void>(dup2(static_cast<int>(nothing), STDIN_FILENO));
  errno = before;
  is_told = 1;
}

}  // namespace

void EndStandardInputOnInterrupt() {
  const int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;  // interrupted, the program ends as any other
  nothing = descriptor;
  struct sigaction action {};
  action.sa_handler = EndStandardInput;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // without SA_RESTART: the read must come back
  sigemptyset(&action.sa_mask);
  static_cast<void>(sigaction(SIGINT, &action, nullptr));
  static_cast<void>(sigaction(SIGTERM, &action, nullptr));
}

bool WasInterrupted() { return is_told != 0; }

}  // namespace sessenum::tool
