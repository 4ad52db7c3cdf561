// SPDX-License-Identifier: BSD-3-Clause
#include "server/ops/recorder.hpp"

#include "core/base/id.hpp"
#include "core/base/log.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace recorte::ops {
namespace {

namespace fs = std::filesystem;

class Recorder : public testing::Test {
 protected:
  void SetUp() override {
    log::setup(log::Level::kInfo, log::Form::kJson);
    const auto database = db::Database::at("", directory_);
    ASSERT_TRUE(database) << database.error().message;
    auto log = db::RequestLog::open({.database = *database});
    ASSERT_TRUE(log) << log.error().message;
    log_ = std::move(*log);
  }
  void TearDown() override {
    log_.reset();
    fs::remove_all(directory_);
  }

  /// The one value, once all that was told is written.
  std::string kept(const std::string& column) {
    EXPECT_TRUE(log_->flush());
    sqlite3* file = nullptr;
    std::string out;
    EXPECT_EQ(sqlite3_open((directory_ / "recorte.sqlite").c_str(), &file), SQLITE_OK);
    sqlite3_exec(
        file, ("select " + column + " from request").c_str(),
        [](void* to, int, char** values, char**) {
          *static_cast<std::string*>(to) += values[0];
          return 0;
        },
        &out, nullptr);
    sqlite3_close(file);
    return out;
  }
  /// Tells of it; what the log said.
  std::string told(const http::Request& request, const http::Ending& ending = {}) {
    testing::internal::CaptureStderr();
    recorder(*log_, metrics_)(request, ending);
    return testing::internal::GetCapturedStderr();
  }

  const fs::path directory_ = fs::temp_directory_path() / ("recorte-ops-" + random_hex(8));
  std::unique_ptr<db::RequestLog> log_;
  Metrics metrics_;
};

TEST_F(Recorder, KeepsWhatWasAskedAndByWhom) {
  http::Request request;
  request.path = "/api/v1/cutout";
  request.query = "ra=1";
  http::Ending ending;
  ending.notes.user = "ada";
  ending.notes.service = "portal";
  const auto line = told(request, ending);
  EXPECT_THAT(line, testing::HasSubstr("portal"));
  EXPECT_THAT(line, testing::HasSubstr("ra=1"));
  EXPECT_EQ(kept("user_name || ' ' || service || ' ' || target"), "ada portal /api/v1/cutout?ra=1");
}

TEST_F(Recorder, KeepsNoQueryThatHoldsSecrets) {
  http::Request request;
  request.path = "/login/callback";
  request.query = "code=s3cret";
  request.hides_query = true;
  EXPECT_THAT(told(request), testing::AllOf(testing::HasSubstr("/login/callback?..."),
                                            testing::Not(testing::HasSubstr("s3cret"))));
  EXPECT_EQ(kept("target"), "/login/callback?...");
}

}  // namespace
}  // namespace recorte::ops
