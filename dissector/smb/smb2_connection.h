// Follows the SMB2 messages of one connection and gives the bytes of its pipes to their sinks (MS-SMB2).
#ifndef SESSENUM_SMB_SMB2_CONNECTION_H_
#define SESSENUM_SMB_SMB2_CONNECTION_H_

#include <cstdint>

#include "base/duplex.h"
#include "smb/connection.h"
#include "smb/framing.h"
#include "smb/smb2.h"
#include "smb/smb2_state.h"

namespace sessenum {

// A message inside a transform (MS-SMB2 2.2.41), whole.
struct Smb2Sealed {
  std::uint64_t session_id = 0;
  std::uint16_t dialect = 0;  // as negotiated; 0: not captured
  SourcedBytes bytes;         // from the transform header on
};

// Opens what a connection cannot read by itself: where decryption joins in.
class Smb2Unsealer {
 public:
  Smb2Unsealer() = default;
  Smb2Unsealer(const Smb2Unsealer&) = delete;
  Smb2Unsealer& operator=(const Smb2Unsealer&) = delete;
  virtual ~Smb2Unsealer() = default;

  // A NEGOTIATE or SESSION_SETUP message, in the order in which they came.
  virtual void OnHandshake(const Smb2Part& /*part*/) {}
  // Appends the plain message to `plain`, which is empty. False: there is no key that fits.
  [[nodiscard]] virtual bool Unseal(Direction direction, const Smb2Sealed& sealed, SourcedBuffer& plain) = 0;
  virtual void OnClose() {}
};

class Smb2Connection {
 public:
  // All must outlive the connection. `unsealer` may be nullptr: what is sealed stays so.
  Smb2Connection(Budget& budget, PipeObserver& observer, SmbCounts& counts, Smb2Unsealer* unsealer);

  // Takes a message of any SMB2 protocol: plain, transform or compression.
  void OnMessage(Direction direction, const SmbMessage& message);
  // As SmbFramer::Sink::OnLost.
  void OnLost(Direction direction, Undecoded why, Frame noticed) { state_.LoseAll(direction, why, noticed); }
  // As SmbFramer::Sink::WantsRest, for a plain message.
  [[nodiscard]] bool WantsRest(const SmbMessage& start);
  void OnClose();

 private:
  // What a related operation takes over from the command before it in the same message (MS-SMB2 3.3.5.2.7.2).
  struct Chain {
    Smb2TreeKey tree;
    Smb2OpenRef open;
  };

  // A name as far as it was captured; nullopt: not at all.
  struct CapturedText {
    std::optional<std::string> utf8;
    bool is_cut = false;
  };

  void OnPlain(Direction direction, const SmbMessage& message);
  void OnTransform(Direction direction, const SmbMessage& message);
  void OnCompressed(Direction direction, const SmbMessage& message);
  // Whether `start`, of a compressed message, says enough to pass over the rest.
  [[nodiscard]] bool IsUnwanted(const SmbMessage& start);
  [[nodiscard]] bool MayExpand(std::uint64_t size, std::size_t compressed_size);
  void OnBlind(Direction direction, Undecoded why, const SmbMessage& message);

  void OnRequest(const Smb2Part& part, Chain& chain);
  void OnSessionSetup(const Smb2Part& part, const Smb2TreeKey& tree);
  void OnTreeConnect(const Smb2Part& part, const Smb2TreeKey& tree);
  void OnCreate(const Smb2Part& part, Chain& chain);
  void OnRead(const Smb2Part& part, Chain& chain);
  void OnWrite(const Smb2Part& part, Chain& chain);
  void OnIoctl(const Smb2Part& part, Chain& chain);
  void FollowFile(const Smb2Part& part, Chain& chain);
  void Await(const Smb2Part& part, const Smb2TreeKey& tree, Smb2OpenRef open);
  [[nodiscard]] Smb2OpenRef Resolve(const Smb2FileId& file, Chain& chain);

  void OnResponse(const Smb2Part& part, const Chain& chain);
  void OnSessionSetupDone(const Smb2Part& part, const Smb2Request* request);
  void OnTreeConnectDone(const Smb2Part& part, const Smb2Request* request, const Smb2TreeKey& tree);
  void OnCreateDone(const Smb2Part& part, const Smb2TreeKey& tree);
  void OnReadDone(const Smb2Part& part, const Smb2Request* request, const Smb2TreeKey& tree);
  void OnIoctlDone(const Smb2Part& part, const Smb2Request* request, const Smb2TreeKey& tree);

  [[nodiscard]] bool Accept(Status status, Direction direction, const Smb2Part& part, Smb2Open* open,
                            const Smb2TreeKey& tree);
  void Deliver(Smb2Open& open, Direction direction, const Smb2Part& part, const Smb2Buffer& buffer);
  [[nodiscard]] CapturedText Text(const Smb2Part& part, const Smb2Buffer& buffer);

  Budget& budget_;
  PipeObserver& observer_;
  SmbCounts& counts_;
  Smb2Unsealer* unsealer_;
  Smb2State state_;
  std::uint16_t dialect_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_SMB2_CONNECTION_H_
