// Makes and reads stubs for ndrdump_test.py.
//   stub_tool encode FOLDER      writes stubs of all levels, in NDR and NDR64, and FOLDER/values.json
//   stub_tool decode FILE...     prints what is in files named as those of testdata/, one line of JSON each
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "srvsvc/codec.h"
#include "srvsvc/message_builder_testing.h"
#include "srvsvc/stub_values_testing.h"

namespace sessenum {
namespace {

constexpr NdrFormat kNdr{TransferSyntax::kNdr, ByteOrder::kLittle};
constexpr NdrFormat kNdr64{TransferSyntax::kNdr64, ByteOrder::kLittle};

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

class StubWriter {
 public:
  explicit StubWriter(std::string folder) : folder_(std::move(folder)) {}

  template <typename Message>
  void Write(const std::string& name, const Message& message) {
    WriteAs(name + "_le.bin", message, kNdr);
    WriteAs(name + "_ndr64.bin", message, kNdr64);
  }

  bool Finish() {
    std::ofstream out(folder_ + "/values.json");
    out << values_;
    return sound_ && out.good();
  }

 private:
  template <typename Message>
  void WriteAs(const std::string& name, const Message& message, NdrFormat format) {
    const std::vector<std::uint8_t> stub = EncodeMessage(message, format);
    std::ofstream out(folder_ + "/" + name, std::ios::binary);
    for (const std::uint8_t byte : stub) out.put(static_cast<char>(byte));
    sound_ = sound_ && out.good();
    nlohmann::json values = ToJson(message);
    values["file"] = name;
    values_.push_back(values);
  }

  std::string folder_;
  nlohmann::json values_;
  bool sound_ = true;
};

void WriteRequests(std::uint32_t level, MessageBuilder& builder, StubWriter& out) {
  const std::string name = "in_l" + std::to_string(level);
  SessionEnumRequest request = builder.Request(level);
  out.Write(name + "_plain", request);
  request.server_name = {};
  request.client_name = builder.String("\\\\h\xC3\xB6st-\xE4\xB8\xAD");
  request.user_name = {};
  request.preferred_maximum_length.value = 0x12345678;
  request.resume_handle = {};
  out.Write(name + "_nulls", request);
  request.info.container_pointer = {};
  request.resume_handle = MessageBuilder::Unique(0xFEDCBA98);
  out.Write(name + "_nullctr", request);
}

void WriteResponses(std::uint32_t level, MessageBuilder& builder, StubWriter& out) {
  const std::string name = "out_l" + std::to_string(level);
  for (const std::uint32_t sessions : {0U, 1U, 2U, 9U, 100U}) {
    SessionEnumResponse response = builder.Response(level, sessions);
    response.resume_handle = MessageBuilder::Unique(sessions);
    out.Write(name + "_n" + std::to_string(sessions), response);
    response.resume_handle = {};
    response.total_entries.value = 1'000;
    response.status.value = 0xEA;
    out.Write(name + "_n" + std::to_string(sessions) + "_more", response);
  }
  SessionEnumResponse refusal;
  refusal.info = MessageBuilder::Info(level);
  refusal.status.value = 5;
  out.Write(name + "_refused", refusal);
  refusal.info.container_pointer = {};
  out.Write(name + "_nullctr", refusal);
}

int Encode(const std::string& folder) {
  MessageBuilder builder;
  StubWriter out(folder);
  for (const LevelSpec& level : kLevels) {
    WriteRequests(level.level, builder, out);
    WriteResponses(level.level, builder, out);
  }
  return out.Finish() ? 0 : 1;
}

template <typename Message>
bool Print(const std::string& path, const std::vector<std::uint8_t>& stub, NdrFormat format) {
  Message message;
  const bool decoded = DecodeMessage(stub, format, Limits{}, message).ok();
  nlohmann::json line = ToJson(message);
  line["path"] = path;
  std::cout << line << '\n';
  return decoded && message.report.consumed == stub.size();
}

int Decode(const std::vector<std::string>& paths) {
  bool sound = true;
  for (const std::string& path : paths) {
    std::ifstream in(path, std::ios::binary);
    const std::vector<std::uint8_t> stub{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const NdrFormat format = EndsWith(path, "_ndr64.bin") ? kNdr64 : kNdr;
    const bool is_request = path.find("/in_") != std::string::npos;
    sound =
        (is_request ? Print<SessionEnumRequest>(path, stub, format) : Print<SessionEnumResponse>(path, stub, format)) &&
        sound;
  }
  return sound ? 0 : 1;
}

int Run(const std::vector<std::string>& arguments) {
  if (arguments.size() == 2 && arguments[0] == "encode") return Encode(arguments[1]);
  if (arguments.size() >= 2 && arguments[0] == "decode") return Decode({arguments.begin() + 1, arguments.end()});
  std::cerr << "usage: stub_tool encode FOLDER | stub_tool decode FILE...\n";
  return 2;
}

}  // namespace
}  // namespace sessenum

int main(int argc, char** argv) { return sessenum::Run({argv + 1, argv + argc}); }
