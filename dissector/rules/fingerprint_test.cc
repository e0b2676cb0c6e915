#include "rules/fingerprint.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "srvsvc/message_builder_testing.h"

namespace sessenum {
namespace {

constexpr BindOffer kNdrAlone{true, false, false};
constexpr BindOffer kAll{true, true, true};
constexpr NdrFormat kNdr{TransferSyntax::kNdr, ByteOrder::kLittle};

// A request in the hand of Samba's rpcclient, whose features a test changes one at a time.
struct Habits {
  std::optional<std::string> server = R"(\\FS1)";
  std::optional<std::string> client = std::nullopt;
  std::optional<std::string> user = std::nullopt;
  std::uint32_t level = 1;
  std::optional<std::uint32_t> handle = 0;
  bool padded = false;
  std::vector<std::uint64_t> ids = {};  // of the pointers that are not NULL, in wire order; empty: counted
  BindOffer offer = kNdrAlone;
};

// The first word of the family's name; "nobody" where there is none.
std::string FamilyWith(const Habits& habits) {
  MessageBuilder make;
  SessionEnumRequest request;
  request.server_name = make.String(habits.server);
  request.client_name = make.String(habits.client);
  request.user_name = make.String(habits.user);
  request.info = MessageBuilder::Info(habits.level);
  request.info.container.buffer = {};
  request.resume_handle = MessageBuilder::Unique(habits.handle);
  std::vector<NdrPointer*> pointers = {&request.server_name.pointer,   &request.client_name.pointer,
                                       &request.user_name.pointer,     &request.info.container_pointer,
                                       &request.info.container.buffer, &request.resume_handle.pointer};
  std::size_t next = 0;
  for (NdrPointer* pointer : pointers) {
    if (pointer->null()) continue;
    pointer->referent = next < habits.ids.size() ? habits.ids[next] : 0x20000 + 4 * next;
    ++next;
  }
  if (habits.padded) request.report.anomalies.Add({AnomalyKind::kPadding, {}, {"level"}});
  const ClientFamily* family = FamilyOf(request, habits.offer);
  return family == nullptr ? "nobody" : std::string(family->name.substr(0, family->name.find(' ')));
}

TEST(FamilyOf, WindowsOffersNdr64AndFeatures) {
  EXPECT_EQ(FamilyWith({.offer = kAll}), "Windows");
  EXPECT_EQ(FamilyWith({.offer = {false, true, true}}), "Windows");
  EXPECT_EQ(FamilyWith({.server = std::nullopt, .offer = kAll}), "Windows");
  EXPECT_EQ(FamilyWith({.offer = {true, true, false}}), "nobody");
  EXPECT_EQ(FamilyWith({.offer = {true, false, true}}), "nobody");
  EXPECT_EQ(FamilyWith({.offer = {false, false, false}}), "nobody");
  EXPECT_EQ(FamilyWith({.offer = {false, true, false}}), "nobody");
}

TEST(FamilyOf, ARequestThatWasNotReadToItsEndIsNobodys) {
  SessionEnumRequest request;
  EXPECT_NE(FamilyOf(request, kAll), nullptr);
  request.report.status = Truncated(4, 4);
  EXPECT_EQ(FamilyOf(request, kAll), nullptr);
}

TEST(FamilyOf, ImpacketHasNoServerNameAndItsOwnIdsOrPadding) {
  EXPECT_EQ(FamilyWith({.server = std::nullopt, .ids = {0x1234, 0x77}}), "impacket");
  EXPECT_EQ(FamilyWith({.server = std::nullopt, .ids = {0x20000, 0x20005}}), "impacket");
  EXPECT_EQ(FamilyWith({.server = std::nullopt, .ids = {0x20000, 0x20000}}), "impacket");
  EXPECT_EQ(FamilyWith({.server = std::nullopt, .padded = true}), "impacket");
  EXPECT_EQ(FamilyWith({.server = std::nullopt, .client = "", .user = "", .padded = true}), "impacket");
  EXPECT_EQ(FamilyWith({.server = std::nullopt}), "nobody");
}

TEST(FamilyOf, GoSmbCountsItsIdsAndSendsEmptyQualifiers) {
  EXPECT_EQ(FamilyWith({.server = std::nullopt, .client = "", .user = ""}), "go-smb");
  EXPECT_EQ(FamilyWith({.server = std::nullopt, .client = "", .user = std::nullopt}), "nobody");
  EXPECT_EQ(FamilyWith({.server = std::nullopt, .client = std::nullopt, .user = ""}), "nobody");
  EXPECT_EQ(FamilyWith({.server = std::nullopt, .client = "WS1", .user = ""}), "nobody");
  EXPECT_EQ(FamilyWith({.server = std::nullopt, .client = "", .user = "bob"}), "nobody");
  EXPECT_EQ(FamilyWith({.server = "", .client = "", .user = ""}), "nobody");
}

TEST(FamilyOf, NmapNamesABareServerAtLevelTen) {
  const Habits nmap{.server = "FS1", .level = 10, .ids = {1, 2, 3}};
  EXPECT_EQ(FamilyWith(nmap), "nmap");
  EXPECT_EQ(FamilyWith({.server = "FS1", .level = 10}), "nmap");
  EXPECT_EQ(FamilyWith({.server = R"(\\FS1)", .level = 10, .ids = {1, 2, 3}}), "nobody");
  EXPECT_EQ(FamilyWith({.server = "FS1", .client = "", .level = 10, .ids = {1, 2, 3}}), "nobody");
  EXPECT_EQ(FamilyWith({.server = "FS1", .user = "", .level = 10, .ids = {1, 2, 3}}), "nobody");
  EXPECT_EQ(FamilyWith({.server = "FS1", .level = 1, .ids = {1, 2, 3}}), "nobody");
  EXPECT_EQ(FamilyWith({.server = "FS1", .level = 11, .ids = {1, 2, 3}}), "nobody");
  EXPECT_EQ(FamilyWith({.server = "FS1", .level = 10, .handle = std::nullopt, .ids = {1, 2, 3}}), "nobody");
  EXPECT_EQ(FamilyWith({.server = "FS1", .level = 10, .padded = true}), "nobody");
}

TEST(FamilyOf, SambaNamesTheServerAndCounts) {
  EXPECT_EQ(FamilyWith({}), "Samba");
  EXPECT_EQ(FamilyWith({.server = "FS1"}), "Samba");
  EXPECT_EQ(FamilyWith({.client = "WS1", .user = "bob"}), "Samba");
  EXPECT_EQ(FamilyWith({.level = 502, .handle = std::nullopt}), "Samba");
  EXPECT_EQ(FamilyWith({.level = 1, .handle = std::nullopt}), "Samba");
  EXPECT_EQ(FamilyWith({.level = 502}), "nobody");
  EXPECT_EQ(FamilyWith({.level = 2}), "nobody");
  EXPECT_EQ(FamilyWith({.level = 0}), "nobody");
  EXPECT_EQ(FamilyWith({.server = ""}), "nobody");
  EXPECT_EQ(FamilyWith({.padded = true}), "nobody");
  EXPECT_EQ(FamilyWith({.ids = {0x20000, 0x20004, 0x20009}}), "nobody");
  EXPECT_EQ(FamilyWith({.ids = {0x20004, 0x20008, 0x2000C}}), "nobody");
  EXPECT_EQ(FamilyWith({.ids = {0x20000, 0x20000, 0x20000}}), "nobody");
}

// The ids are counted over every pointer of the request, in wire order.
TEST(FamilyOf, EachPointerCounts) {
  for (std::size_t odd = 0; odd < 5; ++odd) {
    Habits habits{.client = "WS1", .user = "bob", .ids = {0x20000, 0x20004, 0x20008, 0x2000C, 0x20010}};
    EXPECT_EQ(FamilyWith(habits), "Samba");
    habits.ids[odd] += 4;
    EXPECT_EQ(FamilyWith(habits), "nobody") << odd;
  }
}

TEST(FamilyOf, IdsOfARealEncodingAreCounted) {
  MessageBuilder make;
  SessionEnumRequest request = make.Request(1);
  request.client_name = make.String("WS1");
  request.info.container.buffer.referent = 1;
  SessionEnumRequest decoded;
  const std::vector<std::uint8_t> stub = EncodeMessage(request, kNdr);
  ASSERT_TRUE(DecodeRequest(stub, kNdr, Limits(), decoded).ok());
  ASSERT_FALSE(decoded.info.container.buffer.null());
  ASSERT_NE(FamilyOf(decoded, kNdrAlone), nullptr);
  EXPECT_TRUE(FamilyOf(decoded, kNdrAlone)->name.starts_with("Samba"));
}

TEST(ClientFamilies, AreNamedWithTheirMarksAndWhoseTheyAre) {
  ASSERT_EQ(ClientFamilies().size(), 5U);
  std::string built_in;
  for (const ClientFamily& family : ClientFamilies()) {
    EXPECT_FALSE(family.name.empty());
    EXPECT_TRUE(family.signs.find("offered") != std::string_view::npos) << family.name;
    built_in += family.is_built_in ? 'y' : 'n';
  }
  EXPECT_EQ(built_in, "ynnny");
}

}  // namespace
}  // namespace sessenum
