// From the bytes of one TCP connection to the bytes of its named pipes: the face of smb/.
#ifndef SESSENUM_SMB_CONNECTION_H_
#define SESSENUM_SMB_CONNECTION_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/duplex.h"
#include "base/limits.h"

namespace sessenum {

struct Decryption;
class SmbSessionRegistry;

enum class SmbVersion : std::uint8_t { kSmb1, kSmb2 };

// Who uses a session, as far as the capture shows it. Names are UTF-8; nullopt is "not seen".
struct SmbIdentity {
  std::optional<std::string> user;
  std::optional<std::string> domain;
  std::optional<std::string> workstation;
  bool guest = false;      // SMB2_SESSION_FLAG_IS_GUEST (MS-SMB2 2.2.6)
  bool anonymous = false;  // SMB2_SESSION_FLAG_IS_NULL
};

// A named pipe as it was when it was opened (or first met).
struct PipeInfo {
  SmbVersion version = SmbVersion::kSmb2;
  std::optional<std::string> name;  // lower case, without "\" and "pipe\": "srvsvc". nullopt: the open was not captured
  bool name_is_cut = false;         // `name` is only its start: the rest was not captured
  std::optional<std::string> tree;  // UTF-8, as the client wrote it: "\\SRV\IPC$"
  SmbIdentity identity;
  bool encrypted = false;  // its messages travel in SMB3 transforms
};

// The two hosts of a connection, told apart by anything that is the same for the same address.
using SmbAddress = std::array<std::uint8_t, 17>;
struct SmbHosts {
  SmbAddress client{};
  SmbAddress server{};
};

// Decides what becomes of a pipe's bytes, and hears of what could not be looked into.
class PipeObserver {
 public:
  PipeObserver() = default;
  PipeObserver(const PipeObserver&) = delete;
  PipeObserver& operator=(const PipeObserver&) = delete;
  virtual ~PipeObserver() = default;

  // Called once for each pipe before its first byte, on the connection that has it. smb/ owns the sink that is returned
  // and destroys it after its OnClose. It may outlive this observer: a session may go on on other connections. nullptr:
  // the pipe is of no interest.
  [[nodiscard]] virtual std::unique_ptr<DuplexSink> OnPipe(const PipeInfo& info) = 0;
  // A whole SMB message that could not be read: kEncrypted or kCompressed.
  virtual void OnBlindMessage(Direction direction, Undecoded why, Frame frame) = 0;
};

// What one connection met.
struct SmbCounts {
  std::uint64_t messages = 0;      // framed messages, whole or not
  std::uint64_t garbage = 0;       // runs of bytes between messages that are no message
  std::uint64_t malformed = 0;     // messages that contradict themselves
  std::uint64_t unattributed = 0;  // buffers of a share of pipes that could be given to none
};

// How a stream's first bytes look.
enum class SmbLook : std::uint8_t { kNo, kNeedMore, kYes };

// Whether `bytes` start with a framed SMB message (MS-SMB2 2.1) or a NetBIOS session packet (RFC 1002 4.3) that leads
// to one. kNeedMore where they are too few to tell.
[[nodiscard]] SmbLook LooksLikeSmb(Bytes bytes);

// Which way a framed SMB message that starts `bytes` travels, by its own reply flag; nullopt where it does not say.
[[nodiscard]] std::optional<Direction> SmbMessageDirection(Bytes bytes);

// Follows one SMB connection. Offsets of messages and pipes are never trusted across a gap: framing is found again at
// the next plausible header.
class SmbConnection final : public DuplexSink {
 public:
  // All but `hosts` must outlive the connection. `decryption` may be nullptr: what is encrypted stays so. Connections
  // with the same `registry` share their SMB2 sessions where the protocol does; it may be nullptr.
  SmbConnection(Budget& budget, PipeObserver& observer, const Decryption* decryption = nullptr,
                SmbSessionRegistry* registry = nullptr, const SmbHosts& hosts = {});
  ~SmbConnection() override;

  void OnData(Direction direction, SourcedBytes data) override;
  void OnMissing(Direction direction, std::uint64_t length, Undecoded why, Frame noticed) override;
  void OnClose() override;

  [[nodiscard]] SmbCounts counts() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_CONNECTION_H_
