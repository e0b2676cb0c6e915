// Property: whatever packets come, each line of output is JSON, calls stand in order, and the summary adds up.
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/pieces.h"
#include "fuzz/require.h"
#include "output/ndjson.h"
#include "output/text.h"
#include "replay/dissector.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Require;

constexpr std::array<LinkType, 8> kLinks = {LinkType::kEthernet, LinkType::kRaw,      LinkType::kLinuxSll,
                                            LinkType::kNull,     LinkType::kPpp,      LinkType::kLinuxSll2,
                                            LinkType::kIpv4,     LinkType::kIeee80211};

struct Told {
  std::uint64_t calls = 0;
  std::uint64_t last_frame = 0;
  VerdictCounts findings{};
  std::array<std::uint64_t, kUndecodedNames.size()> undecoded{};
};

void RequireJson(const std::string& line) {
  Require(!line.empty() && line.find('\n') == line.size() - 1, "an object is one line");
  // Not rapidjson::Document: clang 19 refuses the header of RapidJSON 1.1.0.
  rapidjson::MemoryStream stream(line.data(), line.size());
  rapidjson::Reader reader;
  rapidjson::BaseReaderHandler<> nobody;
  const bool parses = !reader.Parse<rapidjson::kParseValidateEncodingFlag>(stream, nobody).IsError();
  Require(parses && stream.Tell() == line.size() && line.front() == '{', "each line is a JSON object in UTF-8");
}

void Take(const Call& call, Told& told) {
  std::string line;
  AppendNdjson(call, "fuzz", line);
  RequireJson(line);
  std::string text;
  AppendText(call, {}, text);
  for (const char c : text) Require(c == '\n' || (c >= 0x20 || c < 0), "no control byte reaches a terminal");
  ++told.calls;
  Require(call.first_frame().number >= told.last_frame, "calls stand in the order of their first frames");
  told.last_frame = call.first_frame().number;
  for (const Finding& finding : call.findings) ++told.findings[static_cast<std::size_t>(finding.verdict)];
  if (call.undecoded) ++told.undecoded[static_cast<std::size_t>(*call.undecoded)];
  const bool is_answered = call.response || call.fault;
  Require(call.request || is_answered, "a call has a request or an answer");
}

void RequireSum(const Summary& summary, const Told& told, std::uint64_t packets) {
  std::string line;
  AppendNdjson(summary, line);
  RequireJson(line);
  Require(summary.packets == packets, "every packet is counted");
  Require(summary.calls == told.calls, "every call is counted");
  for (std::size_t i = 0; i < told.undecoded.size(); ++i) {
    Require(summary.undecoded[i] >= told.undecoded[i], "what a call lacks is counted");
  }
  for (const Verdict verdict : {Verdict::kViolation, Verdict::kKnown, Verdict::kAdvisory}) {
    const auto i = static_cast<std::size_t>(verdict);
    Require(summary.verdicts[i] == told.findings[i], "every finding is counted, and no other");
  }
}

}  // namespace

// A piece is a packet; bits 0 to 2 of its kind are its link type, bit 3 says that the capture cut it short.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Told told;
  Dissector dissector({}, [&told](const Call& call) { Take(call, told); });
  std::uint64_t packets = 0;
  fuzz::ForEachPiece(Bytes(data, size), [&](const fuzz::Piece& piece) {
    Packet packet;
    packet.frame = {++packets, static_cast<std::int64_t>(packets) * 1'000'000};
    packet.link = kLinks[piece.kind & 7U];
    packet.bytes = piece.bytes;
    packet.original_length = piece.bytes.size() + ((piece.kind & 8U) != 0 ? 50 : 0);
    dissector.OnPacket(packet);
  });
  dissector.Finish();
  RequireSum(dissector.summary(), told, packets);
  return 0;
}
