// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/providers.hpp"

#include <gmock/gmock.h>

namespace recorte::auth::oidc {
namespace {

using testing::HasSubstr;

TEST(NoProviders, AreRefusedByAPartOfTheBuild) {
  const auto providers = Providers::of({{"lab", {}}});
  ASSERT_FALSE(providers);
  EXPECT_EQ(providers.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(providers.error().message, HasSubstr("[auth.oidc.lab]"));
  EXPECT_THAT(providers.error().message, HasSubstr("RECORTE_OAUTH2=OFF"));
}

TEST(NoProviders, TakeNoTokens) {
  const auto providers = Providers::of({});
  ASSERT_TRUE(providers);
  Credentials credentials;
  credentials.kind = Credentials::Kind::kBearer;
  credentials.secret = "a.b.c";
  const auto identity = (*providers)->bearer()->identify(credentials);
  ASSERT_TRUE(identity);
  EXPECT_FALSE(*identity);
  EXPECT_EQ((*providers)->endpoints("lab").error().code, ErrorCode::kNotFound);
  EXPECT_EQ((*providers)->signed_claims("lab", "a.b.c").error().code, ErrorCode::kNotFound);
  EXPECT_EQ((*providers)->identity("lab", {}).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace recorte::auth::oidc
