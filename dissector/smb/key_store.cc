#include "smb/key_store.h"

#include <algorithm>
#include <utility>

#include "base/byte_order.h"
#include "base/utf16.h"
#include "smb/md4.h"
#include "smb/upcase.h"

namespace sessenum {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::size_t kLeastKey = 8;  // bytes: DES, the shortest that a Kerberos session can have
constexpr std::size_t kMostKey = 64;

// Takes the first word off `line`, and the blanks behind it.
std::string_view TakeWord(std::string_view& line) {
  const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks, end), line.size()));
  return word;
}

std::string_view WithoutComment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || kBlanks.find(line[at - 1]) != std::string_view::npos) return line.substr(0, at);
  }
  return line;
}

std::string_view WithoutTrailingBlanks(std::string_view line) {
  const std::size_t last = line.find_last_not_of(kBlanks);
  return last == std::string_view::npos ? std::string_view() : line.substr(0, last + 1);
}

std::optional<std::uint8_t> HexDigit(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<std::uint8_t>(digit - '0');
  const char lower = static_cast<char>(digit | 0x20);
  if (lower >= 'a' && lower <= 'f') return static_cast<std::uint8_t>(lower - 'a' + 10);
  return std::nullopt;
}

std::optional<std::vector<std::uint8_t>> HexBytes(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = HexDigit(text[i]);
    const auto low = HexDigit(text[i + 1]);
    if (!high || !low) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(*high << 4U | *low));
  }
  return bytes;
}

std::optional<std::uint64_t> Number(std::string_view digits) {
  if (digits.empty() || digits.size() > 16) return std::nullopt;
  std::uint64_t value = 0;
  for (const char digit : digits) {
    const auto nibble = HexDigit(digit);
    if (!nibble) return std::nullopt;
    value = value << 4U | *nibble;
  }
  return value;
}

std::optional<std::uint64_t> SessionId(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) return Number(text.substr(2));
  const auto wire = HexBytes(text);
  if (!wire || wire->size() != 8) return std::nullopt;
  return LoadInteger<std::uint64_t>(wire->data(), ByteOrder::kLittle);
}

// Adds a key unless there is another one of the same name.
template <typename Map>
bool AddOnce(Map& map, typename Map::key_type name, typename Map::mapped_type key) {
  const auto [at, added] = map.try_emplace(std::move(name), key);
  return added || at->second == key;
}

constexpr std::string_view kSecondKey = "a second, different key for the same name";

}  // namespace

NtHash NtHashOfPassword(std::string_view password) { return Md4(Utf8ToUtf16(password, ByteOrder::kLittle)); }

// Reads one line. Each function returns the reason why it cannot, or nothing.
class KeyStore::LineParser {
 public:
  explicit LineParser(KeyStore& store) : store_(store) {}

  [[nodiscard]] std::string_view Read(std::string_view line) const {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    if (line.empty() || line.front() == '#') return {};
    const std::string_view kind = TakeWord(line);
    if (kind == "nt-password") return ReadPassword(line);
    line = WithoutTrailingBlanks(WithoutComment(line));
    if (kind == "smb-session") return ReadSession(line);
    if (kind == "nt-hash") return ReadHash(line);
    return "a line starts with smb-session, nt-password or nt-hash";
  }

 private:
  [[nodiscard]] std::string_view ReadSession(std::string_view rest) const {
    const auto id = SessionId(TakeWord(rest));
    if (!id) return "a session id is 16 hex digits, or 0x and up to 16";
    auto key = HexBytes(rest);
    if (!key || key->size() < kLeastKey || key->size() > kMostKey) return "a session key is 16 to 128 hex digits";
    return AddOnce(store_.smb_sessions_, *id, std::move(*key)) ? std::string_view() : kSecondKey;
  }

  [[nodiscard]] std::string_view ReadPassword(std::string_view rest) const {
    const std::string_view user = TakeWord(rest);
    if (user.empty() || rest.empty()) return "nt-password needs a user and a password";
    if (WellFormedUtf8(rest) != rest) return "the password is not UTF-8";
    return AddUser(user, NtHashOfPassword(rest));
  }

  [[nodiscard]] std::string_view ReadHash(std::string_view rest) const {
    const std::string_view user = TakeWord(rest);
    const auto bytes = HexBytes(rest);
    NtHash hash{};
    if (user.empty() || !bytes || bytes->size() != hash.size()) return "nt-hash needs a user and 32 hex digits";
    std::copy(bytes->begin(), bytes->end(), hash.begin());
    return AddUser(user, hash);
  }

  [[nodiscard]] std::string_view AddUser(std::string_view user, const NtHash& hash) const {
    if (WellFormedUtf8(user) != user) return "the user is not UTF-8";
    return AddOnce(store_.nt_hashes_, UpcaseUtf16(user), hash) ? std::string_view() : kSecondKey;
  }

  KeyStore& store_;
};

std::optional<KeyStore::Problem> KeyStore::Parse(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const LineParser parser(*this);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string_view reason = parser.Read(line);
    if (!reason.empty()) return Problem{number, std::string(reason)};
  }
  return std::nullopt;
}

Bytes KeyStore::SmbSessionKey(std::uint64_t session_id) const {
  const auto found = smb_sessions_.find(session_id);
  return found == smb_sessions_.end() ? Bytes() : Bytes(found->second);
}

const NtHash* KeyStore::FindNtHash(std::string_view user, std::string_view domain) const {
  const auto find = [this](std::string_view name) -> const NtHash* {
    const auto found = nt_hashes_.find(UpcaseUtf16(name));
    return found == nt_hashes_.end() ? nullptr : &found->second;
  };
  if (const NtHash* hash = find(std::string(user) + "@" + std::string(domain))) return hash;
  if (const NtHash* hash = find(user)) return hash;
  return default_hash_ ? &*default_hash_ : nullptr;
}

}  // namespace sessenum
