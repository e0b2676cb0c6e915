#include "abi/finding_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sessenum {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Finding Found(Direction message, FieldRef field) {
  Finding finding;
  finding.message = message;
  finding.field = field;
  return finding;
}

TEST(FindingPlaces, EachIsTakenOnceAndOnlyWhereItBelongs) {
  const std::vector<Finding> findings = {
      Found(Direction::kToClient, {"status"}), Found(Direction::kToClient, {"cname", 1}),
      Found(Direction::kToServer, {"status"}), Found(Direction::kToClient, {"cname", 2}),
      Found(Direction::kToClient, {"status"}), Found(Direction::kToClient, {""})};
  FindingPlaces places(findings, Direction::kToClient);
  EXPECT_THAT(places.Take({"status"}), ElementsAre(&findings[0], &findings[4]));
  EXPECT_THAT(places.Take({"status"}), IsEmpty());
  EXPECT_THAT(places.Take({"cname", 0}), IsEmpty());
  EXPECT_THAT(places.Take({"cname"}), IsEmpty());
  EXPECT_THAT(places.Take({"cname", 2}), ElementsAre(&findings[3]));
  EXPECT_THAT(places.TakeRest(), ElementsAre(&findings[1], &findings[5]));
  EXPECT_THAT(places.TakeRest(), IsEmpty());
}

}  // namespace
}  // namespace sessenum
