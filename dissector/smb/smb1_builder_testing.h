// Builds SMB1 messages for tests.
#ifndef SESSENUM_SMB_SMB1_BUILDER_TESTING_H_
#define SESSENUM_SMB_SMB1_BUILDER_TESTING_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/byte_writer.h"
#include "base/utf16.h"
#include "smb/smb1.h"

namespace sessenum::smb1 {

using Buffer = std::vector<std::uint8_t>;

struct Options {
  Smb1Command command{};
  bool reply = false;
  std::uint16_t mid = 1;
  std::uint32_t status = 0;
  std::uint16_t tid = 7;
  std::uint16_t uid = 8;
  bool unicode = true;
};

// A block: words, then bytes.
struct Block {
  Buffer words;
  Buffer bytes;
};

inline Buffer Message(const Options& options, const Block& block) {
  Buffer out;
  ByteWriter to(out);
  to.WriteBytes(Buffer{0xFF, 'S', 'M', 'B', static_cast<std::uint8_t>(options.command)});
  to.Write<std::uint32_t>(options.status);
  to.Write<std::uint8_t>(options.reply ? 0x80 : 0);
  to.Write<std::uint16_t>(options.unicode ? 0xC000 : 0x4000);
  to.WriteFill(12);
  to.Write<std::uint16_t>(options.tid);
  to.Write<std::uint16_t>(99);
  to.Write<std::uint16_t>(options.uid);
  to.Write<std::uint16_t>(options.mid);
  to.Write(static_cast<std::uint8_t>(block.words.size() / 2));
  to.WriteBytes(block.words);
  to.Write(static_cast<std::uint16_t>(block.bytes.size()));
  to.WriteBytes(block.bytes);
  return out;
}

// The offset of a block's bytes in a message of one block.
inline std::uint16_t BytesAt(std::size_t words) { return static_cast<std::uint16_t>(32 + 1 + 2 * words + 2); }

// Words from 16-bit values.
inline Buffer Words(const std::vector<std::uint32_t>& values) {
  Buffer out;
  ByteWriter to(out);
  for (const std::uint32_t value : values) to.Write(static_cast<std::uint16_t>(value));
  return out;
}

// Appends `text` with its NUL; in UTF-16 aligned, where the bytes start at `at` of the message.
inline void PutText(Buffer& bytes, std::string_view text, bool unicode, std::size_t at) {
  if (!unicode) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.push_back(0);
    return;
  }
  if ((at + bytes.size()) % 2 != 0) bytes.push_back(0);
  const Buffer units = Utf8ToUtf16(text, ByteOrder::kLittle);
  bytes.insert(bytes.end(), units.begin(), units.end());
  bytes.insert(bytes.end(), {0, 0});
}

// No AndX follows.
inline constexpr std::uint32_t kLast = 0x00FF;

inline Block ExtendedSessionSetup(const Buffer& blob) {
  return {Words({kLast, 0, 0, 0, 0, 0, 0, static_cast<std::uint32_t>(blob.size()), 0, 0, 0, 0}), blob};
}

inline Block OldSessionSetup(std::string_view user, std::string_view domain, bool unicode) {
  Buffer bytes(5, 0x33);  // two passwords
  PutText(bytes, user, unicode, BytesAt(13));
  PutText(bytes, domain, unicode, BytesAt(13));
  return {Words({kLast, 0, 0, 0, 0, 0, 0, 2, 3, 0, 0, 0, 0}), bytes};
}

inline Block SessionSetupResponse(std::uint16_t action) { return {Words({kLast, 0, action}), {}}; }

inline Block TreeConnect(std::string_view path, bool unicode) {
  Buffer bytes(1, 0);  // an empty password
  PutText(bytes, path, unicode, BytesAt(4));
  bytes.insert(bytes.end(), {'?', '?', '?', '?', '?', 0});
  return {Words({kLast, 0, 0, 1}), bytes};
}

inline Block TreeConnectResponse(std::string_view service) {
  Buffer bytes;
  PutText(bytes, service, false, 0);
  return {Words({kLast, 0, 0}), bytes};
}

inline Block NtCreate(std::string_view name, bool unicode) {
  Buffer bytes;
  PutText(bytes, name, unicode, BytesAt(24));
  Buffer words(48);
  words[0] = 0xFF;
  return {words, bytes};
}

inline Block NtCreateResponse(std::uint16_t fid) {
  Buffer words(68);
  words[0] = 0xFF;
  StoreInteger(fid, ByteOrder::kLittle, words.data() + 5);
  return {words, {}};
}

inline Block OpenAndX(std::string_view name, bool unicode) {
  Buffer bytes;
  PutText(bytes, name, unicode, BytesAt(15));
  Buffer words(30);
  words[0] = 0xFF;
  return {words, bytes};
}

inline Block OpenAndXResponse(std::uint16_t fid) {
  Buffer words(30);
  words[0] = 0xFF;
  StoreInteger(fid, ByteOrder::kLittle, words.data() + 4);
  return {words, {}};
}

inline Block WriteAndX(std::uint16_t fid, const Buffer& data, std::uint16_t mode = 0) {
  return {Words({kLast, 0, fid, 0, 0, 0, 0, mode, 0, 0, static_cast<std::uint32_t>(data.size()), BytesAt(12)}), data};
}

inline Block ReadAndX(std::uint16_t fid) { return {Words({kLast, 0, fid, 0, 0, 0, 0, 0, 0, 0}), {}}; }

inline Block ReadAndXResponse(const Buffer& data) {
  return {Words({kLast, 0, 0, 0, 0, static_cast<std::uint32_t>(data.size()), BytesAt(12), 0, 0, 0, 0, 0}), data};
}

inline Buffer CoreData(const Buffer& data) {
  Buffer bytes = {1};
  ByteWriter to(bytes);
  to.Write(static_cast<std::uint16_t>(data.size()));
  to.WriteBytes(data);
  return bytes;
}

inline Block CoreWrite(std::uint16_t fid, const Buffer& data) {
  return {Words({fid, static_cast<std::uint32_t>(data.size()), 0, 0, 0}), CoreData(data)};
}

inline Block CoreRead(std::uint16_t fid) { return {Words({fid, 0, 0, 0, 0}), {}}; }

inline Block CoreReadResponse(const Buffer& data) {
  return {Words({static_cast<std::uint32_t>(data.size()), 0, 0, 0, 0}), CoreData(data)};
}

inline Block Close(std::uint16_t fid) { return {Words({fid, 0, 0}), {}}; }

// `total` bytes of data in all, of which `data` comes first.
inline Block Transaction(std::uint16_t function, std::uint16_t fid, const Buffer& data, std::size_t total,
                         std::string_view name = "\\PIPE\\") {
  Buffer bytes;
  PutText(bytes, name, true, BytesAt(16));
  const std::size_t at = BytesAt(16) + bytes.size();
  bytes.insert(bytes.end(), data.begin(), data.end());
  return {Words({0, static_cast<std::uint32_t>(total), 0, 1024, 0, 0, 0, 0, 0, 0, 0,
                 static_cast<std::uint32_t>(data.size()), static_cast<std::uint32_t>(at), 2, function, fid}),
          bytes};
}

inline Block TransactionSecondary(const Buffer& data, std::size_t total, std::size_t displacement) {
  return {Words({0, static_cast<std::uint32_t>(total), 0, 0, 0, static_cast<std::uint32_t>(data.size()), BytesAt(8),
                 static_cast<std::uint32_t>(displacement)}),
          data};
}

inline Block TransactionResponse(const Buffer& data, std::size_t total, std::size_t displacement = 0) {
  return {Words({0, static_cast<std::uint32_t>(total), 0, 0, 0, 0, static_cast<std::uint32_t>(data.size()), BytesAt(10),
                 static_cast<std::uint32_t>(displacement), 0}),
          data};
}

}  // namespace sessenum::smb1

#endif  // SESSENUM_SMB_SMB1_BUILDER_TESTING_H_
