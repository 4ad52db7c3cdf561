// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/jobs.hpp"

#include "tests/unit/service/fake_jobs.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace recorte::api {
namespace {

using namespace testing;
using job::Phase;
using nlohmann::json;
using test::body_of;
using test::header;

class ApiJobs : public Test {
 protected:
  static json json_of(const http::Response& response) { return json::parse(body_of(response)); }
  test::FakeJobs jobs;
  test::Client client{job_routes(jobs)};
};

TEST_F(ApiJobs, CreatesOneAndSaysWhatLiesOutside) {
  for (std::int64_t row = 1; row <= 1'500; ++row) jobs.outside_rows.push_back(row);
  const auto response = client.post("/api/v1/jobs", {{"survey", "demo"}, {"circle", "1 2 3"}});
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(header(response, "Location"), "https://sky.example/cut/api/v1/jobs/new");
  const auto body = json_of(response);
  EXPECT_EQ(body["url"], "https://sky.example/cut/api/v1/jobs/new");
  EXPECT_EQ(body["uws_url"], "https://sky.example/cut/async/new");
  EXPECT_EQ(body["phase"], "QUEUED");
  EXPECT_EQ(body["outside_rows"].size(), 1'000U);
  EXPECT_TRUE(body["outside"].is_null()) << "not looked at";
}

TEST_F(ApiJobs, PassesRefusalsOn) {
  jobs.refusal = Error{ErrorCode::kUsage, "row 7: the Dec 91 is outside [-90, 90]"};
  const auto response = client.post("/api/v1/jobs", {{"survey", "demo"}, {"circle", "1 2 3"}});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(header(response, "Content-Type"), "application/problem+json");
  EXPECT_THAT(json_of(response)["detail"].get<std::string>(), HasSubstr("row 7"));
  EXPECT_EQ(client.get("/api/v1/jobs/none").status, 404);
  jobs.add("theirs").owner = "somebody";
  EXPECT_EQ(json_of(client.get("/api/v1/jobs/theirs"))["code"], "forbidden");
}

TEST_F(ApiJobs, RunsNothingThatLacksARegion) {
  EXPECT_EQ(client.post("/api/v1/jobs", {{"survey", "demo"}}).status, 400);
  EXPECT_TRUE(jobs.all.empty());
  EXPECT_EQ(client.post("/api/v1/jobs", {{"survey", "demo"}, {"run", "false"}}).status, 201);
}

TEST_F(ApiJobs, ActsOnOne) {
  jobs.add("a");
  EXPECT_EQ(json_of(client.post("/api/v1/jobs/a/run"))["phase"], "QUEUED");
  EXPECT_EQ(json_of(client.post("/api/v1/jobs/a/cancel"))["phase"], "ABORTED");
  EXPECT_EQ(json_of(client.post("/api/v1/jobs/a/retry"))["phase"], "QUEUED");
  EXPECT_EQ(client.post("/api/v1/jobs/a/run").status, 400);
  const auto again = client.post("/api/v1/jobs/a/rerun");
  EXPECT_EQ(again.status, 201);
  EXPECT_THAT(header(again, "Location"), EndsWith("/api/v1/jobs/again"));
  const auto removed = client.send(client.request("DELETE", "/api/v1/jobs/a"));
  EXPECT_EQ((*removed)->status, 204);
  EXPECT_FALSE(jobs.all.contains("a"));
}

TEST_F(ApiJobs, HoldsOneAndLetsItGoOn) {
  jobs.add("a", Phase::kQueued);
  EXPECT_TRUE(json_of(client.get("/api/v1/jobs/a"))["hold"].is_null());
  jobs.all.at("a").hold = job::Hold::kUser;
  auto body = json_of(client.post("/api/v1/jobs/a/pause"));
  EXPECT_EQ(body["phase"], "HELD");
  EXPECT_EQ(body["hold"]["by"], "user");
  EXPECT_TRUE(body["hold"]["until"].is_null());
  EXPECT_EQ(json_of(client.post("/api/v1/jobs/a/resume"))["phase"], "QUEUED");
  jobs.add("b", Phase::kHeld).hold = job::Hold::kQuota;
  jobs.all.at("b").hold_until = 1'764'374'400'000'000;
  body = json_of(client.get("/api/v1/jobs/b"));
  EXPECT_EQ(body["hold"]["by"], "quota");
  EXPECT_EQ(body["hold"]["until"], "2025-11-29T00:00:00.000000Z");
}

TEST_F(ApiJobs, SaysWhereOneStandsInTheQueueAndMovesIt) {
  jobs.add("a", Phase::kQueued).quote = 1'764'370'000'000'000;
  EXPECT_TRUE(json_of(client.get("/api/v1/jobs/a"))["queue"].is_null());
  EXPECT_EQ(json_of(client.get("/api/v1/jobs/a"))["quote"], "2025-11-28T22:46:40.000000Z");
  jobs.places["a"] = {3, 1'764'374'400'000'000, 1'764'374'460'000'000};
  const auto body = json_of(client.get("/api/v1/jobs/a"));
  EXPECT_EQ(body["queue"]["ahead"], 3);
  EXPECT_EQ(body["queue"]["start"], "2025-11-29T00:00:00.000000Z");
  EXPECT_EQ(body["queue"]["end"], "2025-11-29T00:01:00.000000Z");
  EXPECT_EQ(body["quote"], body["queue"]["end"]) << "what is foreseen now is better";
  EXPECT_EQ(json_of(client.post("/api/v1/jobs/a/place", {{"place", "7"}}))["place"], 7);
  for (const auto* bad : {"", "first", "1e9", "1000001"})
    EXPECT_EQ(client.post("/api/v1/jobs/a/place", {{"place", bad}}).status, 400) << bad;
  EXPECT_EQ(client.post("/api/v1/jobs/a/place").status, 400);
  EXPECT_EQ(client.post("/api/v1/jobs/a/place", {{"palce", "1"}}).status, 400);
}

TEST_F(ApiJobs, SaysWhatTheCallerMayUse) {
  EXPECT_EQ(json_of(client.get("/api/v1/quota"))["quotas"], json::array());
  quota::Standing daily{
      .name = "cutouts_per_day", .used = 1'200, .limit = 1'000, .renews = 1'764'374'400'000'000};
  jobs.standing = {daily, {.name = "bytes", .used = 5, .limit = 7}};
  const auto body = json_of(client.get("/api/v1/quota"));
  EXPECT_EQ(body["user"], "anonymous");
  EXPECT_EQ(body["quotas"][0],
            json::parse(R"({"name": "cutouts_per_day", "used": 1200, "limit": 1000, "left": 0,
                            "renews": "2025-11-29T00:00:00.000000Z"})"));
  EXPECT_EQ(body["quotas"][1]["left"], 2);
  EXPECT_TRUE(body["quotas"][1]["renews"].is_null());
}

TEST_F(ApiJobs, ListsPages) {
  jobs.add("a");
  jobs.add("b");
  auto body = json_of(client.get("/api/v1/jobs", {{"phase", "PENDING"},
                                                  {"run_id", "night 12"},
                                                  {"limit", "2"},
                                                  {"before", std::string(32, 'c')}}));
  EXPECT_EQ(body["jobs"].size(), 2U);
  EXPECT_EQ(body["next"],
            "https://sky.example/cut/api/v1/jobs?phase=PENDING&run_id=night+12&limit=2&before=b");
  EXPECT_EQ(jobs.asked.before, std::string(32, 'c'));
  EXPECT_EQ(client.get("/api/v1/jobs", {{"before", "z"}}).status, 400);
  const auto bad = client.get("/api/v1/jobs", {{"run_id", "\xff"}});
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(test::body_of(bad), HasSubstr("UTF-8"));
  EXPECT_EQ(jobs.asked.limit, 2);
  EXPECT_EQ(jobs.asked.run_id, "night 12");
  body = json_of(client.get("/api/v1/jobs"));
  EXPECT_TRUE(body["next"].is_null());
  for (const auto* bad : {"limit", "last"})
    EXPECT_EQ(client.get("/api/v1/jobs", {{bad, "0"}}).status, 400) << bad;
  const auto unknown = json_of(client.get("/api/v1/jobs", {{"fase", "PENDING"}}));
  EXPECT_THAT(unknown["detail"].get<std::string>(), HasSubstr("did you mean phase?"));
}

TEST_F(ApiJobs, HasNoFilesBeforeItIsPlanned) {
  jobs.add("a");
  for (const auto* path : {"products", "manifest.csv", "products.zip", "results/1"}) {
    const auto response = client.get("/api/v1/jobs/a/" + std::string(path));
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(json_of(response)["code"], "not_found");
  }
}

TEST_F(ApiJobs, AsksForWhomItsFilesAreAndForWhich) {
  jobs.add("mine", Phase::kCompleted);
  jobs.forbidden = Error{ErrorCode::kForbidden, "they are for members of the group des"};
  for (const std::string file :
       {"results/2", "products", "products.zip", "products.tar", "manifest.csv", "manifest.fits"}) {
    const auto response = client.get("/api/v1/jobs/mine/" + file);
    EXPECT_EQ(response.status, 403) << file;
    EXPECT_THAT(json_of(response)["detail"].get<std::string>(), HasSubstr("group des"));
  }
  EXPECT_EQ(jobs.numbers.size(), 6U);
  EXPECT_EQ(jobs.numbers.front(), 2);
  jobs.numbers.erase(jobs.numbers.begin());
  EXPECT_THAT(jobs.numbers, Each(std::nullopt)) << "what is of all products needs all";
  EXPECT_EQ(client.get("/api/v1/jobs/mine").status, 200);
}

TEST_F(ApiJobs, StreamsEvents) {
  jobs.add("a");
  const auto response = client.get("/api/v1/jobs/a/events");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "Content-Type"), "text/event-stream");
  EXPECT_TRUE(std::holds_alternative<std::unique_ptr<http::Stream>>(response.body));
  EXPECT_EQ(client.get("/api/v1/jobs/none/events").status, 404);
}

}  // namespace
}  // namespace recorte::api
