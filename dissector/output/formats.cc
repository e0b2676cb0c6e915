#include "output/formats.h"

#include <algorithm>
#include <array>

#include "base/terminal.h"
#include "output/csv.h"
#include "output/eve.h"
#include "output/ndjson.h"
#include "output/opengraph.h"
#include "output/sarif.h"
#include "output/text.h"
#include "output/zeek.h"

namespace sessenum {
namespace {

class TextWriter final : public CallWriter {
 public:
  explicit TextWriter(const WriterOptions& options) : text_{options.color}, titles_(options.titles) {}

  void BeginCapture(std::string_view path, std::string& out) override {
    if (titles_) out.append("== ").append(Printable(path)).append("\n");
  }
  void Add(const Call& call, std::string_view /*capture*/, std::string& out) override { AppendText(call, text_, out); }
  void End(const Summary& summary, std::string& out) override { AppendText(summary, text_, out); }

 private:
  TextOptions text_;
  bool titles_;
};

class NdjsonWriter final : public CallWriter {
 public:
  void Add(const Call& call, std::string_view capture, std::string& out) override { AppendNdjson(call, capture, out); }
  void End(const Summary& summary, std::string& out) override { AppendNdjson(summary, out); }
};

std::unique_ptr<CallWriter> MakeText(const WriterOptions& options) {
  if (!options.fields.empty()) return MakeTabbed(options);
  return std::make_unique<TextWriter>(options);
}
std::unique_ptr<CallWriter> MakeNdjson(const WriterOptions& /*options*/) { return std::make_unique<NdjsonWriter>(); }

constexpr std::array<FormatStream, 1> kText = {{{"", MakeText}}};
constexpr std::array<FormatStream, 1> kNdjson = {{{"", MakeNdjson}}};
constexpr std::array<FormatStream, 1> kCsv = {{{"", MakeCsv}}};
constexpr std::array<FormatStream, 2> kZeek = {{{"dce_rpc.log", MakeZeekCalls}, {"weird.log", MakeZeekFindings}}};
constexpr std::array<FormatStream, 1> kEve = {{{"", MakeEve}}};
constexpr std::array<FormatStream, 1> kSarif = {{{"", MakeSarif}}};
constexpr std::array<FormatStream, 1> kOpenGraph = {{{"", MakeOpenGraph}}};

constexpr std::array<FormatSpec, 7> kFormats = {{
    {"text", "for people", true, true, kText},
    {"ndjson", "one JSON object a line", false, true, kNdjson},
    {"csv", "one row a call, or a session", true, false, kCsv},
    {"zeek", "dce_rpc.log; into a folder, weird.log too", false, false, kZeek},
    {"eve", "Suricata's events", false, true, kEve},
    {"sarif", "findings, SARIF 2.1.0", false, true, kSarif},
    {"opengraph", "sessions and askers for BloodHound", false, false, kOpenGraph},
}};

}  // namespace

std::span<const FormatSpec> Formats() { return kFormats; }

const FormatSpec* FindFormat(std::string_view name) {
  const auto found = std::ranges::find(kFormats, name, &FormatSpec::name);
  return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace sessenum
