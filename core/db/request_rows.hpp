/// The rows of the table `request`, through a connection of their own, used by one thread. Private
/// to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/db/database.hpp"
#include "core/db/request_log.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace recorte::db {

class RequestRows {
 public:
  /// Of a database that has been migrated. `patience`: as in open_session().
  static Result<std::unique_ptr<RequestRows>> open(const Database& database,
                                                   std::chrono::milliseconds patience);
  ~RequestRows();
  RequestRows(const RequestRows&) = delete;
  RequestRows& operator=(const RequestRows&) = delete;

  /// All of them or, with an error, none. A record that is there already stays as it is, so that
  /// a batch whose commit was in doubt may be written again.
  Status insert(const std::vector<RequestRecord>& records);
  /// Removes the oldest of those before `time`, at most `most`; returns how many.
  Result<std::size_t> remove_before(Micros time, std::size_t most);

 private:
  struct Connection;
  explicit RequestRows(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace recorte::db
