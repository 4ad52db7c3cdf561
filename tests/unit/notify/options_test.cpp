// SPDX-License-Identifier: BSD-3-Clause
#include "server/notify/options.hpp"

#include "core/base/io.hpp"

#include <gmock/gmock.h>

namespace recorte::notify {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Options options() {
  Options out;
  out.mail.url = "smtp://127.0.0.1:25";
  out.from = "recorte@example.org";
  out.domains = {"example.org", "example.net"};
  out.hosts = {"https://hooks.example.org", "https://a.org:8443", "http://127.0.0.1:9000"};
  return out;
}

std::string refusal(const Options& options, const std::string& whom) {
  const auto status = check_notify(options, whom);
  return status ? "" : status.error().message;
}

TEST(CheckNotify, ListsAreExact) {
  for (const auto* good :
       {"a@example.org", "A.B+c@EXAMPLE.net", "https://hooks.example.org", "https://a.org:8443/x?y",
        "https://hooks.example.org:443/x", "http://127.0.0.1:9000/x"})
    EXPECT_EQ(refusal(options(), good), "") << good;
  for (const auto* bad : {"a@evil.org",
                          "a@sub.example.org",
                          "a@notexample.org",
                          "a@example.org.evil.org",
                          "a",
                          "",
                          "a@example.org,b@evil.org",
                          "a@example.org\r\nBcc: b@evil.org",
                          "http://hooks.example.org/",
                          "https://hooks.example.org:8443/",
                          "https://a.org/",
                          "https://evil.org/?https://hooks.example.org",
                          "https://hooks.example.org@evil.org/",
                          "https://hooks.example.org.evil.org/",
                          "https://x.hooks.example.org/",
                          "https://127.0.0.1:9000/",
                          "http://127.0.0.1/",
                          "http://localhost:9000/",
                          "ftp://a.org:8443",
                          "file:///etc/passwd",
                          "https://hooks.example.org\\@evil.org/"})
    EXPECT_NE(refusal(options(), bad), "") << bad;
}

TEST(CheckNotify, SentencesSayWhatMayBeTold) {
  EXPECT_EQ(refusal(options(), "a@evil.org"),
            "NOTIFY: no mail may go to 'evil.org'; it may go to example.org, example.net");
  EXPECT_EQ(refusal(options(), "https://evil.org/x"),
            "NOTIFY: 'https://evil.org' may not be told; URLs may begin with "
            "https://hooks.example.org, https://a.org:8443, http://127.0.0.1:9000");
  EXPECT_EQ(refusal(options(), "me"),
            "NOTIFY: 'me' is no mail address; write it as name@example.org, or give a URL that "
            "begins with https://");
  EXPECT_EQ(refusal({}, "a@example.org"), "NOTIFY: this service sends no mail; leave NOTIFY out");
  EXPECT_EQ(refusal({}, "https://a.org"), "NOTIFY: this service tells no URLs; leave NOTIFY out");
}

TEST(CheckNotify, AStarIsAnyDomain) {
  auto any = options();
  any.domains = {"*"};
  EXPECT_EQ(refusal(any, "a@evil.org"), "");
  EXPECT_NE(refusal(any, "a@"), "");
}

TEST(CheckNotify, OfAllParameters) {
  std::vector<job::Parameter> parameters{{"ID", "demo"},
                                         {"NOTIFY", "a@example.org"},
                                         {"notify", " a@example.org "},
                                         {"Notify", "https://a.org:8443/x"},
                                         {"NOTIFY", ""}};
  EXPECT_THAT(addressees(parameters), ElementsAre("a@example.org", "https://a.org:8443/x"));
  EXPECT_TRUE(check_notify(options(), parameters));
  EXPECT_TRUE(check_notify({}, {{"ID", "demo"}}));
  parameters.push_back({"notify", "b@evil.org"});
  EXPECT_FALSE(check_notify(options(), parameters));
  parameters.clear();
  for (int i = 0; i < 11; ++i)
    parameters.push_back({"NOTIFY", "a" + std::to_string(i) + "@example.org"});
  const auto many = check_notify(options(), parameters);
  ASSERT_FALSE(many);
  EXPECT_THAT(many.error().message, HasSubstr("10 at most"));
}

TEST(NotifyOptions, WhatBelongsTogetherIsAskedFor) {
  const auto key = testing::TempDir() + "options_test_key";
  ASSERT_TRUE(write_file(key, "key\n"));
  const config::Secret secret{config::Secret::From::kFile, key};
  const auto complaint = [](const std::function<void(config::Settings&)>& edit) {
    config::Settings settings;
    edit(settings);
    const auto options = options_of(settings);
    return options ? "" : options.error().message;
  };
  EXPECT_EQ(complaint([](auto&) {}), "");
  EXPECT_THAT(complaint([](auto& s) { s.mail.server = "smtp://a.org:587"; }), HasSubstr("'from'"));
  EXPECT_THAT(complaint([](auto& s) { s.mail.user = "u"; }), HasSubstr("'user' and 'password'"));
  EXPECT_THAT(complaint([&](auto& s) { s.mail.password = secret; }),
              HasSubstr("'user' and 'password'"));
  EXPECT_THAT(complaint([&](auto& s) {
                s.mail.user = "u";
                s.mail.password = secret;
                s.mail.plain = true;
              }),
              HasSubstr("without TLS"));
  EXPECT_THAT(complaint([](auto& s) { s.webhook.hosts = {"https://a.org"}; }),
              HasSubstr("[webhook] has hosts and no 'secret'"));
  EXPECT_THAT(complaint([](auto& s) {
                s.webhook.secret = {config::Secret::From::kFile, "/nowhere/at/all"};
              }),
              HasSubstr("[webhook] secret: "));
  EXPECT_THAT(complaint([](auto& s) { s.alert.url = "https://a:b@c.org"; }),
              HasSubstr("[alert] url: "));
  config::Settings settings;
  settings.webhook.hosts = {"https://a.org"};
  settings.webhook.secret = secret;
  EXPECT_EQ(options_of(settings).value().secret, "key");
}

}  // namespace
}  // namespace recorte::notify
