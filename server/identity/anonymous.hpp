/// Whoever comes without a credential, at no cost: what grants to anyone give them is asked of the
/// database once a second, by a thread of its own, and not at each request.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/chain.hpp"
#include "core/account/principal.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace recorte::identity {

class Anonymous {
 public:
  /// `chain` must outlive it.
  explicit Anonymous(auth::Chain& chain);
  ~Anonymous();
  Anonymous(const Anonymous&) = delete;
  Anonymous& operator=(const Anonymous&) = delete;

  /// As it was when the database last answered. [any thread]
  std::shared_ptr<const account::Principal> now() const;

 private:
  void learn();

  auth::Chain& chain_;
  mutable std::mutex mutex_;
  std::condition_variable end_;
  bool ending_ = false, trouble_ = false;
  std::shared_ptr<const account::Principal> now_;
  std::thread thread_;
};

}  // namespace recorte::identity
