// SPDX-License-Identifier: BSD-3-Clause
#include "server/identity/admission.hpp"

#include <gmock/gmock.h>

namespace recorte::identity {
namespace {

using namespace testing;
using http::Need;

account::Principal user() {
  account::Principal out;
  out.user = "ann";
  return out;
}

/// 0 where they may come in.
int verdict(Need need, const account::Principal& principal, bool anonymous = true) {
  const auto may = admit(need, principal, anonymous);
  return may ? 0 : error_row(may.error().code).http;
}

TEST(Admission, OfWhoIsNotSignedIn) {
  const account::Principal nobody;
  EXPECT_EQ(verdict(Need::kNothing, nobody), 0);
  EXPECT_EQ(verdict(Need::kWelcome, nobody), 0);
  EXPECT_EQ(verdict(Need::kRead, nobody), 0);
  EXPECT_EQ(verdict(Need::kSubmit, nobody), 0);
  EXPECT_EQ(verdict(Need::kUser, nobody), 401);
  EXPECT_EQ(verdict(Need::kAdmin, nobody), 401);
}

TEST(Admission, WhereNobodyMayBeAnonymous) {
  const account::Principal nobody;
  EXPECT_EQ(verdict(Need::kNothing, nobody, false), 0);
  EXPECT_EQ(verdict(Need::kWelcome, nobody, false), 0);
  EXPECT_EQ(verdict(Need::kRead, nobody, false), 401);
  EXPECT_EQ(verdict(Need::kSubmit, nobody, false), 401);
  EXPECT_EQ(verdict(Need::kRead, user(), false), 0);
}

TEST(Admission, ScopesAreNamedWhereTheyAreMissing) {
  auto principal = user();
  principal.scopes.read = principal.scopes.submit = principal.scopes.admin = false;
  EXPECT_THAT(admit(Need::kRead, principal, true).error().message, HasSubstr("'read'"));
  EXPECT_THAT(admit(Need::kSubmit, principal, true).error().message, HasSubstr("'submit'"));
  EXPECT_THAT(admit(Need::kAdmin, principal, true).error().message, HasSubstr("'admin'"));
  EXPECT_EQ(verdict(Need::kRead, principal), 403);
  EXPECT_EQ(verdict(Need::kSubmit, principal), 403);
  EXPECT_EQ(verdict(Need::kUser, principal), 0);
}

TEST(Admission, OfAdmins) {
  auto principal = user();
  EXPECT_EQ(verdict(Need::kAdmin, principal), 403);
  EXPECT_THAT(admit(Need::kAdmin, principal, true).error().message,
              HasSubstr("user ann may admin on service"));
  principal.admin = true;
  EXPECT_EQ(verdict(Need::kAdmin, principal), 0);
}

}  // namespace
}  // namespace recorte::identity
