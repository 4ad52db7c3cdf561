/// Real-time cutouts against the quotas: leased from the ledger in small blocks, so that a cutout
/// costs no transaction; one without a limit costs nothing.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/quota/limits.hpp"
#include "core/quota/rules.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace recorte::quota {

/// The port: what was used, for ever and for all servers (table `ledger`).
class Ledger {
 public:
  virtual ~Ledger() = default;
  /// Charges today with up to `most` cutouts, as many as `limits` allow, as one; 0 where none.
  virtual Result<std::int64_t> take(const std::string& owner, std::int64_t most,
                                    const Limits& limits) = 0;
  /// Of what was taken today. What was taken on a day that is over is not given back.
  virtual Status give_back(const std::string& owner, std::int64_t cutouts, std::int64_t day) = 0;
  virtual Result<job::Usage> usage(const std::string& owner) = 0;
};

class Blocks {
 public:
  Blocks(const Quotas& quotas, Ledger& ledger, std::int64_t block);
  /// Gives back what is left.
  ~Blocks();
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;
  /// One cutout; kRateLimited past a quota, with what is used, the limit, and when it renews. Asks
  /// the ledger only where the block is used up. [any thread]
  Status draw(const std::string& user, const std::vector<std::string>& groups);
  /// Gives back what has not been drawn of late.
  void settle();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace recorte::quota
