// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/job_submission.hpp"

#include "server/api/json_members.hpp"

#include <gmock/gmock.h>

namespace recorte::api {
namespace {

using namespace testing;
using job::Parameter;

http::Request request(const std::string& type, const std::string& body,
                      std::vector<http::Parameter> query = {}) {
  http::Request out;
  out.method = "POST";
  if (!type.empty()) out.headers.add("Content-Type", type);
  out.body = body;
  out.parameters = std::move(query);
  return out;
}

std::string error_of(const http::Request& request) {
  const auto read = read_submission(request);
  return read ? "" : read.error().message;
}

TEST(JsonMembers, AreStretchesOfTheText) {
  const auto members =
      json_members(R"( {"a" : [1, {"b": "]}\"["}] ,"\u0062":"x,y" , "c":{} ,"d":-1e5} )");
  ASSERT_TRUE(members) << members.error().message;
  ASSERT_EQ(members->size(), 4U);
  EXPECT_EQ((*members)[0],
            (std::pair<std::string, std::string_view>("a", R"([1, {"b": "]}\"["}])")));
  EXPECT_EQ((*members)[1], (std::pair<std::string, std::string_view>("b", R"("x,y")")));
  EXPECT_EQ((*members)[2], (std::pair<std::string, std::string_view>("c", "{}")));
  EXPECT_EQ((*members)[3], (std::pair<std::string, std::string_view>("d", "-1e5")));
  EXPECT_TRUE(json_members("{}")->empty());
}

TEST(JsonMembers, AreOfAnObject) {
  for (const auto* bad : {"", "{", "{\"a\":1,}", "{\"a\" 1}", "[1]", "1", "{\"a\":1} x"})
    EXPECT_EQ(json_members(bad).error().code, ErrorCode::kUsage) << bad;
}

TEST(JsonMembers, HaveNoNul) {
  using namespace std::string_literals;
  for (const auto& bad : {"{\"a\":1}\0,\"b"s, "\0{\"a\":1}"s, "{\"a\":\0 1}"s}) {
    const auto members = json_members(bad);
    ASSERT_FALSE(members);
    EXPECT_THAT(members.error().message, HasSubstr("a byte 0"));
  }
  EXPECT_TRUE(json_members(R"({"a":"\u0000"})"));
}

TEST(JsonMembers, AreNotNestedDeeply) {
  const auto nested = [](std::size_t levels, const std::string& begin, const std::string& end) {
    std::string out = R"({"survey":)", back;
    for (std::size_t i = 0; i < levels; ++i) out += begin, back += end;
    return out + "1" + back + "}";
  };
  EXPECT_TRUE(json_members(nested(64, "[", "]")));
  for (const auto& deep :
       {nested(65, "[", "]"), nested(1'000'000, "[", "]"), nested(500'000, R"({"a":)", "}")}) {
    const auto read = read_submission(request("application/json", deep));
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("in more than 64 others"));
  }
}

TEST(JobSubmission, ParametersInArraysAreCountedOneByOne) {
  auto of = request("application/json", R"({"bands": ["g", "r", "i"]})", {{"survey", "demo"}});
  of.most_parameters = 4;
  EXPECT_TRUE(read_submission(of));
  of.most_parameters = 3;
  const auto read = read_submission(of);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(read.error().message,
              AllOf(HasSubstr("4 parameters"), HasSubstr("have 3 (server.limits.parameters)")));
}

TEST(JobSubmission, IsAJsonObject) {
  const auto read = read_submission(request("application/json; charset=utf-8", R"({
    "parameters": {"survey": "demo", "size": "64px", "param": {"Q": 8}},
    "bands": [["g", "r"], "i"], "width": 100, "blank_outside": true, "caption": null,
    "positions": [{"id": "a]", "ra": 1, "dec": 2}],
    "run": false, "run_id": "night 12", "execution_duration": 60,
    "destruction": "1970-01-01T00:00:09Z"})"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->face, job::Face::kApi);
  EXPECT_THAT(read->parameters,
              UnorderedElementsAre(Parameter{"survey", "demo"}, Parameter{"size", "64px"},
                                   Parameter{"param", "Q=8"}, Parameter{"bands", "g,r"},
                                   Parameter{"bands", "i"}, Parameter{"width", "100"},
                                   Parameter{"blank_outside", "true"}));
  EXPECT_EQ(read->list, R"([{"id": "a]", "ra": 1, "dec": 2}])");
  EXPECT_EQ(read->list_name, "positions");
  EXPECT_FALSE(read->run);
  EXPECT_EQ(read->run_id, "night 12");
  EXPECT_EQ(read->execution_seconds, 60);
  EXPECT_EQ(read->destruction, 9'000'000);
}

TEST(JobSubmission, IsAListAndAQuery) {
  for (const auto* type : {"text/csv", "application/x-votable+xml", "application/json", ""}) {
    const std::string body =
        std::string(type) == "application/json" ? "[{\"ra\": 1}]" : "ra,dec\n1,2\n";
    const auto read = read_submission(request(type, body, {{"survey", "demo"}, {"run", "false"}}));
    ASSERT_TRUE(read) << type;
    EXPECT_EQ(read->list, body);
    EXPECT_FALSE(read->list_name.empty());
    EXPECT_FALSE(read->run);
    EXPECT_THAT(read->parameters, ElementsAre(Parameter{"survey", "demo"}));
  }
}

TEST(JobSubmission, IsAForm) {
  const auto read = read_submission(
      request("multipart/form-data; boundary=x", "--x…",
              {{"survey", "demo"}, {"UPLOAD", "ra,dec\n1,2\n"}, {"size", "64px"}, {"bands", ""}}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->list, "ra,dec\n1,2\n");
  EXPECT_THAT(read->parameters,
              ElementsAre(Parameter{"survey", "demo"}, Parameter{"size", "64px"}));
  EXPECT_TRUE(read->run) << "unless said otherwise";
}

TEST(JobSubmission, NeedsNoList) {
  const auto read = read_submission(request("", "", {{"survey", "demo"}, {"circle", "1 2 3"}}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->list_name, "");
}

TEST(JobSubmission, IsRefusedByName) {
  EXPECT_THAT(error_of(request("application/json", "{\"a\": ")), HasSubstr("no JSON"));
  EXPECT_THAT(error_of(request("application/json", R"({"positions": 7})")), HasSubstr("positions"));
  EXPECT_THAT(error_of(request("application/json", R"({"positions": [], "positions": []})")),
              HasSubstr("twice"));
  EXPECT_THAT(error_of(request("application/json", R"({"parameters": []})")),
              HasSubstr("parameters"));
  EXPECT_THAT(error_of(request("application/json", R"({"size": [[["1px"]]]})")), HasSubstr("size"));
  EXPECT_THAT(error_of(request("", "", {{"run", "yes"}})), HasSubstr("'yes'"));
  EXPECT_THAT(error_of(request("", "", {{"destruction", "never"}})), HasSubstr("'never'"));
  EXPECT_THAT(error_of(request("", "", {{"execution_duration", "-1"}})), HasSubstr("'-1'"));
}

}  // namespace
}  // namespace recorte::api
