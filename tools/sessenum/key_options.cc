#include "key_options.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string_view>
#include <vector>

#include "input_file.h"
#include "output_stream.h"
#include "smb/cipher_suite.h"

namespace sessenum::tool {
namespace {

constexpr std::size_t kMostKeyBytes = 16U << 20U;  // a line for each of 300,000 sessions

bool LoadFile(const std::string& path, KeyStore& keys) {
  const std::optional<std::vector<std::uint8_t>> bytes = ReadFile(path, kMostKeyBytes);
  if (!bytes) return false;
  if (bytes->size() > kMostKeyBytes) {
    PrintError(path + ": more than 16 MiB");
    return false;
  }
  const auto problem = keys.Parse(std::string(bytes->begin(), bytes->end()));
  if (!problem) return true;
  PrintError(path + ": line " + std::to_string(problem->line) + ": " + problem->reason);
  return false;
}

}  // namespace

void KeyOptions::AddTo(CLI::App& command) {
  command.add_option("--keys", file, "Keys to decrypt with: smb-session, nt-password and nt-hash lines")
      ->option_text("FILE");
  command.add_option("--nt-password", nt_password, "Password of every NTLM user without a key of its own")
      ->option_text("PASSWORD");
}

bool Load(const KeyOptions& options, KeyStore& keys) {
  if (!options.given()) return true;
  if (SystemCipherSuite() == nullptr) {
    PrintError("built without OpenSSL: --keys and --nt-password cannot be used");
    return false;
  }
  if (options.nt_password) keys.SetDefaultPassword(*options.nt_password);
  return !options.file || LoadFile(*options.file, keys);
}

}  // namespace sessenum::tool
