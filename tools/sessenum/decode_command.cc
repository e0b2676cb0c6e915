#include "decode_command.h"

#include <CLI/CLI.hpp>
#include <cctype>
#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "input_file.h"
#include "output/ndjson.h"
#include "output/text.h"
#include "output_stream.h"
#include "replay/call_decoder.h"
#include "replay/call_judge.h"
#include "replay/stub_decoder.h"

namespace sessenum::tool {
namespace {

constexpr std::size_t kMostBytes = 4 * Limits().stub_bytes;  // as hex with blanks

int HexDigit(std::uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int lower = std::tolower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Pairs of hex digits; white space may stand anywhere. nullopt after an error with its place was printed.
std::optional<std::vector<std::uint8_t>> FromHex(const std::string& path, const std::vector<std::uint8_t>& text) {
  std::vector<std::uint8_t> bytes;
  int high = -1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::isspace(text[i]) != 0) continue;
    const int digit = HexDigit(text[i]);
    if (digit < 0) {
      PrintError(path + ": byte " + std::to_string(i) + " is no hex digit");
      return std::nullopt;
    }
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit));
      high = -1;
    }
  }
  if (high < 0) return bytes;
  PrintError(path + ": an odd number of hex digits");
  return std::nullopt;
}

template <typename Message>
class StubPrinter {
 public:
  StubPrinter(const DecodeOptions& options, OutputStream& out) : options_(options), out_(out) {}

  [[nodiscard]] ExitStatus Run(std::vector<std::uint8_t> stub) {
    Call call;
    SeenStub<Message>& seen = Seen(call);
    seen.stub = std::move(stub);
    seen.order = options_.order;
    seen.fragments = 1;
    const Status status = DecodeInto(seen);
    VerdictCounts verdicts{};
    Budget budget{Limits()};
    CallJudge(budget, options_.verdicts.judge).Examine(call, verdicts);
    Print(seen, call.findings);
    if (!status.ok()) PrintError(options_.stub + ": not decoded beyond stub byte " + std::to_string(status.offset));
    if (!out_.Close() || !status.ok()) return ExitStatus::kFailed;
    return MustFail(options_.output.fail_on, verdicts) ? ExitStatus::kFindings : ExitStatus::kDone;
  }

 private:
  [[nodiscard]] static SeenRequest& Seen(Call& call) requires std::is_same_v<Message, SessionEnumRequest> {
    return call.request.emplace();
  }
  [[nodiscard]] static SeenResponse& Seen(Call& call) requires std::is_same_v<Message, SessionEnumResponse> {
    return call.response.emplace();
  }
  Status DecodeInto(SeenStub<Message>& seen) {
    NdrFormat format{options_.syntax, options_.order};
    if (options_.guess_syntax) {
      if (const auto syntax = DecodeGuessing(seen.stub, options_.order, Limits(), seen.message))
        format.syntax = *syntax;
    }
    seen.decoded = true;
    return DecodeStub(seen.stub, format, Limits(), seen.message);
  }

  void Print(const SeenStub<Message>& seen, const std::vector<Finding>& findings) {
    std::string text;
    if (options_.format == StubFormat::kNdjson) {
      AppendNdjson(seen, findings, text);
    } else {
      AppendText(seen, {out_.color()}, text);
      for (const Finding& finding : findings) AppendText(finding, {out_.color()}, text);
    }
    static_cast<void>(out_.Write(text));
  }

  const DecodeOptions& options_;
  OutputStream& out_;
};

}  // namespace

void DecodeOptions::AddTo(CLI::App& command) {
  static const std::map<std::string, Direction> directions = {{"request", Direction::kToServer},
                                                              {"response", Direction::kToClient}};
  static const std::map<std::string, TransferSyntax> syntaxes = {{"ndr", TransferSyntax::kNdr},
                                                                 {"ndr64", TransferSyntax::kNdr64}};
  static const std::map<std::string, StubFormat> formats = {{"text", StubFormat::kText},
                                                            {"ndjson", StubFormat::kNdjson}};
  static const std::map<std::string, ByteOrder> orders = {{"little", ByteOrder::kLittle}, {"big", ByteOrder::kBig}};
  command.add_option("stub", stub, "The stub's bytes; - is standard input")->required()->option_text("FILE");
  command.add_option("--direction", direction, "request or response")
      ->required()
      ->transform(CLI::CheckedTransformer(directions))
      ->option_text("DIRECTION");
  command
      .add_option_function<TransferSyntax>(
          "--syntax",
          [this](const TransferSyntax& chosen) {
            syntax = chosen;
            guess_syntax = false;
          },
          "ndr or ndr64; without it, the one that fits")
      ->transform(CLI::CheckedTransformer(syntaxes))
      ->option_text("SYNTAX");
  command.add_option("--byte-order", order, "little or big")
      ->transform(CLI::CheckedTransformer(orders))
      ->option_text("ORDER [little]");
  command.add_flag("--hex", hex, "The file holds hex digits");
  command.add_option("--format", format, "How output looks: text or ndjson")
      ->transform(CLI::CheckedTransformer(formats))
      ->option_text("FORMAT [text]");
  output.AddTo(command);
  verdicts.AddTo(command);
}

ExitStatus Decode(const DecodeOptions& options) {
  std::optional<std::vector<std::uint8_t>> stub = ReadFile(options.stub, kMostBytes);
  if (stub && options.hex) stub = FromHex(options.stub, *stub);
  if (!stub) return ExitStatus::kFailed;
  if (stub->size() > Limits().stub_bytes) {
    PrintError(options.stub + ": more than " + std::to_string(Limits().stub_bytes) + " bytes");
    return ExitStatus::kFailed;
  }
  const std::unique_ptr<OutputStream> out = OutputStream::Open(options.output, {options.stub});
  if (out == nullptr) return ExitStatus::kFailed;
  if (options.direction == Direction::kToServer) {
    return StubPrinter<SessionEnumRequest>(options, *out).Run(std::move(*stub));
  }
  return StubPrinter<SessionEnumResponse>(options, *out).Run(std::move(*stub));
}

}  // namespace sessenum::tool
