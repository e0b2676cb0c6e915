// Property: whatever packets come, each line of output satisfies the schema, calls stand in order, the summary adds up,
// nothing reaches a terminal that it would obey, every other format keeps its form, and the same packets give the same
// output again. Inputs too short for that are names of columns, as a user may type them.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "fuzz/format_forms.h"
#include "fuzz/harmless_text.h"
#include "fuzz/json.h"
#include "fuzz/json_schema.h"
#include "fuzz/packet_input.h"
#include "fuzz/require.h"
#include "fuzz/schema_text.h"
#include "output/ndjson.h"
#include "output/text.h"
#include "replay/dissector.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Json;
using fuzz::Require;

// What a run gave out, and what it amounts to.
struct Told {
  std::string lines;
  std::string text;
  std::uint64_t calls = 0;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t last_frame = 0;
  bool is_in_order = true;
  VerdictCounts findings{};
  std::array<std::uint64_t, kUndecodedNames.size()> undecoded{};
};

// The name of the capture: a file's may be any bytes.
std::string NameOf(Bytes input) {
  constexpr std::size_t kNameSize = 12;
  const Bytes start = input.first(std::min(input.size(), kNameSize));
  return {start.begin(), start.end()};
}

void Take(const Call& call, std::string_view capture, const TextOptions& options, Told& told) {
  AppendNdjson(call, capture, told.lines);
  AppendText(call, options, told.text);
  if (call.request && call.request->decoded) AppendText(*call.request, options, told.text);
  if (call.response && call.response->decoded) AppendText(*call.response, options, told.text);
  ++told.calls;
  told.is_in_order &= call.first_frame().number >= told.last_frame;
  told.last_frame = call.first_frame().number;
  for (const Finding& finding : call.findings) ++told.findings[static_cast<std::size_t>(finding.verdict)];
  if (call.undecoded) ++told.undecoded[static_cast<std::size_t>(*call.undecoded)];
  const bool is_answered = call.response || call.fault;
  Require(call.request || is_answered, "a call has a request or an answer");
}

void RequireSum(const Summary& summary, const Told& told, Telling telling, bool is_at_once) {
  const auto is_hit = [&summary](Cap cap) { return summary.limits_hit[static_cast<std::size_t>(cap)] != 0; };
  Require(told.is_in_order || is_at_once || is_hit(Cap::kWaitingCalls) || is_hit(Cap::kWaitingBytes),
          "calls stand in the order of their first frames, where there is room to wait");
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

void RequireSound(const CapturedPdu& pdu, const Told& told) {
  Require(pdu.frame >= 1 && pdu.frame <= told.packets, "a PDU starts in a packet that came");
  Require(!pdu.bytes.empty(), "a PDU has bytes");
}

// With the last bit it is as for somebody who watches: in colour, and each call at once.
Told Replay(Bytes input, fuzz::FormatForms* forms) {
  Told told;
  const fuzz::PacketOptions asked = fuzz::OptionsOf(input);
  DissectorOptions options = fuzz::DissectorOptionsFor(asked);
  if (asked.tells_all) options.on_pdu = [&told](const CapturedPdu& pdu) { RequireSound(pdu, told); };
  if (asked.last_bit) options.order_window = 0;
  TextOptions text;
  text.color = asked.last_bit;
  const std::string name = NameOf(input);
  Dissector dissector(options, [&](const Call& call) {
    Take(call, name, text, told);
    if (forms != nullptr) forms->Add(call, name);
  });
  fuzz::ForEachPacket(input, [&](const Packet& packet) {
    ++told.packets;
    told.bytes += packet.bytes.size();
    dissector.OnPacket(packet);
  });
  dissector.Finish();
  RequireSum(dissector.summary(), told, options.judge->telling, asked.last_bit);
  AppendNdjson(dissector.summary(), told.lines);
  AppendText(dissector.summary(), text, told.text);
  // Without a call their output is the same each time.
  if (forms != nullptr && told.calls != 0)
    forms->End(dissector.summary(), name, asked.last_bit ? "cut at " + name : "");
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

// Packets with a call are longer.
constexpr std::size_t kLongestColumn = 48;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  if (size <= kLongestColumn) fuzz::RequireColumnsFor(std::string(input.begin(), input.end()));
  const bool has_little_room = fuzz::OptionsOf(input).has_little_room;
  fuzz::FormatForms forms(size % 16 == 0, has_little_room ? 1 : WriterOptions().most_parts);
  const Told told = Replay(input, &forms);
  RequireValidLines(told.lines, told);
  const bool is_coloured = fuzz::OptionsOf(input).last_bit;
  if (!is_coloured) fuzz::RequireHarmless(told.text);
  const Told again = Replay(input, nullptr);
  Require(again.lines == told.lines && again.text == told.text, "the same packets give the same output");
  return 0;
}
