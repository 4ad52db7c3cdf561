// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace recorte {
namespace {

constexpr auto kFirst = static_cast<int>(ErrorCode::kUsage);
constexpr auto kLast = static_cast<int>(ErrorCode::kInternal);

TEST(ErrorTable, HasARowForEveryCode) {
  std::set<std::string_view> names;
  for (int i = kFirst; i <= kLast; ++i) {
    const auto code = static_cast<ErrorCode>(i);
    const auto& row = error_row(code);
    EXPECT_EQ(row.code, code);
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(error_from_name(row.name), code);
    EXPECT_GE(row.http, 200);
    EXPECT_LT(row.http, 600);
    EXPECT_GE(row.plugin_status, 1);
    EXPECT_LE(row.plugin_status, 9);
    EXPECT_GT(row.exit_code, 0);
    EXPECT_LT(row.exit_code, 256);
    EXPECT_TRUE(row.phase == "ERROR" || row.phase == "ABORTED" || row.phase == "COMPLETED");
    EXPECT_EQ(row.soda.empty(), code == ErrorCode::kNoCoverage);
  }
}

TEST(ErrorTable, PluginStatusesComeBack) {
  // Two codes may share a status: what a plugin says is then the first of them, or its fault.
  for (int status = 1; status <= 8; ++status)
    EXPECT_EQ(error_row(error_from_plugin_status(status)).plugin_status, status);
  for (const int status : {-1, 0, 9, 10, 1000})
    EXPECT_EQ(error_from_plugin_status(status), ErrorCode::kPlugin);
}

TEST(ErrorTable, UnknownNamesAndCodesAreInternal) {
  EXPECT_EQ(error_from_name("no_such"), ErrorCode::kInternal);
  EXPECT_EQ(error_from_name(""), ErrorCode::kInternal);
  EXPECT_EQ(error_row(static_cast<ErrorCode>(kLast + 1)).code, ErrorCode::kInternal);
}

Status tried(const Status& status, bool& went_on) {
  RECORTE_TRY(Status(status));
  went_on = true;
  return {};
}

TEST(ErrorTry, ReturnsTheErrorOrGoesOn) {
  bool went_on = false;
  const auto failed = tried(fail(ErrorCode::kData, "broken"), went_on);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kData);
  EXPECT_EQ(failed.error().message, "broken");
  EXPECT_FALSE(went_on);
  EXPECT_TRUE(tried({}, went_on));
  EXPECT_TRUE(went_on);
}

TEST(RetrySeconds, AreTheErrorsOwnElseAWhileWhereItPasses) {
  EXPECT_EQ(retry_seconds({ErrorCode::kRateLimited, "too many", 17}), 17);
  EXPECT_EQ(retry_seconds({ErrorCode::kRateLimited, "too many"}), 5);
  EXPECT_EQ(retry_seconds({ErrorCode::kUnavailable, "not now"}), 5);
  EXPECT_EQ(retry_seconds({ErrorCode::kUsage, "never"}), 0);
}

}  // namespace
}  // namespace recorte
