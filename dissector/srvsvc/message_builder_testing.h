// Makes messages from values. It owns the text of all strings that it made.
#ifndef SESSENUM_SRVSVC_MESSAGE_BUILDER_TESTING_H_
#define SESSENUM_SRVSVC_MESSAGE_BUILDER_TESTING_H_

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "srvsvc/codec.h"
#include "srvsvc/model.h"

namespace sessenum {

inline constexpr std::array<NdrFormat, 4> kAllFormats = {{{TransferSyntax::kNdr, ByteOrder::kLittle},
                                                          {TransferSyntax::kNdr, ByteOrder::kBig},
                                                          {TransferSyntax::kNdr64, ByteOrder::kLittle},
                                                          {TransferSyntax::kNdr64, ByteOrder::kBig}}};

inline std::string FormatName(NdrFormat format) {
  return std::string(Name(format.syntax)) + (format.order == ByteOrder::kLittle ? "-little" : "-big");
}

class MessageBuilder {
 public:
  // std::nullopt is a NULL pointer.
  NdrString String(const std::optional<std::string>& utf8) {
    if (!utf8) return {};
    std::string terminated = *utf8;
    terminated.push_back('\0');
    return NdrString::Of(Utf16View(texts_.emplace_back(Utf8ToUtf16(terminated, order_)), order_));
  }
  // Units as they are, with or without terminator.
  NdrString Units(const std::vector<std::uint16_t>& units) {
    std::vector<std::uint8_t>& text = texts_.emplace_back(2 * units.size() + 1);
    for (std::size_t i = 0; i < units.size(); ++i) StoreInteger(units[i], order_, text.data() + 2 * i);
    return NdrString::Of(Utf16View(text, order_));
  }
  // Strings made from now on are kept in this byte order.
  void SetOrder(ByteOrder order) { order_ = order; }

  static NdrUniqueU32 Unique(std::optional<std::uint32_t> value) {
    return value ? NdrUniqueU32{{1}, {*value}} : NdrUniqueU32{};
  }

  // The `index`th of a list: fields differ from each other and between sessions, and some strings are NULL or empty.
  Session MakeSession(std::uint32_t index) {
    const std::string number = std::to_string(index);
    Session session;
    session.cname = index % 7 == 5 ? String(std::nullopt) : String("\\\\10.0.0." + number);
    session.username = index % 5 == 3 ? String("") : String("us\xC3\xA9r" + number);
    session.num_opens.value = index;
    session.time.value = 65 + 37 * index;
    session.idle_time.value = 3 + 11 * index;
    session.user_flags.value = index % 4;
    session.cltype_name = index % 3 == 2 ? String(std::nullopt) : String(index % 3 == 1 ? "Windows 5.0" : "");
    session.transport = String("\\Device\\NetbiosSmb");
    return session;
  }

  static SessionEnumStruct Info(std::uint32_t level) {
    SessionEnumStruct info;
    info.level.value = info.tag.value = level;
    info.container_pointer.referent = 1;
    return info;
  }

  // The annotated request of the tests: server \\FS1, client NULL, user "", resume handle 0.
  SessionEnumRequest Request(std::uint32_t level) {
    SessionEnumRequest request;
    request.server_name = String("\\\\FS1");
    request.user_name = String("");
    request.info = Info(level);
    request.preferred_maximum_length.value = kMaxPreferredLength;
    request.resume_handle = Unique(0);
    return request;
  }

  SessionEnumResponse Response(std::uint32_t level, std::uint32_t sessions) {
    SessionEnumResponse response;
    response.info = Info(level);
    std::vector<Session> list;
    for (std::uint32_t i = 0; i < sessions; ++i) list.push_back(MakeSession(i));
    SetSessions(std::move(list), response);
    response.resume_handle = Unique(0);
    return response;
  }

  static void SetSessions(std::vector<Session> sessions, SessionEnumResponse& response) {
    SessionContainer& container = response.info.container;
    container.sessions = std::move(sessions);
    container.buffer.referent = 1;
    container.entries_read.value = static_cast<std::uint32_t>(container.sessions.size());
    container.max_count.value = container.entries_read.value;
    response.total_entries.value = container.entries_read.value;
  }

 private:
  std::deque<std::vector<std::uint8_t>> texts_;
  ByteOrder order_ = ByteOrder::kLittle;
};

inline Status DecodeMessage(Bytes stub, NdrFormat format, const Limits& limits, SessionEnumRequest& out) {
  return DecodeRequest(stub, format, limits, out);
}
inline Status DecodeMessage(Bytes stub, NdrFormat format, const Limits& limits, SessionEnumResponse& out) {
  return DecodeResponse(stub, format, limits, out);
}

inline std::vector<std::uint8_t> EncodeMessage(const SessionEnumRequest& request, NdrFormat format,
                                               Referents referents = Referents::kAscending) {
  std::vector<std::uint8_t> out;
  EncodeRequest(request, format, referents, out);
  return out;
}
inline std::vector<std::uint8_t> EncodeMessage(const SessionEnumResponse& response, NdrFormat format,
                                               Referents referents = Referents::kAscending) {
  std::vector<std::uint8_t> out;
  EncodeResponse(response, format, referents, out);
  return out;
}

}  // namespace sessenum

#endif  // SESSENUM_SRVSVC_MESSAGE_BUILDER_TESTING_H_
