// SMB1 messages as plain structs (MS-CIFS 2.2). Offsets in a message count from the start of its header.
#ifndef SESSENUM_SMB_SMB1_H_
#define SESSENUM_SMB_SMB1_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/byte_reader.h"
#include "smb/framing.h"
#include "smb/pipe.h"
#include "smb/text.h"

namespace sessenum {

// MS-CIFS 2.2.2.1
enum class Smb1Command : std::uint8_t {
  kOpen = 0x02,
  kClose = 0x04,
  kRead = 0x0A,
  kWrite = 0x0B,
  kLockingAndX = 0x24,
  kTransaction = 0x25,
  kTransactionSecondary = 0x26,
  kOpenAndX = 0x2D,
  kReadAndX = 0x2E,
  kWriteAndX = 0x2F,
  kTreeDisconnect = 0x71,
  kSessionSetupAndX = 0x73,
  kLogoffAndX = 0x74,
  kTreeConnectAndX = 0x75,
  kNtCreateAndX = 0xA2,
  kNone = 0xFF,  // ends an AndX chain
};

struct Smb1Header {
  Smb1Command command = Smb1Command::kNone;
  std::uint32_t status = 0;
  std::uint8_t flags = 0;
  std::uint16_t flags2 = 0;
  std::uint32_t pid = 0;
  std::uint16_t tid = 0;
  std::uint16_t uid = 0;
  std::uint16_t mid = 0;

  [[nodiscard]] bool reply() const { return (flags & 0x80U) != 0; }
  [[nodiscard]] SmbCharset charset() const { return (flags2 & 0x8000U) != 0 ? SmbCharset::kUtf16 : SmbCharset::kOem; }
  [[nodiscard]] bool success() const { return status == 0; }
  // Success, or STATUS_BUFFER_OVERFLOW or its DOS form ERRDOS/ERRmoredata: more is left to be read.
  [[nodiscard]] bool carries_data() const { return status == 0 || status == 0x80000005 || status == 0x00EA0001; }
};

// One command of a message: its words, and where its bytes stand.
struct Smb1Block {
  Smb1Command command = Smb1Command::kNone;
  Smb1Command next = Smb1Command::kNone;  // by AndX
  std::size_t next_offset = 0;
  Bytes words;
  std::size_t bytes_offset = 0;
  std::uint16_t byte_count = 0;

  // The words from `offset` on. A command whose words are too few fails to be read from it.
  [[nodiscard]] ByteReader Words(std::size_t offset) const {
    return ByteReader(words.subspan(offset < words.size() ? offset : words.size()));
  }
};

// Where a message says that a buffer of it stands.
struct Smb1Buffer {
  std::size_t offset = 0;
  std::size_t length = 0;
};

[[nodiscard]] Status ReadSmb1Header(Bytes bytes, Smb1Header& out);

// Reads the block of `command` at `offset`.
[[nodiscard]] Status ReadSmb1Block(const SmbMessage& message, Smb1Command command, std::size_t offset, Smb1Block& out);

// Finds `buffer` in `message`. kMalformed where it reaches beyond the message as declared.
[[nodiscard]] Status LocateSmb1Buffer(const SmbMessage& message, const Smb1Buffer& buffer, PipeData& out);

// Reads strings from the bytes of a block, one after the other.
class Smb1Strings {
 public:
  Smb1Strings(const SmbMessage& message, const Smb1Block& block, SmbCharset charset, Budget& budget);

  // Moves past `count` bytes.
  void Skip(std::size_t count);
  // The next string up to its NUL, or to the end of the bytes. nullopt where the bytes are not at hand.
  [[nodiscard]] std::optional<std::string> Next();
  [[nodiscard]] std::optional<std::string> NextOem();
  // What is left.
  [[nodiscard]] Bytes rest() const { return bytes_; }

 private:
  Bytes bytes_;
  std::size_t offset_ = 0;  // of bytes_ in the message: UTF-16 is aligned to it
  bool whole_ = false;
  SmbCharset charset_;
  Budget& budget_;
};

struct Smb1Write {
  std::uint16_t fid = 0;
  std::uint16_t mode = 0;
  Smb1Buffer data;
};
[[nodiscard]] Status ReadSmb1WriteAndX(const Smb1Block& block, Smb1Write& out);
[[nodiscard]] Status ReadSmb1CoreWrite(const Smb1Block& block, Smb1Write& out);

// The data of a READ_ANDX or READ response.
[[nodiscard]] Status ReadSmb1ReadAndXResponse(const Smb1Block& block, Smb1Buffer& out);
[[nodiscard]] Status ReadSmb1CoreReadResponse(const Smb1Block& block, Smb1Buffer& out);

// One part of a transaction (MS-CIFS 2.2.4.33, 2.2.4.34).
struct Smb1Transaction {
  std::uint16_t total_data = 0;
  Smb1Buffer data;
  std::uint16_t displacement = 0;  // of this part's data in all of it
  std::uint16_t function = 0;      // Setup[0] of a request
  std::uint16_t fid = 0;           // Setup[1] of a request
};
[[nodiscard]] Status ReadSmb1TransactionRequest(const Smb1Block& block, Smb1Transaction& out);
[[nodiscard]] Status ReadSmb1TransactionSecondary(const Smb1Block& block, Smb1Transaction& out);
[[nodiscard]] Status ReadSmb1TransactionResponse(const Smb1Block& block, Smb1Transaction& out);

// The user that a SESSION_SETUP_ANDX request names, in any of its forms (MS-CIFS 2.2.4.53, MS-SMB 2.2.4.6.1).
[[nodiscard]] std::optional<SmbIdentity> ReadSmb1Identity(const SmbMessage& message, const Smb1Block& block,
                                                          SmbCharset charset, Budget& budget);

}  // namespace sessenum

#endif  // SESSENUM_SMB_SMB1_H_
