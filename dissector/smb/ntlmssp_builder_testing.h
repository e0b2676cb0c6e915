// Builds NTLM AUTHENTICATE messages for tests.
#ifndef SESSENUM_SMB_NTLMSSP_BUILDER_TESTING_H_
#define SESSENUM_SMB_NTLMSSP_BUILDER_TESTING_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/byte_writer.h"
#include "base/utf16.h"

namespace sessenum {

struct NtlmNames {
  std::string_view user;
  std::string_view domain;
  std::string_view workstation;
  bool unicode = true;
  std::size_t nt_response = 24;  // bytes
};

inline std::vector<std::uint8_t> NtlmAuthenticate(const NtlmNames& names) {
  std::vector<std::uint8_t> head;
  std::vector<std::uint8_t> payload;
  ByteWriter to(head);
  constexpr std::uint32_t kHeadSize = 64;
  const auto field = [&](const std::vector<std::uint8_t>& value) {
    to.Write(static_cast<std::uint16_t>(value.size()));
    to.Write(static_cast<std::uint16_t>(value.size()));
    to.Write(static_cast<std::uint32_t>(kHeadSize + payload.size()));
    payload.insert(payload.end(), value.begin(), value.end());
  };
  const auto text = [&](std::string_view name) {
    field(names.unicode ? Utf8ToUtf16(name, ByteOrder::kLittle) : std::vector<std::uint8_t>(name.begin(), name.end()));
  };
  to.WriteBytes(std::vector<std::uint8_t>{'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 3, 0, 0, 0});
  field({});
  field(std::vector<std::uint8_t>(names.nt_response, 0x77));
  text(names.domain);
  text(names.user);
  text(names.workstation);
  field({});
  to.Write<std::uint32_t>(names.unicode ? 1 : 2);
  head.insert(head.end(), payload.begin(), payload.end());
  return head;
}

}  // namespace sessenum

#endif  // SESSENUM_SMB_NTLMSSP_BUILDER_TESTING_H_
