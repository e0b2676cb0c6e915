// What decryption needs, shared by all connections of a run.
#ifndef SESSENUM_SMB_DECRYPTION_H_
#define SESSENUM_SMB_DECRYPTION_H_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "smb/cipher_suite.h"
#include "smb/key_store.h"

namespace sessenum {

// What there is to say of keys that did not help, each once, in plain words. Never holds a key.
class KeyComplaints {
 public:
  // `budget` must outlive the complaints.
  explicit KeyComplaints(Budget& budget) : budget_(budget) {}

  void Add(std::string complaint) {
    if (std::find(list_.begin(), list_.end(), complaint) != list_.end()) return;
    if (list_.size() >= budget_.limits().key_complaints) {
      budget_.Hit(Cap::kKeyComplaints);
      return;
    }
    list_.push_back(std::move(complaint));
  }
  [[nodiscard]] const std::vector<std::string>& list() const { return list_; }

 private:
  Budget& budget_;
  std::vector<std::string> list_;
};

struct Decryption {
  const CipherSuite& suite;
  const KeyStore& keys;
  KeyComplaints& complaints;
  Budget& budget;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_DECRYPTION_H_
