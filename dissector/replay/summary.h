// What a run amounts to.
#ifndef SESSENUM_REPLAY_SUMMARY_H_
#define SESSENUM_REPLAY_SUMMARY_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/undecoded.h"
#include "rules/finding.h"

namespace sessenum {

struct Summary {
  std::uint64_t captures = 0;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // captured bytes
  std::uint64_t flows = 0;  // TCP connections
  std::uint64_t calls = 0;
  // Stubs and SMB messages that could not be decoded, by reason.
  std::array<std::uint64_t, kUndecodedNames.size()> undecoded{};
  VerdictCounts verdicts{};
  std::array<std::uint64_t, kCapNames.size()> limits_hit{};
  std::uint64_t unknown_link = 0;       // packets of a link type that is not read
  std::uint64_t overlap_conflicts = 0;  // TCP segments whose bytes differ from an earlier copy
  std::uint64_t incomplete_datagrams = 0;
  // What there is to say of keys that did not help, in plain words; names in them are the wire's.
  std::vector<std::string> key_complaints;

  Summary& operator+=(const Summary& other);
  // Takes over how often each of its limits was hit.
  void TakeHits(const Budget& budget);
};

}  // namespace sessenum

#endif  // SESSENUM_REPLAY_SUMMARY_H_
