#include "rules/fingerprint.h"

#include <array>
#include <cstdint>

#include "rules/names.h"

namespace sessenum {
namespace {

enum class Text : std::uint8_t { kNull, kEmpty, kBare, kPrefixed };

Text TextOf(const NdrString& string) {
  if (string.null()) return Text::kNull;
  if (string.text().empty()) return Text::kEmpty;
  return StartsWithTwoBackslashes(string.text()) ? Text::kPrefixed : Text::kBare;
}

// In the order of the wire: from 0x20000 on in steps of 4, as the engines of Windows, Samba and go-smb do in NDR.
bool CountsPointerIds(const SessionEnumRequest& request) {
  constexpr std::uint64_t kFirst = 0x20000;
  constexpr std::uint64_t kStep = 4;
  std::uint64_t counted = kFirst;
  for (const NdrPointer* pointer :
       {&request.server_name.pointer, &request.client_name.pointer, &request.user_name.pointer,
        &request.info.container_pointer, &request.info.container.buffer, &request.resume_handle.pointer}) {
    if (pointer->null()) continue;
    if (pointer->referent != counted) return false;
    counted += kStep;
  }
  return true;
}

constexpr std::array<ClientFamily, 5> kFamilies = {{
    {"Windows (netapi32: PowerShell, SharpHound, NetSess, administration tools)",
     "NDR64 and bind-time features offered beside NDR", true},
    {"impacket (BloodHound.py, netview.py, smbclient.py)",
     "NDR alone offered, ServerName NULL, pointer ids at random or alignment bytes that are not zero", false},
    {"go-smb", "NDR alone offered, ServerName NULL, ClientName and UserName empty, pointer ids counted", false},
    {"nmap smb-enum-sessions", "NDR alone offered, a bare ServerName, no qualifiers, level 10 with a handle", false},
    {"Samba (rpcclient)", "NDR alone offered, ServerName given, level 1 or no handle, pointer ids counted", true},
}};
enum : std::uint8_t { kWindows, kImpacket, kGoSmb, kNmap, kSamba };

bool OffersNdrAlone(const BindOffer& offer) { return offer.ndr && !offer.ndr64 && !offer.feature_negotiation; }

const ClientFamily* FamilyWithNdrAlone(const SessionEnumRequest& request) {
  const Text server = TextOf(request.server_name);
  const Text client = TextOf(request.client_name);
  const Text user = TextOf(request.user_name);
  const bool is_counted = CountsPointerIds(request);
  const bool is_padded = request.report.anomalies.Has(AnomalyKind::kPadding);
  if (server == Text::kNull && (!is_counted || is_padded)) return &kFamilies[kImpacket];
  if (server == Text::kNull && client == Text::kEmpty && user == Text::kEmpty) return &kFamilies[kGoSmb];
  if (is_padded || server == Text::kNull || server == Text::kEmpty) return nullptr;
  const bool has_handle = !request.resume_handle.pointer.null();
  const bool is_level_10 = request.info.level.value == 10;
  if (server == Text::kBare && client == Text::kNull && user == Text::kNull && is_level_10 && has_handle) {
    return &kFamilies[kNmap];
  }
  if (is_counted && (request.info.level.value == 1 || !has_handle)) return &kFamilies[kSamba];
  return nullptr;
}

}  // namespace

std::span<const ClientFamily> ClientFamilies() { return kFamilies; }

const ClientFamily* FamilyOf(const SessionEnumRequest& request, const BindOffer& offer) {
  if (!request.report.status.ok()) return nullptr;
  if (offer.ndr64 && offer.feature_negotiation) return &kFamilies[kWindows];
  return OffersNdrAlone(offer) ? FamilyWithNdrAlone(request) : nullptr;
}

}  // namespace sessenum
