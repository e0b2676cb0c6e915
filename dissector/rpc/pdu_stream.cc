#include "rpc/pdu_stream.h"

#include <algorithm>

#include "rpc/pdu.h"

namespace sessenum {

void PduStream::OnData(SourcedBytes data) {
  const auto skipping = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, data.size()));
  skip_ -= skipping;
  buffer_.Drain(data.Sub(skipping), [this](SourcedBytes view) { return Take(view); });
}

// Uses one PDU off the front of `data`, or whatever stands before the next header.
std::size_t PduStream::Take(SourcedBytes data) {
  const Result<PduHeader> header = ParsePduHeader(data.bytes());
  if (header.status().code == Errc::kTruncated) return 0;
  if (!header.ok()) return SkipToHeader(data);
  const std::size_t length = header.value().frag_length;
  if (length > data.size()) return 0;
  emit_({data.Sub(0, length), std::nullopt});
  follows_pdu_ = true;
  return length;
}

std::size_t PduStream::SkipToHeader(SourcedBytes data) {
  std::size_t at = 1;
  while (at < data.size() && ParsePduHeader(data.bytes().subspan(at)).status().code == Errc::kMalformed) ++at;
  Pass(at, Undecoded::kMalformed);
  return at;
}

void PduStream::Pass(std::size_t bytes, Undecoded why) {
  if (bytes > 0) pass_over_(bytes, follows_pdu_ ? std::optional(why) : std::nullopt);
  follows_pdu_ = false;
}

void PduStream::EmitPrefix(Undecoded why) {
  if (ParsePduHeader(buffer_.View().bytes()).ok()) {
    emit_({buffer_.View(), why});
  } else {
    Pass(buffer_.size(), why);
  }
  buffer_.Clear();
}

void PduStream::OnMissing(std::uint64_t length, Undecoded why) {
  if (skip_ > 0 && length > 0) {
    skip_ -= std::min(skip_, length);
    return;
  }
  skip_ = 0;
  follows_pdu_ = false;
  const Result<PduHeader> header = ParsePduHeader(buffer_.View().bytes());
  const std::size_t held = buffer_.size();
  if (header.ok() && length > 0 && length <= header.value().frag_length - held) {
    skip_ = header.value().frag_length - held - length;
  }
  EmitPrefix(why);
}

void PduStream::OnClose(Undecoded why) {
  if (!buffer_.empty()) EmitPrefix(why);
}

}  // namespace sessenum
