/// Who hears of changed jobs: on SQLite the stores of this process, on PostgreSQL those of every
/// process, by LISTEN and NOTIFY. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/db/database.hpp"

#include <functional>
#include <memory>
#include <string>

namespace soci {
class session;
}

namespace recorte::db {

using Told = std::function<void(const std::string& id)>;

class JobNews {
 public:
  explicit JobNews(Database database);
  ~JobNews();
  JobNews(const JobNews&) = delete;
  JobNews& operator=(const JobNews&) = delete;

  /// Once.
  void listen(Told told);
  /// Nobody is told any more when it returns.
  void end();
  /// In the transaction that changes the job. Throws soci::soci_error.
  void changed(soci::session& session, const std::string& id);
  /// After its commit.
  void committed(const std::string& id);

 private:
  class Here;   // within this process
  class There;  // from PostgreSQL
  const Database database_;
  const std::string file_;  // of SQLite, whichever way it was named
  std::shared_ptr<Here> here_;
  std::unique_ptr<There> there_;
};

}  // namespace recorte::db
