// A run in the form that the user chose.
#ifndef SESSENUM_TOOLS_SESSENUM_FORMAT_OUTPUT_H_
#define SESSENUM_TOOLS_SESSENUM_FORMAT_OUTPUT_H_

#include <memory>
#include <string>
#include <vector>

#include "output/formats.h"
#include "output_options.h"
#include "output_stream.h"

namespace CLI {
class App;
}

namespace sessenum::tool {

struct FormatOptions {
  std::string format = "text";
  std::string fields;  // names with commas between; empty: the format's own
  OutputOptions output;

  // Registers --format, --fields, --list-fields and what OutputOptions has.
  void AddTo(CLI::App& command);
};

// Writes to one stream, or, where a format has several, to files in a folder; standard output takes the first one.
class FormatOutput {
 public:
  // nullptr, after an error was printed, where that cannot be done. `titles`: text names each capture.
  [[nodiscard]] static std::unique_ptr<FormatOutput> Open(const FormatOptions& options, bool titles,
                                                          const std::vector<std::string>& inputs);

  void BeginCapture(const std::string& path);
  // False once nobody reads, or nothing more can be written.
  bool Add(const Call& call, const std::string& capture);
  void EndCapture(const std::string& name, const std::string& error);
  // False, after an error was printed, where not everything could be written. What the form has no place for goes to
  // standard error.
  [[nodiscard]] bool Close(const Summary& summary);

 private:
  struct Part {
    std::unique_ptr<OutputStream> stream;
    std::unique_ptr<CallWriter> writer;
  };

  template <typename Append>
  bool Write(const Part& part, Append&& append);

  bool tells_blind_spots_ = false;
  std::vector<Part> parts_;
  std::string text_;
};

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_FORMAT_OUTPUT_H_
