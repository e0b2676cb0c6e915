// What the SMB targets share: a connection is fed with the pieces of an input, whole and cut, and must say the same.
#ifndef SESSENUM_FUZZ_SMB_STREAMS_H_
#define SESSENUM_FUZZ_SMB_STREAMS_H_

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
    pipes_.back()->name = info.name.value_or("?");
    return std::make_unique<Sink>(*pipes_.back());
  }
  void OnBlindMessage(Direction direction, Undecoded why, Frame /*frame*/) override {
    blind_ += direction == Direction::kToServer ? '>' : '<';
    blind_ += Name(why);
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
  };
  struct Sink final : DuplexSink {
    explicit Sink(Pipe& to) : pipe(to) {}
    void OnData(Direction direction, SourcedBytes data) override {
      pipe.bytes[static_cast<std::size_t>(direction)].append(data.bytes().begin(), data.bytes().end());
    }
    void OnMissing(Direction direction, std::uint64_t length, Undecoded why, Frame /*noticed*/) override {
      pipe.bytes[static_cast<std::size_t>(direction)] += "{" + std::to_string(length) + std::string(Name(why)) + "}";
    }
    void OnClose() override {}

    Pipe& pipe;
  };

  std::vector<std::unique_ptr<Pipe>> pipes_;
  std::string blind_;
};

// Bit 0 of a piece's kind is its direction; with bit 1 the piece is lost from the capture.
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
  connection.OnClose();
  Require(budget.smb_bytes_held == 0, "a connection that is closed holds nothing");
  return log.Text();
}

inline void RequireSameHoweverCut(Bytes input, const Decryption* decryption) {
  const std::string whole = FeedConnection(input, 0, decryption);
  Require(FeedConnection(input, 40, decryption) == whole, "what pipes carry does not depend on how TCP cuts it");
}

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_SMB_STREAMS_H_
