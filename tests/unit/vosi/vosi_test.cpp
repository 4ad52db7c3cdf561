// SPDX-License-Identifier: BSD-3-Clause
#include "server/vosi/vosi.hpp"

#include <gmock/gmock.h>
#include <pugixml.hpp>

#include <map>
#include <optional>

namespace recorte::vosi {
namespace {

using namespace testing;

std::string ask(const http::Handler& handler, const char* url = "https://sky.example/cut") {
  const auto request = std::make_shared<http::Request>();
  request->base_url = url;
  std::optional<http::Response> response;
  handler(request, http::Reply([&](http::Response r) { response.emplace(std::move(r)); },
                               std::make_shared<std::atomic<bool>>(false)));
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(*response->headers.find("Content-Type"), "text/xml; charset=utf-8");
  const auto& pieces = std::get<std::vector<http::Piece>>(response->body);
  return *std::get<http::Text>(pieces.at(0)).bytes;
}

TEST(Capabilities, SayWhereEachStandardIsServed) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(ask(capabilities_handler({})).c_str()));
  std::map<std::string, std::string> urls;
  for (const auto node : document.child("vosi:capabilities").children("capability")) {
    const auto interface = node.child("interface");
    EXPECT_STREQ(interface.attribute("xsi:type").value(), "vs:ParamHTTP");
    EXPECT_STREQ(interface.attribute("role").value(), "std");
    EXPECT_STREQ(interface.attribute("version").value(), "1.0");
    urls[node.attribute("standardID").value()] = interface.child("accessURL").text().get();
  }
  EXPECT_THAT(
      urls,
      UnorderedElementsAre(
          Pair("ivo://ivoa.net/std/VOSI#capabilities", "https://sky.example/cut/capabilities"),
          Pair("ivo://ivoa.net/std/VOSI#availability", "https://sky.example/cut/availability"),
          Pair("ivo://ivoa.net/std/SODA#sync-1.0", "https://sky.example/cut/sync"),
          Pair("ivo://ivoa.net/std/SODA#async-1.0", "https://sky.example/cut/async")));
}

/// Of /sync, or of what is at another place among the capabilities.
std::vector<std::string> ways(const std::string& text, const char* path = "/cut/sync") {
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(text.c_str()));
  std::vector<std::string> out;
  for (const auto node : document.child("vosi:capabilities").children("capability"))
    if (std::string_view(node.child("interface").child("accessURL").text().get()).ends_with(path))
      for (const auto way : node.child("interface").children("securityMethod"))
        out.emplace_back(way.attribute("standardID").value());
  return out;
}

TEST(Capabilities, SayHowOneMayCome) {
  EXPECT_THAT(ways(ask(capabilities_handler({}))), ElementsAre("", "ivo://ivoa.net/sso#token"));
  const auto all = capabilities_handler({true, true, true});
  EXPECT_THAT(ways(ask(all)),
              ElementsAre("", "ivo://ivoa.net/sso#token", "ivo://ivoa.net/sso#BasicAA",
                          "ivo://ivoa.net/sso#cookie"));
  EXPECT_THAT(ways(ask(all, "http://sky.example/cut")),
              ElementsAre("", "ivo://ivoa.net/sso#token", "ivo://ivoa.net/sso#cookie"))
      << "a password is not asked for where anybody on the way can read it";
  EXPECT_THAT(ways(ask(capabilities_handler({.anonymous = false}))),
              ElementsAre("ivo://ivoa.net/sso#token"));
  EXPECT_THAT(ways(ask(all), "/cut/availability"), IsEmpty()) << "VOSI is for everybody";
}

TEST(Availability, IsHonest) {
  std::vector<ops::Check> checks{{"workers", ""}, {"database", ""}};
  const auto handler = availability_handler([&] { return checks; });
  EXPECT_THAT(ask(handler), AllOf(HasSubstr("<vosi:available>true</vosi:available>"),
                                  HasSubstr("<vosi:upSince>20"), Not(HasSubstr("vosi:note"))));
  checks[1].trouble = "it cannot be reached";
  EXPECT_THAT(ask(handler),
              AllOf(HasSubstr("<vosi:available>false</vosi:available>"),
                    HasSubstr("<vosi:note>database: it cannot be reached</vosi:note>")));
}

}  // namespace
}  // namespace recorte::vosi
