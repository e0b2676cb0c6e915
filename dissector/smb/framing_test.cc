#include "smb/framing.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "smb/smb2_builder_testing.h"

namespace sessenum {
namespace {

using smb2::Buffer;
using smb2::Framed;

constexpr Frame kFrame{3, 0};

// Writes down what a framer says: "m<length>", "p<at hand>/<length>", "lost".
class Log final : public SmbFramer::Sink {
 public:
  void OnMessage(const SmbMessage& message) override {
    const std::string length = std::to_string(message.length);
    text += message.whole() ? "m" + length : "p" + std::to_string(message.bytes.size()) + "/" + length;
    text += " ";
    last_data = message.bytes.bytes().data();
  }
  void OnLost(Undecoded why, Frame) override { text += "lost:" + std::string(Name(why)) + " "; }
  bool WantsRest(const SmbMessage&) override {
    ++asked;
    return wants;
  }

  std::string text;
  bool wants = true;
  int asked = 0;
  const std::uint8_t* last_data = nullptr;
};

class FramingTest : public testing::Test {
 protected:
  void Feed(const Buffer& bytes, std::size_t step = SIZE_MAX) {
    const Origin origin{0, kFrame};
    const SourcedBytes all(bytes, {&origin, 1});
    for (std::size_t at = 0; at < bytes.size();) {
      const SourcedBytes piece = all.Sub(at, step);
      framer_.OnData(piece);
      at += piece.size();
    }
  }

  Limits limits_;
  Budget budget_{limits_};
  Log log_;
  SmbFramer framer_{budget_, log_};
};

Buffer Sized(std::size_t size, std::uint8_t magic = 0xFE) {
  Buffer message(size, 0x11);
  message[0] = magic;
  message[1] = 'S';
  message[2] = 'M';
  message[3] = 'B';
  return message;
}

Buffer Join(const std::vector<Buffer>& parts) {
  Buffer out;
  for (const Buffer& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

Buffer Head(const Buffer& bytes, std::size_t size) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)};
}
Buffer Tail(const Buffer& bytes, std::size_t from) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end()};
}

TEST_F(FramingTest, WholeMessagesAreNotCopied) {
  const Buffer bytes =
      Join({Framed(Sized(70)), Framed(Sized(40, 0xFF)), Framed(Sized(60, 0xFD)), Framed(Sized(20, 0xFC))});
  Feed(bytes);
  EXPECT_EQ(log_.text, "m70 m40 m60 m20 ");
  EXPECT_EQ(log_.last_data, bytes.data() + bytes.size() - 20);
}

TEST_F(FramingTest, CutInAnyWayGivesTheSame) {
  const Buffer bytes = Join({{0x81, 0, 0, 4, 1, 2, 3, 4},
                             Framed(Sized(70)),
                             {0x85, 0, 0, 0},
                             {0, 0, 0, 0},
                             Framed(Sized(300)),
                             Buffer(33, 0x00),
                             Buffer(9, 'S'),
                             Framed(Sized(64))});
  for (const std::size_t step : {1U, 2U, 3U, 5U, 8U, 100U, 1000U}) {
    Log log;
    SmbFramer framer(budget_, log);
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      framer.OnData(SourcedBytes(bytes, {}).Sub(at, step));
    }
    EXPECT_EQ(log.text, "m70 m300 lost:malformed m64 ") << step;
    EXPECT_EQ(framer.garbage_runs(), 1U) << step;
  }
  EXPECT_EQ(budget_.smb_bytes_held, 0U);
}

TEST_F(FramingTest, StartsInsideMessage) {
  Feed(Join({Tail(Framed(Sized(100)), 50), Framed(Sized(64))}), 3);
  EXPECT_EQ(log_.text, "m64 ");
  EXPECT_EQ(framer_.garbage_runs(), 0U);
}

TEST_F(FramingTest, KnownHoleInsideMessageKeepsFraming) {
  const Buffer message = Framed(Sized(100));
  Feed(Head(message, 60));
  framer_.OnMissing(10, Undecoded::kTruncated, kFrame);
  Feed(Join({Tail(message, 70), Framed(Sized(64))}));
  EXPECT_EQ(log_.text, "p56/100 m64 ");
}

TEST_F(FramingTest, KnownHoleUpToTheEndKeepsFraming) {
  for (std::size_t kept = 4; kept < 104; ++kept) {
    Log log;
    SmbFramer framer(budget_, log);
    const Buffer first = Framed(Sized(64));
    const Buffer message = Framed(Sized(100));
    framer.OnData(SourcedBytes(first, {}));
    framer.OnData(SourcedBytes(message, {}).Sub(0, kept));
    framer.OnMissing(104 - kept, Undecoded::kGap, kFrame);
    framer.OnData(SourcedBytes(first, {}));
    EXPECT_EQ(log.text, "m64 p" + std::to_string(kept - 4) + "/100 m64 ");
  }
}

// Such a header was once believed where a hole came right behind it, and all that followed was taken for its rest.
TEST_F(FramingTest, ALengthThatHoldsNoMagicIsGarbageAtOnce) {
  for (const std::uint8_t length : Buffer{1, 2, 3}) {
    Log log;
    SmbFramer framer(budget_, log);
    const Buffer first = Framed(Sized(64));
    const Buffer tiny = {0, 0, 0, length, 1, 2, 3};
    framer.OnData(SourcedBytes(first, {}));
    framer.OnData(SourcedBytes(tiny, {}));
    framer.OnMissing(8, Undecoded::kGap, kFrame);
    framer.OnData(SourcedBytes(first, {}));
    EXPECT_EQ(log.text, "m64 lost:malformed lost:gap m64 ") << int{length};
  }
}

TEST_F(FramingTest, SecondHoleInSkippedRest) {
  const Buffer message = Framed(Sized(100));
  Feed(Head(message, 60));
  framer_.OnMissing(10, Undecoded::kGap, kFrame);
  Feed(Buffer(5));
  framer_.OnMissing(29, Undecoded::kGap, kFrame);
  Feed(Framed(Sized(64)));
  EXPECT_EQ(log_.text, "p56/100 m64 ");
}

TEST_F(FramingTest, HoleBeyondMessageSeeks) {
  Feed(Head(Framed(Sized(100)), 60));
  framer_.OnMissing(45, Undecoded::kGap, kFrame);
  Feed(Join({Buffer(7, 0xAA), Framed(Sized(64))}));
  EXPECT_EQ(log_.text, "p56/100 lost:gap m64 ");
}

TEST_F(FramingTest, UnknownHoleSeeks) {
  Feed(Head(Framed(Sized(100)), 60));
  framer_.OnMissing(0, Undecoded::kGap, kFrame);
  Feed(Join({Buffer(20, 0xAA), Framed(Sized(64))}));
  EXPECT_EQ(log_.text, "p56/100 lost:gap m64 ");
}

TEST_F(FramingTest, HoleInHeaderSeeks) {
  Feed(Framed(Sized(64)));
  Feed({0, 0});
  framer_.OnMissing(2, Undecoded::kGap, kFrame);
  Feed(Join({Sized(80), Framed(Sized(64))}));
  EXPECT_EQ(log_.text, "m64 lost:gap m64 ");
}

TEST_F(FramingTest, UnwantedRestIsSkipped) {
  log_.wants = false;
  const Buffer bytes = Join({Framed(Sized(5000)), Framed(Sized(64))});
  Feed(Head(bytes, 200));
  EXPECT_EQ(log_.text, "p196/5000 ");
  EXPECT_EQ(budget_.smb_bytes_held, 0U);
  Feed(Tail(bytes, 200), 100);
  EXPECT_EQ(log_.text, "p196/5000 m64 ");
  EXPECT_EQ(log_.asked, 1);
}

TEST_F(FramingTest, AsksOnceForEachMessage) {
  Feed(Join({Framed(Sized(500)), Framed(Sized(500))}), 50);
  EXPECT_EQ(log_.asked, 2);
  EXPECT_EQ(log_.text, "m500 m500 ");
}

TEST_F(FramingTest, CloseHandsOnTheStart) {
  Feed(Head(Framed(Sized(100)), 60));
  framer_.OnClose();
  EXPECT_EQ(log_.text, "p56/100 ");
}

TEST(FramingCapTest, LongMessageIsCut) {
  Limits limits;
  limits.smb_message_bytes = 1000;
  Budget budget(limits);
  Log log;
  SmbFramer framer(budget, log);
  const Buffer bytes = Join({Framed(Sized(5000)), Framed(Sized(64))});
  for (std::size_t at = 0; at < bytes.size(); at += 100) framer.OnData(SourcedBytes(bytes, {}).Sub(at, 100));
  EXPECT_EQ(log.text, "p1096/5000 m64 ");
  EXPECT_EQ(budget.hits(Cap::kSmbMessageBytes), 1U);
}

TEST(FramingCapTest, AllConnectionsShareOne) {
  Limits limits;
  limits.total_smb_bytes = 1000;
  Budget budget(limits);
  Log log_a;
  Log log_b;
  SmbFramer a(budget, log_a);
  const Buffer bytes = Framed(Sized(5000));
  {
    SmbFramer b(budget, log_b);
    a.OnData(SourcedBytes(bytes, {}).Sub(0, 600));
    b.OnData(SourcedBytes(bytes, {}).Sub(0, 300));
    b.OnData(SourcedBytes(bytes, {}).Sub(300, 300));
    EXPECT_EQ(log_b.text, "p596/5000 ");
  }
  EXPECT_EQ(budget.hits(Cap::kTotalSmbBytes), 1U);
  EXPECT_EQ(budget.smb_bytes_held, 600U);
}

// A megabyte that looks like a message at every fifth byte, but never is one.
TEST_F(FramingTest, SeekingIsLinear) {
  Buffer bytes;
  for (int i = 0; i < 200'000; ++i) bytes.insert(bytes.end(), {0, 0, 0, 1, 'S'});
  Feed(bytes, 1000);
  Feed(Framed(Sized(64)));
  EXPECT_EQ(log_.text, "m64 ");
}

}  // namespace
}  // namespace sessenum
