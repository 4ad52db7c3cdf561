// SPDX-License-Identifier: BSD-3-Clause
#include "server/notify/summary.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace recorte::notify {
namespace {

using testing::HasSubstr;
using testing::Not;

job::Job job() {
  job::Job out;
  out.id = "abc";
  out.run_id = "Péché\nBcc: x";
  out.phase = job::Phase::kCompleted;
  out.created = 1'795'898'637'000'000;
  out.ended = 1'795'898'638'500'000;
  out.products = 10;
  out.tally.ok = 6;
  out.tally.partial = 1;
  out.tally.no_coverage = 1;
  out.tally.failed = 2;
  out.tally.bytes = 12'345;
  return out;
}

TEST(Summary, IsThis) {
  EXPECT_EQ(summary(job(), "https://a.org/x"), nlohmann::json::parse(R"({
    "id": "abc", "run_id": "Péché\nBcc: x", "phase": "COMPLETED", "error": null,
    "products": {"total": 10, "ok": 6, "partial": 1, "no_coverage": 1, "failed": 2},
    "bytes": 12345,
    "created": "2026-11-28T20:43:57.000000Z", "started": null,
    "ended": "2026-11-28T20:43:58.500000Z", "destruction": null,
    "links": {"job": "https://a.org/x/api/v1/jobs/abc",
              "manifest": "https://a.org/x/api/v1/jobs/abc/manifest.csv",
              "products": "https://a.org/x/api/v1/jobs/abc/products.zip",
              "uws": "https://a.org/x/async/abc"}})"));
  auto bad = job();
  bad.run_id = "";
  bad.phase = job::Phase::kError;
  bad.error = Error{ErrorCode::kUnavailable, "the disk is full"};
  const auto json = summary(bad, "");
  EXPECT_EQ(json.at("run_id"), nullptr);
  EXPECT_EQ(json.at("error"),
            nlohmann::json::parse(R"({"code": "unavailable", "message": "the disk is full"})"));
}

TEST(Summary, IsAMailForPeople) {
  auto bad = job();
  bad.error = Error{ErrorCode::kUnavailable, "the disk is full"};
  const auto json = summary(bad, "https://a.org");
  EXPECT_THAT(mail_subject(json), HasSubstr("(abc) is COMPLETED"));
  const auto text = mail_text(json);
  for (const auto* part :
       {"the disk is full", "ok              6\n", "failed          2\n", "no coverage     1\n",
        "bytes           12345\n", "https://a.org/async/abc", "started         -\n",
        "2026-11-28T20:43:58.500000Z", "https://a.org/api/v1/jobs/abc/products.zip"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST(Summary, TextThatIsNoUtf8IsReplaced) {
  auto bad = job();
  bad.run_id = "\xff";
  EXPECT_THAT(json_text(summary(bad, "")), Not(HasSubstr("\xff")));
}

}  // namespace
}  // namespace recorte::notify
