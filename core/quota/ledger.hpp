/// The port of what real-time cutouts use, for ever and for all servers (table `ledger`). core/db
/// implements it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/job/store.hpp"
#include "core/quota/limits.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace recorte::quota {

struct Taken {
  std::int64_t cutouts = 0;
  job::Usage usage;  ///< before; of the day that was charged
};

class Ledger {
 public:
  virtual ~Ledger() = default;
  /// Charges today with up to `most` cutouts, as lease_of() says, in turn with all others that are
  /// accepted; with none past the limits.
  virtual Result<Taken> take(const std::string& owner, std::int64_t most, const Limits& limits) = 0;
  /// Of what that day (since 1970, UTC) was charged with.
  virtual Status give_back(const std::string& owner, std::int64_t cutouts, std::int64_t day) = 0;
};

/// How many to take at once where so many are left: near the limit fewer, so that none lie unused
/// on one server while another refuses.
inline std::int64_t lease_of(std::int64_t left, std::int64_t most) {
  constexpr std::int64_t kPart = 8;
  return std::min({most, left, std::max<std::int64_t>(1, left / kPart)});
}

}  // namespace recorte::quota
