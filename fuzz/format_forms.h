// What every format of the output promises of its form, whatever was on the wire, and of the names of its columns.
#ifndef SESSENUM_FUZZ_FORMAT_FORMS_H_
#define SESSENUM_FUZZ_FORMAT_FORMS_H_

#include <cstddef>
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
  // SARIF tells the whole catalogue of rules each time: `documents` says whether such documents are written, too; they
  // refer to at most `most_parts`, as WriterOptions has it.
  FormatForms(bool documents, std::size_t most_parts);

  void Add(const Call& call, std::string_view capture);
  // `error` as in CallWriter::EndCapture.
  void End(const Summary& summary, std::string_view capture, std::string_view error);

 private:
  struct Form {
    std::unique_ptr<CallWriter> writer;
    void (*require)(std::string_view text);
    std::string text;
  };

  std::vector<Form> forms_;
};

// Whatever is typed for a column stands for columns that it is part of, and what is suggested instead are columns.
void RequireColumnsFor(std::string_view typed);

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_FORMAT_FORMS_H_
