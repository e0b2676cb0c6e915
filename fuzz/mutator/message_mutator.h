// Changes messages of NetrSessionEnum field by field, by the tables that describe them.
#ifndef SESSENUM_FUZZ_MUTATOR_MESSAGE_MUTATOR_H_
#define SESSENUM_FUZZ_MUTATOR_MESSAGE_MUTATOR_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "fuzz/mutator/draw.h"
#include "srvsvc/model.h"

namespace sessenum::fuzz {

// The texts that it put into messages are its own and go with it.
class MessageMutator {
 public:
  explicit MessageMutator(Draw& draw) : draw_(draw) {}

  // A lawful message of any listed level.
  [[nodiscard]] SessionEnumRequest MakeRequest();
  [[nodiscard]] SessionEnumResponse MakeResponse();

  // One change, which may make the message unlawful. The encoder can write it all the same.
  void Mutate(SessionEnumRequest& request);
  void Mutate(SessionEnumResponse& response);

 private:
  // Ends with NUL.
  [[nodiscard]] NdrString MakeString();
  [[nodiscard]] NdrString StringOf(const std::vector<std::uint16_t>& units);
  [[nodiscard]] NdrUniqueU32 MakeUnique();
  [[nodiscard]] Session MakeSession();
  [[nodiscard]] SessionEnumStruct MakeInfo();

  void MutateString(NdrString& string);
  void MutateUnits(NdrString& string);
  void MutatePointer(NdrPointer& pointer);
  void MutateUnique(NdrUniqueU32& number);
  void MutateLevel(SessionEnumStruct& info);
  void MutateCounts(SessionContainer& container);
  void MutateList(SessionContainer& container);
  void MutateSession(const LevelSpec& level, Session& session);
  void MutateInfo(SessionEnumStruct& info);

  Draw& draw_;
  std::deque<std::vector<std::uint8_t>> texts_;
};

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_MUTATOR_MESSAGE_MUTATOR_H_
