// A live capture that is read from standard input ends when the user says so.
#ifndef SESSENUM_TOOLS_SESSENUM_INTERRUPT_H_
#define SESSENUM_TOOLS_SESSENUM_INTERRUPT_H_

namespace sessenum::tool {

// From now on the first SIGINT or SIGTERM ends standard input where it stands: what was read is told in full, with the
// summary. A second one ends the program.
void EndStandardInputOnInterrupt();

// Whether such a signal has come: where standard input ended then is no damage.
[[nodiscard]] bool WasInterrupted();

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_INTERRUPT_H_
