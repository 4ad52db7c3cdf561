// SPDX-License-Identifier: BSD-3-Clause
#include "auth/session/cookies.hpp"

#include "server/identity/credentials.hpp"

#include <gmock/gmock.h>

namespace recorte::auth {
namespace {

using testing::HasSubstr;
using testing::Optional;

constexpr Micros kHour = 3'600'000'000;

TEST(Cookies, AreTheHostsOwnOverTls) {
  const auto cookies = Cookies::at("https://sky.example").value();
  EXPECT_EQ(cookies.session(), "__Host-recorte");
  EXPECT_EQ(cookies.set(cookies.session(), "abc", kHour),
            "__Host-recorte=abc; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax; Secure");
  EXPECT_EQ(cookies.forget(cookies.login()),
            "__Host-recorte-login=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure");
}

TEST(Cookies, StayUnderTheirPath) {
  const auto cookies = Cookies::at("https://sky.example/cut/outs").value();
  EXPECT_EQ(cookies.set(cookies.session(), "abc", kHour),
            "__Secure-recorte=abc; Max-Age=3600; Path=/cut/outs; HttpOnly; SameSite=Lax; Secure");
}

TEST(Cookies, OnThisMachineNeedNoTls) {
  for (const auto* url : {"http://127.0.0.1:8080", "http://localhost", "http://[::1]:1"}) {
    const auto cookies = Cookies::at(url).value();
    EXPECT_EQ(cookies.set(cookies.session(), "abc", kHour),
              "recorte=abc; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax");
  }
}

TEST(Cookies, AreNotSentInTheClear) {
  for (const auto* url :
       {"http://sky.example", "http://127.0.0.1.example", "http://10.0.0.1", ""}) {
    const auto cookies = Cookies::at(url);
    ASSERT_FALSE(cookies) << url;
    EXPECT_THAT(cookies.error().message, HasSubstr("use https"));
  }
}

TEST(Cookies, AreCalledAsTheGateCallsThem) {
  for (const auto* url : {"https://sky.example", "https://sky.example/x", "http://localhost:80",
                          "https://sky.example:8443", "http://127.0.0.1/x"})
    EXPECT_EQ(Cookies::at(url)->session(), identity::session_cookie(url)) << url;
}

TEST(Cookies, AreFoundAmongOthers) {
  EXPECT_THAT(find_cookie("a=1; recorte=x=y;b=2", "recorte"), Optional(std::string("x=y")));
  EXPECT_THAT(find_cookie("recorte=x", "recorte"), Optional(std::string("x")));
  EXPECT_EQ(find_cookie("xrecorte=1; recortex=2; recorte", "recorte"), std::nullopt);
  EXPECT_EQ(find_cookie("recorte=1; recorte=2", "recorte"), std::nullopt) << "one is somebody's";
}

}  // namespace
}  // namespace recorte::auth
