// SPDX-License-Identifier: BSD-3-Clause
#include "auth/login/return_path.hpp"

#include <gtest/gtest.h>

namespace recorte::auth {
namespace {

TEST(ReturnPath, IsOneOfOurs) {
  for (const auto* path : {"/", "/account", "/?survey=demo&position=1+2", "/docs#interface",
                           "/loginx", "/api/v1/jobs"})
    EXPECT_EQ(own_path(path), path);
}

TEST(ReturnPath, LeadsNowhereElse) {
  for (const std::string path :
       {"", "account", "https://evil.example/", "//evil.example/", "/\\evil.example",
        "/\t/evil.example", "/ /evil.example", "/\r\nSet-Cookie:x=1", "\\\\evil.example",
        "javascript:alert(1)", "/\xc3\xa9"})
    EXPECT_EQ(own_path(path), "/") << path;
  EXPECT_EQ(own_path("/" + std::string(2'000, 'x')), "/");
}

TEST(ReturnPath, DoesNotLeadBackToTheSignIn) {
  for (const auto* path : {"/login", "/login?return=/", "/login/start/idp", "/logout"})
    EXPECT_EQ(own_path(path), "/");
}

}  // namespace
}  // namespace recorte::auth
