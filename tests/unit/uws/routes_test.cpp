// SPDX-License-Identifier: BSD-3-Clause
#include "server/uws/uws.hpp"
#include "tests/unit/service/fake_jobs.hpp"

#include <gmock/gmock.h>

namespace recorte::uws {
namespace {

using namespace testing;
using job::Phase;
using test::body_of;
using test::header;
using Pairs = std::vector<http::Parameter>;

class Uws : public Test {
 protected:
  static constexpr auto kJob = "https://sky.example/cut/async/new";
  test::FakeJobs jobs;
  test::Client client{routes(jobs)};

  void expect_see_job(const http::Response& response) {
    EXPECT_EQ(response.status, 303);
    EXPECT_EQ(header(response, "Location"), kJob);
  }
};

TEST_F(Uws, CreatesAJobOfWhatIsItsOwn) {
  expect_see_job(client.post("/async", {{"ID", "demo"},
                                        {"RunId", "night 12"},
                                        {"executionduration", "60"},
                                        {"DESTRUCTION", "1970-01-01T00:00:09Z"},
                                        {"FORMAT", ""},
                                        {"pos", "CIRCLE 1 2 3"}}));
  EXPECT_EQ(jobs.submitted.face, job::Face::kSoda);
  EXPECT_EQ(jobs.submitted.run_id, "night 12");
  EXPECT_EQ(jobs.submitted.execution_seconds, 60);
  EXPECT_EQ(jobs.submitted.destruction, 9'000'000);
  EXPECT_FALSE(jobs.submitted.run);
  EXPECT_THAT(jobs.submitted.parameters,
              ElementsAre(job::Parameter{"ID", "demo"}, job::Parameter{"pos", "CIRCLE 1 2 3"}));
}

TEST_F(Uws, RunsAtOnceWhereAskedTo) {
  client.post("/async", {{"phase", "RUN"}, {"ID", "demo"}, {"UPLOAD", "ra,dec\n1,2\n"}});
  EXPECT_TRUE(jobs.submitted.run);
  EXPECT_EQ(jobs.submitted.parameters.size(), 1U);
  EXPECT_EQ(jobs.submitted.list, "ra,dec\n1,2\n");
}

TEST_F(Uws, RefusesWhatIsMalformed) {
  for (const Pairs& bad : {Pairs{{"PHASE", "ABORT"}}, Pairs{{"EXECUTIONDURATION", "-1"}},
                           Pairs{{"DESTRUCTION", "never"}}, Pairs{{"RUNID", std::string(65, 'a')}},
                           Pairs{{"UPLOAD", "a,http://b"}}}) {
    const auto response = client.post("/async", bad);
    EXPECT_EQ(response.status, 400) << bad[0].name;
    EXPECT_THAT(body_of(response), StartsWith("UsageError: ")) << bad[0].name;
    EXPECT_EQ(header(response, "Content-Type"), "text/plain; charset=utf-8");
  }
  EXPECT_TRUE(jobs.all.empty());
  jobs.refusal = Error{ErrorCode::kUnavailable, "the disk is full"};
  const auto full = client.post("/async", {{"ID", "demo"}});
  EXPECT_EQ(full.status, 503);
  EXPECT_THAT(body_of(full), StartsWith("ServiceUnavailable: "));
  EXPECT_NE(header(full, "Retry-After"), "");
}

TEST_F(Uws, ChangesAnswerWithTheJob) {
  jobs.add("new");
  expect_see_job(client.post("/async/new/executionduration", {{"EXECUTIONDURATION", "7"}}));
  EXPECT_EQ(jobs.all["new"].execution_seconds, 7);
  expect_see_job(client.post("/async/new/destruction", {{"destruction", "1970-01-01T00:00:09Z"}}));
  EXPECT_EQ(jobs.all["new"].destruction, 9'000'000);
  expect_see_job(client.post("/async/new/parameters", {{"ID", "demo"}, {"PHASE", "RUN"}}));
  EXPECT_THAT(jobs.all["new"].parameters, ElementsAre(job::Parameter{"ID", "demo"}));
  EXPECT_EQ(jobs.all["new"].phase, Phase::kPending);
  expect_see_job(client.post("/async/new/phase", {{"PHASE", "RUN"}}));
  EXPECT_EQ(jobs.all["new"].phase, Phase::kQueued);
  expect_see_job(client.post("/async/new/phase", {{"PHASE", "ABORT"}}));
  EXPECT_EQ(jobs.all["new"].phase, Phase::kAborted);
}

TEST_F(Uws, ChangesAreRefusedByName) {
  jobs.add("new", Phase::kCompleted);
  const auto refused = [&](const std::string& child, const Pairs& pairs) {
    const auto response = client.post("/async/new/" + child, pairs);
    EXPECT_EQ(response.status, 400) << child;
    return body_of(response);
  };
  EXPECT_THAT(refused("phase", {{"PHASE", "STOP"}}), HasSubstr("'STOP'"));
  EXPECT_THAT(refused("phase", {}), HasSubstr("PHASE is missing"));
  EXPECT_THAT(refused("phase", {{"PHASE", "RUN"}}), HasSubstr("COMPLETED"));
  EXPECT_THAT(refused("executionduration", {{"EXECUTIONDURATION", "long"}}), HasSubstr("'long'"));
  EXPECT_THAT(refused("destruction", {{"DESTRUCTION", "2026-02-30"}}), HasSubstr("'2026-02-30'"));
  EXPECT_THAT(refused("parameters", {{"UPLOAD", "ra,dec\n1,2"}}), HasSubstr("UPLOAD"));
}

TEST_F(Uws, RemovesAndShowsTheList) {
  for (const bool by_post : {false, true}) {
    jobs.add("new");
    const auto sent =
        client.send(by_post ? client.request("POST", "/async/new", {{"action", "DELETE"}})
                            : client.request("DELETE", "/async/new"));
    EXPECT_EQ((*sent)->status, 303);
    EXPECT_EQ(header(**sent, "Location"), "https://sky.example/cut/async");
    EXPECT_TRUE(jobs.all.empty());
  }
  jobs.add("new");
  EXPECT_EQ(client.post("/async/new", {{"ACTION", "delete"}}).status, 400);
  EXPECT_EQ(client.post("/async/new").status, 400);
  EXPECT_FALSE(jobs.all.empty());
}

TEST_F(Uws, ChildrenArePlain) {
  auto& job = jobs.add("new");
  job.execution_seconds = 60;
  const auto text = [&](const std::string& child) {
    const auto response = client.get("/async/new/" + child);
    EXPECT_EQ(response.status, 200) << child;
    EXPECT_THAT(header(response, "Content-Type"), StartsWith("text/plain")) << child;
    return body_of(response);
  };
  EXPECT_EQ(text("phase"), "PENDING");
  EXPECT_EQ(text("executionduration"), "60");
  EXPECT_EQ(text("destruction"), "");
  EXPECT_EQ(text("quote"), "");
  EXPECT_EQ(text("owner"), "");
  EXPECT_EQ(client.get("/async/new/error").status, 404);
  job.owner = "ana";
  job.destruction = job.quote = 1'764'361'778'123'456;
  job.error = Error{ErrorCode::kUsage, "the ID is missing"};
  EXPECT_EQ(text("owner"), "ana");
  EXPECT_EQ(text("destruction"), "2025-11-28T20:29:38.123456Z");
  EXPECT_EQ(text("quote"), "2025-11-28T20:29:38.123456Z");
  EXPECT_EQ(text("error"), "UsageError: the ID is missing\n");
}

TEST_F(Uws, UnknownIsNotFoundAndAnothersIsForbidden) {
  jobs.add("theirs").owner = "somebody";
  for (const auto* child : {"", "/phase", "/results", "/parameters", "/results/1", "/error"}) {
    const auto unknown = client.get("/async/none" + std::string(child));
    EXPECT_EQ(unknown.status, 404);
    EXPECT_THAT(body_of(unknown), StartsWith("UsageError: "));
    const auto theirs = client.get("/async/theirs" + std::string(child));
    EXPECT_EQ(theirs.status, 403);
    EXPECT_THAT(body_of(theirs), StartsWith("AuthorizationError: "));
  }
  EXPECT_EQ(client.post("/async/theirs/phase", {{"PHASE", "RUN"}}).status, 403);
  EXPECT_EQ(client.post("/async/theirs", {{"ACTION", "DELETE"}}).status, 403);
}

TEST_F(Uws, AJobStaysItsOwnersThoughItsResultsAreNot) {
  jobs.add("mine", job::Phase::kCompleted);
  jobs.forbidden = Error{ErrorCode::kForbidden, "they are for members of the group des"};
  for (const std::string file : {"/results", "/results/1", "/results/products.zip"}) {
    const auto response = client.get("/async/mine" + file);
    EXPECT_EQ(response.status, 403) << file;
    EXPECT_THAT(body_of(response), HasSubstr("group des"));
  }
  EXPECT_THAT(jobs.numbers, ElementsAre(std::nullopt, 1, std::nullopt));
  const auto document = client.get("/async/mine");
  EXPECT_EQ(document.status, 200);
  EXPECT_THAT(body_of(document), Not(HasSubstr("manifest.csv")));
}

TEST_F(Uws, ListsByTheConditions) {
  jobs.add("new");
  const auto response = client.get("/async", {{"PHASE", "QUEUED"}, {"LAST", "2"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "Content-Type"), "text/xml; charset=utf-8");
  EXPECT_THAT(body_of(response), HasSubstr("<uws:jobref id=\"new\""));
  EXPECT_THAT(jobs.asked.phases, ElementsAre(Phase::kQueued));
  EXPECT_EQ(jobs.asked.last, 2);
  EXPECT_THAT(body_of(client.get("/async", {{"PHASE", "UNKNOWN"}})), Not(HasSubstr("jobref")));
  EXPECT_EQ(client.get("/async", {{"LAST", "none"}}).status, 400);
}

TEST_F(Uws, WaitsOnGetAlone) {
  jobs.add("new", Phase::kQueued);
  const auto head = client.send(client.request("HEAD", "/async/new", {{"WAIT", "10"}}));
  EXPECT_EQ((*head)->status, 200);
  const auto get = client.send(client.request("GET", "/async/new", {{"WAIT", "10"}}));
  EXPECT_FALSE(*get);
  jobs.change("new", [](auto& job) { job.phase = Phase::kExecuting; });
  ASSERT_TRUE(*get);
  EXPECT_THAT(body_of(**get), HasSubstr("<uws:phase>EXECUTING</uws:phase>"));
  EXPECT_EQ(client.get("/async/new", {{"WAIT", "often"}}).status, 400);
}

}  // namespace
}  // namespace recorte::uws
