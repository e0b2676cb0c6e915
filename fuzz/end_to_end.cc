// Property: whatever packets come, each line of output satisfies the schema, calls stand in order, the summary adds up,
// nothing reaches a terminal that it would obey, every other format keeps its form, and the same packets give the same
// output again.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "fuzz/format_forms.h"
#include "fuzz/json.h"
#include "fuzz/json_schema.h"
#include "fuzz/pieces.h"
#include "fuzz/require.h"
#include "fuzz/schema_text.h"
#include "output/ndjson.h"
#include "output/text.h"
#include "replay/dissector.h"
#include "smb/key_store.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Json;
using fuzz::Require;

constexpr std::array<LinkType, 8> kLinks = {LinkType::kEthernet, LinkType::kRaw,      LinkType::kLinuxSll,
                                            LinkType::kNull,     LinkType::kPpp,      LinkType::kLinuxSll2,
                                            LinkType::kIpv4,     LinkType::kIeee80211};

// What a run gave out, and what it amounts to.
struct Told {
  std::string lines;
  std::string text;
  std::uint64_t calls = 0;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t last_frame = 0;
  VerdictCounts findings{};
  std::array<std::uint64_t, kUndecodedNames.size()> undecoded{};
};

// Few enough for an input to reach them.
Limits LittleRoom() {
  Limits limits;
  limits.rpc_calls = 2;
  limits.rpc_contexts = 2;
  limits.frames = 3;
  limits.stub_bytes = 200;
  limits.total_stub_bytes = 1'000;
  limits.sessions = 4;
  limits.anomalies = 3;
  return limits;
}

void Take(const Call& call, const TextOptions& options, Told& told) {
  AppendNdjson(call, "fuzz", told.lines);
  AppendText(call, options, told.text);
  if (call.request && call.request->decoded) AppendText(*call.request, options, told.text);
  if (call.response && call.response->decoded) AppendText(*call.response, options, told.text);
  ++told.calls;
  Require(call.first_frame().number >= told.last_frame, "calls stand in the order of their first frames");
  told.last_frame = call.first_frame().number;
  for (const Finding& finding : call.findings) ++told.findings[static_cast<std::size_t>(finding.verdict)];
  if (call.undecoded) ++told.undecoded[static_cast<std::size_t>(*call.undecoded)];
  const bool is_answered = call.response || call.fault;
  Require(call.request || is_answered, "a call has a request or an answer");
}

void RequireSum(const Summary& summary, const Told& told, Telling telling) {
  Require(summary.packets == told.packets, "every packet is counted");
  Require(summary.bytes == told.bytes, "every byte is counted");
  Require(summary.calls == told.calls, "every call is counted");
  for (std::size_t i = 0; i < told.undecoded.size(); ++i) {
    Require(summary.undecoded[i] >= told.undecoded[i], "what a call lacks is counted");
  }
  for (std::size_t i = 0; i < told.findings.size(); ++i) {
    // A defect that a rule allows is told with the others, and no verdict of its own.
    if (i == static_cast<std::size_t>(Verdict::kPass) || !IsTold(static_cast<Verdict>(i), telling)) continue;
    Require(summary.verdicts[i] == told.findings[i], "every finding is counted, and no other");
  }
}

// The keys of pcaps/: so that what is sealed there is a seed for what lies behind the cipher.
const KeyStore& KeysOfSeeds() {
  static const KeyStore keys = [] {
    KeyStore store;
    const bool refused = store
                             .Parse(
                                 "smb-session 5F1678D100000000 8C1FB9EAE65FB479CD6125AB1DE071E8\n"
                                 "nt-password root Passw0rd!\n")
                             .has_value();
    Require(!refused, "keys are read");
    return store;
  }();
  return keys;
}

void RequireSound(const CapturedPdu& pdu, const Told& told) {
  Require(pdu.frame >= 1 && pdu.frame <= told.packets, "a PDU starts in a packet that came");
  Require(!pdu.bytes.empty(), "a PDU has bytes");
}

// A piece is a packet; bits 0 to 2 of its kind are its link type, bit 3 says that the capture cut it short. Bit 4 of
// the first one asks for every verdict and every PDU, bit 5 gives the keys of pcaps/, bit 6 leaves little room, bit 7
// writes in colour.
Told Replay(Bytes input, fuzz::FormatForms* forms) {
  Told told;
  DissectorOptions options;
  const unsigned kind = input.empty() ? 0 : input[0];
  options.judge.telling = (kind & 16U) != 0 ? Telling::kAll : Telling::kNotable;
  if ((kind & 16U) != 0) options.on_pdu = [&told](const CapturedPdu& pdu) { RequireSound(pdu, told); };
  if ((kind & 32U) != 0) options.keys = &KeysOfSeeds();
  if ((kind & 64U) != 0) options.limits = LittleRoom();
  TextOptions text;
  text.color = (kind & 128U) != 0;
  Dissector dissector(options, [&](const Call& call) {
    Take(call, text, told);
    if (forms != nullptr) forms->Add(call);
  });
  fuzz::ForEachPiece(input, [&](const fuzz::Piece& piece) {
    Packet packet;
    packet.frame = {++told.packets, static_cast<std::int64_t>(told.packets) * 1'000'000};
    packet.link = kLinks[piece.kind & 7U];
    packet.bytes = piece.bytes;
    packet.original_length = piece.bytes.size() + ((piece.kind & 8U) != 0 ? 50 : 0);
    told.bytes += piece.bytes.size();
    dissector.OnPacket(packet);
  });
  dissector.Finish();
  RequireSum(dissector.summary(), told, options.judge.telling);
  AppendNdjson(dissector.summary(), told.lines);
  AppendText(dissector.summary(), text, told.text);
  // Without a call their output is the same each time.
  if (forms != nullptr && told.calls != 0) forms->End(dissector.summary());
  return told;
}

std::uint64_t NumberOf(const Json& object, std::string_view name) {
  const Json* value = object.Find(name);
  Require(value != nullptr && value->kind == Json::Kind::kInteger, "a summary has its counts");
  return static_cast<std::uint64_t>(value->number);
}

void RequireValidLines(std::string_view lines, const Told& told) {
  static const fuzz::JsonSchema schema(fuzz::SchemaText());
  std::uint64_t calls = 0;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    Require(end != std::string_view::npos, "a line ends");
    const auto line = fuzz::ParseJson(lines.substr(0, end));
    Require(line && line->kind == Json::Kind::kObject, "each line is a JSON object in UTF-8");
    const std::string problem = schema.Violation(*line);
    if (!problem.empty()) std::fprintf(stderr, "%.*s\n%s\n", static_cast<int>(end), lines.data(), problem.c_str());
    Require(problem.empty(), "each line satisfies the schema");
    lines.remove_prefix(end + 1);
    const bool is_last = lines.empty();
    Require((line->Find("type")->string == "summary") == is_last, "the last line is the summary, and no other");
    if (!is_last) ++calls;
    if (is_last) Require(NumberOf(*line, "calls") == calls, "the summary counts the lines before it");
  }
  Require(calls == told.calls, "each call has one line");
}

// C0 and C1, DEL, and what turns the direction of writing (Unicode TR 36, 3.8): a terminal obeys all of these.
void RequireHarmless(std::string_view text) {
  while (!text.empty()) {
    const std::string_view before = text;
    const std::uint32_t c = TakeCodePoint(text);
    Require(c != 0xFFFD || before.starts_with("\xEF\xBF\xBD"), "text is UTF-8");
    Require(c == '\n' || (c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0)), "no control byte reaches a terminal");
    Require(!(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069), "no text is turned round");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  fuzz::FormatForms forms(size % 16 == 0);
  const Told told = Replay(input, &forms);
  RequireValidLines(told.lines, told);
  const bool is_coloured = size > 0 && (data[0] & 128U) != 0;
  if (!is_coloured) RequireHarmless(told.text);
  const Told again = Replay(input, nullptr);
  Require(again.lines == told.lines && again.text == told.text, "the same packets give the same output");
  return 0;
}
