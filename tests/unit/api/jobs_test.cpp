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
