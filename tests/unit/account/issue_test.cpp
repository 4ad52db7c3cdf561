// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/issue.hpp"

#include <gmock/gmock.h>

#include <map>

namespace recorte::account {
namespace {

/// Those that were added, by their hashes.
class Kept : public Tokens {
 public:
  Status add(const Token& token, const std::string& hash) override {
    tokens[hash] = token;
    return {};
  }
  Result<std::optional<Found>> find(const std::string&) override { return std::nullopt; }
  Result<std::vector<Token>> list(const std::string&) override { return std::vector<Token>(); }
  Status revoke(const std::string&, const std::string&) override { return {}; }
  Status touch(const std::string&, Micros, const std::string&) override { return {}; }
  std::map<std::string, Token> tokens;
};

const Keys& keys() {
  static const auto all = Keys::of("0123456789abcdef0123456789abcdef").value();
  return all;
}

TEST(IssueToken, KeepsTheHashAloneOfATextOfItsOwn) {
  Kept kept;
  Token wanted;
  wanted.user = "ada";
  wanted.name = "laptop";
  wanted.used = wanted.revoked = 7;
  const auto first = issue_token(kept, keys(), wanted).value();
  const auto second = issue_token(kept, keys(), wanted).value();
  EXPECT_TRUE(looks_like_token(first.text));
  EXPECT_NE(first.text, second.text);
  EXPECT_NE(first.token.id, second.token.id);
  const auto hash = keys().key("token").hash_of(first.text);
  ASSERT_TRUE(kept.tokens.contains(hash));
  const auto& token = kept.tokens[hash];
  EXPECT_EQ(token.id, first.token.id);
  EXPECT_EQ(token.user, "ada");
  EXPECT_EQ(token.name, "laptop");
  EXPECT_GT(token.created, 0);
  EXPECT_EQ(token.used, 0);
  EXPECT_EQ(token.revoked, 0);
}

TEST(IssueToken, IsNotOverAtOnceAndHasAShortName) {
  Kept kept;
  Token wanted;
  wanted.user = "ada";
  wanted.expires = now_micros() - 1;
  EXPECT_EQ(issue_token(kept, keys(), wanted).error().code, ErrorCode::kUsage);
  wanted.expires = now_micros() + 60'000'000;
  wanted.name = std::string(101, 'x');
  EXPECT_EQ(issue_token(kept, keys(), wanted).error().code, ErrorCode::kUsage);
  wanted.name.pop_back();
  EXPECT_TRUE(issue_token(kept, keys(), wanted));
  EXPECT_EQ(kept.tokens.size(), 1U);
}

}  // namespace
}  // namespace recorte::account
