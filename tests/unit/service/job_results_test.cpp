// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_results.hpp"

#include "tests/unit/batch/memory_store.hpp"

#include <gmock/gmock.h>

namespace recorte::service {
namespace {

using testing::HasSubstr;

/// Results that are not there are damage, but for those that somebody removes just then.
TEST(JobResults, ThatWereRemovedSinceTheRecordWasReadAreGone) {
  batch::test::MemoryStore store;
  job::Job job;
  job.id = "a";
  job.phase = job::Phase::kCompleted;
  job.tally.ok = 1;
  store.jobs["a"] = job;
  JobResults results("/no/such/directory", store);
  EXPECT_EQ(results.open(job).error().code, ErrorCode::kData);
  store.jobs["a"].phase = job::Phase::kArchived;
  const auto gone = results.open(job);
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(gone.error().message, HasSubstr("are gone"));
}

}  // namespace
}  // namespace recorte::service
