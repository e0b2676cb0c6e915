// A connection for tests of SMB2, with its usual beginnings and a way to send it messages.
#ifndef SESSENUM_SMB_SMB2_FIXTURE_TESTING_H_
#define SESSENUM_SMB_SMB2_FIXTURE_TESTING_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "smb/recorder_testing.h"
#include "smb/smb2_builder_testing.h"

namespace sessenum::smb2 {

inline constexpr auto kToServer = Direction::kToServer;
inline constexpr auto kToClient = Direction::kToClient;
inline constexpr Frame kFrame{7, 0};

inline std::string Text(const Buffer& bytes) { return {bytes.begin(), bytes.end()}; }

class Smb2ConnectionTest : public testing::Test {
 protected:
  struct Sent {
    Direction direction;
    Buffer bytes;  // framed
  };

  void Send(const Options& options, const Buffer& body) {
    SendRaw(options.response ? kToClient : kToServer, Message(options, body));
  }
  void SendRaw(Direction direction, const Buffer& message) { Feed(direction, Framed(message)); }
  void Feed(Direction direction, const Buffer& bytes) {
    sent_.push_back({direction, bytes});
    const Origin origin{0, kFrame};
    connection_.OnData(direction, SourcedBytes(bytes, {&origin, 1}));
  }
  void Ask(Smb2Command command, const Buffer& body, std::uint32_t flags = 0) {
    Send({.command = command, .id = ++id_, .flags = flags}, body);
  }
  void Answer(Smb2Command command, const Buffer& body, std::uint32_t status = 0, std::uint32_t flags = 0) {
    Send({.command = command, .response = true, .id = id_, .status = status, .flags = flags}, body);
  }
  void Login(const Buffer& blob, std::uint16_t flags = 0) {
    Ask(Smb2Command::kSessionSetup, SessionSetupRequest(blob));
    Answer(Smb2Command::kSessionSetup, SessionSetupResponse(flags));
  }
  void Connect(Smb2ShareType type = Smb2ShareType::kPipe) {
    Ask(Smb2Command::kTreeConnect, TreeConnectRequest("\\\\SRV\\IPC$"));
    Answer(Smb2Command::kTreeConnect, TreeConnectResponse(type));
  }
  void Open(std::string_view name = "srvsvc", const Smb2FileId& file = kFile) {
    Ask(Smb2Command::kCreate, CreateRequest(name));
    Answer(Smb2Command::kCreate, CreateResponse(file));
  }
  void Transceive(const Buffer& in, const Buffer& out, std::uint32_t status = 0) {
    Ask(Smb2Command::kIoctl, IoctlRequest(in));
    Answer(Smb2Command::kIoctl, IoctlResponse(out), status);
  }
  [[nodiscard]] const PipeRecord& pipe(std::size_t index = 0) const { return *recorder_.pipes.at(index); }
  [[nodiscard]] std::size_t pipes() const { return recorder_.pipes.size(); }

  Limits limits_;
  Recorder recorder_;
  Budget budget_{limits_};
  SmbConnection connection_{budget_, recorder_};
  std::vector<Sent> sent_;
  std::uint64_t id_ = 10;
};

}  // namespace sessenum::smb2

#endif  // SESSENUM_SMB_SMB2_FIXTURE_TESTING_H_
