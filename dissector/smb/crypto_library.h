// The cryptographic library behind the seam of smb/cipher_suite.h.
#ifndef SESSENUM_SMB_CRYPTO_LIBRARY_H_
#define SESSENUM_SMB_CRYPTO_LIBRARY_H_

#include <string_view>

namespace sessenum {

// Its version as it runs, "3.0.22"; empty where SystemCipherSuite() is none.
[[nodiscard]] std::string_view CryptoLibraryVersion();

}  // namespace sessenum

#endif  // SESSENUM_SMB_CRYPTO_LIBRARY_H_
