// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_engine.hpp"
#include "tests/unit/batch/memory_store.hpp"
#include "core/schedule/local_executor.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <future>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace recorte::service {
namespace {

namespace fs = std::filesystem;

/// Tells of changes when a test says so.
struct TellingStore : batch::test::MemoryStore {
  void listen(std::function<void(const std::string&)> who) override { told = std::move(who); }
  std::function<void(const std::string&)> told;
};

schedule::LocalExecutor::Options no_workers() {
  schedule::LocalExecutor::Options out;
  out.pool.program = "/nowhere/recorte-worker";
  return out;
}

/// A store that outlives its engine may have something to tell.
TEST(JobEngine, HearsNothingOnceItIsGone) {
  TellingStore store;
  schedule::LocalExecutor nobody(no_workers());
  JobOptions options;
  options.directory = fs::path(testing::TempDir()) / ("engine_test_" + std::to_string(::getpid()));
  options.server = "one";
  // In memory of the test's own, which nothing else takes meanwhile.
  struct alignas(JobEngine) Place {
    std::byte bytes[sizeof(JobEngine)];
  };
  const auto place = std::make_unique<Place>();
  auto* engine = new (place->bytes) JobEngine(options, store, nobody, nobody, cutout::Budget{}, {});
  store.told("a");
  engine->~JobEngine();
  std::memset(place->bytes, 0x7f, sizeof(JobEngine));  // a mutex in it would be locked for ever
  const auto told = std::make_shared<std::promise<void>>();
  std::thread([told, tell = store.told] {
    tell("a");
    told->set_value();
  }).detach();
  EXPECT_EQ(told->get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready)
      << "it looks at the engine that is gone";
  fs::remove_all(options.directory);
}

}  // namespace
}  // namespace recorte::service
