/// A few connections to one database, and the road of every statement of jobs: what is busy or away
/// for a moment is tried again. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/db/database.hpp"
#include "core/db/session.hpp"

#include <soci/session.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

namespace recorte::db {

class Sessions {
 public:
  struct Options {
    std::size_t most = 4;                      ///< connections at once
    std::chrono::milliseconds patience{5000};  ///< of one call, with all that it tries again
    Durability durability = Durability::kMachine;
  };
  Sessions(Database database, Options options);
  ~Sessions();
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  const Database& database() const { return database_; }

  /// What `work(session)` returns, a Status or a Result. It throws soci::soci_error, and is called
  /// again where that is a matter of trying again.
  template <class Work>
  std::invoke_result_t<Work, soci::session&> read(Work work) {
    return call<std::invoke_result_t<Work, soci::session&>>(
        false, options_.patience, [&](soci::session& session, bool) { return work(session); });
  }
  /// `work(session, in_doubt)` in a WriteTransaction, which is committed where it returns no error.
  /// `in_doubt`: an earlier call of it may have been committed, as the connection was lost then.
  template <class Work>
  std::invoke_result_t<Work, soci::session&, bool> write(Work work) {
    return call<std::invoke_result_t<Work, soci::session&, bool>>(true, options_.patience, work);
  }
  /// Whether it can be read, soon.
  Status check();

 private:
  using Body = std::function<Status(soci::session& session, bool in_doubt)>;
  class Lease;

  template <class R, class Work>
  R call(bool writing, std::chrono::milliseconds patience, Work&& work) {
    R out = fail(ErrorCode::kInternal, "nothing was asked of the database");
    RECORTE_TRY(run(writing, patience, [&](soci::session& session, bool in_doubt) -> Status {
      out = work(session, in_doubt);
      if (!out) return fail(out.error());
      return {};
    }));
    return out;
  }
  Status run(bool writing, std::chrono::milliseconds patience, const Body& body);

  const Database database_;
  const Options options_;
  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<std::unique_ptr<soci::session>> idle_;  // the warmest last
  std::size_t leased_ = 0;
  bool writing_ = false;  // to SQLite, where one writes at a time
};

}  // namespace recorte::db
