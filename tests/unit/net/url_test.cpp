// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/url.hpp"

#include <gmock/gmock.h>

namespace recorte::net {
namespace {

std::string origin(std::string_view url) {
  const auto target = parse_target(url);
  return target ? target->origin : "refused: " + target.error().message;
}

TEST(Target, HasTheOriginThatIsGoneTo) {
  EXPECT_EQ(origin("https://Hooks.Example.org/a?b=c"), "https://hooks.example.org");
  EXPECT_EQ(origin("https://a.org:443"), "https://a.org");
  EXPECT_EQ(origin("http://a.org:80/"), "http://a.org");
  EXPECT_EQ(origin("http://a.org:443/"), "http://a.org:443");
  EXPECT_EQ(origin("HTTPS://a.org:8443/x"), "https://a.org:8443");
  EXPECT_EQ(origin("http://[::1]:9000/x"), "http://[::1]:9000");
  // Other ways to write an address come out as libcurl goes there.
  EXPECT_EQ(origin("http://0x7f000001/"), "http://127.0.0.1");
  EXPECT_EQ(origin("http://2130706433/"), "http://127.0.0.1");
  EXPECT_EQ(origin("https://a%2eorg/"), "https://a.org");
  EXPECT_EQ(origin("http://10%2e8/"), "http://10.0.0.8");
  EXPECT_EQ(origin("https://a.org./"), "https://a.org.");
  // One that is escaped many times is what libcurl leaves of it, which reads back.
  std::string again = "https://a%2eorg/";
  for (int level = 0; level < 300; ++level) again.insert(again.find('%') + 1, "25");
  const auto read = parse_target(again);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(parse_target(read->url)->url, read->url);
}

TEST(Target, IsRefusedWhereItIsAmbiguousOrNone) {
  for (const std::string url : {"",
                                "a.org",
                                "//a.org",
                                "https://",
                                "ftp://a.org/x",
                                "file:///etc/passwd",
                                "smtp://a.org",
                                "gopher://a.org",
                                "https://user@a.org/",
                                "https://user:pw@a.org/",
                                "https://good.org@evil.org/",
                                "https://good.org\\@evil.org/",
                                "https://a.org/#x",
                                "https://a.org /x",
                                "https://a.org/x y",
                                "https://a.org/\r\nX: y",
                                "https://a.org:0x50/",
                                "https://a.org:99999/",
                                "https://ä.org/",
                                "https://%c3%a4.org/",
                                "https://a%22.org/",
                                "javascript://a.org/"})
    EXPECT_FALSE(parse_target(url)) << url << " " << origin(url);
  EXPECT_FALSE(parse_target("https://a.org/" + std::string(2'000, 'x')));
  EXPECT_FALSE(parse_target(std::string("https://a.org\0.b.org/", 21)));
}

}  // namespace
}  // namespace recorte::net
