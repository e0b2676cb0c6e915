#include "extract_command.h"

#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/terminal.h"
#include "folder.h"
#include "input_file.h"
#include "output_stream.h"

namespace sessenum::tool {
namespace {

// A name is made of what the capture is called and of numbers: nothing from the wire gets into a path.
std::string Sanitized(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    out.push_back(is_plain ? c : '_');
  }
  while (out.starts_with('.')) out.front() = '_';
  return out.empty() ? "stdin" : out;
}

std::string_view PduName(PduType type) {
  switch (type) {
    case PduType::kRequest:
      return "request";
    case PduType::kResponse:
      return "response";
    case PduType::kFault:
      return "fault";
    case PduType::kBind:
      return "bind";
    case PduType::kBindAck:
      return "bind-ack";
    case PduType::kBindNak:
      return "bind-nak";
    case PduType::kAlterContext:
      return "alter-context";
    case PduType::kAlterContextResp:
      return "alter-context-resp";
    case PduType::kAuth3:
      return "auth3";
    case PduType::kShutdown:
      return "shutdown";
    case PduType::kCoCancel:
      return "co-cancel";
    case PduType::kOrphaned:
      return "orphaned";
  }
  return "pdu";
}

bool WriteFile(const std::string& path, Bytes bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  return std::fclose(file) == 0 && written;
}

// Writes each content once. A name that is taken by another content gets a number.
class Folder {
 public:
  explicit Folder(std::string path) : path_(std::move(path)) {}

  // Returns false once a file could not be written.
  bool Put(const std::string& stem, std::string_view extension, Bytes bytes) {
    if (!contents_.insert(DigestOf(bytes)).second) {
      ++repeated_;
      return true;
    }
    for (unsigned number = 1; number < kMostNames; ++number) {
      std::string name = stem;
      if (number > 1) name += "-" + std::to_string(number);
      const std::string path = (path_ + "/" + name).append(extension);
      switch (Look(path, bytes)) {
        case Place::kFree:
          return Write(path, bytes);
        case Place::kSame:
          ++written_;
          return true;
        case Place::kTaken:
          break;
      }
    }
    return Fail(path_ + "/" + stem, "too many files of this name");
  }

  [[nodiscard]] std::size_t written() const { return written_; }
  [[nodiscard]] std::size_t repeated() const { return repeated_; }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  enum class Place : std::uint8_t { kFree, kSame, kTaken };
  static constexpr unsigned kMostNames = 10'000;

  // Two independent hashes: what differs in content differs here.
  static std::pair<std::uint64_t, std::uint64_t> DigestOf(Bytes bytes) {
    std::uint64_t fnv = 0xCBF29CE484222325U;
    for (const std::uint8_t byte : bytes) fnv = (fnv ^ byte) * 0x100000001B3U;
    const std::string text(bytes.begin(), bytes.end());
    return {fnv, std::hash<std::string>()(text)};
  }

  static Place Look(const std::string& path, Bytes bytes) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) return Place::kFree;
    if (!S_ISREG(status.st_mode) || static_cast<std::size_t>(status.st_size) != bytes.size()) return Place::kTaken;
    const auto there = ReadFile(path, bytes.size());
    return there && std::equal(there->begin(), there->end(), bytes.begin(), bytes.end()) ? Place::kSame : Place::kTaken;
  }

  bool Write(const std::string& path, Bytes bytes) {
    if (!WriteFile(path, bytes)) return Fail(path, std::strerror(errno));
    ++written_;
    return true;
  }
  bool Fail(const std::string& path, std::string_view why) {
    if (!std::exchange(failed_, true)) PrintError(path + ": " + std::string(why));
    return false;
  }

  std::string path_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> contents_;
  std::size_t written_ = 0;
  std::size_t repeated_ = 0;
  bool failed_ = false;
};

// "smb2.pcapng-f18-c2-req-ndr-little-level10"
template <typename Message>
std::string StubName(const Call& call, const SeenStub<Message>& seen, const std::string& capture,
                     std::string_view direction) {
  std::string name = Sanitized(capture) + "-f" + std::to_string(seen.frames.empty() ? 0 : seen.frames.front().number) +
                     "-c" + std::to_string(call.call_id) + "-";
  name.append(direction).append("-").append(call.syntax ? Name(*call.syntax) : "unknown");
  name += seen.order == ByteOrder::kLittle ? "-little" : "-big";
  if (seen.decoded && seen.message.info.level.decoded())
    name += "-level" + std::to_string(seen.message.info.level.value);
  if (seen.missing) return name.append("-").append(Name(*seen.missing));
  return !seen.decoded || !seen.message.report.status.ok() ? name + "-malformed" : name;
}

void PutStubs(const Call& call, const std::string& capture, Folder& folder) {
  if (call.request && !call.request->stub.empty()) {
    folder.Put(StubName(call, *call.request, capture, "req"), ".stub", call.request->stub);
  }
  if (!call.response || call.response->stub.empty()) return;
  std::string name = StubName(call, *call.response, capture, "resp");
  const NdrU32& status = call.response->message.status;
  if (call.response->decoded && status.decoded()) name += "-status" + std::to_string(status.value);
  folder.Put(name, ".stub", call.response->stub);
}

void PutPdu(const CapturedPdu& pdu, const std::string& capture, Folder& folder) {
  std::string name = Sanitized(capture) + "-f" + std::to_string(pdu.frame) + "-c" + std::to_string(pdu.call_id) + "-";
  name.append(PduName(pdu.type)).append(pdu.whole ? "" : "-cut");
  folder.Put(name, ".pdu", pdu.bytes);
}

}  // namespace

void ExtractOptions::AddTo(CLI::App& command) {
  captures.AddTo(command);
  command.add_option("--to", directory, "Where the files go; made where it is missing")->required()->option_text("DIR");
}

ExitStatus Extract(const ExtractOptions& options) {
  KeyStore keys;
  if (!Load(options.captures.keys, keys)) return ExitStatus::kFailed;
  if (!MakeFolder(options.directory)) return ExitStatus::kFailed;
  Folder folder(options.directory);
  DissectorOptions dissector;
  if (options.captures.keys.given()) dissector.keys = &keys;
  CaptureListener listener;
  listener.on_call = [&](const Call& call, const std::string& capture) {
    PutStubs(call, capture, folder);
    return !folder.failed();
  };
  listener.on_pdu = [&](const CapturedPdu& pdu, const std::string& capture) { PutPdu(pdu, capture, folder); };
  const CaptureOutcome outcome = ReadCaptures(options.captures, dissector, listener);
  std::printf("%zu files in %s, %zu repeated contents left out\n", folder.written(),
              Printable(options.directory).c_str(), folder.repeated());
  return folder.failed() || !outcome.all_read ? ExitStatus::kFailed : ExitStatus::kDone;
}

}  // namespace sessenum::tool
