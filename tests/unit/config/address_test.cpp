// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/address.hpp"

#include <gmock/gmock.h>

namespace recorte::config {
namespace {

using testing::AllOf;
using testing::HasSubstr;

template <class T>
void expect_refused(const Result<T>& result, std::string_view text, const char* remedy) {
  ASSERT_FALSE(result) << text;
  EXPECT_EQ(result.error().code, ErrorCode::kUsage);
  EXPECT_THAT(result.error().message,
              AllOf(HasSubstr("'" + std::string(text) + "' "), HasSubstr(remedy)));
}

TEST(HostPort, IsTakenApart) {
  const struct {
    const char *text, *host;
    int port;
  } cases[] = {
      {"127.0.0.1:8080", "127.0.0.1", 8080}, {"0.0.0.0:1", "0.0.0.0", 1},
      {"[::1]:8080", "::1", 8080},           {"[::]:65535", "::", 65535},
      {"localhost:0", "localhost", 0},       {" a-b.example.org:80 ", "a-b.example.org", 80}};
  for (const auto& c : cases) {
    const auto r = parse_host_port(c.text);
    ASSERT_TRUE(r) << r.error().message;
    EXPECT_EQ(r->host, c.host);
    EXPECT_EQ(r->port, c.port);
  }
}

TEST(HostPort, WhatIsNoneIsRefused) {
  for (const auto* text : {"",           "8080",
                           ":8080",      "127.0.0.1",
                           "localhost",  "::1:8080",
                           "[::1]",      "[::1]8080",
                           "[::g]:80",   "[127.0.0.1]:80",
                           "[::1:80",    "127.0.0.256:80",
                           "127.0.0:80", "a b:80",
                           "-a:80",      "a/b:80",
                           "a:",         "a:x",
                           "a:-1",       "a:+1",
                           "a:65536",    "a:99999999999999999999",
                           "a:80:80",    "http://a:80",
                           "*:80"})
    expect_refused(parse_host_port(text), text, "127.0.0.1:8080");
}

TEST(BaseUrl, LosesItsLastSlashAndItsCapitals) {
  EXPECT_EQ(parse_base_url("https://a.org"), "https://a.org");
  EXPECT_EQ(parse_base_url("https://a.org/"), "https://a.org");
  EXPECT_EQ(parse_base_url("HTTP://A.org:8080/Cutouts/v-1/"), "http://a.org:8080/Cutouts/v-1");
  EXPECT_EQ(parse_base_url(" http://[::1]:81/x "), "http://[::1]:81/x");
}

TEST(BaseUrl, WhatIsNoneIsRefused) {
  for (const auto* text : {"",
                           "a.org",
                           "/recorte",
                           "//a.org",
                           "ftp://a.org",
                           "https://",
                           "https:///x",
                           "https://a.org?",
                           "https://a.org/x?y=1",
                           "https://a.org/#x",
                           "https://a.org/x//",
                           "https://a.org/x//y",
                           "https://a.org/../x",
                           "https://a.org/.",
                           "https://a.org/a b",
                           "https://a.org/%41",
                           "https://me@a.org/",
                           "https://me:word@a.org/",
                           "https://a.org:0/",
                           "https://a.org:/",
                           "https://a.org:x",
                           "https://::1/",
                           "https://1.2.3/"})
    expect_refused(parse_base_url(text), text, "https://cutouts.example.org/recorte");
}

TEST(Origin, IsSchemeAndHostAlone) {
  EXPECT_EQ(parse_origin("*"), "*");
  EXPECT_EQ(parse_origin("HTTPS://Portal.example.org"), "https://portal.example.org");
  EXPECT_EQ(parse_origin("http://localhost:3000"), "http://localhost:3000");
  for (const auto* text : {"", "https://a.org/", "https://a.org/x", "a.org", "null", "**",
                           "https://*.a.org", "https://a.org?x"})
    expect_refused(parse_origin(text), text, "https://portal.example.org");
}

TEST(Network, IsAnAddressOrAPrefix) {
  for (const auto* text : {"127.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "1.2.3.4/32", "::1", "fd00::/8",
                           "::/0", "::1/128", "::ffff:1.2.3.4"})
    EXPECT_EQ(parse_network(text), text);
  EXPECT_EQ(parse_network(" 10.0.0.0/8 "), "10.0.0.0/8");
  for (const auto* text :
       {"", "localhost", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/-1",
        "10.0.0.0/8/8", "/8", "::1/129", "[::1]", "1.2.3.4:80", "1.2.3.256"})
    expect_refused(parse_network(text), text, "10.0.0.0/8");
}

}  // namespace
}  // namespace recorte::config
