// Follows the SMB2 messages of one connection and gives the bytes of its pipes to their sinks (MS-SMB2).
#ifndef SESSENUM_SMB_SMB2_CONNECTION_H_
#define SESSENUM_SMB_SMB2_CONNECTION_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "base/duplex.h"
#include "smb/connection.h"
#include "smb/framing.h"
#include "smb/smb2.h"
#include "smb/smb2_state.h"
#include "smb/smb2_unsealer.h"

namespace sessenum {

class Smb2Connection {
 public:
  // `budget`, `observer`, `counts` and `registry` must outlive the connection. `unsealer` may be nullptr: what is
  // sealed stays so. `registry` and `hosts` as for SmbConnection.
  Smb2Connection(Budget& budget, PipeObserver& observer, SmbCounts& counts, std::shared_ptr<Smb2Unsealer> unsealer,
                 SmbSessionRegistry* registry, const SmbHosts& hosts);

  // Takes a message of any SMB2 protocol: plain, transform or compression.
  void OnMessage(Direction direction, const SmbMessage& message);
  // As SmbFramer::Sink::OnLost.
  void OnLost(Direction direction, Undecoded why, Frame noticed) { state_.LoseAll(direction, why, noticed); }
  // As SmbFramer::Sink::WantsRest, for a plain message.
  [[nodiscard]] bool WantsRest(const SmbMessage& start);
  // Client and server of `hosts` were taken for each other.
  void SwapHosts() { std::swap(state_.parties().hosts.client, state_.parties().hosts.server); }
  void OnClose() { state_.CloseAll(); }

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
  void OnNegotiate(const Smb2Part& part);
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
  void OnNegotiateDone(const Smb2Part& part);
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
  SmbCounts& counts_;
  PipeHost host_;
  std::shared_ptr<Smb2Unsealer> unsealer_;
  Smb2State state_;
  std::uint16_t dialect_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_SMB2_CONNECTION_H_
