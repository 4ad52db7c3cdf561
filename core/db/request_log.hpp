/// The record of every request (table `request`, migrations/0001): written behind by a thread of
/// its own, in batches, never in the way of an answer. What does not fit its bounded queue is
/// counted and lost. Of an SQLite file, a power failure may take the last moments.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/db/database.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace recorte::db {

struct RequestRecord {
  std::string id;   ///< request id, 16 hexadecimal digits
  Micros time = 0;  ///< when its last byte had come
  std::string user, address;
  std::string service;                ///< that acted for the user; "" for none
  std::string method, route, target;  ///< target: path and query as asked, without the body
  std::string run_id;                 ///< RUNID; "" for none
  std::string survey;                 ///< "" where there is none
  std::string canonical;              ///< the canonical cutout request; "" where there is none
  int status = 0;                     ///< HTTP; 0: no answer was begun
  std::int64_t bytes = 0;             ///< of body, sent
  std::int64_t total_us = 0, queued_us = 0, worked_us = 0;
  bool whole = true;  ///< false: the client left before the end
  std::string error;  ///< the sentence; "" for none
};

class RequestLog {
 public:
  struct Options {
    Database database;             ///< an SQLite file is made, and migrated, where needed
    std::size_t waiting = 10'000;  ///< records not yet written, at most 64 MiB of them
    Micros keep = 90LL * 86'400 * 1'000'000;  ///< older ones are removed; 0: kept for ever
    int tries = 8;  ///< of writing a batch, over ten seconds, before its records are lost
  };
  /// kUnavailable names the database and the reason, kData where its schema is not this program's.
  static Result<std::unique_ptr<RequestLog>> open(Options options);
  /// Writes what waits; where a batch of it cannot be written, the rest is lost too.
  ~RequestLog();
  RequestLog(const RequestLog&) = delete;
  RequestLog& operator=(const RequestLog&) = delete;

  /// [any thread] Never blocks on the disk.
  void add(RequestRecord record);
  /// Waits until what was added before is in the database; kUnavailable says why some of it is not.
  Status flush();
  /// Records that are in no database: too many waited, or they could not be written.
  std::uint64_t lost() const;

 private:
  struct Implementation;
  explicit RequestLog(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace recorte::db
