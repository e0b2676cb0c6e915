#include "output/fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "output/sample_call_testing.h"

namespace sessenum {
namespace {

using testing::ElementsAre;
using testing::Optional;

std::vector<std::string> NamesOf(const std::vector<const Field*>& fields) {
  std::vector<std::string> names;
  for (const Field* field : fields) names.push_back(field->name);
  return names;
}

FieldValue ValueOf(std::string_view name, const Call& call) {
  return Read(*FindFields(name).front(), {call, "a.pcap", nullptr});
}

TEST(FieldsTest, NamesAreUnique) {
  std::set<std::string> names;
  for (const Field& field : Fields()) EXPECT_TRUE(names.insert(field.name).second) << field.name;
}

TEST(FieldsTest, WhatANameStandsFor) {
  EXPECT_THAT(NamesOf(FindFields("ts")), ElementsAre("ts"));
  EXPECT_THAT(NamesOf(FindFields("id.orig_h")), ElementsAre("id.orig_h"));
  EXPECT_THAT(NamesOf(FindFields("orig_h")), ElementsAre("id.orig_h"));
  EXPECT_THAT(NamesOf(FindFields("level")), ElementsAre("request.level"));
  EXPECT_THAT(NamesOf(FindFields("cname")), ElementsAre("response.container.sessions.cname"));
  EXPECT_THAT(NamesOf(FindFields("transport")), ElementsAre("transport"));
  EXPECT_THAT(NamesOf(FindFields("sessions.transport")), ElementsAre("response.container.sessions.transport"));
  EXPECT_THAT(NamesOf(FindFields("id")), ElementsAre("id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"));
  EXPECT_EQ(FindFields("sessions").size(), 8U);
  EXPECT_TRUE(FindFields("").empty());
  EXPECT_TRUE(FindFields("evel").empty());
  EXPECT_TRUE(FindFields("id.").empty());
}

TEST(FieldsTest, WhatMayHaveBeenMeant) {
  EXPECT_EQ(NamesLike("levle").front(), "request.level");
  EXPECT_EQ(NamesLike("id.origh").front(), "id.orig_h");
  EXPECT_TRUE(NamesLike("x").empty());
  EXPECT_TRUE(NamesLike("entirely_else").empty());
}

TEST(FieldsTest, ValuesOfACall) {
  SampleCall sample;
  sample.call.findings = {SampleFinding()};
  const Call& call = sample.Get();
  EXPECT_THAT(ValueOf("ts", call).items, ElementsAre(Optional(std::string("1600748713.123456"))));
  EXPECT_THAT(ValueOf("user", call).items, ElementsAre(Optional(std::string("CORP\\alice"))));
  EXPECT_THAT(ValueOf("client_name", call).items, ElementsAre(std::nullopt));
  EXPECT_THAT(ValueOf("user_name", call).items, ElementsAre(Optional(std::string())));
  EXPECT_THAT(ValueOf("status_name", call).items, ElementsAre(Optional(std::string("NERR_Success"))));
  EXPECT_THAT(ValueOf("findings.rule", call).items, ElementsAre(Optional(std::string("G5-count-mismatch"))));
  EXPECT_THAT(ValueOf("cname", call).items, ElementsAre(Optional(std::string("\\\\10.0.0.7"))));
  EXPECT_TRUE(ValueOf("cname", call).is_list);
  EXPECT_THAT(ValueOf("num_opens", call).items, ElementsAre(std::nullopt));  // not in level 10
}

TEST(FieldsTest, WhatWasNotSeenIsNull) {
  SampleCall sample;
  sample.call.request.reset();
  sample.call.response.reset();
  const Call& call = sample.Get();
  for (const Field& field : Fields()) {
    if (!field.name.starts_with("re") || field.name.ends_with("_frames")) continue;
    const FieldValue value = Read(field, {call, "a.pcap", nullptr});
    EXPECT_THAT(value.items, ElementsAre(std::nullopt)) << field.name;
    EXPECT_FALSE(value.is_list);
  }
}

TEST(FieldsTest, ARowForEachSession) {
  SampleCall sample;
  SessionEnumResponse answer = sample.Answer();
  MessageBuilder::SetSessions({answer.info.container.sessions[0], answer.info.container.sessions[0]}, answer);
  sample.SetResponse(answer);
  const auto rows = [&](std::string_view name) {
    int count = 0;
    ForEachRow(FindFields(name), sample.Get(), "", [&](const FieldRow&) { ++count; });
    return count;
  };
  EXPECT_EQ(rows("ts"), 1);
  EXPECT_EQ(rows("cname"), 2);
  sample.call.response.reset();
  EXPECT_EQ(rows("cname"), 1);
  ForEachRow(FindFields("cname"), sample.Get(), "", [](const FieldRow& row) {
    EXPECT_THAT(Read(*FindFields("cname").front(), row).items, ElementsAre(std::nullopt));
  });
}

}  // namespace
}  // namespace sessenum
