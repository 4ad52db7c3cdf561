// SPDX-License-Identifier: BSD-3-Clause
#include "server/identity/cross_site.hpp"

#include <gmock/gmock.h>

namespace recorte::identity {
namespace {

using namespace testing;
using Fields = std::vector<std::pair<std::string, std::string>>;

class CrossSite : public Test {
 protected:
  CrossSite() { ann.credential = "s1"; }
  bool may(const Fields& fields, std::string method = "POST") const {
    http::Request request;
    request.method = std::move(method);
    request.base_url = "https://sky.example/cut";
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    if (!form.empty()) request.parameters.push_back({"csrf", form});
    return check_same_site(request, key, ann).has_value();
  }
  const account::Key key = account::Keys::of(std::string(32, 'k')).value().key("form");
  account::Principal ann;
  std::string form;
};

TEST_F(CrossSite, WhatOnlyReadsMayComeFromAnywhere) {
  EXPECT_TRUE(may({{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}}, "GET"));
  EXPECT_TRUE(may({{"Sec-Fetch-Site", "cross-site"}}, "HEAD"));
}

TEST_F(CrossSite, WhatChangesComesFromOwnPages) {
  EXPECT_TRUE(may({{"Sec-Fetch-Site", "same-origin"}}));
  EXPECT_TRUE(may({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://sky.example"}}));
  EXPECT_TRUE(may({{"Origin", "https://sky.example"}})) << "of a browser that says no more";
  for (const auto* method : {"POST", "DELETE", "PUT", "PATCH"})
    EXPECT_FALSE(may({}, method)) << "the cookie alone";
  EXPECT_FALSE(may({{"Sec-Fetch-Site", "cross-site"}}));
  EXPECT_FALSE(may({{"Sec-Fetch-Site", "same-site"}})) << "another host of the domain";
  EXPECT_FALSE(may({{"Sec-Fetch-Site", "none"}}));
  EXPECT_FALSE(may({{"Origin", "https://evil.example"}}));
  EXPECT_FALSE(may({{"Origin", "null"}}));
  EXPECT_FALSE(may({{"Origin", "http://sky.example"}})) << "another scheme";
  EXPECT_FALSE(may({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://evil.example"}}));
}

TEST_F(CrossSite, OrWithTheSignOfTheSession) {
  const auto sign = csrf_token(key, ann);
  EXPECT_TRUE(may({{"X-CSRF-Token", sign}}));
  form = sign;
  EXPECT_TRUE(may({}));
  form = "0" + sign.substr(1) == sign ? "1" + sign.substr(1) : "0" + sign.substr(1);
  EXPECT_FALSE(may({}));
  form = sign;
  ann.credential = "s2";
  EXPECT_FALSE(may({})) << "that of another session";
}

TEST_F(CrossSite, APasswordThatABrowserRemembersChangesNothingForOthers) {
  const auto elsewhere = [](const Fields& fields, std::string method = "POST") {
    http::Request request;
    request.method = std::move(method);
    request.base_url = "https://sky.example/cut";
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    return !check_not_from_elsewhere(request);
  };
  EXPECT_FALSE(elsewhere({})) << "curl says nothing";
  EXPECT_FALSE(elsewhere({{"Sec-Fetch-Site", "same-origin"}}));
  EXPECT_FALSE(elsewhere({{"Origin", "https://sky.example"}}));
  EXPECT_FALSE(elsewhere({{"Origin", "https://evil.example"}}, "GET"));
  EXPECT_TRUE(elsewhere({{"Origin", "https://evil.example"}}));
  EXPECT_TRUE(elsewhere({{"Origin", "null"}}, "DELETE"));
  EXPECT_TRUE(elsewhere({{"Sec-Fetch-Site", "cross-site"}}));
}

}  // namespace
}  // namespace recorte::identity
