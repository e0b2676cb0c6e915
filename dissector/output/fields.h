// What there is to know of a call as columns: one table for csv, zeek and --fields.
#ifndef SESSENUM_OUTPUT_FIELDS_H_
#define SESSENUM_OUTPUT_FIELDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "replay/call.h"

namespace sessenum {

enum class FieldType : std::uint8_t { kText, kCount, kMoment, kDuration, kAddress, kPort };

// Zeek's name of the type: "string", "count".
[[nodiscard]] std::string_view Name(FieldType type);
[[nodiscard]] constexpr bool IsNumber(FieldType type) {
  return type != FieldType::kText && type != FieldType::kAddress;
}

// UTF-8, as it came off the wire; nullopt is null.
using FieldText = std::optional<std::string>;

// One item, or those of a list. A list that is not there is one null.
struct FieldValue {
  bool is_list = false;
  std::vector<FieldText> items;
};

// What a row tells of: a call, or one session that it disclosed.
struct FieldRow {
  const Call& call;
  std::string_view capture;
  const Session* session = nullptr;
};

struct Field {
  std::string name;  // the NDJSON key, with dots for nesting
  FieldType type = FieldType::kText;
  bool is_list = false;  // in a row of a call
  std::string_view what;
  FieldValue (*read)(const FieldRow& row) = nullptr;
  const SessionField* of_session = nullptr;  // instead of `read`
};

// Every field, in the order of the NDJSON keys. Lives as long as the program.
[[nodiscard]] const std::vector<Field>& Fields();

[[nodiscard]] FieldValue Read(const Field& field, const FieldRow& row);

// The fields that `name` stands for: the one of this name; else the first one whose name ends so ("level" is
// request.level); else all that stand under it ("id", "sessions"). Empty: there is none.
[[nodiscard]] std::vector<const Field*> FindFields(std::string_view name);

// Names that may have been meant, the nearest first.
[[nodiscard]] std::vector<std::string> NamesLike(std::string_view name);

// Calls `visit(row)` once, or, where one of `fields` is of a session, once for each session disclosed: a call without
// any keeps one row.
template <typename Visitor>
void ForEachRow(const std::vector<const Field*>& fields, const Call& call, std::string_view capture, Visitor&& visit) {
  bool by_session = false;
  for (const Field* field : fields) by_session = by_session || field->of_session != nullptr;
  if (!by_session) {
    visit(FieldRow{call, capture});
    return;
  }
  const bool answered = call.response && call.response->decoded;
  if (!answered || call.response->message.info.container.sessions.empty()) {
    const Session none{};
    visit(FieldRow{call, capture, &none});
    return;
  }
  for (const Session& session : call.response->message.info.container.sessions) {
    visit(FieldRow{call, capture, &session});
  }
}

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_FIELDS_H_
