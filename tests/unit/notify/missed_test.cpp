// SPDX-License-Identifier: BSD-3-Clause
#include "server/notify/missed.hpp"

#include "tests/unit/batch/memory_store.hpp"

#include <gmock/gmock.h>

namespace recorte::notify {
namespace {

using job::Phase;

TEST(EndedSince, AreThoseThatSomebodyIsToBeToldOf) {
  batch::test::MemoryStore store;
  const auto add = [&](const std::string& id, Phase phase, Micros ended, bool notify = true) {
    auto& job = store.jobs[id];
    job.id = id;
    job.phase = phase;
    job.ended = ended;
    if (notify) job.parameters.push_back({"NOTIFY", "me@example.org"});
    return &job;
  };
  add("completed", Phase::kCompleted, 100);
  add("failed", Phase::kError, 101);
  add("overrun", Phase::kAborted, 102)->error = Error{ErrorCode::kTimeout, "out of time"};
  add("stopped by its owner", Phase::kAborted, 103);
  add("of nobody's interest", Phase::kCompleted, 104, false);
  add("long ago", Phase::kCompleted, 99);
  add("running", Phase::kExecuting, 0);
  add("archived", Phase::kArchived, 105);
  const auto found = ended_since(store, 100);
  ASSERT_TRUE(found) << found.error().message;
  std::vector<std::string> ids;
  for (const auto& job : *found) ids.push_back(job.id);
  EXPECT_THAT(ids, testing::UnorderedElementsAre("completed", "failed", "overrun"));
}

}  // namespace
}  // namespace recorte::notify
