// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/json_call.hpp"

#include <gmock/gmock.h>

namespace recorte::net {
namespace {

using testing::HasSubstr;

TEST(JsonCall, SecretsGoOverTlsOrStayHere) {
  for (const auto* url : {"https://sign.in.example/token", "http://127.0.0.1:8080/x",
                          "http://127.8.8.8/", "http://localhost:1/", "http://[::1]:1/"})
    EXPECT_TRUE(is_private_url(url)) << url;
  for (const auto* url :
       {"http://sign.in.example/token", "http://127.0.0.1.example/", "ftp://x/", "http://10.0.0.1/",
        "http://127.example/", "http://localhost.example/", "nothing"})
    EXPECT_FALSE(is_private_url(url)) << url;
}

TEST(JsonCall, IsNotMadeInTheClear) {
  JsonCall call;
  call.url = "http://sign.in.example/token";
  call.password = "secret";
  const auto answer = call_json(call, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUsage);
  EXPECT_THAT(answer.error().message, HasSubstr("use https"));
}

TEST(JsonCall, TokensAddNoHeader) {
  JsonCall call;
  call.url = "http://127.0.0.1:1/";
  call.bearer = "abc\r\nX-Other: 1";
  const auto answer = call_json(call, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUsage);
}

TEST(JsonCall, NobodyThereIsUnavailableAndNothingSecretIsSaid) {
  JsonCall call;
  call.url = "http://127.0.0.1:1/token?code=4711";
  call.form = Form{{"client_secret", "hunter2"}};
  const auto answer = call_json(call, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(answer.error().message, HasSubstr("http://127.0.0.1:1 does not answer"));
  EXPECT_THAT(answer.error().message, testing::Not(HasSubstr("4711")));
  EXPECT_THAT(answer.error().message, testing::Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace recorte::net
