#include "srvsvc/session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace sessenum {
namespace {

constexpr NdrFormat kNdr{TransferSyntax::kNdr, ByteOrder::kLittle};
constexpr NdrFormat kNdr64{TransferSyntax::kNdr64, ByteOrder::kLittle};

TEST(Levels, FiveAreListed) {
  for (const std::uint32_t level : {0U, 1U, 2U, 10U, 502U}) {
    ASSERT_NE(FindLevel(level), nullptr) << level;
    EXPECT_EQ(FindLevel(level)->level, level);
  }
  for (const std::uint32_t level : {3U, 4U, 9U, 11U, 501U, 503U, 0xFFFFFFFFU}) EXPECT_EQ(FindLevel(level), nullptr);
}

std::string FieldsOf(std::uint32_t level) {
  std::string names;
  for (const SessionField& field : FindLevel(level)->fields) names += std::string(field.name) + ' ';
  return names;
}

// MS-SRVS 2.2.4.11 to .15
TEST(Levels, FieldsStandInWireOrder) {
  EXPECT_EQ(FieldsOf(0), "cname ");
  EXPECT_EQ(FieldsOf(1), "cname username num_opens time idle_time user_flags ");
  EXPECT_EQ(FieldsOf(2), "cname username num_opens time idle_time user_flags cltype_name ");
  EXPECT_EQ(FieldsOf(10), "cname username time idle_time ");
  EXPECT_EQ(FieldsOf(502), "cname username num_opens time idle_time user_flags cltype_name transport ");
}

TEST(Levels, EachNameIsThatOfItsMember) {
  const std::map<std::string_view, NdrString Session::*> strings = {{"cname", &Session::cname},
                                                                    {"username", &Session::username},
                                                                    {"cltype_name", &Session::cltype_name},
                                                                    {"transport", &Session::transport}};
  const std::map<std::string_view, NdrU32 Session::*> numbers = {{"num_opens", &Session::num_opens},
                                                                 {"time", &Session::time},
                                                                 {"idle_time", &Session::idle_time},
                                                                 {"user_flags", &Session::user_flags}};
  for (const SessionField& field : kFieldsOfLevel502) {
    if (field.string != nullptr) {
      EXPECT_TRUE(strings.at(field.name) == field.string) << field.name;
    } else {
      EXPECT_TRUE(numbers.at(field.name) == field.number) << field.name;
    }
  }
}

TEST(Levels, ElementSizes) {
  constexpr std::array<std::uint32_t, 5> kNdrSizes = {4, 24, 28, 16, 32};
  constexpr std::array<std::uint32_t, 5> kNdr64Sizes = {8, 32, 40, 24, 48};
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    EXPECT_EQ(kLevels.at(i).ElementSize(kNdr), kNdrSizes.at(i));
    EXPECT_EQ(kLevels.at(i).ElementSize(kNdr64), kNdr64Sizes.at(i));
    EXPECT_EQ(kLevels.at(i).ElementSize(kNdr64) % 8, 0U) << "a gap at the end would be on the wire";
  }
}

TEST(Levels, NoFieldOfAnElementNeedsPadding) {
  for (const LevelSpec& level : kLevels) {
    std::uint32_t offset = 0;
    for (const SessionField& field : level.fields) {
      const std::uint32_t size = field.string != nullptr ? kNdr64.word() : 4;
      EXPECT_EQ(offset % size, 0U) << level.level << ' ' << field.name;
      offset += size;
    }
  }
}

TEST(Levels, EachIsAProjectionOf502InItsOrder) {
  for (const LevelSpec& level : kLevels) {
    auto rest = kFieldsOfLevel502.begin();
    for (const SessionField& field : level.fields) {
      rest = std::find_if(rest, kFieldsOfLevel502.end(),
                          [&field](const SessionField& other) { return other.name == field.name; });
      ASSERT_NE(rest, kFieldsOfLevel502.end()) << level.level << ' ' << field.name;
      EXPECT_TRUE(rest->string == field.string && rest->number == field.number) << field.name;
      ++rest;
    }
  }
}

TEST(Levels, EachFieldIsAStringOrANumberAndHasItsOwnMember) {
  for (const SessionField& field : kFieldsOfLevel502) {
    EXPECT_NE(field.string == nullptr, field.number == nullptr) << field.name;
    EXPECT_FALSE(field.meaning.empty());
    for (const SessionField& other : kFieldsOfLevel502) {
      if (other.name == field.name) continue;
      EXPECT_FALSE(field.string != nullptr && field.string == other.string) << field.name;
      EXPECT_FALSE(field.number != nullptr && field.number == other.number) << field.name;
    }
  }
}

// MS-SRVS 3.1.4.5 lists idle_time first for some levels; the structures, and the wire, have time first.
TEST(Levels, TimePrecedesIdleTime) {
  for (const LevelSpec& level : kLevels) {
    const auto time = std::ranges::find(level.fields, kTime.name, &SessionField::name);
    if (time == level.fields.end()) continue;
    ASSERT_NE(time + 1, level.fields.end());
    EXPECT_EQ((time + 1)->name, "idle_time");
  }
}

}  // namespace
}  // namespace sessenum
