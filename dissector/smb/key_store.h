// The keys that a user gives: SMB session keys, and NT hashes or passwords of users.
#ifndef SESSENUM_SMB_KEY_STORE_H_
#define SESSENUM_SMB_KEY_STORE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace sessenum {

// MD4 of the password in UTF-16LE (MS-NLMP 3.3.1, NTOWFv1).
using NtHash = std::array<std::uint8_t, 16>;
[[nodiscard]] NtHash NtHashOfPassword(std::string_view password);  // UTF-8

class KeyStore {
 public:
  // Why a line cannot be read. The reason never quotes the line: it may hold a key.
  struct Problem {
    std::size_t line = 0;  // from 1
    std::string reason;
  };

  // Adds the keys in `text`, one a line:
  //   smb-session SESSIONID KEY     16 hex digits as on the wire, or 0x and the number; 8 to 64 bytes in hex
  //   nt-password USER PASSWORD     `user` or `user@domain`; the password goes from the first character that is no
  //                                 blank to the end of the line, in UTF-8
  //   nt-hash USER HASH             32 hex digits
  // Empty lines, lines that start with #, and what follows " #" except in a password are passed over. Lines end by LF
  // or CRLF. After a problem, the keys before it are there.
  [[nodiscard]] std::optional<Problem> Parse(std::string_view text);

  // For every user without a key of its own.
  void SetDefaultPassword(std::string_view password) { default_hash_ = NtHashOfPassword(password); }

  // Empty where there is none.
  [[nodiscard]] Bytes SmbSessionKey(std::uint64_t session_id) const;
  // nullptr where there is none. Upper and lower case are the same. A key for the user in this domain comes before one
  // for the user in any.
  [[nodiscard]] const NtHash* FindNtHash(std::string_view user, std::string_view domain) const;

 private:
  class LineParser;
  using FoldedName = std::vector<std::uint8_t>;

  std::map<std::uint64_t, std::vector<std::uint8_t>> smb_sessions_;
  std::map<FoldedName, NtHash> nt_hashes_;
  std::optional<NtHash> default_hash_;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_KEY_STORE_H_
