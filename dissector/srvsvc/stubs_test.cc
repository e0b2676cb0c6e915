// Properties that hold for every stub: those that Samba packed (testdata/) and large ones of our own.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "srvsvc/codec.h"
#include "srvsvc/layout.h"
#include "srvsvc/message_builder_testing.h"
#include "srvsvc/stub_values_testing.h"

namespace sessenum {
namespace {

struct Stub {
  std::string name;
  NdrFormat format;
  bool is_request = false;
  nlohmann::json values;
  std::vector<std::uint8_t> bytes;
};

NdrFormat FormatOf(const std::string& encoding) {
  const bool wide = encoding.rfind("ndr64", 0) == 0;
  const bool big = encoding == "be" || encoding == "ndr64be";
  return {wide ? TransferSyntax::kNdr64 : TransferSyntax::kNdr, big ? ByteOrder::kBig : ByteOrder::kLittle};
}

std::vector<std::uint8_t> ReadFile(const std::string& name) {
  std::ifstream in(std::string(SESSENUM_TESTDATA_DIR "/") + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<Stub> LoadStubs() {
  std::vector<Stub> stubs;
  std::ifstream in(SESSENUM_TESTDATA_DIR "/values.json");
  for (nlohmann::json& entry : nlohmann::json::parse(in)) {
    Stub stub;
    stub.name = entry.at("file");
    stub.format = FormatOf(entry.at("encoding"));
    stub.is_request = entry.at("direction") == "in";
    stub.bytes = ReadFile(stub.name);
    EXPECT_EQ(stub.bytes.size(), entry.at("size")) << stub.name;
    for (const char* about : {"file", "encoding", "direction", "size"}) entry.erase(about);
    stub.values = entry;
    stubs.push_back(stub);
  }
  return stubs;
}

const std::vector<Stub>& Stubs() {
  static const std::vector<Stub> stubs = LoadStubs();
  return stubs;
}

// Calls `visit(stub, message)` for each stub, `message` being decoded from it.
template <typename Visit>
void ForEachStub(Visit&& visit) {
  for (const Stub& stub : Stubs()) {
    SCOPED_TRACE(stub.name);
    SessionEnumRequest request;
    SessionEnumResponse response;
    if (stub.is_request) {
      ASSERT_TRUE(DecodeRequest(stub.bytes, stub.format, Limits{}, request).ok());
      visit(stub, request);
    } else {
      ASSERT_TRUE(DecodeResponse(stub.bytes, stub.format, Limits{}, response).ok());
      visit(stub, response);
    }
    if (testing::Test::HasFatalFailure()) return;
  }
}

// One decoded field: which, where, until where, and its value.
using Fact = std::tuple<std::string_view, std::uint32_t, std::uint32_t, std::uint64_t, std::uint64_t>;
constexpr std::size_t kPlace = 2;
constexpr std::size_t kEnd = 3;

// A codec that lists all fields that were decoded.
class FactCollector {
 public:
  static constexpr bool kReads = false;

  explicit FactCollector(NdrFormat format) : format_(format) {}

  [[nodiscard]] const NdrFormat& format() const { return format_; }
  [[nodiscard]] std::vector<Fact>& facts() { return facts_; }

  Status AlignToWord(const FieldRef&) { return Ok(); }
  Status Expect(std::uint64_t, std::uint32_t, const FieldRef&) { return Ok(); }
  Status U32(const NdrU32& number, const FieldRef& field) {
    if (number.decoded()) facts_.emplace_back(field.name, field.element, number.at, number.at + 4, number.value);
    return Ok();
  }
  Status Count(const NdrU32& count, const FieldRef& field) {
    if (count.decoded()) {
      facts_.emplace_back(field.name, field.element, count.at, count.at + format_.word(), count.value);
    }
    return Ok();
  }
  Status Pointer(const NdrPointer& pointer, const FieldRef& field) {
    if (pointer.decoded()) {
      facts_.emplace_back(field.name, field.element, pointer.at, pointer.at + format_.word(), pointer.null() ? 0 : 1);
    }
    return Ok();
  }
  Status StringReferent(const NdrString& string, const FieldRef& field) {
    if (string.null() || !string.decoded()) return Ok();
    facts_.emplace_back(field.name, field.element, string.units_at, string.extent().end(),
                        std::hash<std::string>{}(ToUtf8(string.units())));
    return Ok();
  }

 private:
  NdrFormat format_;
  std::vector<Fact> facts_;
};

template <typename Message>
std::vector<Fact> FactsOf(const Message& message) {
  FactCollector collector(message.report.format);
  static_cast<void>(layout::Parameters(collector, message));
  std::ranges::sort(collector.facts(), {}, [](const Fact& fact) { return std::get<kPlace>(fact); });
  return collector.facts();
}

// Fails where the message has another anomaly than the one that big-endian NDR64 always has.
void ExpectNoAnomaly(const StubReport& report) {
  const bool foreign = report.format == NdrFormat{TransferSyntax::kNdr64, ByteOrder::kBig};
  EXPECT_EQ(report.anomalies.entries().size(), foreign ? 1U : 0U);
  EXPECT_EQ(report.anomalies.Has(AnomalyKind::kNdr64BigEndian), foreign);
}

TEST(Stubs, AreAllThere) {
  EXPECT_EQ(Stubs().size(), 200U);
  EXPECT_EQ(std::ranges::count(Stubs(), true, &Stub::is_request), 60);
}

TEST(Stubs, DecodeToTheirValues) {
  ForEachStub([](const Stub& stub, const auto& message) {
    EXPECT_EQ(ToJson(message), stub.values);
    EXPECT_EQ(message.info.tag.value, message.info.level.value);
    EXPECT_EQ(message.info.container.entries_read.value, message.info.container.sessions.size());
    EXPECT_EQ(message.report.consumed, stub.bytes.size());
    EXPECT_EQ(message.report.size, stub.bytes.size());
    ExpectNoAnomaly(message.report);
  });
}

TEST(Stubs, ReencodeByteForByte) {
  ForEachStub([](const Stub& stub, const auto& message) {
    EXPECT_EQ(EncodeMessage(message, stub.format, Referents::kRecorded), stub.bytes);
  });
}

TEST(Stubs, ReencodeWithOtherReferentsInTheSameLayout) {
  ForEachStub([](const Stub& stub, const auto& message) {
    const std::vector<std::uint8_t> bytes = EncodeMessage(message, stub.format, Referents::kAscending);
    ASSERT_EQ(bytes.size(), stub.bytes.size());
    std::decay_t<decltype(message)> again;
    ASSERT_TRUE(DecodeMessage(bytes, stub.format, Limits{}, again).ok());
    EXPECT_EQ(ToJson(again), stub.values);
    EXPECT_EQ(FactsOf(again), FactsOf(message));
    ExpectNoAnomaly(again.report);
  });
}

TEST(Stubs, TranscodingKeepsAllValues) {
  ForEachStub([](const Stub& stub, const auto& message) {
    for (const NdrFormat format : kAllFormats) {
      const std::vector<std::uint8_t> bytes = EncodeMessage(message, format, Referents::kRecorded);
      std::decay_t<decltype(message)> other;
      ASSERT_TRUE(DecodeMessage(bytes, format, Limits{}, other).ok()) << FormatName(format);
      EXPECT_EQ(ToJson(other), stub.values) << FormatName(format);
      ExpectNoAnomaly(other.report);
      EXPECT_EQ(EncodeMessage(other, stub.format, Referents::kRecorded), stub.bytes) << FormatName(format);
    }
  });
}

// Decodes the first `size` bytes of what `whole` was decoded from.
template <typename Message>
void ExpectTruncated(Bytes stub, std::size_t size, const Message& whole, const std::vector<Fact>& whole_facts) {
  const std::vector<std::uint8_t> cut(stub.begin(), stub.begin() + static_cast<std::ptrdiff_t>(size));
  Message message;
  const Status status = DecodeMessage(cut, whole.report.format, Limits{}, message);
  ASSERT_EQ(status.code, Errc::kTruncated) << size;
  ASSERT_EQ(message.report.status, status);
  ASSERT_LE(status.offset, size);
  ASSERT_GT(std::uint64_t{status.offset} + status.needed, size);

  const std::vector<Anomaly>& anomalies = message.report.anomalies.entries();
  const bool foreign = message.report.anomalies.Has(AnomalyKind::kNdr64BigEndian);
  ASSERT_EQ(anomalies.size(), foreign ? 2U : 1U) << size;
  const Anomaly& last = anomalies.back();
  ASSERT_EQ(last.kind, AnomalyKind::kTruncated);
  ASSERT_EQ(last.where, (Extent{status.offset, static_cast<std::uint32_t>(size - status.offset)}));
  ASSERT_EQ(last.seen, size - status.offset);
  ASSERT_EQ(last.expected, status.needed);
  ASSERT_FALSE(last.field.name.empty());

  // All that ends before the failure stands, and nothing else.
  std::vector<Fact> expected;
  std::ranges::copy_if(whole_facts, std::back_inserter(expected),
                       [&status](const Fact& fact) { return std::get<kEnd>(fact) <= status.offset; });
  ASSERT_EQ(FactsOf(message), expected) << size;
}

TEST(Stubs, EveryTruncationIsTruncatedAndNothingElse) {
  ForEachStub([](const Stub& stub, const auto& message) {
    const std::vector<Fact> facts = FactsOf(message);
    for (std::size_t size = 0; size < stub.bytes.size(); ++size) {
      ExpectTruncated(stub.bytes, size, message, facts);
      if (testing::Test::HasFatalFailure()) return;
    }
  });
}

// Whatever the bytes are: extents lie within the stub, and what was decoded can be written and read again.
template <typename Message>
void ExpectSound(const std::vector<std::uint8_t>& bytes, NdrFormat format, Message& message) {
  const Status status = DecodeMessage(bytes, format, Limits{}, message);
  ASSERT_LE(message.report.consumed, bytes.size());
  ASSERT_LE(status.offset, bytes.size());
  for (const Anomaly& anomaly : message.report.anomalies.entries()) ASSERT_LE(anomaly.where.end(), bytes.size());
  const std::vector<std::uint8_t> once = EncodeMessage(message, format, Referents::kRecorded);
  if (!status.ok()) return;
  ASSERT_EQ(once.size(), message.report.consumed);
  ASSERT_TRUE(DecodeMessage(once, format, Limits{}, message).ok());
  ASSERT_EQ(EncodeMessage(message, format, Referents::kRecorded), once);
}

// The places to change: all of a small stub, some of a large one.
std::vector<std::size_t> PlacesIn(const std::vector<std::uint8_t>& bytes, std::mt19937& random) {
  constexpr std::size_t kAll = 400;
  std::vector<std::size_t> places(std::min(bytes.size(), kAll));
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = bytes.size() <= kAll ? i : random() % bytes.size();
  return places;
}

TEST(Stubs, AnyByteMayBeWrong) {
  std::mt19937 random(12);
  ForEachStub([&random](const Stub& stub, const auto& original) {
    std::decay_t<decltype(original)> message;
    std::vector<std::uint8_t> bytes(stub.bytes.begin(), stub.bytes.end());  // of exactly this size, for ASan
    for (const std::size_t place : PlacesIn(bytes, random)) {
      const std::uint8_t right = bytes[place];
      const auto flipped = static_cast<std::uint8_t>(right ^ 0x80U);
      const auto next = static_cast<std::uint8_t>(right + 1);
      for (const std::uint8_t wrong : {std::uint8_t{0}, std::uint8_t{0xFF}, flipped, next}) {
        bytes[place] = wrong;
        ExpectSound(bytes, stub.format, message);
        ASSERT_FALSE(testing::Test::HasFatalFailure()) << "byte " << place << " = " << unsigned{wrong};
      }
      bytes[place] = right;
    }
  });
}

TEST(Stubs, WrongFormatsAndNoiseAreSound) {
  std::mt19937 random(13);
  ForEachStub([&random](const Stub& stub, const auto& original) {
    std::decay_t<decltype(original)> message;
    for (const NdrFormat format : kAllFormats) {
      ExpectSound(stub.bytes, format, message);
      std::vector<std::uint8_t> noisy(stub.bytes.begin(), stub.bytes.end());
      for (int i = 0; i < 8; ++i) noisy[random() % noisy.size()] = static_cast<std::uint8_t>(random());
      ExpectSound(noisy, format, message);
      for (std::uint8_t& byte : noisy) byte = static_cast<std::uint8_t>(random());
      ExpectSound(noisy, format, message);
    }
  });
}

TEST(LargeStubs, AThousandSessionsOfEachLevelInEachFormat) {
  std::mt19937 random(14);
  for (const LevelSpec& level : kLevels) {
    MessageBuilder builder;
    const SessionEnumResponse built = builder.Response(level.level, 1'000);
    for (const NdrFormat format : kAllFormats) {
      SCOPED_TRACE(FormatName(format) + " level " + std::to_string(level.level));
      const std::vector<std::uint8_t> bytes = EncodeMessage(built, format);
      SessionEnumResponse message;
      ASSERT_TRUE(DecodeResponse(bytes, format, Limits{}, message).ok());
      EXPECT_EQ(message.info.container.sessions.size(), 1'000U);
      EXPECT_EQ(ToJson(message), ToJson(built));
      EXPECT_EQ(message.report.consumed, bytes.size());
      ExpectNoAnomaly(message.report);
      EXPECT_EQ(EncodeMessage(message, format, Referents::kRecorded), bytes);
      const std::vector<Fact> facts = FactsOf(message);
      for (int i = 0; i < 5; ++i) ExpectTruncated(bytes, random() % bytes.size(), message, facts);
      ASSERT_FALSE(HasFatalFailure());
    }
  }
}

}  // namespace
}  // namespace sessenum
