#include "rpc/pdu.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "rpc/pdu_builder_testing.h"

namespace sessenum {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr ByteOrder kOrders[] = {ByteOrder::kLittle, ByteOrder::kBig};
const Octets kStub = CountingStub(21, 0x40);

Octets ToVector(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

const std::vector<ProposedContext> kProposals = {{0, kSrvsvcInterface, {kNdrSyntax}},
                                                 {1, kSrvsvcInterface, {kNdr64Syntax, kNdrSyntax}},
                                                 {7, kSrvsvcInterface, {kFeatureNegotiation}}};
const std::vector<ContextResult> kResults = {{2, 2, {}}, {0, 0, kNdr64Syntax}, {3, 3, {}}};

// One of each type that has a body, with and without trailer.
std::vector<Octets> AllPdus() {
  std::vector<Octets> pdus;
  for (const ByteOrder order : kOrders) {
    std::vector<PduBuilder> builders = {RequestPdu(1, kStub, order),
                                        ResponsePdu(2, kStub, order),
                                        FaultPdu(3, 5, true, order),
                                        FaultPdu(4, 5, false, order),
                                        BindPdu(5, kProposals, PduType::kBind, order),
                                        BindAckPdu(6, kResults, "\\PIPE\\srvsvc", PduType::kBindAck, order),
                                        BindPdu(7, kProposals, PduType::kAlterContext, order),
                                        BindAckPdu(8, kResults, "", PduType::kAlterContextResp, order)};
    builders.push_back(PduBuilder(PduType::kBindNak, order).Put(std::uint16_t{4}).Put(std::uint16_t{0x0501}));
    builders.push_back(PduBuilder(PduType::kAuth3, order).Put(std::uint32_t{0}));
    for (const PduType type : {PduType::kShutdown, PduType::kCoCancel, PduType::kOrphaned}) {
      builders.emplace_back(type, order);
    }
    for (PduBuilder& builder : builders) {
      pdus.push_back(builder.Build());
      BuiltAuth auth;
      auth.pad_length = 3;
      pdus.push_back(builder.Auth(auth).Build());
    }
  }
  return pdus;
}

TEST(PduHeader, ReadsBothByteOrders) {
  for (const ByteOrder order : kOrders) {
    const Octets bytes = RequestPdu(0x01020304, kStub, order).Flags(kFirstFrag).Build();
    const Result<PduHeader> header = ParsePduHeader(bytes);
    ASSERT_TRUE(header.ok());
    EXPECT_EQ(header.value().type, PduType::kRequest);
    EXPECT_EQ(header.value().order, order);
    EXPECT_EQ(header.value().frag_length, 24 + kStub.size());
    EXPECT_EQ(header.value().auth_length, 0);
    EXPECT_EQ(header.value().call_id, 0x01020304U);
    EXPECT_TRUE(header.value().first());
    EXPECT_FALSE(header.value().last());
  }
}

TEST(PduHeader, RefusesWhatIsNone) {
  const Octets sound = RequestPdu(1, kStub).Build();
  ASSERT_TRUE(ParsePduHeader(sound).ok());
  struct Case {
    std::size_t at;
    std::uint8_t value;
    std::uint32_t offset;
  };
  const std::vector<Case> cases = {{0, 4, 0},    {0, 0xFE, 0}, {1, 2, 0}, {2, 1, 0}, {2, 4, 0}, {2, 10, 0}, {2, 20, 0},
                                   {4, 0x20, 0}, {4, 0x12, 0}, {5, 4, 0}, {6, 1, 0}, {7, 1, 0}, {8, 15, 8}, {8, 0, 8}};
  for (const Case& c : cases) {
    Octets bytes = sound;
    bytes[c.at] = c.value;
    EXPECT_EQ(ParsePduHeader(bytes).status(), Malformed(c.offset)) << c.at << '=' << unsigned{c.value};
  }
  Octets minor = sound;
  minor[1] = 1;  // C706 knows 5.1
  EXPECT_TRUE(ParsePduHeader(minor).ok());
  for (std::size_t size = 0; size < kPduHeaderSize; ++size) {
    EXPECT_EQ(ParsePduHeader(Bytes(sound).first(size)).status(), Truncated(0, kPduHeaderSize));
  }
}

TEST(Pdu, Request) {
  for (const ByteOrder order : kOrders) {
    const Octets bytes = RequestPdu(9, kStub, order, 3, 12).Build();
    const Result<Pdu> pdu = ParsePdu(bytes);
    ASSERT_TRUE(pdu.ok());
    EXPECT_EQ(pdu.value().context_id, 3);
    EXPECT_EQ(pdu.value().opnum, 12);
    EXPECT_EQ(pdu.value().alloc_hint, kStub.size());
    EXPECT_FALSE(pdu.value().object);
    EXPECT_FALSE(pdu.value().auth);
    EXPECT_EQ(pdu.value().stub_at, 24U);
    EXPECT_EQ(ToVector(pdu.value().stub), kStub);
  }
}

TEST(Pdu, RequestWithObject) {
  for (const ByteOrder order : kOrders) {
    PduBuilder builder(PduType::kRequest, order);
    builder.Flags(kFirstFrag | kLastFrag | kObjectUuid).Put(std::uint32_t{0}).Put(std::uint16_t{0});
    builder.Put(std::uint16_t{12}).Put(std::uint32_t{0xA1B2C3D4}).Put(std::uint16_t{0x1122}).Put(std::uint16_t{0x3344});
    const Octets bytes = builder.PutBytes(CountingStub(8, 1)).PutBytes(kStub).Build();
    const Result<Pdu> pdu = ParsePdu(bytes);
    ASSERT_TRUE(pdu.ok());
    ASSERT_TRUE(pdu.value().object);
    EXPECT_EQ(*pdu.value().object, (Uuid{0xA1B2C3D4, 0x1122, 0x3344, {1, 2, 3, 4, 5, 6, 7, 8}}));
    EXPECT_EQ(pdu.value().stub_at, 40U);
    EXPECT_EQ(ToVector(pdu.value().stub), kStub);
  }
}

TEST(Pdu, Response) {
  for (const ByteOrder order : kOrders) {
    const Octets bytes = ResponsePdu(9, kStub, order, 1).Build();
    const Result<Pdu> pdu = ParsePdu(bytes);
    ASSERT_TRUE(pdu.ok());
    EXPECT_EQ(pdu.value().context_id, 1);
    EXPECT_EQ(pdu.value().stub_at, 24U);
    EXPECT_EQ(ToVector(pdu.value().stub), kStub);
  }
}

TEST(Pdu, FaultOf28And32Bytes) {
  for (const ByteOrder order : kOrders) {
    for (const bool with_reserved : {false, true}) {
      const Octets bytes = FaultPdu(9, 0x1C010002, with_reserved, order).Build();
      EXPECT_EQ(bytes.size(), with_reserved ? 32U : 28U);
      const Result<Pdu> pdu = ParsePdu(bytes);
      ASSERT_TRUE(pdu.ok());
      EXPECT_EQ(pdu.value().fault_status, 0x1C010002U);
      EXPECT_TRUE(pdu.value().stub.empty());
    }
  }
}

TEST(Pdu, BindAndAlterContext) {
  for (const ByteOrder order : kOrders) {
    for (const PduType type : {PduType::kBind, PduType::kAlterContext}) {
      const Octets bytes = BindPdu(1, kProposals, type, order).Build();
      const Result<Pdu> pdu = ParsePdu(bytes);
      ASSERT_TRUE(pdu.ok());
      ASSERT_EQ(pdu.value().proposals.size(), 3U);
      EXPECT_EQ(pdu.value().proposals[0].id, 0);
      EXPECT_EQ(pdu.value().proposals[0].interface, kSrvsvcInterface);
      EXPECT_EQ(pdu.value().proposals[1].syntaxes, (std::vector<SyntaxId>{kNdr64Syntax, kNdrSyntax}));
      EXPECT_EQ(pdu.value().proposals[2].id, 7);
      EXPECT_TRUE(IsFeatureNegotiation(pdu.value().proposals[2].syntaxes.at(0)));
      EXPECT_FALSE(IsFeatureNegotiation(kNdrSyntax));
    }
  }
}

TEST(Pdu, BindAckPadsItsAddressFromThePdusStart) {
  for (const ByteOrder order : kOrders) {
    for (const char* address : {"", "1", "12", "135", "\\PIPE\\srvsvc", "49152"}) {
      for (const PduType type : {PduType::kBindAck, PduType::kAlterContextResp}) {
        const Octets bytes = BindAckPdu(1, kResults, address, type, order).Build();
        const Result<Pdu> pdu = ParsePdu(bytes);
        ASSERT_TRUE(pdu.ok()) << address;
        ASSERT_EQ(pdu.value().results.size(), 3U) << address;
        EXPECT_EQ(pdu.value().results[0].result, 2);
        EXPECT_EQ(pdu.value().results[0].reason, 2);
        EXPECT_EQ(pdu.value().results[1].syntax, kNdr64Syntax);
        EXPECT_EQ(pdu.value().results[2].result, 3);
      }
    }
  }
}

TEST(Pdu, BindNak) {
  const Result<Pdu> pdu = ParsePdu(PduBuilder(PduType::kBindNak, ByteOrder::kBig).Put(std::uint16_t{8}).Build());
  ASSERT_TRUE(pdu.ok());
  EXPECT_EQ(pdu.value().reject_reason, 8);
}

TEST(Pdu, EachTypeHasItsDirection) {
  for (const PduType type : {PduType::kRequest, PduType::kBind, PduType::kAlterContext, PduType::kAuth3,
                             PduType::kCoCancel, PduType::kOrphaned}) {
    EXPECT_EQ(DirectionOf(type), Direction::kToServer);
  }
  for (const PduType type : {PduType::kResponse, PduType::kFault, PduType::kBindAck, PduType::kBindNak,
                             PduType::kAlterContextResp, PduType::kShutdown}) {
    EXPECT_EQ(DirectionOf(type), Direction::kToClient);
  }
}

TEST(Pdu, TrailerAndPaddingAreTakenOffAtEveryLevel) {
  for (const ByteOrder order : kOrders) {
    for (std::uint8_t level = 1; level <= 6; ++level) {
      for (std::uint8_t pad = 0; pad < 16; ++pad) {
        for (PduBuilder& builder : std::vector{RequestPdu(1, kStub, order), ResponsePdu(1, kStub, order)}) {
          BuiltAuth auth;
          auth.level = level;
          auth.pad_length = pad;
          const Octets bytes = builder.Auth(auth).Build();
          const Result<Pdu> pdu = ParsePdu(bytes);
          ASSERT_TRUE(pdu.ok());
          ASSERT_TRUE(pdu.value().auth);
          EXPECT_EQ(pdu.value().auth->type, 10);
          EXPECT_EQ(pdu.value().auth->level, level);
          EXPECT_EQ(pdu.value().auth->context_id, 0x0001F00DU);
          EXPECT_EQ(ToVector(pdu.value().auth->token), auth.token);
          EXPECT_EQ(ToVector(pdu.value().stub), kStub);
        }
      }
    }
  }
}

TEST(Pdu, Auth3HasATokenAndNoStub) {
  BuiltAuth auth;
  auth.pad_length = 200;  // what it says of padding is of no consequence here
  Octets bytes = PduBuilder(PduType::kAuth3).Put(std::uint32_t{0x20202020}).Auth({10, 2, 0, auth.token}).Build();
  bytes[bytes.size() - auth.token.size() - 6] = 200;
  const Result<Pdu> pdu = ParsePdu(bytes);
  ASSERT_TRUE(pdu.ok());
  EXPECT_EQ(ToVector(pdu.value().auth->token), auth.token);
}

void PutU16(std::uint16_t value, std::size_t at, Octets& bytes) {
  StoreInteger(value, ByteOrder::kLittle, bytes.data() + at);
}

TEST(Pdu, LengthsThatContradictEachOtherAreMalformed) {
  const Octets sound = RequestPdu(1, kStub).Auth({}).Build();
  ASSERT_TRUE(ParsePdu(sound).ok());
  Octets bytes = sound;
  PutU16(0xFFFF, 10, bytes);  // a token longer than the PDU
  EXPECT_EQ(ParsePdu(bytes).status(), Malformed(10));
  PutU16(static_cast<std::uint16_t>(sound.size() - 16 - 7), 10, bytes);  // trailer one byte into the header
  EXPECT_EQ(ParsePdu(bytes).status(), Malformed(10));
  PutU16(static_cast<std::uint16_t>(sound.size() - 16 - 8), 10, bytes);  // and none left for the body
  EXPECT_FALSE(ParsePdu(bytes).ok());

  bytes = sound;
  bytes[24 + kStub.size() + 2] = static_cast<std::uint8_t>(kStub.size());  // padding is all there is
  ASSERT_TRUE(ParsePdu(bytes).ok());
  EXPECT_TRUE(ParsePdu(bytes).value().stub.empty());
  bytes[24 + kStub.size() + 2] = static_cast<std::uint8_t>(kStub.size() + 1);  // and more than that
  EXPECT_EQ(ParsePdu(bytes).status(), Malformed(24 + kStub.size() + 2));
}

// The bytes are all there by frag_length, so what is wrong is the PDU, not the capture.
TEST(Pdu, ABodyTooSmallForItsTypeIsMalformed) {
  for (const PduType type : {PduType::kRequest, PduType::kResponse, PduType::kFault, PduType::kBind, PduType::kBindAck,
                             PduType::kBindNak, PduType::kAlterContext, PduType::kAlterContextResp}) {
    const Octets bytes = PduBuilder(type).Put(std::uint8_t{0}).Build();
    EXPECT_EQ(ParsePdu(bytes).status().code, Errc::kMalformed) << static_cast<int>(type);
  }
  Octets bind = BindPdu(1, kProposals).Build();
  bind[24] = 200;  // more contexts than fit
  EXPECT_EQ(ParsePdu(bind).status().code, Errc::kMalformed);
  Octets ack = BindAckPdu(1, kResults).Build();
  PutU16(0xFFFF, 24, ack);  // an address longer than the PDU
  EXPECT_EQ(ParsePdu(ack).status().code, Errc::kMalformed);
}

// The bytes of one field after the other, from the end of the header on.
using FieldSizes = std::vector<std::size_t>;

void Append(FieldSizes& sizes, const FieldSizes& more) { sizes.insert(sizes.end(), more.begin(), more.end()); }

const FieldSizes kUuidFields = {4, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1};

FieldSizes SyntaxFields() {
  FieldSizes sizes = kUuidFields;
  sizes.push_back(4);
  return sizes;
}

// Ends the PDU after each number of bytes: it is malformed at the first field that does not fit any more.
void ExpectMalformedAtTheFieldThatIsCut(const PduBuilder& builder, ByteOrder order, const FieldSizes& sizes) {
  const Octets whole = builder.Build();
  std::size_t start = kPduHeaderSize;
  for (const std::size_t size : sizes) {
    for (std::size_t length = start; length < start + size; ++length) {
      Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
      StoreInteger(static_cast<std::uint16_t>(length), order, &cut[8]);
      const Result<Pdu> pdu = ParsePdu(cut);
      ASSERT_FALSE(pdu.ok()) << length;
      EXPECT_EQ(pdu.status(), Malformed(start)) << length;
    }
    start += size;
  }
  EXPECT_LE(start, whole.size());
}

TEST(Pdu, ABodyThatEndsTooEarlyIsMalformedAtTheFieldThatIsCut) {
  for (const ByteOrder order : kOrders) {
    ExpectMalformedAtTheFieldThatIsCut(RequestPdu(1, {}, order), order, {4, 2, 2});
    FieldSizes with_object = {4, 2, 2};
    Append(with_object, kUuidFields);
    ExpectMalformedAtTheFieldThatIsCut(RequestPdu(1, kStub, order).Flags(kFirstFrag | kLastFrag | kObjectUuid), order,
                                       with_object);
    ExpectMalformedAtTheFieldThatIsCut(ResponsePdu(1, {}, order), order, {4, 2, 2});
    ExpectMalformedAtTheFieldThatIsCut(FaultPdu(1, 5, false, order), order, {4, 2, 2, 4});
    FieldSizes bind = {8, 1, 3};
    for (const ProposedContext& proposal : kProposals) {
      Append(bind, {2, 1, 1});
      for (std::size_t i = 0; i < proposal.syntaxes.size() + 1; ++i) Append(bind, SyntaxFields());
    }
    ExpectMalformedAtTheFieldThatIsCut(BindPdu(1, kProposals, PduType::kBind, order), order, bind);
    for (std::size_t length = 0; length < 6; ++length) {
      const std::size_t sent = length == 0 ? 0 : length + 1;
      FieldSizes ack = {8, 2, sent, (4 - (26 + sent) % 4) % 4, 1, 3};
      for (std::size_t i = 0; i < kResults.size(); ++i) {
        Append(ack, {2, 2});
        Append(ack, SyntaxFields());
      }
      ExpectMalformedAtTheFieldThatIsCut(BindAckPdu(1, kResults, std::string(length, 'x'), PduType::kBindAck, order),
                                         order, ack);
    }
    ExpectMalformedAtTheFieldThatIsCut(PduBuilder(PduType::kBindNak, order).Put(std::uint16_t{4}), order, {2});
  }
}

TEST(Pdu, EveryTruncationOfEveryPduIsTruncated) {
  for (const Octets& whole : AllPdus()) {
    ASSERT_TRUE(ParsePdu(whole).ok()) << "type " << unsigned{whole[2]};
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      const Status status = ParsePdu(cut).status();
      ASSERT_EQ(status.code, Errc::kTruncated) << "type " << unsigned{whole[2]} << " at " << size;
      ASSERT_LE(status.offset, size);
      ASSERT_GT(std::size_t{status.offset} + status.needed, size);
    }
  }
}

TEST(Pdu, APrefixHasAsMuchOfTheStubAsThereIs) {
  BuiltAuth auth;
  const Octets whole = RequestPdu(1, kStub).Auth(auth).Build();
  for (std::size_t size = 16; size <= whole.size(); ++size) {
    const Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const Result<Pdu> pdu = ParsePduPrefix(cut);
    ASSERT_TRUE(pdu.ok()) << size;
    EXPECT_EQ(pdu.value().opnum.has_value(), size >= 24) << size;
    if (size < 24) {
      EXPECT_TRUE(pdu.value().stub.empty());
      EXPECT_EQ(pdu.value().stub_at, std::min(size, whole.size() - 24 - pdu.value().header.auth_length));
      continue;
    }
    const std::size_t expected = std::min(size - 24, kStub.size());
    EXPECT_EQ(ToVector(pdu.value().stub), Octets(kStub.begin(), kStub.begin() + static_cast<std::ptrdiff_t>(expected)));
    EXPECT_EQ(pdu.value().opnum, 12);
  }
  EXPECT_FALSE(ParsePduPrefix(Bytes(whole).first(15)).ok());
}

TEST(Pdu, AnyByteMayBeWrong) {
  std::mt19937 random(5);
  for (const Octets& whole : AllPdus()) {
    for (std::size_t at = 0; at < whole.size(); ++at) {
      Octets bytes(whole.begin(), whole.end());
      bytes[at] = static_cast<std::uint8_t>(random());
      for (const Result<Pdu>& pdu : {ParsePdu(bytes), ParsePduPrefix(bytes)}) {
        ASSERT_TRUE(!pdu.ok() || pdu.value().stub_at + pdu.value().stub.size() <= bytes.size());
      }
    }
  }
}

}  // namespace
}  // namespace sessenum
