// `sessenum decode`: one raw stub.
#ifndef SESSENUM_TOOLS_SESSENUM_DECODE_COMMAND_H_
#define SESSENUM_TOOLS_SESSENUM_DECODE_COMMAND_H_

#include <cstdint>
#include <optional>
#include <string>

#include "base/byte_order.h"
#include "base/duplex.h"
#include "exit_status.h"
#include "judge_options.h"
#include "ndr/format.h"
#include "output_options.h"

namespace CLI {
class App;
}

namespace sessenum::tool {

enum class StubFormat : std::uint8_t { kText, kNdjson };

struct DecodeOptions {
  std::string stub;
  Direction direction = Direction::kToServer;
  TransferSyntax syntax = TransferSyntax::kNdr;
  bool guess_syntax = true;  // --syntax was not given
  ByteOrder order = ByteOrder::kLittle;
  bool hex = false;
  StubFormat format = StubFormat::kText;
  OutputOptions output;
  VerdictOptions verdicts;

  void AddTo(CLI::App& command);
};

[[nodiscard]] ExitStatus Decode(const DecodeOptions& options);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_DECODE_COMMAND_H_
