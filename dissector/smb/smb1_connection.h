// Follows the SMB1 messages of one connection and gives the bytes of its pipes to their sinks (MS-CIFS, MS-SMB).
#ifndef SESSENUM_SMB_SMB1_CONNECTION_H_
#define SESSENUM_SMB_SMB1_CONNECTION_H_

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/bounded_map.h"
#include "smb/pipe.h"
#include "smb/smb1.h"

namespace sessenum {

class Smb1Connection {
 public:
  // All must outlive the connection.
  Smb1Connection(Budget& budget, PipeObserver& observer, SmbCounts& counts);

  void OnMessage(Direction direction, const SmbMessage& message);
  // As SmbFramer::Sink::OnLost.
  void OnLost(Direction direction, Undecoded why, Frame noticed);
  void OnClose();

 private:
  enum class Share : std::uint8_t { kUnknown, kPipe, kOther };
  struct Tree {
    std::optional<std::string> path;
    Share share = Share::kUnknown;
  };
  struct Open {
    std::uint16_t tid = 0;
    std::uint16_t uid = 0;
    std::uint16_t fid = 0;
    Pipe pipe;
  };
  using OpenRef = std::shared_ptr<Open>;

  // MS-CIFS 2.2.1.6: what matches a reply with its request.
  struct RequestKey {
    std::uint32_t pid = 0;
    std::uint16_t mid = 0;
    std::uint16_t tid = 0;
    std::uint16_t uid = 0;

    friend constexpr auto operator<=>(const RequestKey&, const RequestKey&) = default;
  };
  // A request whose reply is awaited; of a chain, all its commands.
  struct Request {
    OpenRef created;                      // NT_CREATE_ANDX, OPEN_ANDX, OPEN
    OpenRef used;                         // CLOSE, READ, TRANSACTION
    bool by_name = false;                 // TRANS_CALL_NMPIPE: `used` lives no longer than this request
    std::uint32_t sent = 0;               // bytes of a transaction's data that went to the server
    std::uint32_t answered = 0;           // and that came back
    std::optional<std::string> path;      // TREE_CONNECT_ANDX
    std::optional<SmbIdentity> identity;  // SESSION_SETUP_ANDX
  };
  // The message that is being read.
  struct Context {
    const SmbMessage& message;
    Smb1Header header;
    Direction direction = Direction::kToServer;
  };

  void OnRequest(const Context& in, const Smb1Block& block, Request& request);
  void OnCreate(const Context& in, const Smb1Block& block, Request& request);
  void OnWrite(const Context& in, const Smb1Block& block);
  void OnTransaction(const Context& in, const Smb1Block& block, Request& request);
  void OnTransactionSecondary(const Context& in, const Smb1Block& block);
  void OnRead(const Context& in, ByteReader words, Request& request);

  // Returns whether the request has its whole answer.
  [[nodiscard]] bool OnResponse(const Context& in, const Smb1Block& block, Request* request);
  void OnSessionSetupDone(const Context& in, const Smb1Block& block, const Request* request);
  void OnTreeConnectDone(const Context& in, const Smb1Block& block, const Request* request);
  void OnCreateDone(const Context& in, const Smb1Block& block, Request* request);
  void OnReadDone(const Context& in, const Smb1Block& block, const Request* request);
  [[nodiscard]] bool OnTransactionDone(const Context& in, const Smb1Block& block, Request* request);

  void DeliverPart(const Context& in, Open& open, const Smb1Transaction& part, std::uint32_t& done);
  void Deliver(const Context& in, Open& open, const Smb1Buffer& buffer);
  [[nodiscard]] bool Accept(const Context& in, Status status);

  [[nodiscard]] Share ShareOf(std::uint16_t tid);
  [[nodiscard]] OpenRef MakeOpen(const Smb1Header& header, PipeKind kind, std::optional<std::string> name);
  [[nodiscard]] OpenRef FindOpen(const Smb1Header& header, std::uint16_t fid);
  [[nodiscard]] OpenRef OnlyOpen(std::uint16_t tid);
  void Register(const OpenRef& open, std::uint16_t fid);
  void CloseOpen(Open& open);
  template <typename Predicate>
  void CloseIf(Predicate&& condemned) {
    opens_.EraseIf([&](std::uint16_t, const OpenRef& open) {
      if (!condemned(*open)) return false;
      open->pipe.Close();
      return true;
    });
  }
  void Await(const RequestKey& key, Request request);
  static void Abandon(const Request& request);

  Budget& budget_;
  SmbCounts& counts_;
  PipeHost host_;
  BoundedMap<std::uint16_t, SmbIdentity> sessions_;  // by UID
  BoundedMap<std::uint16_t, Tree> trees_;            // by TID
  BoundedMap<std::uint16_t, OpenRef> opens_;         // by FID
  BoundedMap<RequestKey, Request> requests_;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_SMB1_CONNECTION_H_
