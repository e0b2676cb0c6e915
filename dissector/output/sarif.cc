#include "output/sarif.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/utf16.h"
#include "output/address.h"
#include "output/json_writer.h"
#include "output/ndjson.h"
#include "output/text.h"
#include "rules/catalogue.h"

namespace sessenum {
namespace {

constexpr std::string_view kSchemaUri = "https://json.schemastore.org/sarif-2.1.0.json";
constexpr std::string_view kFingerprint = "sessenum/v1";
// MS-SRVS 3.1.4.5
constexpr std::string_view kHelpUri =
    "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-srvs/02b1f559-fda2-4ba3-94c2-806eb2777183";

// SARIF 3.27.9 and 3.27.10
struct Grade {
  std::string_view kind;
  std::string_view level;
};
constexpr std::array<Grade, kVerdictNames.size()> kGrades = {{{"pass", "none"},
                                                              {"fail", "error"},
                                                              {"fail", "note"},
                                                              {"fail", "warning"},
                                                              {"open", "none"},
                                                              {"notApplicable", "none"}}};

// Everything but what a path may hold, percent-encoded (RFC 3986).
std::string UriPath(std::string_view path) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  static constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (kUnreserved.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri.append("%").append(1, kDigits[byte >> 4U]).append(1, kDigits[byte & 0xFU]);
    }
  }
  return uri;
}

void TextMember(JsonWriter& json, std::string_view key, std::string_view text) {
  json.Key(key);
  json.BeginObject();
  json.Member("text", text);
  json.EndObject();
}

// A capture, or a stub in one.
struct Artifact {
  std::string uri;
  std::optional<std::size_t> parent;  // index of the capture
  std::size_t length = 0;             // bytes, of a stub
};

struct Notice {
  std::string_view level;
  std::string text;
  std::optional<std::size_t> capture;
};

// What a finding's bytes are in: the stub of its message, if there is one.
struct StubPlace {
  std::string_view name;
  std::uint64_t frame = 0;
  std::size_t size = 0;
};

template <typename Seen>
std::optional<StubPlace> PlaceOf(const std::optional<Seen>& seen, std::string_view name) {
  if (!seen || seen->frames.empty()) return std::nullopt;
  return StubPlace{name, seen->frames.front().number, seen->stub.size()};
}

std::optional<StubPlace> PlaceOf(const Call& call, Direction direction) {
  return direction == Direction::kToServer ? PlaceOf(call.request, "request") : PlaceOf(call.response, "response");
}

// A name within the capture; SARIF has it begin with a slash. The number keeps apart what shares a packet.
std::string StubUri(std::size_t number, const StubPlace& place, std::uint32_t call_id) {
  return "/stub-" + std::to_string(number) + "/frame-" + std::to_string(place.frame) + "/call-" +
         std::to_string(call_id) + "/" + std::string(place.name);
}

std::size_t RuleIndex(std::string_view id) {
  return static_cast<std::size_t>(std::ranges::find(Catalogue(), id, &Rule::id) - Catalogue().begin());
}

// Without the numbers of elements and frames: the same defect of the same party is the same in another capture.
std::string FingerprintOf(const Call& call, const Finding& finding) {
  const Endpoint& party = finding.message == Direction::kToServer ? call.carrier->client : call.carrier->server;
  std::string path = FieldPath(finding);
  std::erase_if(path, [](char c) { return c >= '0' && c <= '9'; });
  return std::string(finding.rule).append(" ").append(finding.party()).append(" ").append(ToText(party.address)) + " " +
         path;
}

void WriteRule(JsonWriter& json, const Rule& rule) {
  json.BeginObject();
  json.Member("id", rule.id);
  TextMember(json, "shortDescription", rule.title);
  TextMember(json, "fullDescription", rule.checks);
  json.Member("helpUri", kHelpUri);
  json.Key("defaultConfiguration");
  json.BeginObject();
  const bool can_violate = !rule.violation.empty();
  const Verdict worst = can_violate ? Verdict::kViolation : (rule.known.empty() ? Verdict::kAdvisory : Verdict::kKnown);
  json.Member("level", kGrades[static_cast<std::size_t>(worst)].level);
  json.EndObject();
  json.Key("properties");
  json.BeginObject();
  json.Member("section", rule.section);
  json.Member("party", Name(rule.party));
  json.Member("scope", Name(rule.scope));
  json.EndObject();
  json.EndObject();
}

void WriteArtifact(JsonWriter& json, const Artifact& artifact) {
  json.BeginObject();
  json.Key("location");
  json.BeginObject();
  json.Member("uri", std::string_view(artifact.uri));
  json.EndObject();
  if (artifact.parent) {
    json.Member("parentIndex", std::uint64_t{*artifact.parent});
    json.Member("length", std::uint64_t{artifact.length});
    json.Member("mimeType", std::string_view("application/octet-stream"));
  } else {
    json.Member("mimeType", std::string_view("application/vnd.tcpdump.pcap"));
    json.Key("roles");
    json.BeginArray();
    json.Value(std::string_view("analysisTarget"));
    json.EndArray();
  }
  json.EndObject();
}

class SarifWriter final : public CallWriter {
 public:
  explicit SarifWriter(const WriterOptions& options) : most_stubs_(options.most_parts), version_(options.version) {}

  void Begin(std::string& out) override {
    out.append(R"({"$schema":")").append(kSchemaUri).append(R"(","version":"2.1.0","runs":[{"results":[)");
  }

  void Add(const Call& call, std::string_view capture, std::string& out) override {
    stubs_of_call_ = {};
    for (const Finding& finding : call.findings) {
      out += is_first_ ? "\n" : ",\n";
      is_first_ = false;
      JsonWriter json(out);
      WriteResult(json, call, finding, capture);
    }
  }

  void EndCapture(std::string_view name, std::string_view error) override {
    const std::size_t capture = CaptureIndex(name);
    if (error.empty()) return;
    all_read_ = false;
    notices_.push_back({"error", WellFormedUtf8(error), capture});
  }

  void End(const Summary& summary, std::string& out) override {
    for (std::string& line : BlindSpots(summary)) notices_.push_back({"warning", std::move(line), std::nullopt});
    if (unplaced_ != 0) {
      notices_.push_back({"warning",
                          std::to_string(unplaced_) + " results name their capture alone: there were more than " +
                              std::to_string(most_stubs_) + " stubs",
                          std::nullopt});
    }
    out += "\n],\"artifacts\":";
    WriteArray(out, artifacts_, WriteArtifact);
    out += ",\"tool\":";
    WriteTool(out);
    out += ",\"invocations\":";
    WriteInvocations(out);
    out += R"(,"properties":)";
    JsonWriter json(out);
    json.BeginObject();
    json.Key("summary");
    json.BeginObject();
    WriteSummaryMembers(json, summary);
    json.EndObject();
    json.EndObject();
    out += "}]}\n";
  }

 private:
  template <typename Range, typename Write>
  static void WriteArray(std::string& out, const Range& range, Write&& write) {
    JsonWriter json(out);
    json.BeginArray();
    for (const auto& element : range) write(json, element);
    json.EndArray();
  }

  std::size_t CaptureIndex(std::string_view name) {
    const auto [place, is_new] = captures_.try_emplace(std::string(name), artifacts_.size());
    if (is_new) artifacts_.push_back({UriPath(name), std::nullopt, 0});
    return place->second;
  }

  // nullopt: there is no such stub, or no room for another.
  std::optional<std::size_t> StubIndex(const Call& call, const Finding& finding, std::size_t capture) {
    const std::optional<StubPlace> place = PlaceOf(call, finding.message);
    if (!place) return std::nullopt;
    std::optional<std::size_t>& index = stubs_of_call_[static_cast<std::size_t>(finding.message)];
    if (index) return index;
    if (stubs_ == most_stubs_) {
      ++unplaced_;
      return std::nullopt;
    }
    index = artifacts_.size();
    artifacts_.push_back({StubUri(++stubs_, *place, call.call_id), capture, place->size});
    return index;
  }

  void WriteLocation(JsonWriter& json, const Call& call, const Finding& finding, std::string_view capture) {
    const std::size_t file = CaptureIndex(capture);
    const std::optional<std::size_t> stub = StubIndex(call, finding, file);
    const std::size_t index = stub.value_or(file);
    json.BeginObject();
    json.Key("physicalLocation");
    json.BeginObject();
    json.Key("artifactLocation");
    json.BeginObject();
    json.Member("uri", std::string_view(artifacts_[index].uri));
    json.Member("index", std::uint64_t{index});
    json.EndObject();
    if (stub) {
      json.Key("region");
      json.BeginObject();
      json.Member("byteOffset", std::uint64_t{finding.where.offset});
      json.Member("byteLength", std::uint64_t{finding.where.length});
      json.EndObject();
    }
    json.EndObject();
    json.Key("logicalLocations");
    json.BeginArray();
    json.BeginObject();
    json.Member("fullyQualifiedName", std::string_view(FieldPath(finding)));
    json.Member("kind", std::string_view("member"));
    json.EndObject();
    json.EndArray();
    json.EndObject();
  }

  void WriteResult(JsonWriter& json, const Call& call, const Finding& finding, std::string_view capture) {
    const Grade grade = kGrades[static_cast<std::size_t>(finding.verdict)];
    json.BeginObject();
    json.Member("ruleId", finding.rule);
    json.Member("ruleIndex", std::uint64_t{RuleIndex(finding.rule)});
    json.Member("kind", grade.kind);
    json.Member("level", grade.level);
    TextMember(json, "message", Message(finding));
    json.Key("locations");
    json.BeginArray();
    WriteLocation(json, call, finding, capture);
    json.EndArray();
    json.Key("partialFingerprints");
    json.BeginObject();
    json.Member(kFingerprint, std::string_view(FingerprintOf(call, finding)));
    json.EndObject();
    WriteProperties(json, call, finding, capture);
    json.EndObject();
  }

  static void WriteProperties(JsonWriter& json, const Call& call, const Finding& finding, std::string_view capture) {
    json.Key("properties");
    json.BeginObject();
    json.Member("capture", std::string_view(WellFormedUtf8(capture)));
    json.Member("verdict", Name(finding.verdict));
    json.Member("party", finding.party());
    json.Member("field", std::string_view(FieldPath(finding)));
    json.OptionalMember("frame", finding.frame == 0 ? std::nullopt : std::optional(finding.frame));
    json.Member("offset", std::uint64_t{finding.where.offset});
    json.Member("length", std::uint64_t{finding.where.length});
    json.Key("ts");
    json.Number(SecondsText(call.first_frame().time_ns));
    json.Member("id.orig_h", std::string_view(ToText(call.carrier->client.address)));
    json.Member("id.orig_p", std::uint64_t{call.carrier->client.port});
    json.Member("id.resp_h", std::string_view(ToText(call.carrier->server.address)));
    json.Member("id.resp_p", std::uint64_t{call.carrier->server.port});
    json.Member("call_id", std::uint64_t{call.call_id});
    json.EndObject();
  }

  void WriteTool(std::string& out) const {
    JsonWriter json(out);
    json.BeginObject();
    json.Key("driver");
    json.BeginObject();
    json.Member("name", std::string_view("sessenum"));
    if (!version_.empty()) json.Member("version", version_);
    json.Key("rules");
    json.BeginArray();
    for (const Rule& rule : Catalogue()) WriteRule(json, rule);
    json.EndArray();
    json.EndObject();
    json.EndObject();
  }

  void WriteNotice(JsonWriter& json, const Notice& notice) const {
    json.BeginObject();
    json.Member("level", notice.level);
    TextMember(json, "message", notice.text);
    if (notice.capture) {
      json.Key("locations");
      json.BeginArray();
      json.BeginObject();
      json.Key("physicalLocation");
      json.BeginObject();
      json.Key("artifactLocation");
      json.BeginObject();
      json.Member("uri", std::string_view(artifacts_[*notice.capture].uri));
      json.Member("index", std::uint64_t{*notice.capture});
      json.EndObject();
      json.EndObject();
      json.EndObject();
      json.EndArray();
    }
    json.EndObject();
  }

  void WriteInvocations(std::string& out) const {
    JsonWriter json(out);
    json.BeginArray();
    json.BeginObject();
    json.BoolMember("executionSuccessful", all_read_);
    json.Key("toolExecutionNotifications");
    json.BeginArray();
    for (const Notice& notice : notices_) WriteNotice(json, notice);
    json.EndArray();
    json.EndObject();
    json.EndArray();
  }

  std::size_t most_stubs_;
  std::string_view version_;
  bool is_first_ = true;
  bool all_read_ = true;
  std::vector<Artifact> artifacts_;
  std::map<std::string, std::size_t> captures_;              // their places in artifacts_
  std::array<std::optional<std::size_t>, 2> stubs_of_call_;  // places in artifacts_, by direction
  std::size_t stubs_ = 0;
  std::uint64_t unplaced_ = 0;
  std::vector<Notice> notices_;
};

}  // namespace

std::unique_ptr<CallWriter> MakeSarif(const WriterOptions& options) { return std::make_unique<SarifWriter>(options); }

}  // namespace sessenum
