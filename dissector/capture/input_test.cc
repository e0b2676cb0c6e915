#include "capture/input.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "capture/capture_file_testing.h"

namespace sessenum {
namespace {

TEST(InputTest, OneLookTakesSixtyKilobytesFromAFile) {
  const TemporaryFile file(FileBytes(1U << 20U, 'a'));
  CaptureError error;
  const std::unique_ptr<Input> input = Input::Open(file.path(), error);
  ASSERT_NE(input, nullptr) << error;
  EXPECT_EQ(std::fgetc(input->file()), 'a');
  EXPECT_GE(lseek(fileno(input->file()), 0, SEEK_CUR), 60'000);
}

}  // namespace
}  // namespace sessenum
