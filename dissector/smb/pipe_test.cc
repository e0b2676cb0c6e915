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

TEST(PipeTest, ShortStartWithHoleDecidesNothing) {
  Recorder recorder;
  SmbCounts counts;
  const PipeHost host{recorder, counts};
  Pipe pipe(PipeKind::kPerhaps, {});
  const Buffer start = {5, 0};
  pipe.OnData(host, Direction::kToServer, Data(start, 30), {});
  EXPECT_TRUE(pipe.alive());
  EXPECT_EQ(counts.unattributed, 1U);
  const Buffer pdu = Pdu(0, 4, 'x');
  pipe.OnData(host, Direction::kToServer, Data(pdu), {});
  EXPECT_EQ(recorder.pipes.size(), 1U);
  pipe.Close();
  pipe.OnData(host, Direction::kToServer, Data(pdu), {});
  EXPECT_TRUE(recorder.pipes[0]->closed);
  EXPECT_EQ(recorder.pipes[0]->to_server().size(), pdu.size());
}

TEST(PipeTest, WhatIsLostBeforeTheFirstByteIsToldWithIt) {
  Recorder recorder;
  SmbCounts counts;
  const PipeHost host{recorder, counts};
  Pipe pipe(PipeKind::kPerhaps, {});
  pipe.OnLost(Direction::kToServer, Undecoded::kGap, {7, 0});
  EXPECT_TRUE(recorder.pipes.empty());
  const Buffer pdu = Pdu(2, 4, 'x');
  pipe.OnData(host, Direction::kToClient, Data(pdu), {});
  ASSERT_EQ(recorder.pipes.size(), 1U);
  EXPECT_EQ(recorder.pipes[0]->to_server(), "{0 gap}");
  EXPECT_EQ(recorder.pipes[0]->to_client().size(), pdu.size());
}

}  // namespace
}  // namespace sessenum
