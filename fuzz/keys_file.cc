// Property: any text is read as keys or refused with the number of a line that is there; reading it again agrees, also
// behind a comment, and so does reading the line alone; and keys that are written down are found.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "fuzz/require.h"
#include "smb/key_store.h"

namespace {

using sessenum::KeyStore;
using sessenum::fuzz::Require;
using Problem = decltype(KeyStore().Parse(std::string_view()));

Problem Parse(std::string_view text) {
  KeyStore keys;
  return keys.Parse(text);
}

std::size_t LinesOf(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
}

void RequireAgreement(const Problem& one, const Problem& other, std::size_t lines_before) {
  Require(one.has_value() == other.has_value(), "reading keys again agrees");
  if (!one) return;
  Require(one->line + lines_before == other->line && one->reason == other->reason, "reading keys again agrees");
}

// The part before a line that was refused holds keys alone; the line itself is refused alone, too.
void RequireFirstProblem(std::string_view text, const Problem& problem) {
  std::size_t start = 0;
  for (std::size_t line = 1; line < problem->line; ++line) start = text.find('\n', start) + 1;
  Require(!Parse(text.substr(0, start)), "the first problem is told");
  const std::string_view rest = text.substr(start);
  // Behind an empty line: at the start of a text a byte order mark is passed over.
  const Problem alone = Parse("\n" + std::string(rest.substr(0, rest.find('\n'))));
  // Alone, a line repeats no other.
  Require(!alone || (alone->line == 2 && alone->reason == problem->reason), "a line is refused for what stands on it");
}

std::string Hex(sessenum::Bytes bytes) {
  std::string hex;
  for (const std::uint8_t byte : bytes) {
    hex += "0123456789abcdef"[byte >> 4U];
    hex += "0123456789ABCDEF"[byte & 15U];
  }
  return hex;
}

void RequireHash(const sessenum::NtHash* found, sessenum::Bytes expected, const char* property) {
  Require(found != nullptr && std::equal(found->begin(), found->end(), expected.begin(), expected.end()), property);
}

// A user's own key comes first, that for its domain before that for any; then what was given for all others.
void RequireOrder(sessenum::Bytes bytes) {
  constexpr std::size_t kHashSize = 16;
  if (bytes.size() < 2 * kHashSize) return;
  const sessenum::Bytes in_domain = bytes.first(kHashSize);
  const sessenum::Bytes in_any = bytes.subspan(kHashSize, kHashSize);
  KeyStore keys;
  Require(!keys.Parse("nt-hash Bob " + Hex(in_any) + "\nnt-hash Bob@WG " + Hex(in_domain) + "\nnt-password Eve  # a\n"),
          "what is written by the rules is read");
  RequireHash(keys.FindNtHash("bob", "wg"), in_domain, "a key for the domain comes first");
  RequireHash(keys.FindNtHash("bob", "other"), in_any, "a key for any domain is found");
  RequireHash(keys.FindNtHash("EVE", ""), sessenum::NtHashOfPassword("# a"), "a password is all the rest of its line");
  Require(keys.FindNtHash("mallory", "wg") == nullptr, "another user has no key");
  keys.SetDefaultPassword("# a");
  RequireHash(keys.FindNtHash("mallory", "wg"), sessenum::NtHashOfPassword("# a"), "but that of all others");
  RequireHash(keys.FindNtHash("bob", "wg"), in_domain, "which comes last");
}

// Keys that are written by the rules of the file are the keys that are found: of a session in both spellings, of a user
// in either case of its name.
void RequireFound(sessenum::Bytes bytes) {
  constexpr std::size_t kIdSize = 8;
  constexpr std::size_t kKeySize = 16;
  if (bytes.size() < kIdSize + kKeySize) return;
  const sessenum::Bytes wire_id = bytes.first(kIdSize);
  const sessenum::Bytes key = bytes.subspan(kIdSize, kKeySize);
  std::uint8_t turned[kIdSize];
  std::reverse_copy(wire_id.begin(), wire_id.end(), turned);
  std::uint64_t id = 0;
  for (const std::uint8_t byte : turned) id = id << 8U | byte;
  for (const std::string& spelling : {Hex(wire_id), "0x" + Hex(turned)}) {
    KeyStore keys;
    Require(!keys.Parse("smb-session " + spelling + " " + Hex(key) + " # mine\r\nnt-hash Bob@WG " + Hex(key)),
            "what is written by the rules is read");
    const sessenum::Bytes found = keys.SmbSessionKey(id);
    Require(std::equal(found.begin(), found.end(), key.begin(), key.end()), "a session's key is found");
    RequireHash(keys.FindNtHash("bOB", "wg"), key, "a user's is, too");
    Require(keys.FindNtHash("bob", "other") == nullptr, "a user of another domain is another");
    Require(keys.SmbSessionKey(id + 1).empty(), "another session has no key");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text is char
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Problem problem = Parse(text);
  RequireAgreement(problem, Parse(text), 0);
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const std::string_view marked = text.substr(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
  RequireAgreement(problem, Parse("# a comment\n\n" + std::string(marked)), 2);
  RequireFound(sessenum::Bytes(data, size));
  RequireOrder(sessenum::Bytes(data, size));
  if (!problem) {
    Require(!Parse(std::string(text) + "\n"), "a line may end the text or not");
    return 0;
  }
  Require(problem->line >= 1 && problem->line <= LinesOf(text), "a problem is on a line that is there");
  Require(!problem->reason.empty(), "a problem has a reason");
  RequireFirstProblem(marked, problem);
  return 0;
}
