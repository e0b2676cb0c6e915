// Records what comes out of an SMB connection, for tests.
#ifndef SESSENUM_SMB_RECORDER_TESTING_H_
#define SESSENUM_SMB_RECORDER_TESTING_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "smb/connection.h"

namespace sessenum {

// What one pipe's sink was told. A direction's bytes are kept in one string; missing ones stand in it as "{3 gap}".
struct PipeRecord {
  PipeInfo info;
  std::string text[2];
  bool closed = false;
  bool destroyed = false;

  [[nodiscard]] const std::string& to_server() const { return text[0]; }
  [[nodiscard]] const std::string& to_client() const { return text[1]; }
};

class Recorder final : public PipeObserver {
 public:
  std::unique_ptr<DuplexSink> OnPipe(const PipeInfo& info) override {
    pipes.push_back(std::make_unique<PipeRecord>());
    pipes.back()->info = info;
    return std::make_unique<Sink>(*pipes.back());
  }
  void OnBlindMessage(Direction direction, Undecoded why, Frame) override {
    blind += direction == Direction::kToServer ? '>' : '<';
    blind += std::string(Name(why)) + " ";
  }

  // All that was recorded, to be compared.
  [[nodiscard]] std::string All() const {
    std::string all = blind;
    for (const auto& pipe : pipes) {
      all +=
          pipe->info.name.value_or("?") + "/" + pipe->text[0] + "/" + pipe->text[1] + "/" + (pipe->closed ? "c" : "o");
    }
    return all;
  }

  std::vector<std::unique_ptr<PipeRecord>> pipes;
  std::string blind;

 private:
  struct Sink final : DuplexSink {
    explicit Sink(PipeRecord& to) : record(to) {}
    ~Sink() override { record.destroyed = true; }
    void OnData(Direction direction, SourcedBytes data) override {
      record.text[static_cast<std::size_t>(direction)].append(data.bytes().begin(), data.bytes().end());
    }
    void OnMissing(Direction direction, std::uint64_t length, Undecoded why, Frame) override {
      record.text[static_cast<std::size_t>(direction)] +=
          "{" + std::to_string(length) + " " + std::string(Name(why)) + "}";
    }
    void OnClose() override { record.closed = true; }

    PipeRecord& record;
  };
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_RECORDER_TESTING_H_
