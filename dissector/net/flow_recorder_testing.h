// Writes down what a network delivers, for tests.
#ifndef SESSENUM_NET_FLOW_RECORDER_TESTING_H_
#define SESSENUM_NET_FLOW_RECORDER_TESTING_H_

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/network.h"

namespace sessenum {

struct RecordedFlow {
  FlowInfo info;
  // By Direction. Missing bytes stand as "[9 gap]".
  std::array<std::string, 2> text;
  // By Direction: the number of the packet that carried each byte.
  std::array<std::vector<std::uint64_t>, 2> frames;
  // What both said, in the order in which it came: ">" before each piece to the server, "<" before each to the client.
  std::string conversation;
  std::vector<OverlapConflict> conflicts;
  int closes = 0;
  // By Direction: what the sink says.
  std::array<Interest, 2> interest{Interest::kYes, Interest::kYes};

  [[nodiscard]] const std::string& to_server() const { return text[0]; }
  [[nodiscard]] const std::string& to_client() const { return text[1]; }
};

class RecordingSink final : public DuplexSink {
 public:
  explicit RecordingSink(RecordedFlow& flow) : flow_(flow) {}

  void OnData(Direction direction, SourcedBytes data) override {
    const auto index = static_cast<std::size_t>(direction);
    flow_.text[index].append(data.bytes().begin(), data.bytes().end());
    flow_.conversation += direction == Direction::kToServer ? '>' : '<';
    flow_.conversation.append(data.bytes().begin(), data.bytes().end());
    for (std::size_t i = 0; i < data.size(); ++i) flow_.frames[index].push_back(data.FrameAt(i).number);
  }
  void OnMissing(Direction direction, std::uint64_t length, Undecoded why, Frame) override {
    flow_.text[static_cast<std::size_t>(direction)] +=
        "[" + std::to_string(length) + " " + std::string(Name(why)) + "]";
  }
  void OnClose() override { ++flow_.closes; }
  [[nodiscard]] Interest InterestIn(Direction direction) const override {
    return flow_.interest[static_cast<std::size_t>(direction)];
  }

  [[nodiscard]] RecordedFlow& flow() { return flow_; }

 private:
  RecordedFlow& flow_;
};

class FlowRecorder final : public FlowObserver {
 public:
  std::list<RecordedFlow> flows;
  bool ignores_all = false;
  std::array<Interest, 2> interest{Interest::kYes, Interest::kYes};  // what the next sinks say
  int asked = 0;

  [[nodiscard]] std::unique_ptr<DuplexSink> OnFlow(const FlowInfo& info) override {
    ++asked;
    if (ignores_all) return nullptr;
    flows.emplace_back().info = info;
    flows.back().interest = interest;
    return std::make_unique<RecordingSink>(flows.back());
  }
  void OnConflict(DuplexSink& sink, const OverlapConflict& conflict) override {
    static_cast<RecordingSink&>(sink).flow().conflicts.push_back(conflict);
  }
};

}  // namespace sessenum

#endif  // SESSENUM_NET_FLOW_RECORDER_TESTING_H_
