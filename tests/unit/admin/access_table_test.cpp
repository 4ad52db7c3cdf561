// SPDX-License-Identifier: BSD-3-Clause
#include "server/admin/access_table.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace recorte::admin {
namespace {

using namespace testing;
using http::Need;
using http::Of;

/// anonymous, user, other, member, service, revoked, admin.
auto cells(std::array<int, 7> statuses) { return ElementsAreArray(statuses); }

std::array<int, 7> of(const http::Access& access, std::size_t thing = 0) {
  return access_rows(access).at(thing).refused;
}

TEST(AccessTable, OfWhatARouteNeeds) {
  EXPECT_THAT(of({Need::kNothing}), cells({0, 0, 0, 0, 0, 0, 0}));
  EXPECT_THAT(of({Need::kWelcome}), cells({0, 0, 0, 0, 0, 401, 0}));
  EXPECT_THAT(of({Need::kRead}), cells({0, 0, 0, 0, 0, 401, 0}));
  EXPECT_THAT(of({Need::kUser}), cells({401, 0, 0, 0, 403, 401, 0}));
  EXPECT_THAT(of({Need::kAdmin}), cells({401, 403, 403, 403, 403, 401, 0}));
}

TEST(AccessTable, OfSurveys) {
  const http::Access access{Need::kRead, "cutout", Of::kSurvey};
  EXPECT_THAT(of(access, 0), cells({0, 0, 0, 0, 0, 401, 0}));
  EXPECT_THAT(of(access, 1), cells({401, 0, 403, 0, 0, 401, 403})) << "an admin is in no group";
}

TEST(AccessTable, OfJobs) {
  const http::Access access{Need::kSubmit, "change", Of::kJob};
  EXPECT_THAT(of(access, 0), cells({0, 0, 0, 0, 0, 401, 0})) << "whoever knows its id";
  EXPECT_THAT(of(access, 1), cells({401, 0, 403, 403, 0, 401, 0}));
}

TEST(AccessTable, OfLinks) {
  const http::Access making{Need::kSubmit, "share", Of::kOwnJob};
  EXPECT_THAT(of(making, 0), cells({401, 403, 403, 403, 403, 401, 403})) << "nobody's";
  EXPECT_THAT(of(making, 1), cells({401, 0, 403, 403, 0, 401, 403})) << "not an admin's either";
  const http::Access using_one{Need::kWelcome, "shared", Of::kLink, true};
  EXPECT_THAT(of(using_one, 0), cells({0, 0, 0, 0, 0, 401, 0}));
  EXPECT_THAT(of(using_one, 1), cells({403, 403, 403, 403, 403, 401, 403}));
}

TEST(AccessTable, OfWhatIsTheCallersOwn) {
  const http::Access access{Need::kUser, "token", Of::kSelf};
  EXPECT_THAT(of(access), cells({401, 0, 404, 404, 403, 401, 404}));
}

TEST(AccessTable, HasEveryRoute) {
  const auto table = access_table({{"/a", {"GET", "POST"}, {Need::kRead, "", Of::kJob}, {}},
                                   {"/b", {"GET"}, {Need::kUser}, {}}});
  EXPECT_EQ(table["callers"].size(), kCallers.size());
  ASSERT_EQ(table["routes"].size(), 2U);
  EXPECT_EQ(table["routes"][0]["methods"].size(), 2U);
  EXPECT_EQ(table["routes"][0]["rows"][1]["of"], "the user's job");
  EXPECT_EQ(table["routes"][0]["rows"][1]["anonymous"], 401);
  EXPECT_EQ(table["routes"][1]["rows"][0]["user"], "yes");
  EXPECT_EQ(table["routes"][1]["need"], "user");
}

}  // namespace
}  // namespace recorte::admin
