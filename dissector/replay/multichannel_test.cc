// Calls on pipes of sessions that go over several connections (MS-SMB2 3.3.5.5.2).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "replay/conversation_testing.h"
#include "replay/dissector.h"
#include "replay/recorded_call_testing.h"

namespace sessenum {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

// Two connections of one client, whose packets come as they are said.
class MultichannelTest : public testing::Test {
 protected:
  struct Channel {
    explicit Channel(const Wire& where) : wire(where), packets(where) {}

    Wire wire;
    TcpPackets packets;
    Smb2Talk smb;
  };

  // Sends what was said on `channel` since the last time.
  void Send(Channel& channel) {
    for (const builder::Raw& packet : channel.packets.Go(std::exchange(channel.smb.talk, {}))) OnPacket(packet);
  }
  void End(Channel& channel) {
    Send(channel);
    for (const builder::Raw& packet : channel.packets.End()) OnPacket(packet);
  }
  void OnPacket(const builder::Raw& packet) {
    ++number_;
    dissector_.OnPacket(
        {{number_, static_cast<std::int64_t>(number_) * 1'000'000}, LinkType::kEthernet, packet, packet.size()});
  }
  void OpenAndBind(Channel& channel) {
    channel.smb.OpenPipe("srvsvc");
    channel.smb.WriteAndRead(Bind(), BindAck());
    Send(channel);
  }

  [[nodiscard]] static Wire Second(bool handshake = true) {
    return {{builder::Address(3), 40'001}, {builder::Address(4), 445}, handshake};
  }
  // Between the same hosts; the capture does not have its start.
  [[nodiscard]] static Wire Midway() { return {{builder::Address(1), 40'001}, {builder::Address(2), 445}, false}; }

  const Stub request_ = RequestPdu(2, RequestStub()).Build();
  const Stub response_ = ResponsePdu(2, ResponseStub()).Build();
  std::vector<RecordedCall> calls_;
  Dissector dissector_{{}, [this](const Call& call) { calls_.push_back(Record(call)); }};
  std::uint64_t number_ = 0;
};

constexpr const char* kWhole = "smb2 pipe=srvsvc user=alice id=2 ctx=0 ndr/bind_ack none | request ";

TEST_F(MultichannelTest, ACallOnTheSecondConnection) {
  Channel first{Wire{}};
  Channel second{Second()};
  OpenAndBind(first);
  second.smb.Join();
  second.smb.Transceive(request_, response_);
  Send(second);
  dissector_.Finish();
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(calls_[0].text, HasSubstr(kWhole));
  EXPECT_THAT(calls_[0].text, HasSubstr("\\\\10.0.0.0"));
  EXPECT_EQ(calls_[0].client, (Endpoint{builder::Address(1), 40'000})) << "where the pipe was opened";
}

TEST_F(MultichannelTest, FragmentsOverBothConnections) {
  Channel first{Wire{}};
  Channel second{Second()};
  OpenAndBind(first);
  second.smb.Join();
  Send(second);
  const Stub in = RequestStub();
  const Stub out = ResponseStub();
  const auto part = [](const Stub& stub, bool last) { return last ? Bytes(stub).subspan(16) : Bytes(stub).first(16); };
  for (const bool last : {false, true}) {
    Channel& channel = last ? second : first;
    const Stub pdu = RequestPdu(2, part(in, last)).Flags(last ? kLastFrag : kFirstFrag).Build();
    channel.smb.Ask(Smb2Command::kWrite, smb2::WriteRequest(pdu));
    channel.smb.Answer(Smb2Command::kWrite, smb2::WriteResponse());
    Send(channel);
  }
  for (const bool last : {false, true}) {
    Channel& channel = last ? first : second;
    const Stub pdu = ResponsePdu(2, part(out, last)).Flags(last ? kLastFrag : kFirstFrag).Build();
    channel.smb.Ask(Smb2Command::kRead, smb2::ReadRequest());
    channel.smb.Answer(Smb2Command::kRead, smb2::ReadResponse(pdu));
    Send(channel);
  }
  dissector_.Finish();
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(calls_[0].text, HasSubstr(kWhole + std::to_string(in.size()) + " bytes in 2 "));
  EXPECT_THAT(calls_[0].text, HasSubstr("response " + std::to_string(out.size()) + " bytes in 2 "));
}

TEST_F(MultichannelTest, TheFirstConnectionClosesInBetween) {
  Channel first{Wire{}};
  Channel second{Second()};
  OpenAndBind(first);
  second.smb.Join();
  second.smb.Ask(Smb2Command::kIoctl, smb2::IoctlRequest(request_));
  Send(second);
  End(first);
  second.smb.Answer(Smb2Command::kIoctl, smb2::IoctlResponse(response_));
  second.smb.Transceive(RequestPdu(3, RequestStub()).Build(), ResponsePdu(3, ResponseStub()).Build());
  End(second);
  dissector_.Finish();
  ASSERT_THAT(calls_, SizeIs(2));
  EXPECT_THAT(calls_[0].text, HasSubstr(kWhole));
  EXPECT_THAT(calls_[1].text, HasSubstr("pipe=srvsvc user=alice id=3 ctx=0 ndr/bind_ack"));
}

TEST_F(MultichannelTest, APipeThatWasOpenedWhereNothingIsLeft) {
  Channel first{Wire{}};
  Channel second{Second()};
  first.smb.OpenPipe("srvsvc");
  Send(first);
  second.smb.Join();
  Send(second);
  End(first);
  second.smb.WriteAndRead(Bind(), BindAck());
  second.smb.Transceive(request_, response_);
  Send(second);
  dissector_.Finish();
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(calls_[0].text, HasSubstr(kWhole));
}

// Its pipe, of which the capture has no start, is offered first when the connection that met it is gone.
TEST_F(MultichannelTest, APipeThatIsFirstUsedAfterItsConnection) {
  Channel first{Wire{}};
  Channel second{Second()};
  first.smb.OpenPipe("srvsvc");
  first.smb.Ask(Smb2Command::kRead, smb2::ReadRequest({7, 7}));
  Send(first);
  second.smb.Join();
  Send(second);
  End(first);
  second.smb.Ask(Smb2Command::kIoctl, smb2::IoctlRequest(request_, {7, 7}));
  second.smb.Answer(Smb2Command::kIoctl, smb2::IoctlResponse(response_, {7, 7}));
  Send(second);
  dissector_.Finish();
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_EQ(calls_[0].client, (Endpoint{builder::Address(3), 40'001}));
}

TEST_F(MultichannelTest, AConnectionWithoutItsStart) {
  Channel first{Wire{}};
  Channel second{Midway()};
  OpenAndBind(first);
  second.smb.Transceive(request_, response_);
  Send(second);
  dissector_.Finish();
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(calls_[0].text, HasSubstr(kWhole));
}

TEST_F(MultichannelTest, AnotherServersSessionOfTheSameNumber) {
  Channel first{Wire{}};
  Channel second{Second(false)};
  OpenAndBind(first);
  second.smb.Transceive(request_, response_);
  Send(second);
  first.smb.Transceive(RequestPdu(3, RequestStub()).Build(), ResponsePdu(3, ResponseStub()).Build());
  Send(first);
  dissector_.Finish();
  ASSERT_THAT(calls_, SizeIs(2));
  EXPECT_THAT(calls_[0].text, HasSubstr("pipe=- user=- id=2"));
  EXPECT_THAT(calls_[0].text, Not(HasSubstr("bind_ack")));
  EXPECT_THAT(calls_[1].text, HasSubstr("pipe=srvsvc user=alice id=3 ctx=0 ndr/bind_ack"));
}

TEST_F(MultichannelTest, LogoffEndsThePipe) {
  Channel first{Wire{}};
  Channel second{Second()};
  OpenAndBind(first);
  second.smb.Join();
  second.smb.Ask(Smb2Command::kIoctl, smb2::IoctlRequest(request_));
  second.smb.Answer(Smb2Command::kIoctl, smb2::ErrorBody(), kStatusPending);
  Send(second);
  first.smb.Ask(Smb2Command::kLogoff, smb2::Empty());
  first.smb.Answer(Smb2Command::kLogoff, smb2::Empty());
  Send(first);
  second.smb.Transceive(RequestPdu(3, RequestStub()).Build(), ResponsePdu(3, ResponseStub()).Build());
  Send(second);
  dissector_.Finish();
  ASSERT_THAT(calls_, SizeIs(2));
  EXPECT_THAT(calls_[0].text, Not(HasSubstr("response")));
  EXPECT_THAT(calls_[1].text, HasSubstr("pipe=- user=- id=3"));
}

}  // namespace
}  // namespace sessenum
