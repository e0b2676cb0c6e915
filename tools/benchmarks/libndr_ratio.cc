// How long the decoder takes for a response, as a share of what Samba's NDR library takes for the same bytes: both in
// one process, in turn. Prints a JSON object for each size, a line each:
//   {"entries": 10, "bytes": 960, "rounds": 101, "sessenum_ns": 400.0, "libndr_ns": 2500.0, "ratio": 6.2,
//    "ratio_low": 6.0, "ratio_high": 6.4}
// `ratio` is how many times faster than libndr: the median of all rounds; low and high are its quartiles. The times are
// medians of one decoding.
#include <time.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "fuzz/libndr_peer.h"
#include "srvsvc/codec.h"
#include "srvsvc/message_builder_testing.h"

namespace sessenum {
namespace {

constexpr std::size_t kRounds = 101;
// Decodings of a round: some milliseconds of either decoder.
constexpr std::size_t kEntriesARound = 10'000;

// 960 bytes with 10 entries, 94,440 with 1,000.
std::vector<std::uint8_t> LevelTenResponse(std::uint32_t entries) {
  MessageBuilder builder;
  std::vector<Session> sessions(entries);
  for (std::uint32_t i = 0; i < entries; ++i) {
    std::string user = std::to_string(i);
    user.insert(0, 4 - user.size(), '0');
    sessions[i].cname = builder.String("\\\\192.168.56." + std::to_string(i % 256));
    sessions[i].username = builder.String("user" + user);
    sessions[i].time.value = 5 + 37 * i;
    sessions[i].idle_time.value = 1 + 11 * i;
  }
  SessionEnumResponse response;
  response.info = MessageBuilder::Info(10);
  MessageBuilder::SetSessions(std::move(sessions), response);
  response.resume_handle = MessageBuilder::Unique(0);
  return EncodeMessage(response, {});
}

// Nanoseconds of processor time that this program has taken so far: what others do meanwhile does not count.
double ProcessorTime() {
  timespec time{};
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) != 0) std::abort();
  return 1e9 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec);
}

// Nanoseconds that one of `times` calls takes.
template <typename Decode>
double TimeOf(std::size_t times, const Decode& decode) {
  const double start = ProcessorTime();
  for (std::size_t i = 0; i < times; ++i) {
    if (!decode()) std::abort();
  }
  return (ProcessorTime() - start) / static_cast<double>(times);
}

// The value below which `share` of all `values` lie.
double Quantile(std::vector<double> values, double share) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

void Compare(std::uint32_t entries) {
  const std::vector<std::uint8_t> stub = LevelTenResponse(entries);
  const Limits limits;
  SessionEnumResponse response;
  const auto ours = [&] { return DecodeResponse(stub, {}, limits, response).ok(); };
  const auto theirs = [&] { return fuzz::LibndrReads(stub, Direction::kToClient, {}); };
  std::vector<double> our_times;
  std::vector<double> their_times;
  std::vector<double> ratios;
  for (std::size_t round = 0; round < kRounds; ++round) {
    our_times.push_back(TimeOf(kEntriesARound / entries, ours));
    their_times.push_back(TimeOf(kEntriesARound / entries, theirs));
    ratios.push_back(their_times.back() / our_times.back());
  }
  std::printf(
      "{\"entries\": %u, \"bytes\": %zu, \"rounds\": %zu, \"sessenum_ns\": %.1f, \"libndr_ns\": %.1f, "
      "\"ratio\": %.2f, \"ratio_low\": %.2f, \"ratio_high\": %.2f}\n",
      entries, stub.size(), kRounds, Quantile(our_times, 0.5), Quantile(their_times, 0.5), Quantile(ratios, 0.5),
      Quantile(ratios, 0.25), Quantile(ratios, 0.75));
}

}  // namespace
}  // namespace sessenum

int main() {
  for (const std::uint32_t entries : {10U, 1'000U}) sessenum::Compare(entries);
}
