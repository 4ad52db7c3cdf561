// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/marks.hpp"

#include "tests/unit/batch/memory_store.hpp"

#include <gtest/gtest.h>

namespace recorte::batch {
namespace {

using job::Phase;

/// Whoever holds a job was faster than what would have ended it here.
TEST(Marks, AJobThatIsHeldIsNotTheRunnersToEnd) {
  test::MemoryStore store;
  auto& held = store.jobs["a"];
  held.id = "a";
  held.phase = Phase::kHeld;
  held.hold = job::Hold::kAdmin;
  for (const auto& marked :
       {mark_failed(store, "a", {ErrorCode::kData, "broken"}), mark_overrun(store, held),
        mark_completed(store, "a", {}), mark_started(store, "a", 1, 1, 0)}) {
    ASSERT_FALSE(marked);
    EXPECT_EQ(marked.error().code, ErrorCode::kForbidden);
  }
  EXPECT_EQ(store.jobs.at("a").phase, Phase::kHeld);
  EXPECT_FALSE(store.jobs.at("a").error);
}

}  // namespace
}  // namespace recorte::batch
