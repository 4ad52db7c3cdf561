/// What real-time cutouts use, in the table `ledger`, on SQLite and PostgreSQL alike.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/db/database.hpp"
#include "core/quota/ledger.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace recorte::db {

class Ledger : public quota::Ledger {
 public:
  struct Options {
    Database database;                         ///< whose schema a JobStore has seen to
    std::chrono::milliseconds patience{2000};  ///< with a database that is busy or away, a call
    std::function<Micros()> clock = {};        ///< that counts the days; none: the database's
  };
  explicit Ledger(Options options);
  ~Ledger() override;
  Result<quota::Taken> take(const std::string& owner, std::int64_t most,
                            const quota::Limits& limits) override;
  Status give_back(const std::string& owner, std::int64_t cutouts, std::int64_t day) override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace recorte::db
