/// A job and a task as rows: columns that both databases have, and the way there and back. Private
/// to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/job/job.hpp"

#include <soci/soci.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace recorte::db {

/// What SOCI binds to.
struct JobRow {
  std::string id, face, phase, owner, owner_groups, run_id, parameters, list_name, error_code,
      error, server, service, priority, hold, kind;
  int visibility = 0;
  long long created = 0, started = 0, ended = 0, quote = 0, destruction = 0, execution_seconds = 0,
            positions = 0, products = 0, outside = 0, ok = 0, partial = 0, no_coverage = 0,
            failed = 0, bytes = 0, work_us = 0, rounds = 0, version = 0, lease = 0, place = 0,
            links = 0, hold_until = 0, queued = 0, charged = 0, predicted_low_us = 0,
            predicted_us = 0, predicted_high_us = 0, predicted_bytes = 0, predicted_wait_us = 0;
  long long charged_day = 0;  ///< on which `charged` grew last: the store's own
  double pixels = 0;
  bool operator==(const JobRow&) const = default;
};

/// Texts that are no UTF-8 are made so, with '?'.
JobRow row_of(const job::Job& job);
/// kData where the row is not one that row_of() gives.
Result<job::Job> job_of(const JobRow& row);

/// Adds what a statement uses.
using Bind = std::function<void(soci::statement&)>;

/// All rows of "select … from job " + `tail`.
std::vector<JobRow> select_jobs(soci::session& session, const std::string& tail,
                                const Bind& bind = {});
void insert_job(soci::session& session, JobRow row);
/// Writes every column of the job with that id.
void update_job(soci::session& session, JobRow row);

/// Names in JSON, as row_of() writes them; nothing where it is none.
std::optional<std::vector<std::string>> names_of(const std::string& json);

Result<std::vector<job::Job>> jobs_of(const std::vector<JobRow>& rows);

}  // namespace recorte::db
