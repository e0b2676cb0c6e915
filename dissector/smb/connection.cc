#include "smb/connection.h"

#include "smb/framing.h"
#include "smb/look.h"
#include "smb/protocol.h"
#include "smb/smb1_connection.h"
#include "smb/smb2_connection.h"
#include "smb/smb3_unsealer.h"

namespace sessenum {

class SmbConnection::Impl {
 public:
  Impl(Budget& budget, PipeObserver& observer, const Decryption* decryption, SmbSessionRegistry* registry,
       const SmbHosts& hosts)
      : smb1_(budget, observer, counts_),
        smb2_(budget, observer, counts_, UnsealerWith(decryption), registry, hosts),
        to_server_(budget, *this, Direction::kToServer),
        to_client_(budget, *this, Direction::kToClient) {}

  [[nodiscard]] static std::shared_ptr<Smb2Unsealer> UnsealerWith(const Decryption* decryption) {
    return decryption == nullptr ? nullptr : std::make_shared<Smb3Unsealer>(*decryption);
  }

  [[nodiscard]] SmbFramer& FramerOf(Direction direction) {
    return direction == Direction::kToServer ? to_server_.framer : to_client_.framer;
  }

  void OnClose() {
    to_server_.framer.OnClose();
    to_client_.framer.OnClose();
    smb1_.OnClose();
    smb2_.OnClose();
  }

  [[nodiscard]] SmbCounts counts() const {
    SmbCounts counts = counts_;
    counts.garbage = to_server_.framer.garbage_runs() + to_client_.framer.garbage_runs();
    return counts;
  }

 private:
  // One direction of the connection, as TCP has it.
  struct Side final : SmbFramer::Sink {
    Side(Budget& budget, Impl& impl, Direction way) : owner(impl), direction(way), framer(budget, *this) {}

    void OnMessage(const SmbMessage& message) override { owner.OnMessage(direction, message); }
    void OnLost(Undecoded why, Frame noticed) override { owner.OnLost(direction, why, noticed); }
    bool WantsRest(const SmbMessage& start) override { return owner.WantsRest(start); }

    Impl& owner;
    Direction direction;
    SmbFramer framer;
  };

  // Without the start of a connection its two sides can be mistaken for one another; the first message that says which
  // way it goes decides.
  [[nodiscard]] Direction Turned(Direction direction) const {
    return turned_.value_or(false) ? Reverse(direction) : direction;
  }

  void OnMessage(Direction direction, const SmbMessage& message) {
    ++counts_.messages;
    const std::optional<Direction> said = MessageDirection(message.bytes.bytes());
    if (said && !turned_) {
      turned_ = *said != direction;
      if (*turned_) smb2_.SwapHosts();
    }
    if (said && *said != Turned(direction)) {
      ++counts_.malformed;
      return;
    }
    if (ProtocolOf(message.bytes.bytes()) == SmbProtocol::kSmb1) {
      smb1_.OnMessage(Turned(direction), message);
    } else {
      smb2_.OnMessage(Turned(direction), message);
    }
  }
  void OnLost(Direction direction, Undecoded why, Frame noticed) {
    smb1_.OnLost(Turned(direction), why, noticed);
    smb2_.OnLost(Turned(direction), why, noticed);
  }
  bool WantsRest(const SmbMessage& start) {
    return ProtocolOf(start.bytes.bytes()) != SmbProtocol::kSmb2 || smb2_.WantsRest(start);
  }

  std::optional<bool> turned_;  // whether to_server_ in truth goes to the client
  SmbCounts counts_;
  Smb1Connection smb1_;
  Smb2Connection smb2_;
  Side to_server_;
  Side to_client_;
};

SmbConnection::SmbConnection(Budget& budget, PipeObserver& observer, const Decryption* decryption,
                             SmbSessionRegistry* registry, const SmbHosts& hosts)
    : impl_(std::make_unique<Impl>(budget, observer, decryption, registry, hosts)) {}

SmbConnection::~SmbConnection() = default;

void SmbConnection::OnData(Direction direction, SourcedBytes data) { impl_->FramerOf(direction).OnData(data); }

void SmbConnection::OnMissing(Direction direction, std::uint64_t length, Undecoded why, Frame noticed) {
  impl_->FramerOf(direction).OnMissing(length, why, noticed);
}

void SmbConnection::OnClose() { impl_->OnClose(); }

SmbCounts SmbConnection::counts() const { return impl_->counts(); }

}  // namespace sessenum
