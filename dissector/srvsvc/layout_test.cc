// Stubs byte by byte: the layouts of both messages as they stand on the wire.
#include "srvsvc/layout.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_writer.h"
#include "srvsvc/message_builder_testing.h"

namespace sessenum {
namespace {

constexpr NdrFormat kNdr{TransferSyntax::kNdr, ByteOrder::kLittle};
constexpr NdrFormat kNdr64{TransferSyntax::kNdr64, ByteOrder::kLittle};

// Writes a stub field by field, with nothing of the codec in it.
class ByHand {
 public:
  ByHand& U32(std::uint32_t value) {
    ByteWriter(bytes_).Write(value);
    return *this;
  }
  ByHand& U64(std::uint64_t value) {
    ByteWriter(bytes_).Write(value);
    return *this;
  }
  ByHand& Pad(std::size_t count) {
    ByteWriter(bytes_).WriteFill(count);
    return *this;
  }
  // The units of `text` and a terminator.
  ByHand& Text(std::string_view text) {
    for (const char c : text) ByteWriter(bytes_).Write(static_cast<std::uint16_t>(c));
    return Pad(2);
  }
  ByHand& String32(std::string_view text) {
    const auto count = static_cast<std::uint32_t>(text.size() + 1);
    return U32(count).U32(0).U32(count).Text(text);
  }
  ByHand& String64(std::string_view text) { return U64(text.size() + 1).U64(0).U64(text.size() + 1).Text(text); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
};

std::string TextOf(const NdrString& string) { return string.null() ? "(null)" : ToUtf8(string.text()); }

void ExpectAnnotatedRequest(const SessionEnumRequest& request) {
  EXPECT_EQ(TextOf(request.server_name), "\\\\FS1");
  EXPECT_EQ(TextOf(request.client_name), "(null)");
  EXPECT_EQ(TextOf(request.user_name), "");
  EXPECT_EQ(request.info.level.value, 10U);
  EXPECT_FALSE(request.info.container_pointer.null());
  EXPECT_EQ(request.info.container.entries_read.value, 0U);
  EXPECT_TRUE(request.info.container.buffer.null());
  EXPECT_EQ(request.preferred_maximum_length.value, kMaxPreferredLength);
  EXPECT_FALSE(request.resume_handle.pointer.null());
  EXPECT_EQ(request.resume_handle.value.value, 0U);
  EXPECT_TRUE(request.report.anomalies.entries().empty());
  EXPECT_EQ(request.report.consumed, request.report.size);
}

TEST(Layout, RequestInNdr) {
  ByHand stub;
  stub.U32(0x20000).String32("\\\\FS1").U32(0).U32(0x20004).String32("").Pad(2).U32(10).U32(10);
  stub.U32(0x20008).U32(0).U32(0).U32(0xFFFFFFFF).U32(0x2000C).U32(0);
  ASSERT_EQ(stub.size(), 84U);
  SessionEnumRequest request;
  ASSERT_TRUE(DecodeRequest(stub.bytes(), kNdr, Limits{}, request).ok());
  ExpectAnnotatedRequest(request);
  EXPECT_EQ(request.server_name.extent(), (Extent{0x10, 12}));
  EXPECT_EQ(request.user_name.extent(), (Extent{0x30, 2}));
  EXPECT_EQ(request.info.level.at, 0x34U);
  EXPECT_EQ(request.info.tag.at, 0x38U);
  EXPECT_EQ(request.info.container_pointer.at, 0x3CU);
  EXPECT_EQ(request.info.container.entries_read.at, 0x40U);
  EXPECT_EQ(request.info.container.buffer.at, 0x44U);
  EXPECT_EQ(request.preferred_maximum_length.at, 0x48U);
  EXPECT_EQ(request.resume_handle.pointer.at, 0x4CU);
  EXPECT_EQ(request.resume_handle.value.at, 0x50U);

  MessageBuilder builder;
  EXPECT_EQ(EncodeMessage(builder.Request(10), kNdr), stub.bytes());
}

TEST(Layout, RequestInNdr64) {
  ByHand stub;
  stub.U64(0x20000).String64("\\\\FS1").Pad(4).U64(0).U64(0x20004).String64("").Pad(6);
  stub.U32(10).Pad(4).U32(10).Pad(4).U64(0x20008).U32(0).Pad(4).U64(0).U32(0xFFFFFFFF).Pad(4).U64(0x2000C).U32(0);
  ASSERT_EQ(stub.size(), 156U);
  SessionEnumRequest request;
  ASSERT_TRUE(DecodeRequest(stub.bytes(), kNdr64, Limits{}, request).ok());
  ExpectAnnotatedRequest(request);
  EXPECT_EQ(request.server_name.extent(), (Extent{0x20, 12}));
  EXPECT_EQ(request.info.level.at, 0x60U);
  EXPECT_EQ(request.info.tag.at, 0x68U);
  EXPECT_EQ(request.info.container_pointer.at, 0x70U);
  EXPECT_EQ(request.info.container.entries_read.at, 0x78U);
  EXPECT_EQ(request.info.container.buffer.at, 0x80U);
  EXPECT_EQ(request.preferred_maximum_length.at, 0x88U);
  EXPECT_EQ(request.resume_handle.pointer.at, 0x90U);
  EXPECT_EQ(request.resume_handle.value.at, 0x98U);

  MessageBuilder builder;
  EXPECT_EQ(EncodeMessage(builder.Request(10), kNdr64), stub.bytes());
}

void ExpectAnnotatedResponse(const SessionEnumResponse& response) {
  const std::vector<Session>& sessions = response.info.container.sessions;
  ASSERT_EQ(sessions.size(), 2U);
  EXPECT_EQ(TextOf(sessions[0].cname), "\\\\10.0.0.7");
  EXPECT_EQ(TextOf(sessions[0].username), "alice");
  EXPECT_EQ(sessions[0].time.value, 65U);
  EXPECT_EQ(sessions[0].idle_time.value, 3U);
  EXPECT_EQ(TextOf(sessions[1].cname), "\\\\10.0.0.9");
  EXPECT_EQ(TextOf(sessions[1].username), "");
  EXPECT_EQ(sessions[1].time.value, 7U);
  EXPECT_EQ(sessions[1].idle_time.value, 7U);
  EXPECT_FALSE(sessions[0].num_opens.decoded());
  EXPECT_EQ(response.total_entries.value, 2U);
  EXPECT_EQ(response.resume_handle.value.value, 0U);
  EXPECT_EQ(response.status.value, 0U);
  EXPECT_TRUE(response.report.anomalies.entries().empty());
  EXPECT_EQ(response.report.consumed, response.report.size);
}

TEST(Layout, ResponseInNdr) {
  ByHand stub;
  stub.U32(10).U32(10).U32(0x20000).U32(2).U32(0x20004).U32(2);
  stub.U32(0x20008).U32(0x2000C).U32(65).U32(3).U32(0x20010).U32(0x20014).U32(7).U32(7);
  stub.String32("\\\\10.0.0.7").Pad(2).String32("alice").String32("\\\\10.0.0.9").Pad(2).String32("").Pad(2);
  stub.U32(2).U32(0x20018).U32(0).U32(0);
  ASSERT_EQ(stub.size(), 184U);
  SessionEnumResponse response;
  ASSERT_TRUE(DecodeResponse(stub.bytes(), kNdr, Limits{}, response).ok());
  ExpectAnnotatedResponse(response);
  EXPECT_EQ(response.info.container.max_count.at, 0x14U);
  EXPECT_EQ(response.info.container.sessions[1].cname.pointer.at, 0x28U);
  EXPECT_EQ(response.total_entries.at, 0xA8U);
  EXPECT_EQ(response.resume_handle.pointer.at, 0xACU);
  EXPECT_EQ(response.status.at, 0xB4U);
}

TEST(Layout, ResponseInNdr64) {
  ByHand stub;
  stub.U32(10).Pad(4).U32(10).Pad(4).U64(0x20000).U32(2).Pad(4).U64(0x20004).U64(2);
  stub.U64(0x20008).U64(0x2000C).U32(65).U32(3).U64(0x20010).U64(0x20014).U32(7).U32(7);
  stub.String64("\\\\10.0.0.7").Pad(2).String64("alice").Pad(4).String64("\\\\10.0.0.9").Pad(2).String64("").Pad(2);
  stub.U32(2).U64(0x20018).U32(0).U32(0);
  ASSERT_EQ(stub.size(), 280U);
  SessionEnumResponse response;
  ASSERT_TRUE(DecodeResponse(stub.bytes(), kNdr64, Limits{}, response).ok());
  ExpectAnnotatedResponse(response);
  EXPECT_EQ(response.info.container.max_count.at, 0x28U);
  EXPECT_EQ(response.total_entries.at, 0x104U);  // aligns to its own four bytes after the strings
  EXPECT_EQ(response.resume_handle.pointer.at, 0x108U);
  EXPECT_EQ(response.resume_handle.value.at, 0x110U);
  EXPECT_EQ(response.status.at, 0x114U);
}

// What a Windows client and server sent. All their referents are 0x20000.
void ExpectRepeatedReferentsOnly(const StubReport& report, FieldRef field, std::uint32_t at, std::uint32_t times) {
  ASSERT_EQ(report.anomalies.entries().size(), 1U);
  EXPECT_EQ(report.anomalies.entries()[0],
            (Anomaly{AnomalyKind::kRepeatedReferent, {at, 8}, field, 0x20000, 0, times}));
  EXPECT_EQ(report.consumed, report.size);
}

TEST(Layout, RequestOfWindows) {
  ByHand stub;
  stub.U64(0x20000).String64("MORDORDC").Pad(6).U64(0x20000).String64("").Pad(6).U64(0x20000).String64("").Pad(6);
  stub.U32(10).Pad(4).U32(10).Pad(4).U64(0x20000).U32(0).Pad(4).U64(0).U32(0xFFFFFFFF).Pad(4).U64(0x20000).U32(0);
  ASSERT_EQ(stub.size(), 196U);
  SessionEnumRequest request;
  ASSERT_TRUE(DecodeRequest(stub.bytes(), kNdr64, Limits{}, request).ok());
  EXPECT_EQ(TextOf(request.server_name), "MORDORDC");
  EXPECT_EQ(TextOf(request.client_name), "");
  EXPECT_EQ(TextOf(request.user_name), "");
  EXPECT_EQ(request.info.level.at, 0x88U);
  EXPECT_EQ(request.resume_handle.value.at, 0xC0U);
  ExpectRepeatedReferentsOnly(request.report, {"client_name"}, 0x38, 4);
  EXPECT_EQ(EncodeMessage(request, kNdr64, Referents::kRecorded), stub.bytes());
}

TEST(Layout, ResponseOfWindows) {
  ByHand stub;
  stub.U32(10).Pad(4).U32(10).Pad(4).U64(0x20000).U32(1).Pad(4).U64(0x20000).U64(1);
  stub.U64(0x20000).U64(0x20000).U32(0).U32(0);
  stub.String64("\\\\172.18.39.5").Pad(4).String64("pgustavo").Pad(2).U32(1).U64(0x20000).U32(0x12).U32(0);
  ASSERT_EQ(stub.size(), 192U);
  SessionEnumResponse response;
  ASSERT_TRUE(DecodeResponse(stub.bytes(), kNdr64, Limits{}, response).ok());
  ASSERT_EQ(response.info.container.sessions.size(), 1U);
  EXPECT_EQ(TextOf(response.info.container.sessions[0].cname), "\\\\172.18.39.5");
  EXPECT_EQ(TextOf(response.info.container.sessions[0].username), "pgustavo");
  EXPECT_EQ(response.total_entries.at, 0xACU);
  EXPECT_EQ(response.resume_handle.value.value, 18U);
  EXPECT_EQ(response.status.value, 0U);
  ExpectRepeatedReferentsOnly(response.report, {"container.sessions"}, 0x20, 4);
  EXPECT_EQ(EncodeMessage(response, kNdr64, Referents::kRecorded), stub.bytes());
}

}  // namespace
}  // namespace sessenum
