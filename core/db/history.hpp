/// What work took, and what had been said of it (table `run`, migrations/0003), on SQLite and
/// PostgreSQL alike. Of an SQLite file, a power failure may take the last moments.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/db/database.hpp"
#include "core/schedule/history.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace recorte::db {

/// [any thread]
class History : public schedule::History {
 public:
  /// kUnavailable names the database and the reason; kData where its schema is not this program's.
  static Result<std::unique_ptr<schedule::History>> open(const Database& database);
  ~History() override;

  Status add(const schedule::Run& run) override;
  Result<std::vector<schedule::Run>> latest(std::int64_t of_each_kind) override;
  Result<std::int64_t> forget(Micros before) override;

 private:
  struct Parts;
  explicit History(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace recorte::db
