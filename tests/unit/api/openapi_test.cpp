// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/openapi.hpp"

#include "core/cutout/parameters.hpp"
#include "server/api/job_files.hpp"
#include "server/api/job_links.hpp"
#include "server/api/jobs.hpp"
#include "server/api/operations.hpp"
#include "server/uws/uws.hpp"
#include "tests/unit/batch/memory_store.hpp"
#include "tests/unit/service/fake_jobs.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <set>

namespace recorte::api {
namespace {

using namespace testing;
using nlohmann::ordered_json;

TEST(OpenApi, KnowsEveryRouteOfJobs) {
  test::FakeJobs jobs;
  auto routes = job_routes(jobs);
  for (auto& route : uws::routes(jobs)) routes.push_back(std::move(route));
  batch::test::MemoryStore store;
  const auto keys = account::Keys::of(std::string(32, 'k')).value();
  service::JobLinks links({keys.key("link"), 0, {}, {}}, jobs, store);
  for (auto& route : job_link_routes(links)) routes.push_back(std::move(route));
  for (auto& route : shared_routes(jobs, links)) routes.push_back(std::move(route));
  const auto all = served(routes);
  const auto document = openapi(all, "https://sky.example");
  std::set<std::pair<std::string, std::string>> described;
  for (const auto& operation : operations()) described.emplace(operation.method, operation.path);
  for (const auto& [method, path] : all) {
    EXPECT_TRUE(described.contains({method, path})) << method << " " << path;
    EXPECT_FALSE(document["paths"][path].empty());
  }
}

TEST(OpenApi, DescribesNothingTwice) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const auto& operation : operations()) {
    EXPECT_TRUE(seen.emplace(operation.method, operation.path).second) << operation.path;
    EXPECT_FALSE(operation.summary.empty()) << operation.path;
  }
}

TEST(OpenApi, HasEveryParameterOfTheTable) {
  const auto document = openapi({{"GET", "/api/v1/cutout"}}, "https://sky.example");
  std::set<std::string> names;
  for (const auto& parameter : document["paths"]["/api/v1/cutout"]["get"]["parameters"])
    names.insert(parameter["name"].get<std::string>());
  for (const auto& row : cutout::parameters()) EXPECT_TRUE(names.contains(std::string(row.name)));
}

TEST(OpenApi, RefersToSchemasThatAreThere) {
  Served all;
  for (const auto& operation : operations()) all.emplace_back(operation.method, operation.path);
  const auto document = openapi(all, "https://sky.example");
  const auto text = document.dump();
  constexpr std::string_view mark = "#/components/schemas/";
  int seen = 0;
  for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + 1), ++seen) {
    const auto begin = at + mark.size();
    EXPECT_TRUE(document["components"]["schemas"].contains(
        text.substr(begin, text.find('"', begin) - begin)));
  }
  EXPECT_GT(seen, 10);
  EXPECT_EQ(document["servers"][0]["url"], "https://sky.example");
}

}  // namespace
}  // namespace recorte::api
