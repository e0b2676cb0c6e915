// make_dictionaries FOLDER: writes a dictionary for each target that has one, <target>.dict, in the form that libFuzzer
// and AFL++ read. The words come from the tables that the library itself goes by.
// make_dictionaries --check FOLDER: says which are not current; nothing is written.
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_writer.h"
#include "base/utf16.h"
#include "net/packet.h"
#include "rpc/pdu.h"
#include "rpc/uuid.h"
#include "smb/smb1.h"
#include "smb/smb2.h"
#include "srvsvc/model.h"
#include "srvsvc/status.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a program of its own

namespace fs = std::filesystem;

constexpr std::array<ByteOrder, 2> kOrders = {ByteOrder::kLittle, ByteOrder::kBig};

// The words of one dictionary, a line each.
class Words {
 public:
  void Add(Bytes word) {
    std::string line = "\"";
    for (const std::uint8_t byte : word) {
      std::array<char, 5> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\x%02X", byte);
      line += escaped.data();
    }
    text_ += line + "\"\n";
  }
  void AddText(std::string_view word) { Add(std::vector<std::uint8_t>(word.begin(), word.end())); }
  void AddUtf16(std::string_view word) { Add(Utf8ToUtf16(word, ByteOrder::kLittle)); }
  template <typename T>
  void AddNumber(T number, ByteOrder order = ByteOrder::kLittle) {
    std::vector<std::uint8_t> word;
    ByteWriter(word, order).Write(number);
    Add(word);
  }
  void AddComment(std::string_view comment) { text_ += "# " + std::string(comment) + "\n"; }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void AddStubWords(Words& words) {
  words.AddComment("Levels, codes, referents, counts (MS-SRVS 2.2.4.21, MS-RPCE 2.2.5)");
  for (const ByteOrder order : kOrders) {
    for (const LevelSpec& level : kLevels) words.AddNumber(level.level, order);
    for (const std::uint32_t status :
         {kErrorAccessDenied, kErrorInvalidParameter, kErrorInvalidLevel, kErrorMoreData, kNerrUserNotFound,
          kNerrClientNameNotFound, kNerrInvalidComputer, kMaxPreferredLength, 0x20000U, 0x7FFFFFFFU, 0x80000001U}) {
      words.AddNumber(status, order);
    }
    words.AddNumber(std::uint64_t{0x20000}, order);
    words.AddNumber(std::uint64_t{1} << 32U, order);
    words.AddNumber(std::uint16_t{0xD83D}, order);
    words.AddNumber(std::uint16_t{0xDE00}, order);
  }
  words.AddUtf16(R"(\\)");
}

void AddSyntax(const SyntaxId& syntax, Words& words) {
  std::vector<std::uint8_t> word;
  ByteWriter out(word, ByteOrder::kLittle);
  out.Write(syntax.uuid.time_low);
  out.Write(syntax.uuid.time_mid);
  out.Write(syntax.uuid.time_hi_and_version);
  out.WriteBytes(syntax.uuid.rest);
  out.Write(syntax.major);
  out.Write(syntax.minor);
  words.Add(word);
}

void AddRpcWords(Words& words) {
  words.AddComment("PDU headers, interface and transfer syntaxes, security providers (C706 12.6, MS-RPCE 2.2)");
  for (std::uint8_t type = 0; type <= static_cast<std::uint8_t>(PduType::kOrphaned); ++type) {
    words.Add(std::array<std::uint8_t, 8>{5, 0, type, kFirstFrag | kLastFrag, 0x10, 0, 0, 0});
  }
  for (const unsigned flags : {0U, 0U + kFirstFrag, 0U + kLastFrag, 0U + kFirstFrag + kLastFrag + kObjectUuid}) {
    words.Add(std::array<std::uint8_t, 4>{5, 0, 0, static_cast<std::uint8_t>(flags)});
  }
  for (const SyntaxId& syntax : {kSrvsvcInterface, kNdrSyntax, kNdr64Syntax}) AddSyntax(syntax, words);
  words.AddNumber(kOpnumNetrSessionEnum);
  for (const unsigned provider : {9U, 10U, 16U}) {
    for (const unsigned level : {2U, 5U, 6U}) {
      words.Add(std::array<std::uint8_t, 2>{static_cast<std::uint8_t>(provider), static_cast<std::uint8_t>(level)});
    }
  }
  words.AddText(std::string_view("NTLMSSP\0", 8));
  // Where a verification trailer starts (MS-RPCE 2.2.2.13).
  words.Add(std::array<std::uint8_t, 8>{0x8A, 0xE3, 0x13, 0x71, 0x02, 0xF4, 0x36, 0x71});
}

void AddSmbWords(Words& words) {
  words.AddComment("Protocol ids, commands, pipes (MS-SMB2 2.2, MS-CIFS 2.2)");
  for (const std::string_view id : {"\xFESMB", "\xFFSMB", "\xFDSMB", "\xFCSMB"}) words.AddText(id);
  for (int command = 0; command <= static_cast<int>(Smb2Command::kSetInfo); ++command) {
    words.AddNumber(static_cast<std::uint16_t>(command));
  }
  for (const Smb1Command command :
       {Smb1Command::kOpen, Smb1Command::kTransaction, Smb1Command::kTransactionSecondary, Smb1Command::kOpenAndX,
        Smb1Command::kReadAndX, Smb1Command::kWriteAndX, Smb1Command::kSessionSetupAndX, Smb1Command::kTreeConnectAndX,
        Smb1Command::kNtCreateAndX, Smb1Command::kNone}) {
    const auto byte = static_cast<std::uint8_t>(command);
    words.Add(Bytes(&byte, 1));
  }
  for (const std::uint32_t status :
       {kStatusPending, kStatusBufferOverflow, kStatusMoreProcessingRequired, std::uint32_t{0x0011C017}}) {
    words.AddNumber(status);
  }
  words.AddNumber(kSmb2SameSession);
  for (const std::string_view name : {"srvsvc", R"(\srvsvc)", R"(\PIPE\)", "IPC$"}) {
    words.AddUtf16(name);
    words.AddText(name);
  }
}

void AddPacketWords(Words& words) {
  words.AddComment("Ether types, IP protocols, ports (IANA)");
  for (const int type : {0x0800, 0x86DD, 0x8100, 0x88A8, 0x6558, 0x88BE, 0x22EB, 445, 139, 135, 4789}) {
    words.AddNumber(static_cast<std::uint16_t>(type), ByteOrder::kBig);
  }
  constexpr std::array<std::uint8_t, 10> kProtocols = {0, 4, 6, 17, 41, 43, 44, 47, 51, 60};
  for (const std::uint8_t& protocol : kProtocols) words.Add(Bytes(&protocol, 1));
  words.Add(std::array<std::uint8_t, 2>{0x45, 0});
}

void AddFileWords(Words& words) {
  words.AddComment("Magic numbers and block types of capture files, gzip and zstd");
  for (const ByteOrder order : kOrders) {
    for (const std::uint32_t magic : {0xA1B2C3D4U, 0xA1B23C4DU, 0x1A2B3C4DU, 0x0A0D0D0AU, 1U, 2U, 3U, 5U, 6U}) {
      words.AddNumber(magic, order);
    }
    for (const LinkType link : {LinkType::kNull, LinkType::kEthernet, LinkType::kPpp, LinkType::kRaw, LinkType::kLoop,
                                LinkType::kLinuxSll, LinkType::kIpv4, LinkType::kIpv6, LinkType::kLinuxSll2}) {
      words.AddNumber(static_cast<std::uint32_t>(link), order);
    }
  }
  words.Add(std::array<std::uint8_t, 3>{0x1F, 0x8B, 0x08});
  words.Add(std::array<std::uint8_t, 4>{0x28, 0xB5, 0x2F, 0xFD});
}

void AddKeyWords(Words& words) {
  words.AddComment("What a line of a key file starts with");
  for (const std::string_view word : {"smb-session ", "nt-password ", "nt-hash ", "0x", "@", "\r\n", "#"}) {
    words.AddText(word);
  }
}

using Add = void (*)(Words&);

struct Dictionary {
  std::string_view target;
  std::vector<Add> parts;
};

std::vector<Dictionary> Dictionaries() {
  return {{"stub_decode", {AddStubWords}},
          {"stub_roundtrip", {AddStubWords}},
          {"libndr_differential", {AddStubWords}},
          {"c_abi", {AddStubWords}},
          {"call_pair_rules", {AddStubWords}},
          {"rpc_pdus", {AddRpcWords, AddStubWords}},
          {"smb1", {AddSmbWords, AddRpcWords}},
          {"smb2", {AddSmbWords, AddRpcWords}},
          {"keys_file", {AddKeyWords}},
          {"ip_defrag", {AddPacketWords}},
          {"end_to_end", {AddPacketWords, AddSmbWords, AddRpcWords, AddStubWords}},
          {"report_page", {AddPacketWords, AddSmbWords, AddRpcWords, AddStubWords}},
          {"capture_file", {AddFileWords, AddPacketWords}}};
}

std::string TextOf(const Dictionary& dictionary) {
  Words words;
  words.AddComment("Made by make_dictionaries.");
  for (const Add add : dictionary.parts) add(words);
  return words.text();
}

std::string ContentOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool Check(const fs::path& path, const std::string& text) {
  if (ContentOf(path) == text) return true;
  std::fprintf(stderr, "%s is not current: run make_dictionaries %s\n", path.c_str(), path.parent_path().c_str());
  return false;
}

bool Write(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) std::fprintf(stderr, "%s: cannot be written\n", path.c_str());
  return static_cast<bool>(file);
}

}  // namespace

int main(int argc, char** argv) {
  const bool checks = argc == 3 && std::string_view(argv[1]) == "--check";
  if (argc != 2 && !checks) {
    std::fprintf(stderr, "usage: make_dictionaries [--check] FOLDER\n");
    return 2;
  }
  bool well = true;
  for (const Dictionary& dictionary : Dictionaries()) {
    const fs::path path = fs::path(argv[argc - 1]) / (std::string(dictionary.target) + ".dict");
    well &= (checks ? Check : Write)(path, TextOf(dictionary));
  }
  return well ? 0 : 1;
}
