// Property: as smb1, for SMB2 and SMB3, whose encryption every key fits.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/smb_streams.h"
#include "smb/decryption.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own

// Stands in for a cryptographic library: digests depend on lengths alone, and a message is its own plain text. So the
// engine need not break a cipher to get at what lies behind it.
class OpenSuite final : public CipherSuite {
 public:
  Digest16 Md5(Parts parts) const override { return Filled<Digest16>(parts); }
  Digest64 Sha512(Parts parts) const override { return Filled<Digest64>(parts); }
  Digest16 HmacMd5(Bytes /*key*/, Parts parts) const override { return Filled<Digest16>(parts); }
  Digest32 HmacSha256(Bytes /*key*/, Parts parts) const override { return Filled<Digest32>(parts); }
  bool Decrypt(const AeadMessage& message, std::vector<std::uint8_t>& plain) const override {
    plain.clear();
    // A tag that starts with zero does not fit: the way of wrong keys is walked, too.
    if (message.tag.empty() || message.tag[0] == 0) return false;
    plain.assign(message.ciphertext.begin(), message.ciphertext.end());
    return true;
  }

 private:
  template <typename Digest>
  static Digest Filled(Parts parts) {
    std::uint8_t sum = 1;
    for (const Bytes part : parts) sum = static_cast<std::uint8_t>(sum * 31 + part.size());
    Digest digest;
    digest.fill(sum);
    return digest;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const OpenSuite suite;
  static const KeyStore keys = [] {
    KeyStore store;
    store.SetDefaultPassword("any");
    static_cast<void>(store.Parse("smb-session 0x1 000102030405060708090a0b0c0d0e0f\n"));
    return store;
  }();
  const Limits limits;
  Budget budget(limits);
  KeyComplaints complaints(budget);
  const Decryption decryption{suite, keys, complaints, budget};
  fuzz::RequireSameHoweverCut(Bytes(data, size), &decryption);
  return 0;
}
