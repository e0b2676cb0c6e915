// What every format of the output promises of its form, whatever was on the wire.
#ifndef SESSENUM_FUZZ_FORMAT_FORMS_H_
#define SESSENUM_FUZZ_FORMAT_FORMS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "output/call_writer.h"

namespace sessenum::fuzz {

// Writes a run in the formats other than text and NDJSON, and aborts where one breaks its form: a row with other cells
// than its header, a line or a document that is no JSON.
class FormatForms {
 public:
  // SARIF tells the whole catalogue of rules each time: `documents` says whether such documents are written, too.
  explicit FormatForms(bool documents);

  void Add(const Call& call);
  void End(const Summary& summary);

 private:
  struct Form {
    std::unique_ptr<CallWriter> writer;
    void (*require)(std::string_view text);
    std::string text;
  };

  std::vector<Form> forms_;
};

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_FORMAT_FORMS_H_
