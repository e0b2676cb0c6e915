// Every form that a run can be written in.
#ifndef SESSENUM_OUTPUT_FORMATS_H_
#define SESSENUM_OUTPUT_FORMATS_H_

#include <memory>
#include <span>
#include <string_view>

#include "output/call_writer.h"

namespace sessenum {

struct FormatStream {
  std::string_view file;  // its name, where a format has several and goes to a folder
  std::unique_ptr<CallWriter> (*make)(const WriterOptions& options) = nullptr;
};

struct FormatSpec {
  std::string_view name;
  std::string_view what;
  bool takes_fields = false;
  // What a run could not see stands in the output itself.
  bool tells_blind_spots = false;
  std::span<const FormatStream> streams;
};

[[nodiscard]] std::span<const FormatSpec> Formats();

// nullptr: there is none of this name.
[[nodiscard]] const FormatSpec* FindFormat(std::string_view name);

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_FORMATS_H_
