// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/forwarded.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace recorte::http {
namespace {

using testing::HasSubstr;
using Fields = std::initializer_list<std::pair<std::string, std::string>>;

Network network(std::string_view text) {
  auto parsed = Network::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(Network());
}

/// Behind a proxy at 10.0.0.1, or one of 10.0.0.0/8 and fd00::/8.
Proxies proxies(std::string base_url = "") {
  return {{network("10.0.0.0/8"), network("fd00::/8")}, std::move(base_url)};
}

Request seen(const Proxies& known, std::string_view peer, Fields headers,
             std::string path = "/api/v1") {
  Request request;
  request.path = std::move(path);
  for (const auto& [name, value] : headers) request.headers.add(name, value);
  apply_forwarded(known, peer, "127.0.0.1:8080", request);
  return request;
}

Request behind(Fields headers, std::string path = "/api/v1") {
  return seen(proxies(), "10.0.0.1", headers, std::move(path));
}

TEST(Network, HoldsItsAddresses) {
  EXPECT_TRUE(network("10.0.0.0/8").contains("10.255.1.2"));
  EXPECT_FALSE(network("10.0.0.0/8").contains("11.0.0.0"));
  EXPECT_TRUE(network("192.168.4.0/22").contains("192.168.7.255"));
  EXPECT_FALSE(network("192.168.4.0/22").contains("192.168.8.0"));
  EXPECT_TRUE(network("127.0.0.1").contains("127.0.0.1"));
  EXPECT_FALSE(network("127.0.0.1").contains("127.0.0.2"));
  EXPECT_TRUE(network("fd00::/8").contains("fdff::1"));
  EXPECT_FALSE(network("fd00::/8").contains("fe00::1"));
  EXPECT_TRUE(network("2001:db8::/33").contains("2001:db8:7fff::"));
  EXPECT_FALSE(network("2001:db8::/33").contains("2001:db8:8000::"));
  EXPECT_TRUE(network(" ::1 ").contains("0:0:0:0:0:0:0:1"));
}

TEST(Network, TakesIPv4InEitherForm) {
  EXPECT_TRUE(network("10.0.0.0/8").contains("::ffff:10.1.2.3"));
  EXPECT_TRUE(network("::ffff:10.0.0.0/104").contains("10.1.2.3"));
  EXPECT_FALSE(network("10.0.0.0/8").contains("::10.1.2.3"));
}

TEST(Network, OfNoBitsHoldsEveryAddressOfItsKind) {
  EXPECT_TRUE(network("0.0.0.0/0").contains("203.0.113.9"));
  EXPECT_FALSE(network("0.0.0.0/0").contains("2001:db8::1"));
  EXPECT_TRUE(network("::/0").contains("2001:db8::1"));
  EXPECT_TRUE(network("::/0").contains("203.0.113.9"));
}

TEST(Network, IgnoresBitsPastItsLength) { EXPECT_TRUE(network("10.9.8.7/8").contains("10.0.0.1")); }

TEST(Network, HoldsNothingThatIsNoAddress) {
  for (const auto* text : {"", "localhost", "10.0.0", "10.0.0.1:80", "[::1]", "unknown"})
    EXPECT_FALSE(network("::/0").contains(text)) << text;
}

TEST(Network, ATextThatIsNoneIsNamed) {
  for (const auto* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8",
                           "fd00::/129", "proxy.example.org", "10.0.0.0/8/8", "10.0.0.0/8.5"}) {
    const auto parsed = Network::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kUsage);
    EXPECT_THAT(parsed.error().message, HasSubstr("'" + std::string(text) + "'"));
  }
}

TEST(Forwarded, WithoutAProxyThePeerIsTheClient) {
  const auto request = seen({}, "203.0.113.9", {{"Host", "cutouts.example.org:8080"}});
  EXPECT_EQ(request.address, "203.0.113.9");
  EXPECT_EQ(request.base_url, "http://cutouts.example.org:8080");
  EXPECT_EQ(request.path, "/api/v1");
}

TEST(Forwarded, WithoutAHostTheAddressOfOursStandsIn) {
  EXPECT_EQ(seen({}, "203.0.113.9", {}).base_url, "http://127.0.0.1:8080");
}

TEST(Forwarded, NobodyIsBelievedWhoIsNoTrustedProxy) {
  const auto request = seen(proxies(), "203.0.113.9",
                            {{"Host", "here.example"},
                             {"Forwarded", "for=1.2.3.4;proto=https;host=evil.example"},
                             {"X-Forwarded-For", "1.2.3.4"},
                             {"X-Forwarded-Proto", "https"},
                             {"X-Forwarded-Host", "evil.example"},
                             {"X-Forwarded-Prefix", "/api"}});
  EXPECT_EQ(request.address, "203.0.113.9");
  EXPECT_EQ(request.base_url, "http://here.example");
  EXPECT_EQ(request.path, "/api/v1");
}

TEST(Forwarded, ATrustedProxySaysWhoAndHow) {
  const auto request = behind({{"Host", "backend:8080"},
                               {"X-Forwarded-For", "203.0.113.9"},
                               {"X-Forwarded-Proto", "https"},
                               {"X-Forwarded-Host", "cutouts.example.org"}});
  EXPECT_EQ(request.address, "203.0.113.9");
  EXPECT_EQ(request.base_url, "https://cutouts.example.org");
}

TEST(Forwarded, WhatAProxyDoesNotSayIsAsTheRequestHasIt) {
  const auto request = behind({{"Host", "cutouts.example.org"}, {"X-Forwarded-Proto", "https"}});
  EXPECT_EQ(request.address, "10.0.0.1");
  EXPECT_EQ(request.base_url, "https://cutouts.example.org");
}

TEST(Forwarded, TheNearestAddressThatIsNoProxysIsTheClient) {
  EXPECT_EQ(behind({{"X-Forwarded-For", "1.1.1.1, 203.0.113.9, 10.0.0.7"}}).address, "203.0.113.9");
  EXPECT_EQ(behind({{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", "203.0.113.9"}}).address,
            "203.0.113.9");
  EXPECT_EQ(behind({{"X-Forwarded-For", "10.0.0.8, 10.0.0.7"}}).address, "10.0.0.8");
  EXPECT_EQ(
      behind({{"Forwarded", "for=1.1.1.1, for=203.0.113.9;by=10.0.0.7, for=10.0.0.7"}}).address,
      "203.0.113.9");
}

TEST(Forwarded, TheWalkStopsAtAnAddressThatIsNone) {
  for (const auto* text : {"unknown", "_hidden", "", "1.2.3", "1.2.3.4.5", "a.example", "[::1",
                           "<script>", "1.2.3.4:5:6"}) {
    EXPECT_EQ(behind({{"X-Forwarded-For", "1.1.1.1, " + std::string(text)}}).address, "10.0.0.1")
        << text;
    EXPECT_EQ(behind({{"X-Forwarded-For", "1.1.1.1, " + std::string(text) + ",10.2.2.2"}}).address,
              "10.2.2.2")
        << text;
  }
}

TEST(Forwarded, AddressesComeWithPortsAndInBrackets) {
  EXPECT_EQ(behind({{"X-Forwarded-For", "203.0.113.9:4711"}}).address, "203.0.113.9");
  EXPECT_EQ(behind({{"X-Forwarded-For", "2001:db8::1"}}).address, "2001:db8::1");
  EXPECT_EQ(behind({{"X-Forwarded-For", "[2001:db8::1]:4711"}}).address, "2001:db8::1");
  EXPECT_EQ(behind({{"Forwarded", "for=\"[2001:DB8::1]:4711\""}}).address, "2001:db8::1");
  EXPECT_EQ(behind({{"Forwarded", "for=\"[2001:db8::1]\""}}).address, "2001:db8::1");
  EXPECT_EQ(behind({{"Forwarded", "for=\"203.0.113.9:4711\""}}).address, "203.0.113.9");
  EXPECT_EQ(behind({{"Forwarded", "for=[2001:db8::1]"}}).address, "2001:db8::1");
}

TEST(Forwarded, OneAddressHasOneText) {
  EXPECT_EQ(behind({{"X-Forwarded-For", "2001:DB8:0:0::0001"}}).address, "2001:db8::1");
  EXPECT_EQ(behind({{"X-Forwarded-For", "::ffff:203.0.113.9"}}).address, "203.0.113.9");
  EXPECT_EQ(seen({}, "::ffff:203.0.113.9", {}).address, "203.0.113.9");
  EXPECT_EQ(seen({}, "fe80::1%eth0", {}).address, "fe80::1");
  EXPECT_EQ(seen({}, "a socket", {}).address, "a socket");
}

TEST(Forwarded, AProxyOnIPv6IsTrustedToo) {
  EXPECT_EQ(seen(proxies(), "fd12::3", {{"X-Forwarded-For", "203.0.113.9"}}).address,
            "203.0.113.9");
  EXPECT_EQ(seen(proxies(), "::ffff:10.0.0.1", {{"X-Forwarded-For", "203.0.113.9"}}).address,
            "203.0.113.9");
}

TEST(Forwarded, TheStandardHeaderWins) {
  const auto request =
      behind({{"X-Forwarded-For", "1.1.1.1"},
              {"X-Forwarded-Proto", "http"},
              {"X-Forwarded-Host", "x.example"},
              {"X-Forwarded-Prefix", "/recorte"},
              {"Forwarded", "For=203.0.113.9; Proto=HTTPS ;Host=\"cutouts.example.org:8443\""}});
  EXPECT_EQ(request.address, "203.0.113.9");
  EXPECT_EQ(request.base_url, "https://cutouts.example.org:8443/recorte");
}

TEST(Forwarded, TheStandardHeaderWinsEvenWhereItSaysLittle) {
  const auto request = behind({{"Host", "backend"},
                               {"X-Forwarded-For", "1.1.1.1"},
                               {"X-Forwarded-Host", "x.example"},
                               {"Forwarded", "proto=https"}});
  EXPECT_EQ(request.address, "10.0.0.1");
  EXPECT_EQ(request.base_url, "https://backend");
}

TEST(Forwarded, ThePublicUrlIsThatOfTheOutermostTrustedProxy) {
  // The client wrote the first element itself.
  const auto request = behind({{"Forwarded",
                                "for=6.6.6.6;proto=http;host=evil.example, "
                                "for=203.0.113.9;proto=https;host=cutouts.example.org, "
                                "for=10.0.0.7;proto=http;host=inner:8080"}});
  EXPECT_EQ(request.address, "203.0.113.9");
  EXPECT_EQ(request.base_url, "https://cutouts.example.org");
}

TEST(Forwarded, ListsOfSeveralHeadersAgreeAtTheirEnds) {
  const auto request = behind({{"X-Forwarded-For", "6.6.6.6, 203.0.113.9, 10.0.0.7"},
                               {"X-Forwarded-Proto", "https, http"},
                               {"X-Forwarded-Host", "evil.example, cutouts.example.org, inner"}});
  EXPECT_EQ(request.address, "203.0.113.9");
  EXPECT_EQ(request.base_url, "https://cutouts.example.org");
}

TEST(Forwarded, AClientsStrayQuoteSwallowsNothing) {
  EXPECT_EQ(behind({{"Forwarded", "for=\"6.6.6.6, for=203.0.113.9"}}).address, "203.0.113.9");
  EXPECT_EQ(behind({{"Forwarded", "for=\"6.6.6.6"}, {"Forwarded", "for=\"203.0.113.9\""}}).address,
            "203.0.113.9");
  EXPECT_EQ(behind({{"Forwarded", "for=1.1.1.1;x=\"\\, for=203.0.113.9"}}).address, "203.0.113.9");
}

TEST(Forwarded, WhatIsMalformedIsPassedOver) {
  for (const auto* text : {"", ";", "=", "for", "for=", "for=\"", "\"for\"=1.1.1.1", "nonsense",
                           "proto=ftp", "host=", "host=\"a b\"", ";;;=;,,=,"}) {
    const auto request = behind({{"Host", "here.example"}, {"Forwarded", text}});
    EXPECT_EQ(request.address, "10.0.0.1") << text;
    EXPECT_EQ(request.base_url, "http://here.example") << text;
  }
}

TEST(Forwarded, AnUnsafeHostNeverReachesAUrl) {
  for (const auto* host : {"a\r\nSet-Cookie: x", "\"><script>", "a/b", "a b", "user@a", "a?b",
                           "a#b", "a\\b", "'", "a,b\xC3\xA4", ""}) {
    EXPECT_EQ(seen({}, "203.0.113.9", {{"Host", host}}).base_url, "http://127.0.0.1:8080") << host;
    const auto said = behind({{"Host", "here.example"}, {"X-Forwarded-Host", host}}).base_url;
    EXPECT_EQ(said, "http://here.example") << host;
  }
  EXPECT_EQ(seen({}, "203.0.113.9", {{"Host", std::string(256, 'a')}}).base_url,
            "http://127.0.0.1:8080");
}

TEST(Forwarded, HostsOfEveryKindAreTaken) {
  for (const std::string host : {"a", "a-b.example_1.org:80", "[2001:db8::1]:8080", "203.0.113.9"})
    EXPECT_EQ(seen({}, "203.0.113.9", {{"Host", host}}).base_url, "http://" + host);
}

TEST(Forwarded, OnlyHttpAndHttpsAreSchemes) {
  for (const auto* scheme : {"javascript", "ftp", "https:", "http://x", ""})
    EXPECT_EQ(behind({{"Host", "h"}, {"X-Forwarded-Proto", scheme}}).base_url, "http://h")
        << scheme;
  EXPECT_EQ(behind({{"Host", "h"}, {"X-Forwarded-Proto", "HTTPS"}}).base_url, "https://h");
}

TEST(Forwarded, ThePrefixIsPartOfTheUrlAndNotOfThePath) {
  const auto left_on =
      behind({{"Host", "h"}, {"X-Forwarded-Prefix", "/recorte/"}}, "/recorte/api/v1");
  EXPECT_EQ(left_on.base_url, "http://h/recorte");
  EXPECT_EQ(left_on.path, "/api/v1");
  const auto taken_off = behind({{"Host", "h"}, {"X-Forwarded-Prefix", "/recorte"}}, "/api/v1");
  EXPECT_EQ(taken_off.base_url, "http://h/recorte");
  EXPECT_EQ(taken_off.path, "/api/v1");
}

TEST(Forwarded, APrefixEndsWhereASegmentEnds) {
  const Fields prefix = {{"X-Forwarded-Prefix", "/recorte"}};
  EXPECT_EQ(behind(prefix, "/recorte").path, "/");
  EXPECT_EQ(behind(prefix, "/recorte/").path, "/");
  EXPECT_EQ(behind(prefix, "/recorted/x").path, "/recorted/x");
  EXPECT_EQ(behind(prefix, "/recorte//x").path, "//x");
  EXPECT_EQ(behind(prefix, "/x/recorte").path, "/x/recorte");
  EXPECT_EQ(behind(prefix, "*").path, "*");
}

TEST(Forwarded, AnUnsafePrefixDoesNotCount) {
  for (const auto* prefix : {"recorte", "//evil.example", "/a//b", "/..", "/a/../b", "/<b>", "/a b",
                             "/", "", "/%2e", "/a\"", "https://evil.example", "/a\r\nb"}) {
    const auto request = behind({{"Host", "h"}, {"X-Forwarded-Prefix", prefix}}, "/a/b");
    EXPECT_EQ(request.base_url, "http://h") << prefix;
    EXPECT_EQ(request.path, "/a/b") << prefix;
  }
}

TEST(Forwarded, TheConfiguredUrlWins) {
  const auto known = proxies("https://cutouts.example.org/sky/recorte/");
  const Fields headers = {{"Host", "backend"},
                          {"X-Forwarded-For", "203.0.113.9"},
                          {"X-Forwarded-Proto", "http"},
                          {"X-Forwarded-Host", "x.example"},
                          {"X-Forwarded-Prefix", "/other"}};
  const auto request = seen(known, "10.0.0.1", headers, "/sky/recorte/api");
  EXPECT_EQ(request.address, "203.0.113.9");
  EXPECT_EQ(request.base_url, "https://cutouts.example.org/sky/recorte");
  EXPECT_EQ(request.path, "/api");
  EXPECT_EQ(seen(known, "10.0.0.1", headers, "/other/api").path, "/other/api");
  EXPECT_EQ(seen(known, "203.0.113.9", {}, "/sky/recorte").path, "/");
  EXPECT_EQ(seen(known, "203.0.113.9", {}, "/sky/recorte").base_url,
            "https://cutouts.example.org/sky/recorte");
}

TEST(Forwarded, AConfiguredUrlWithoutAPathLeavesPathsAlone) {
  for (const auto* url : {"https://cutouts.example.org", "https://cutouts.example.org/"}) {
    const auto request = seen(proxies(url), "10.0.0.1", {}, "/api");
    EXPECT_EQ(request.base_url, "https://cutouts.example.org");
    EXPECT_EQ(request.path, "/api");
  }
}

TEST(Forwarded, NothingAProxyPassesOnMakesAnUnsafeUrl) {
  std::mt19937 random(7);
  const std::string alphabet = "for=host=proto=\",;:[]./ 10.0.0.1<>\r\n\xFF\\";
  for (int i = 0; i < 20'000; ++i) {
    const auto noise = [&] {
      std::string text;
      for (auto n = random() % 40; n > 0; --n) text += alphabet[random() % alphabet.size()];
      return text;
    };
    const auto request = behind({{random() % 2 == 0 ? "Forwarded" : "X-Forwarded-For", noise()},
                                 {"X-Forwarded-Host", noise()},
                                 {"X-Forwarded-Proto", noise()},
                                 {"X-Forwarded-Prefix", "/" + noise()},
                                 {"Host", noise()}});
    ASSERT_TRUE(request.base_url.starts_with("http"));
    ASSERT_EQ(request.base_url.find_first_of("\"<> \r\n\xFF\\"), std::string::npos)
        << request.base_url;
    ASSERT_TRUE(request.path.starts_with('/'));
    ASSERT_TRUE(network("::/0").contains(request.address)) << request.address;
  }
}

TEST(InClear, IsWhatCrossedANetworkWithoutTls) {
  EXPECT_TRUE(seen({}, "203.0.113.9", {}).in_clear);
  EXPECT_TRUE(seen({}, "203.0.113.9", {{"X-Forwarded-Proto", "https"}}).in_clear)
      << "anybody can say that";
  EXPECT_FALSE(seen({}, "127.0.0.1", {}).in_clear);
  EXPECT_FALSE(seen({}, "::ffff:127.0.0.1", {}).in_clear);
  EXPECT_FALSE(seen({}, "::1", {}).in_clear);
}

TEST(InClear, IsForTheFirstProxyToSay) {
  const auto said = [](Fields headers) { return behind(headers).in_clear; };
  EXPECT_FALSE(said({{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "https"}}));
  EXPECT_TRUE(said({{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "http"}}));
  EXPECT_TRUE(said({{"X-Forwarded-For", "203.0.113.9"}}));
  EXPECT_TRUE(said({})) << "the proxy itself asks, from another machine";
  EXPECT_FALSE(said({{"Forwarded", "for=203.0.113.9;proto=https"}}));
  EXPECT_TRUE(
      said({{"X-Forwarded-For", "203.0.113.9, 10.0.0.2"}, {"X-Forwarded-Proto", "http, https"}}))
      << "it came in clear as far as the first";
}

TEST(InClear, IsAsTheBaseUrlSaysWhereTheProxySaysNothing) {
  const auto known = proxies("https://cutouts.example.org");
  EXPECT_FALSE(seen(known, "10.0.0.1", {{"X-Forwarded-For", "203.0.113.9"}}).in_clear);
  EXPECT_TRUE(
      seen(known, "10.0.0.1", {{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "http"}})
          .in_clear);
  EXPECT_TRUE(seen(known, "203.0.113.9", {}).in_clear) << "past the proxy";
}

}  // namespace
}  // namespace recorte::http
