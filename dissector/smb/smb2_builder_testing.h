// Builds SMB2 messages for tests.
#ifndef SESSENUM_SMB_SMB2_BUILDER_TESTING_H_
#define SESSENUM_SMB_SMB2_BUILDER_TESTING_H_

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/byte_writer.h"
#include "base/utf16.h"
#include "smb/protocol.h"
#include "smb/smb2.h"

namespace sessenum::smb2 {

using Buffer = std::vector<std::uint8_t>;

inline constexpr std::uint64_t kSession = 0x1122334455667788;
inline constexpr std::uint32_t kTree = 5;
inline constexpr Smb2FileId kFile{0xA1, 0xB2};
inline constexpr Smb2FileId kSameFile{UINT64_MAX, UINT64_MAX};

struct Options {
  Smb2Command command{};
  bool response = false;
  std::uint64_t id = 0;
  std::uint32_t status = 0;
  std::uint32_t flags = 0;  // besides the response flag
  std::uint64_t session = kSession;
  std::uint32_t tree = kTree;
};

inline Buffer Message(const Options& options, const Buffer& body) {
  Buffer out;
  ByteWriter to(out);
  to.WriteBytes(Buffer{0xFE, 'S', 'M', 'B'});
  to.Write<std::uint16_t>(64);
  to.Write<std::uint16_t>(1);
  to.Write<std::uint32_t>(options.status);
  to.Write(static_cast<std::uint16_t>(options.command));
  to.Write<std::uint16_t>(1);
  to.Write<std::uint32_t>(options.flags | (options.response ? 1U : 0U));
  to.Write<std::uint32_t>(0);
  to.Write<std::uint64_t>(options.id);
  to.Write<std::uint32_t>(0xFEFF);
  to.Write<std::uint32_t>(options.tree);
  to.Write<std::uint64_t>(options.session);
  to.WriteFill(16);
  to.WriteBytes(body);
  return out;
}

inline Buffer Body(const std::function<void(ByteWriter&)>& write) {
  Buffer out;
  ByteWriter to(out);
  write(to);
  return out;
}

inline void Put(ByteWriter& to, const Smb2FileId& file) {
  to.Write<std::uint64_t>(file.persistent);
  to.Write<std::uint64_t>(file.temporary);
}

// Puts the messages of a compound behind one another, aligned and linked.
inline Buffer Compound(std::vector<Buffer> parts) {
  Buffer out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Buffer& part = parts[i];
    if (i + 1 < parts.size()) {
      part.resize((part.size() + 7) / 8 * 8);
      StoreInteger(static_cast<std::uint32_t>(part.size()), ByteOrder::kLittle, part.data() + 20);
    }
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

inline Buffer Framed(const Buffer& message) {
  Buffer out(4);
  StoreInteger(static_cast<std::uint32_t>(message.size()), ByteOrder::kBig, out.data());
  out.insert(out.end(), message.begin(), message.end());
  return out;
}

inline Buffer Utf16(std::string_view text) { return Utf8ToUtf16(text, ByteOrder::kLittle); }

inline Buffer ErrorBody() {
  return Body([](ByteWriter& to) {
    to.Write<std::uint16_t>(9);
    to.WriteFill(7);
  });
}

inline Buffer NegotiateRequest(const Smb2Guid& client) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(36);
    to.WriteFill(10);
    to.WriteBytes(client);
    to.WriteFill(8);
  });
}

inline Buffer NegotiateResponse(std::uint16_t dialect, const Smb2Guid& server = {}) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(65);
    to.Write<std::uint16_t>(1);
    to.Write<std::uint16_t>(dialect);
    to.WriteFill(2);
    to.WriteBytes(server);
    to.WriteFill(40);
  });
}

// Of dialect 3.1.1, with the contexts PREAUTH_INTEGRITY and ENCRYPTION.
inline Buffer NegotiateResponse311(std::uint16_t cipher) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(65);
    to.Write<std::uint16_t>(1);
    to.Write<std::uint16_t>(0x0311);
    to.Write<std::uint16_t>(2);
    to.WriteFill(48);
    to.Write<std::uint16_t>(64 + 64);
    to.Write<std::uint16_t>(3);
    to.Write<std::uint32_t>(64 + 72);
    to.WriteFill(8, 0x60);  // a blob of three bytes, padded
    to.WriteBytes(Buffer{1, 0, 6, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0});
    to.WriteBytes(Buffer{2, 0, 4, 0, 0, 0, 0, 0, 1, 0});
    to.Write(cipher);
  });
}

inline Buffer SessionSetupRequest(const Buffer& blob, std::uint8_t flags = 0) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(25);
    to.Write(flags);
    to.WriteFill(9);
    to.Write<std::uint16_t>(64 + 24);
    to.Write(static_cast<std::uint16_t>(blob.size()));
    to.WriteFill(8);
    to.WriteBytes(blob);
  });
}

inline Buffer SessionSetupResponse(std::uint16_t flags) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(9);
    to.Write<std::uint16_t>(flags);
    to.Write<std::uint16_t>(72);
    to.Write<std::uint16_t>(0);
  });
}

// That of a server which goes on with its own token.
inline Buffer SessionSetupResponseWith(const Buffer& blob) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(9);
    to.Write<std::uint16_t>(0);
    to.Write<std::uint16_t>(72);
    to.Write(static_cast<std::uint16_t>(blob.size()));
    to.WriteBytes(blob);
  });
}

inline Buffer TreeConnectRequest(std::string_view path) {
  const Buffer text = Utf16(path);
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(9);
    to.Write<std::uint16_t>(0);
    to.Write<std::uint16_t>(64 + 8);
    to.Write(static_cast<std::uint16_t>(text.size()));
    to.WriteBytes(text);
  });
}

inline Buffer TreeConnectResponse(Smb2ShareType type) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(16);
    to.Write(static_cast<std::uint8_t>(type));
    to.WriteFill(13);
  });
}

inline Buffer CreateRequest(std::string_view name) {
  const Buffer text = Utf16(name);
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(57);
    to.WriteFill(42);
    to.Write<std::uint16_t>(64 + 56);
    to.Write(static_cast<std::uint16_t>(text.size()));
    to.WriteFill(8);
    to.WriteBytes(text);
    if (text.empty()) to.WriteFill(1);
  });
}

inline Buffer CreateResponse(const Smb2FileId& file = kFile) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(89);
    to.WriteFill(62);
    Put(to, file);
    to.WriteFill(8);
  });
}

inline Buffer CloseRequest(const Smb2FileId& file = kFile) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(24);
    to.WriteFill(6);
    Put(to, file);
  });
}

inline Buffer CloseResponse() {
  return Body([](ByteWriter& to) {
    to.Write<std::uint16_t>(60);
    to.WriteFill(58);
  });
}

inline Buffer Empty() { return {4, 0, 0, 0}; }  // TREE_DISCONNECT and LOGOFF, both ways

inline Buffer ReadRequest(const Smb2FileId& file = kFile) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(49);
    to.WriteFill(2);
    to.Write<std::uint32_t>(1024);
    to.WriteFill(8);
    Put(to, file);
    to.WriteFill(17);
  });
}

inline Buffer ReadResponse(const Buffer& data) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(17);
    to.Write<std::uint8_t>(64 + 16);
    to.Write<std::uint8_t>(0);
    to.Write(static_cast<std::uint32_t>(data.size()));
    to.WriteFill(8);
    to.WriteBytes(data);
  });
}

inline Buffer WriteRequest(const Buffer& data, const Smb2FileId& file = kFile) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(49);
    to.Write<std::uint16_t>(64 + 48);
    to.Write(static_cast<std::uint32_t>(data.size()));
    to.WriteFill(8);
    Put(to, file);
    to.WriteFill(16);
    to.WriteBytes(data);
  });
}

inline Buffer WriteResponse() {
  return Body([](ByteWriter& to) {
    to.Write<std::uint16_t>(17);
    to.WriteFill(15);
  });
}

inline Buffer IoctlRequest(const Buffer& input, const Smb2FileId& file = kFile,
                           std::uint32_t code = kFsctlPipeTransceive) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(57);
    to.WriteFill(2);
    to.Write<std::uint32_t>(code);
    Put(to, file);
    to.Write<std::uint32_t>(64 + 56);
    to.Write(static_cast<std::uint32_t>(input.size()));
    to.WriteFill(24);
    to.WriteBytes(input);
  });
}

inline Buffer IoctlResponse(const Buffer& output, const Smb2FileId& file = kFile,
                            std::uint32_t code = kFsctlPipeTransceive) {
  return Body([&](ByteWriter& to) {
    to.Write<std::uint16_t>(49);
    to.WriteFill(2);
    to.Write<std::uint32_t>(code);
    Put(to, file);
    to.WriteFill(8);
    to.Write<std::uint32_t>(64 + 48);
    to.Write(static_cast<std::uint32_t>(output.size()));
    to.WriteFill(8);
    to.WriteBytes(output);
  });
}

// A transform around ciphertext that nobody can read.
inline Buffer Transform(std::uint64_t session, std::size_t size) {
  Buffer out;
  ByteWriter to(out);
  to.WriteBytes(Buffer{0xFD, 'S', 'M', 'B'});
  to.WriteFill(40);
  to.Write<std::uint64_t>(session);
  to.WriteFill(size, 0xEE);
  return out;
}

inline Buffer Compressed(std::size_t size) {
  Buffer out;
  ByteWriter to(out);
  to.WriteBytes(Buffer{0xFC, 'S', 'M', 'B'});
  to.WriteFill(12 + size, 0xEE);
  return out;
}

// A PDU of DCE/RPC with `size` bytes behind its header, each `fill`.
inline Buffer Pdu(std::uint8_t type, std::size_t size, std::uint8_t fill) {
  return Body([&](ByteWriter& to) {
    to.WriteBytes(Buffer{5, 0, type, 3, 0x10, 0, 0, 0});
    to.Write(static_cast<std::uint16_t>(16 + size));
    to.WriteFill(6);
    to.WriteFill(size, fill);
  });
}

}  // namespace sessenum::smb2

#endif  // SESSENUM_SMB_SMB2_BUILDER_TESTING_H_
