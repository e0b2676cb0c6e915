// The schema of the NDJSON output, as it stands in dissector/output/.
#ifndef SESSENUM_FUZZ_SCHEMA_TEXT_H_
#define SESSENUM_FUZZ_SCHEMA_TEXT_H_

#include <string_view>

namespace sessenum::fuzz {

[[nodiscard]] std::string_view SchemaText();

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_SCHEMA_TEXT_H_
