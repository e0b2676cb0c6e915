// What both directions share. Requests are read in smb1_requests.cc, responses in smb1_responses.cc.
#include "smb/smb1_connection.h"

#include <utility>

#include "smb/protocol.h"

namespace sessenum {
Smb1Connection::Smb1Connection(Budget& budget, PipeObserver& observer, SmbCounts& counts)
    : budget_(budget),
      counts_(counts),
      host_{observer, counts},
      sessions_(budget.limits().smb_sessions),
      trees_(budget.limits().smb_trees),
      opens_(budget.limits().smb_opens),
      requests_(budget.limits().smb_requests) {}

void Smb1Connection::OnMessage(Direction direction, const SmbMessage& message) {
  Context in{message, {}, direction};
  if (!Accept(in, ReadSmb1Header(message.bytes.bytes(), in.header))) return;
  // The replies that give out a UID or a TID carry the new one.
  RequestKey key{in.header.pid, in.header.mid, in.header.tid, in.header.uid};
  const Smb1Command first = in.header.command;
  if (first == Smb1Command::kSessionSetupAndX) key.uid = 0;
  if (first == Smb1Command::kSessionSetupAndX || first == Smb1Command::kTreeConnectAndX) key.tid = 0;

  const bool reply = in.header.reply();
  Request* waiting = reply ? requests_.Find(key) : nullptr;
  Request request;
  bool done = true;
  Smb1Block block;
  block.next = first;
  block.next_offset = kSmb1HeaderSize;
  while (block.next != Smb1Command::kNone) {
    if (!Accept(in, ReadSmb1Block(message, block.next, block.next_offset, block))) break;
    if (reply) {
      done = OnResponse(in, block, waiting) && done;
    } else {
      OnRequest(in, block, request);
    }
  }
  if (!reply && first != Smb1Command::kTransactionSecondary) Await(key, std::move(request));
  if (reply && done && waiting != nullptr) {
    if (const std::optional<Request> answered = requests_.Take(key)) Abandon(*answered);
  }
}

void Smb1Connection::OnLost(Direction direction, Undecoded why, Frame noticed) {
  opens_.ForEach([&](std::uint16_t, const OpenRef& open) { open->pipe.OnLost(direction, why, noticed); });
}

void Smb1Connection::OnClose() {
  CloseIf([](const Open&) { return true; });
  requests_.EraseIf([](const RequestKey&, const Request& request) {
    Abandon(request);
    return true;
  });
}

// Whether a step of reading succeeded. Where not, what the message held is lost to whichever pipe it was for.
bool Smb1Connection::Accept(const Context& in, Status status) {
  if (status.ok()) return true;
  const bool cut = status.code == Errc::kTruncated && !in.message.whole();
  if (!cut) ++counts_.malformed;
  OnLost(in.direction, cut ? in.message.why : Undecoded::kMalformed,
         cut ? in.message.noticed : in.message.bytes.FrameAt(0));
  return false;
}

void Smb1Connection::Deliver(const Context& in, Open& open, const Smb1Buffer& buffer) {
  PipeData data;
  if (Accept(in, LocateSmb1Buffer(in.message, buffer, data)))
    open.pipe.OnData(host_, in.direction, data, in.message.bytes);
}

// Parts come in order; `done` is how many bytes of the whole have been delivered.
void Smb1Connection::DeliverPart(const Context& in, Open& open, const Smb1Transaction& part, std::uint32_t& done) {
  if (part.data.length == 0) return;
  if (part.displacement < done) {
    ++counts_.malformed;
    return;
  }
  if (part.displacement > done) {
    PipeData hole;
    hole.missing = part.displacement - done;
    hole.noticed = in.message.bytes.FrameAt(0);
    open.pipe.OnData(host_, in.direction, hole, in.message.bytes);
  }
  done = part.displacement + static_cast<std::uint32_t>(part.data.length);
  Deliver(in, open, part.data);
}

Smb1Connection::Share Smb1Connection::ShareOf(std::uint16_t tid) {
  const Tree* tree = trees_.Find(tid);
  return tree == nullptr ? Share::kUnknown : tree->share;
}

Smb1Connection::OpenRef Smb1Connection::MakeOpen(const Smb1Header& header, PipeKind kind,
                                                 std::optional<std::string> name) {
  PipeInfo info;
  info.version = SmbVersion::kSmb1;
  info.name = std::move(name);
  if (const Tree* tree = trees_.Find(header.tid)) info.tree = tree->path;
  if (const SmbIdentity* identity = sessions_.Find(header.uid)) info.identity = *identity;
  return std::make_shared<Open>(Open{header.tid, header.uid, 0, Pipe(kind, std::move(info))});
}

// The open of `fid`, which is adopted where its creation was not captured. nullptr: no pipe.
Smb1Connection::OpenRef Smb1Connection::FindOpen(const Smb1Header& header, std::uint16_t fid) {
  const Share share = ShareOf(header.tid);
  if (share == Share::kOther) return nullptr;
  if (const OpenRef* known = opens_.Find(fid)) return *known;
  OpenRef open = MakeOpen(header, share == Share::kPipe ? PipeKind::kMidway : PipeKind::kPerhaps, std::nullopt);
  Register(open, fid);
  return open;
}

Smb1Connection::OpenRef Smb1Connection::OnlyOpen(std::uint16_t tid) {
  OpenRef only;
  std::size_t live = 0;
  opens_.ForEach([&](std::uint16_t, const OpenRef& open) {
    if (!open->pipe.alive() || open->tid != tid) return;
    ++live;
    only = open;
  });
  return live == 1 ? only : nullptr;
}

void Smb1Connection::Register(const OpenRef& open, std::uint16_t fid) {
  if (const std::optional<OpenRef> before = opens_.Take(fid)) (*before)->pipe.Close();
  if (const std::optional<OpenRef> oldest = MakeRoom(opens_, budget_, Cap::kSmbOpens)) (*oldest)->pipe.Close();
  open->fid = fid;
  opens_.Add(fid, open);
}

void Smb1Connection::CloseOpen(Open& open) {
  open.pipe.Close();
  const OpenRef* registered = opens_.Find(open.fid);
  if (registered != nullptr && registered->get() == &open) opens_.Take(open.fid);
}

void Smb1Connection::Await(const RequestKey& key, Request request) {
  // MIDs are used again; a request that was never answered makes place.
  if (const std::optional<Request> before = requests_.Take(key)) Abandon(*before);
  if (const std::optional<Request> oldest = MakeRoom(requests_, budget_, Cap::kSmbRequests)) Abandon(*oldest);
  requests_.Add(key, std::move(request));
}

// Ends the pipe that lives in a request alone.
void Smb1Connection::Abandon(const Request& request) {
  if (request.by_name && request.used != nullptr) request.used->pipe.Close();
}

}  // namespace sessenum
