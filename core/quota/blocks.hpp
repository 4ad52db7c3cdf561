/// Real-time cutouts against the quotas: leased from the ledger in small blocks, so that a cutout
/// costs no transaction; one without a limit costs nothing. A user who waits for the database
/// waits for nobody else's lease, and holds up no thread of the caller's.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/quota/ledger.hpp"
#include "core/quota/limits.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace recorte::quota {

/// A cutout that was drawn, for put_back().
struct Drawn {
  std::int64_t day = -1;  ///< that was charged; -1: nothing was
};

class Blocks {
 public:
  struct Options {
    std::int64_t block = 50;        ///< cutouts leased at once, at most
    Micros idle = 10'000'000;       ///< what is not drawn for so long is given back
    Micros remembered = 1'000'000;  ///< how long a refusal is given without asking again
    std::function<Micros()> clock = now_micros;
  };
  /// Both must outlive it.
  Blocks(const Quotas& quotas, Ledger& ledger, Options options);
  /// Gives back all that is left.
  ~Blocks();
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;

  /// One cutout. `done` is called at once where the block has one, or no limit is set; else on a
  /// thread of this, when the ledger has answered. kRateLimited or kForbidden past a quota, with
  /// what is used, the limit, and when it renews; kUnavailable where the ledger cannot be asked,
  /// then for everyone for a moment. [any thread]
  void draw(const std::string& user, const std::vector<std::string>& groups,
            std::function<void(Result<Drawn>)> done);
  /// One that was drawn and came to nothing. [any thread]
  void put_back(const std::string& user, const Drawn& drawn);
  /// Gives back what has not been drawn of late; its own thread does so every few seconds.
  void settle();
  /// Tells those who wait that the service is stopping, and asks the ledger nothing more.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace recorte::quota
