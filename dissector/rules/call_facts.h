// What the capture shows of a call, in the form in which rules ask for it.
#ifndef SESSENUM_RULES_CALL_FACTS_H_
#define SESSENUM_RULES_CALL_FACTS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "net/packet.h"
#include "rpc/contexts.h"
#include "rules/fingerprint.h"
#include "rules/names.h"
#include "rules/rule.h"
#include "srvsvc/model.h"
#include "srvsvc/status.h"

namespace sessenum {

// What earlier calls of the capture told: see CallHistory.
struct PastFacts {
  // The call before this one of the same enumeration: same client, server, level and qualifiers.
  struct Page {
    bool same_pipe = false;
    std::uint32_t status = 0;
    std::optional<std::uint32_t> asked_handle;
    std::optional<std::uint32_t> given_handle;
    std::uint32_t total_entries = 0;
    std::uint32_t entries_read = 0;
    std::uint32_t maximum_length = 0;
    std::uint64_t most_bytes = 0;  // of its entries, as the roomiest server counts
    std::uint32_t repeated = 0;    // entries of this response that stood in that one
  };
  std::optional<Page> page;        // only where the request was decoded
  bool missed_answer = false;      // an answer of the server to this client was not captured, or not wholly
  bool handle_was_given = false;   // the request's handle is one that the server gave to this client
  bool handles_forgotten = false;  // the server gave more handles than are remembered
  // Entries of a complete enumeration without qualifiers, as the latest one told.
  std::optional<std::uint32_t> list_size;
  // Names that this server returned for computers: with the leading backslashes of Windows, or without, as Samba does.
  bool server_writes_backslashes = false;
  bool server_omits_backslashes = false;
  bool server_knows_more_levels = false;  // than 0 and 1, which are all that smbd knows
  // A session that another call, of another level and seconds away, describes differently.
  struct Disagreement {
    std::uint32_t element = 0;
    std::uint32_t seen = 0;
    std::uint32_t expected = 0;
    Extent where;
    std::string_view field;  // static storage
  };
  bool was_compared = false;  // some session stood in both
  std::optional<Disagreement> disagreement;
  // Within the window of the thresholds, this call included.
  std::uint32_t servers_asked = 0;
  std::uint32_t calls_to_server = 0;
  std::uint32_t servers_refusing = 0;
  bool is_new_server = false;   // the first call to this server in the window
  bool is_new_refusal = false;  // the first refusal by it
  bool is_new_family = true;    // the client was not seen with this fingerprint
};

// From when on the habits of a client are worth a word.
struct Thresholds {
  std::uint32_t window_seconds = 300;
  std::uint32_t sweep_servers = 5;     // servers asked by one client within the window
  std::uint32_t repeats = 10;          // calls by one client to one server within the window
  std::uint32_t refusing_servers = 3;  // servers that refused one client within the window
};

struct CallFacts {
  // nullptr: not captured, or not readable at all. What was not reached in them is not decoded().
  const SessionEnumRequest* request = nullptr;
  const SessionEnumResponse* response = nullptr;
  bool request_whole = false;  // the stub was captured to its end
  bool response_whole = false;
  std::optional<std::uint32_t> fault;
  std::string_view why_no_request;   // static storage: why `request` is nullptr
  std::string_view why_no_response;  // static storage: why neither an answer nor a fault is there

  // The connection
  IpAddress client;
  IpAddress server;
  std::int64_t time_ns = 0;              // of the first packet
  std::uint64_t pipe = 0;                // tells the pipes and connections of a capture apart
  bool over_named_pipe = true;           // else plain TCP
  std::optional<std::string_view> tree;  // the share that the pipe is on, UTF-8: "\\SRV\IPC$"
  std::optional<bool> is_nobody;         // the SMB session is a guest's or anonymous; nullopt: not seen
  std::optional<SyntaxId> interface;     // nullopt: no bind was captured
  BindOffer offer;                       // the transfer syntaxes that the client offered

  Thresholds thresholds;
  PastFacts past;
  const ClientFamily* family = nullptr;  // whose hand the request shows; nullptr: nobody's that is known
};

// The functions below read facts that several rules ask for.

[[nodiscard]] inline bool IsDecoded(const SessionEnumRequest* request) {
  return request != nullptr && request->report.status.ok();
}
[[nodiscard]] inline bool IsDecoded(const SessionEnumResponse* response) {
  return response != nullptr && response->report.status.ok();
}

// The status that the server returned; nullopt where none was seen.
[[nodiscard]] inline std::optional<std::uint32_t> StatusOf(const CallFacts& call) {
  if (call.response == nullptr || !call.response->status.decoded()) return std::nullopt;
  return call.response->status.value;
}

// NERR_Success and ERROR_MORE_DATA both deliver data.
[[nodiscard]] constexpr bool IsSuccess(std::uint32_t status) {
  return status == kNerrSuccess || status == kErrorMoreData;
}
[[nodiscard]] inline bool Succeeded(const CallFacts& call) {
  const auto status = StatusOf(call);
  return status && IsSuccess(*status);
}

// "Specified" in the words of 3.1.4.5: neither NULL nor empty.
[[nodiscard]] inline bool IsSpecified(const NdrString& qualifier) {
  const Utf16View text = qualifier.text();
  return !qualifier.null() && !text.empty() && text[0] != 0;
}
[[nodiscard]] inline bool HasQualifier(const SessionEnumRequest& request) {
  return IsSpecified(request.client_name) || IsSpecified(request.user_name);
}

// The handle that the pointer points to; nullopt where it is NULL or was not reached.
[[nodiscard]] inline std::optional<std::uint32_t> HandleOf(const NdrUniqueU32& handle) {
  return handle.value.decoded() ? std::optional(handle.value.value) : std::nullopt;
}

// Whether the request's union contradicts its Level: which of them the server took is its own affair.
[[nodiscard]] inline bool HasTwoLevels(const SessionEnumRequest& request) {
  return request.info.tag.decoded() && request.info.tag.value != request.info.level.value;
}
inline constexpr std::string_view kTwoLevels = "the request has one level in Level and another in its union";

// Whether the call asks for what comes after the page before.
[[nodiscard]] inline bool ContinuesPage(const CallFacts& call) {
  const auto& page = call.past.page;
  // Zero starts again from the beginning.
  if (!page || page->status != kErrorMoreData || page->given_handle.value_or(0) == 0) return false;
  return HandleOf(call.request->resume_handle).value_or(0) == *page->given_handle;
}

[[nodiscard]] inline std::span<const Session> SessionsOf(const CallFacts& call) {
  if (call.response == nullptr) return {};
  return call.response->info.container.sessions;
}

// Whether the server may be Samba's: nothing it returned speaks against it. Windows writes "\\" before each computer,
// and smbd has no level but 0 and 1.
[[nodiscard]] inline bool MayBeSamba(const CallFacts& call) {
  return !call.past.server_writes_backslashes && !call.past.server_knows_more_levels;
}

inline constexpr std::string_view kNoContainer = "the response has no container: which sessions there are was not told";

// What rules say when evidence is missing.
[[nodiscard]] inline Ruling Undecided(std::string_view why) { return {.verdict = Verdict::kUndecided, .why = why}; }
[[nodiscard]] inline Ruling NoRequest(const CallFacts& call) {
  return Undecided(call.request == nullptr ? call.why_no_request : "the request could not be read to its end");
}
[[nodiscard]] inline Ruling NoResponse(const CallFacts& call) {
  if (call.fault) return Undecided("the call ended with a fault");
  return Undecided(call.response == nullptr ? call.why_no_response : "the response could not be read to its end");
}

}  // namespace sessenum

#endif  // SESSENUM_RULES_CALL_FACTS_H_
