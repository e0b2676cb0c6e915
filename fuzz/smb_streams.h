// What the SMB targets share: a connection is fed with the pieces of an input, whole and cut, and must say the same.
#ifndef SESSENUM_FUZZ_SMB_STREAMS_H_
#define SESSENUM_FUZZ_SMB_STREAMS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/limits.h"
#include "fuzz/pieces.h"
#include "fuzz/require.h"
#include "smb/connection.h"

namespace sessenum::fuzz {

// Writes down what came out of a connection: the bytes of each pipe and direction, and what was missing.
class PipeLog final : public PipeObserver {
 public:
  std::unique_ptr<DuplexSink> OnPipe(const PipeInfo& info) override {
    pipes_.push_back(std::make_unique<Pipe>());
    Pipe& pipe = *pipes_.back();
    pipe.name = info.name.value_or("?") + "@" + info.tree.value_or("?") + (info.name_is_cut ? "..." : "");
    pipe.name += info.encrypted ? " encrypted" : "";
    pipe.name += " by " + info.identity.domain.value_or("?") + "\\" + info.identity.user.value_or("?");
    return std::make_unique<Sink>(pipe);
  }
  void OnBlindMessage(Direction direction, Undecoded why, Frame /*frame*/) override {
    blind_ += direction == Direction::kToServer ? '>' : '<';
    blind_ += Name(why);
  }

  void RequireAllClosed() const {
    for (const auto& pipe : pipes_) Require(pipe->is_closed, "every pipe of a closed connection ends");
  }

  [[nodiscard]] std::string Text() const {
    std::string text = blind_;
    for (const auto& pipe : pipes_) text += "|" + pipe->name + ">" + pipe->bytes[0] + "<" + pipe->bytes[1];
    return text;
  }

 private:
  struct Pipe {
    std::string name;
    std::string bytes[2];
    bool is_closed = false;
  };
  struct Sink final : DuplexSink {
    explicit Sink(Pipe& to) : pipe(to) {}
    void OnData(Direction direction, SourcedBytes data) override {
      Require(!pipe.is_closed && !data.empty(), "what comes is not empty, and not after the end");
      pipe.bytes[static_cast<std::size_t>(direction)].append(data.bytes().begin(), data.bytes().end());
    }
    void OnMissing(Direction direction, std::uint64_t length, Undecoded why, Frame /*noticed*/) override {
      Require(!pipe.is_closed, "nothing is missing after the end");
      pipe.bytes[static_cast<std::size_t>(direction)] += "{" + std::to_string(length) + std::string(Name(why)) + "}";
    }
    void OnClose() override {
      Require(!pipe.is_closed, "a pipe ends once");
      pipe.is_closed = true;
    }

    Pipe& pipe;
  };

  std::vector<std::unique_ptr<Pipe>> pipes_;
  std::string blind_;
};

// What came out of a connection, and what it counted.
inline std::string Told(const PipeLog& log, const SmbConnection& connection) {
  const SmbCounts counts = connection.counts();
  std::string told = log.Text();
  for (const std::uint64_t count : {counts.messages, counts.garbage, counts.malformed, counts.unattributed}) {
    told += "#" + std::to_string(count);
  }
  return told;
}

// Behind a hole that is longer than any message the next message is found, whatever came before.
inline void RequireFoundAgain(SmbConnection& connection, Direction direction, Frame frame) {
  constexpr std::uint64_t kBeyondAnyMessage = std::uint64_t{1} << 24U;
  connection.OnMissing(direction, kBeyondAnyMessage, Undecoded::kGap, frame);
  const std::uint64_t before = connection.counts().messages;
  constexpr std::size_t kHeaderSize = 64;
  std::array<std::uint8_t, 4 + kHeaderSize> message = {0, 0, 0, kHeaderSize, 0xFE, 'S', 'M', 'B', kHeaderSize};
  const Origin origin{0, frame};
  connection.OnData(direction, SourcedBytes(message, {&origin, 1}));
  Require(connection.counts().messages == before + 1, "behind a hole the next message is found");
}

// Bit 0 of a piece's kind is its direction; with bit 1 the piece is lost from the capture. `most`: bytes that come at
// once; 0 gives each piece whole.
inline std::string FeedConnection(Bytes input, std::size_t most, const Decryption* decryption) {
  const Limits limits;
  Budget budget(limits);
  PipeLog log;
  SmbConnection connection(budget, log, decryption);
  Sizes sizes(7);
  std::uint64_t frame = 0;
  ForEachPiece(input, [&](const Piece& piece) {
    const Direction direction = (piece.kind & 1U) != 0 ? Direction::kToClient : Direction::kToServer;
    const Origin origin{0, {++frame, 0}};
    if ((piece.kind & 2U) != 0)
      return connection.OnMissing(direction, piece.bytes.size(), Undecoded::kGap, origin.frame);
    Bytes rest = piece.bytes;
    while (!rest.empty()) {
      const std::size_t size = most == 0 ? rest.size() : sizes.Next(most, rest.size());
      connection.OnData(direction, SourcedBytes(rest.first(size), {&origin, 1}));
      rest = rest.subspan(size);
    }
  });
  RequireFoundAgain(connection, Direction::kToServer, {++frame, 0});
  RequireFoundAgain(connection, Direction::kToClient, {++frame, 0});
  connection.OnClose();
  Require(budget.smb_bytes_held == 0, "a connection that is closed holds nothing");
  log.RequireAllClosed();
  return Told(log, connection);
}

inline void RequireSameHoweverCut(Bytes input, const Decryption* decryption) {
  const std::string whole = FeedConnection(input, 0, decryption);
  Require(FeedConnection(input, 40, decryption) == whole, "what pipes carry does not depend on how TCP cuts it");
  // Byte by byte is slow.
  constexpr std::size_t kShort = 1'024;
  if (input.size() > kShort) return;
  Require(FeedConnection(input, 1, decryption) == whole, "what pipes carry does not depend on how TCP cuts it");
}

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_SMB_STREAMS_H_
