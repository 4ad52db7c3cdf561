/// What the files of the job store share. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/db/job_news.hpp"
#include "core/db/job_row.hpp"
#include "core/db/job_store.hpp"
#include "core/db/sessions.hpp"

#include <functional>
#include <string>
#include <utility>

namespace recorte::db {

struct JobStore::Parts {
  Parts(Database database, Sessions::Options options, std::function<Micros()> by, Micros half)
      : sessions(std::move(database), options),
        news(sessions.database()),
        clock(std::move(by)),
        half_life(half) {}
  Micros now(soci::session& session) const { return clock ? clock() : clock_of(session); }

  Sessions sessions;
  JobNews news;
  const std::function<Micros()> clock;
  const Micros half_life;
};

/// kNotFound.
inline tl::unexpected<Error> no_job(std::string_view id) {
  return fail(ErrorCode::kNotFound, "there is no job '" + std::string(id) + "'");
}
/// The row of that job; `tail` is added to the statement.
Result<JobRow> row_with_id(soci::session& session, const std::string& id,
                           std::string_view tail = {});

}  // namespace recorte::db
