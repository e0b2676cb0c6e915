#include "output/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <ctime>
#include <string_view>
#include <vector>

#include "base/byte_order.h"
#include "base/bytes.h"
#include "output/sha1.h"

namespace sessenum {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::uint8_t kTcp = 6;
constexpr std::size_t kLongestKey = 40;  // of a digest: seed, addresses, protocol, ports

struct SplitTime {
  std::int64_t seconds;
  std::int64_t nanoseconds;  // 0 to 999,999,999, also before 1970
};

SplitTime Split(std::int64_t nanoseconds) {
  std::int64_t seconds = nanoseconds / kNanosecondsPerSecond;
  std::int64_t rest = nanoseconds % kNanosecondsPerSecond;
  if (rest < 0) {
    rest += kNanosecondsPerSecond;
    --seconds;
  }
  return {seconds, rest};
}

// ".123456", or ".123456789" where the capture is that precise
std::string FractionText(std::int64_t nanoseconds) {
  std::string text = ".000000000";
  for (auto digit = text.rbegin(); nanoseconds != 0; ++digit, nanoseconds /= 10) {
    *digit = static_cast<char>('0' + nanoseconds % 10);
  }
  if (text.ends_with("000")) text.resize(7);
  return text;
}

std::string Base64(Bytes bytes) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out((bytes.size() + 2) / 3 * 4, '=');
  std::size_t at = 0;
  std::uint32_t group = 0;  // its last bits are yet to be written
  std::size_t bits = 0;
  const auto put = [&](std::uint32_t six) { out[at++] = kAlphabet[six & 0x3FU]; };
  for (const std::uint8_t byte : bytes) {
    group = group << 8U | byte;
    for (bits += 8; bits >= 6; bits -= 6) put(group >> (bits - 6));
  }
  if (bits != 0) put(group << (6 - bits));
  return out;
}

Bytes Significant(const IpAddress& address) { return Bytes(address.bytes).first(address.v6 ? 16 : 4); }

void AppendPort(std::uint16_t port, std::vector<std::uint8_t>& out) {
  out.push_back(static_cast<std::uint8_t>(port >> 8U));
  out.push_back(static_cast<std::uint8_t>(port & 0xFFU));
}

// What the Community ID of a TCP connection is made of, with seed 0.
std::array<std::uint8_t, 20> TupleDigest(const Endpoint& a, const Endpoint& b) {
  const Endpoint& first = std::min(a, b);
  const Endpoint& second = std::max(a, b);
  std::vector<std::uint8_t> key;
  key.reserve(kLongestKey);
  key.assign(2, 0);  // seed
  for (const Endpoint* end : {&first, &second}) {
    key.insert(key.end(), Significant(end->address).begin(), Significant(end->address).end());
  }
  key.push_back(kTcp);
  key.push_back(0);
  AppendPort(first.port, key);
  AppendPort(second.port, key);
  return Sha1OfShort(key);
}

}  // namespace

std::string ToText(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.v6) {
    inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
    return text.data();
  }
  // Several addresses stand in every line, and inet_ntop takes printf to write one.
  char* end = text.data();
  for (const std::uint8_t byte : Significant(address)) {
    if (end != text.data()) *end++ = '.';
    end = std::to_chars(end, text.data() + text.size(), byte).ptr;
  }
  return {text.data(), end};
}

std::string ToText(const Endpoint& endpoint) {
  const std::string address = ToText(endpoint.address);
  return (endpoint.address.v6 ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port);
}

std::string CommunityId(const Endpoint& a, const Endpoint& b) { return "1:" + Base64(TupleDigest(a, b)); }

std::string ConnectionUid(const Endpoint& a, const Endpoint& b) {
  static constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  static constexpr std::size_t kBytes = 12;
  auto number = TupleDigest(a, b);
  std::string uid = "C";
  while (uid.size() < 18) {
    unsigned rest = 0;
    for (std::size_t i = 0; i < kBytes; ++i) {
      const unsigned dividend = rest * 256 + number[i];
      number[i] = static_cast<std::uint8_t>(dividend / kDigits.size());
      rest = static_cast<unsigned>(dividend % kDigits.size());
    }
    uid += kDigits[rest];
  }
  return uid;
}

std::uint64_t FlowId(const Endpoint& a, const Endpoint& b) {
  return LoadInteger<std::uint64_t>(TupleDigest(a, b).data(), ByteOrder::kBig) >> 13U;
}

std::string SecondsText(std::int64_t nanoseconds) {
  // A negative round trip (packets captured out of order) keeps its sign in front of the whole.
  const bool negative = nanoseconds < 0;
  const SplitTime time = Split(negative ? -nanoseconds : nanoseconds);
  std::string text = negative ? "-" : "";
  return text.append(std::to_string(time.seconds)).append(FractionText(time.nanoseconds));
}

std::string TimeText(std::int64_t nanoseconds) {
  const SplitTime time = Split(nanoseconds);
  const std::time_t seconds = time.seconds;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  return std::string(text.data(), length) + FractionText(time.nanoseconds) + "Z";
}

}  // namespace sessenum
