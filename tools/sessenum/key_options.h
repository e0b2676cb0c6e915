// The options that give keys for what is encrypted.
#ifndef SESSENUM_TOOLS_SESSENUM_KEY_OPTIONS_H_
#define SESSENUM_TOOLS_SESSENUM_KEY_OPTIONS_H_

#include <optional>
#include <string>

#include "smb/key_store.h"

namespace CLI {
class App;
}

namespace sessenum::tool {

struct KeyOptions {
  std::optional<std::string> file;
  std::optional<std::string> nt_password;

  [[nodiscard]] bool given() const { return file || nt_password; }
  // Registers --keys and --nt-password.
  void AddTo(CLI::App& command);
};

// False, after an error was printed, where the keys cannot be read or this build cannot use any.
[[nodiscard]] bool Load(const KeyOptions& options, KeyStore& keys);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_KEY_OPTIONS_H_
