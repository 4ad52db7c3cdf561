// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/token.hpp"

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <vector>

namespace recorte::account {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Token, IsNewEachTimeAndLooksLikeOne) {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const auto token = new_token();
    EXPECT_EQ(token.size(), 47U);
    EXPECT_TRUE(looks_like_token(token)) << token;
    EXPECT_TRUE(seen.insert(token).second);
  }
}

TEST(Token, OthersAreToldFromIt) {
  const auto token = new_token();
  for (const auto& other :
       {std::string(), std::string("rct_"), token.substr(1), token + "A", token.substr(0, 46) + "=",
        token.substr(0, 46) + ".", std::string("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."),
        "RCT_" + token.substr(4)})
    EXPECT_FALSE(looks_like_token(other)) << other;
}

TEST(Scopes, AreWordsAndBack) {
  const auto scopes = parse_scopes({"submit", "survey:des_y6", "read", "survey:a", "read"}).value();
  EXPECT_TRUE(scopes.read);
  EXPECT_TRUE(scopes.submit);
  EXPECT_FALSE(scopes.admin);
  EXPECT_THAT(scope_words(scopes), ElementsAre("read", "submit", "survey:a", "survey:des_y6"));
  EXPECT_THAT(scope_words(parse_scopes({"admin"}).value()), ElementsAre("admin"));
}

TEST(Scopes, NameTheWordThatIsNone) {
  for (const auto* word : {"write", "", "survey:", "survey:a b", "READ"}) {
    const auto scopes = parse_scopes({"read", word});
    ASSERT_FALSE(scopes) << word;
    EXPECT_EQ(scopes.error().code, ErrorCode::kUsage);
    EXPECT_THAT(scopes.error().message, HasSubstr("'" + std::string(word) + "'"));
  }
}

TEST(Scopes, OfNothingAreRefused) {
  EXPECT_FALSE(parse_scopes({}));
  // Surveys alone would be a token that can do nothing there.
  EXPECT_FALSE(parse_scopes({"survey:des"}));
}

}  // namespace
}  // namespace recorte::account
