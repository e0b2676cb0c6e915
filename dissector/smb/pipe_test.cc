#include "smb/pipe.h"

#include <gtest/gtest.h>

#include "smb/recorder_testing.h"
#include "smb/smb2_builder_testing.h"

namespace sessenum {
namespace {

using smb2::Buffer;
using smb2::Pdu;

PipeData Data(const Buffer& bytes, std::uint64_t missing = 0) {
  PipeData data;
  data.bytes = SourcedBytes(bytes, {});
  data.missing = missing;
  return data;
}

TEST(LooksLikeRpcTest, HeaderOfEitherOrder) {
  Buffer pdu = Pdu(0, 0, 0);
  EXPECT_TRUE(LooksLikeRpc(pdu));
  EXPECT_FALSE(LooksLikeRpc(Bytes(pdu).first(9)));
  pdu[4] = 0;
  EXPECT_TRUE(LooksLikeRpc(pdu));  // 0x1000 bytes
  for (const auto& [at, value] :
       {std::pair<std::size_t, int>{0, 4}, {1, 1}, {2, 20}, {4, 0x20}, {5, 1}, {6, 1}, {7, 1}}) {
    Buffer other = Pdu(0, 0, 0);
    other[at] = static_cast<std::uint8_t>(value);
    EXPECT_FALSE(LooksLikeRpc(other)) << at;
  }
  Buffer small = Pdu(0, 0, 0);
  small[8] = 15;
  EXPECT_FALSE(LooksLikeRpc(small));
}

TEST(PipeTest, ShortStartWithHoleDecidesNothing) {
  Recorder recorder;
  SmbCounts counts;
  Pipe pipe(recorder, counts, PipeKind::kPerhaps, {});
  const Buffer start = {5, 0};
  pipe.OnData(Direction::kToServer, Data(start, 30), {});
  EXPECT_TRUE(pipe.alive());
  EXPECT_EQ(counts.unattributed, 1U);
  const Buffer pdu = Pdu(0, 4, 'x');
  pipe.OnData(Direction::kToServer, Data(pdu), {});
  EXPECT_EQ(recorder.pipes.size(), 1U);
  pipe.Close();
  pipe.OnData(Direction::kToServer, Data(pdu), {});
  EXPECT_TRUE(recorder.pipes[0]->closed);
  EXPECT_EQ(recorder.pipes[0]->to_server().size(), pdu.size());
}

}  // namespace
}  // namespace sessenum
