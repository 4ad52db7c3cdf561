// SPDX-License-Identifier: BSD-3-Clause
#include "core/remote/hosts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace recorte::remote {
namespace {

using testing::HasSubstr;
using testing::Not;

Hosts hosts(bool path_style = false, std::string key = "") {
  S3 s3{"https://s3.example.org", "sky-1", {"des-dr2"}, path_style, std::move(key), "secret", ""};
  return {{"https://data.example.org", "http://10.1.0.5:8000", "http://[fd00::5]:8000"},
          {*net::Network::parse("10.9.0.0/16")},
          std::move(s3)};
}

TEST(Hosts, OnlyListedOriginsAreGoneTo) {
  EXPECT_EQ(hosts().place("https://data.example.org/dr1/a.fits?x=1")->url,
            "https://data.example.org/dr1/a.fits?x=1");
  EXPECT_TRUE(hosts().place("HTTPS://Data.Example.org:443/a"));
  EXPECT_TRUE(hosts().place("http://10.1.0.5:8000/a"));
  for (const char* uri :
       {"http://data.example.org/a", "https://data.example.org:8443/a", "https://example.org/a",
        "https://data.example.org.evil.org/a", "http://10.1.0.5/a", "http://10.1.0.6:8000/a"})
    EXPECT_THAT(hosts().place(uri).error().message, HasSubstr("not in hosts of [remote]")) << uri;
}

TEST(Hosts, WhatIsNoUriOfAFileIsRefusedWithoutItsSecrets) {
  for (const char* uri :
       {"https://me:pass@data.example.org/a?key=pass",
        "https://data.example.org@evil.org/pass?pass", "ftp://data.example.org/a",
        "file:///etc/shadow", "gopher://data.example.org/_a", "/a", "",
        "https://data.example.org/a#b", "https://data.example.org/a b",
        "https://data.example.org/%2e%2e/a", "https://data.example.org/a/..%2Fb", "s3://", "s3://b",
        "s3://des-dr2/", "s3://des-dr2/a/../b", "s3://DES/a", "s3://a@b/c"})
    EXPECT_THAT(hosts().place(uri).error().message,
                AllOf(HasSubstr("is no URI of a remote file"), Not(HasSubstr("me:")),
                      Not(HasSubstr("key="))))
        << uri;
}

TEST(Hosts, BucketsAreHostsOrPaths) {
  EXPECT_EQ(hosts().place("s3://des-dr2/a b+c/d.fits")->url,
            "https://des-dr2.s3.example.org/a%20b%2Bc/d.fits");
  EXPECT_EQ(hosts(true).place("s3://des-dr2/d,e.fits")->url,
            "https://s3.example.org/des-dr2/d%2Ce.fits");
  EXPECT_FALSE(hosts().place("s3://des-dr2/a")->signs);
  EXPECT_TRUE(hosts(true, "AKID").place("s3://des-dr2/a")->signs);
  EXPECT_THAT(hosts().place("s3://des-dr3/a").error().message,
              HasSubstr("not in buckets of [remote.s3]"));
}

TEST(Hosts, ServersSendToListedOriginsAlone) {
  const Place from{"https://data.example.org/dr1/a.fits", false};
  EXPECT_EQ(hosts().redirected(from, "/b.fits")->url, "https://data.example.org/b.fits");
  EXPECT_EQ(hosts().redirected(from, "b.fits?x")->url, "https://data.example.org/dr1/b.fits?x");
  EXPECT_EQ(hosts().redirected(from, "http://10.1.0.5:8000/b")->url, "http://10.1.0.5:8000/b");
  for (const char* location :
       {"http://data.example.org/b", "//evil.org/b", "file:///etc/passwd", "http://127.0.0.1/",
        "https://a@data.example.org/", "s3://des-dr2/a"})
    EXPECT_FALSE(hosts().redirected(from, location)) << location;
  EXPECT_FALSE(hosts().redirected({from.url, true}, "/b.fits")) << "a signature is for one place";
}

TEST(Hosts, NamesLeadToThePublicInternetAndToNamedNetworks) {
  const auto reached = [](const char* text) {
    return hosts().may_reach(*net::parse_address(text));
  };
  EXPECT_TRUE(reached("8.8.8.8"));
  EXPECT_TRUE(reached("10.9.1.1"));
  EXPECT_TRUE(reached("10.1.0.5")) << "listed by its address";
  EXPECT_TRUE(reached("fd00::5"));
  for (const char* address : {"10.1.0.6", "127.0.0.1", "169.254.169.254", "::1", "fd00::6"})
    EXPECT_FALSE(reached(address)) << address;
}

TEST(Hosts, BeginningsEndWhereDirectoriesDo) {
  const std::vector<std::string> beginnings{"https://data.example.org/dr1", "s3://des-dr2/a/"};
  for (const char* uri :
       {"https://data.example.org/dr1/a", "https://data.example.org/dr1?a",
        "https://data.example.org/dr1", "s3://des-dr2/a/b", "https://data.example.org/x/../dr1/a"})
    EXPECT_TRUE(is_below(uri, beginnings)) << uri;
  for (const char* uri :
       {"https://data.example.org/dr10/a", "https://data.example.org/", "s3://des-dr2/b",
        "https://data.example.org/dr1/../dr2/a", "https://data.example.org/dr1/%2e%2e/dr2/a",
        "http://data.example.org/dr1/a", "s3://des-dr2/a/../b", "https://a@data.example.org/dr1/a"})
    EXPECT_FALSE(is_below(uri, beginnings)) << uri;
  EXPECT_FALSE(is_below("https://data.example.org/a", {"", "data.example.org"}));
}

}  // namespace
}  // namespace recorte::remote
