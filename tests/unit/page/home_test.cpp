// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/home.hpp"

#include "server/page/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <memory>

namespace recorte::page {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::string body(const http::Response& response) {
  std::string out;
  for (const auto& piece : std::get<std::vector<http::Piece>>(response.body))
    out += *std::get<http::Text>(piece).bytes;
  return out;
}

/// The page as a browser has it: a status, headers, and a tree to ask.
class Page {
 public:
  Page(const std::vector<Survey>& surveys, std::vector<http::Parameter> parameters,
       const std::string& base_url = "https://sky.example/cut",
       const service::Switched& switched = {}, const std::string& user = "",
       bool can_sign_in = false) {
    http::Request request;
    if (!user.empty()) request.principal.user = user;
    request.method = "GET";
    request.path = "/";
    request.parameters = std::move(parameters);
    request.base_url = base_url;
    response = home(request, surveys, switched, can_sign_in);
    html = body(response);
    const auto parsed = tree.load_string(html.c_str(), pugi::parse_default | pugi::parse_doctype);
    EXPECT_TRUE(parsed) << parsed.description() << " at "
                        << html.substr(static_cast<std::size_t>(parsed.offset), 80);
  }

  std::vector<std::string> all(const char* xpath) const {
    std::vector<std::string> out;
    for (const auto& found : tree.select_nodes(xpath))
      out.emplace_back(found.attribute() ? found.attribute().value() : found.node().text().get());
    return out;
  }
  std::string one(const char* xpath) const {
    const auto found = all(xpath);
    return found.empty() ? "(none)" : found.front();
  }
  std::string field(const std::string& name) const {
    return one(("//input[@name='" + name + "']/@value").c_str());
  }
  std::string error(const std::string& name) const {
    return one(("//*[@id='" + name + "-error']").c_str());
  }
  std::string header(std::string_view name) const {
    return response.headers.joined(name).value_or("(none)");
  }

  http::Response response;
  std::string html;
  pugi::xml_document tree;
};

Survey demo() {
  return {"demo",
          "Demo sky",
          "1",
          "Made up.",
          "Nobody 2024",
          {"g", "r", "i"},
          {"weight", "mask"},
          0.5 / 3600,
          sky::Position{0.055, 10.005}};
}
Survey wide() {
  return {"wide", "Wide", "", "", "", {"W1", "W2"}, {}, 2.75 / 3600, sky::Position{1, 2}};
}
Survey plain() { return {"plain", "Plain", "", "", "", {"u"}, {}, {}, {}}; }

TEST(Home, TheFirstVisitShowsTheFirstSurveysExample) {
  const Page page({demo(), wide()}, {});
  EXPECT_EQ(page.response.status, 200);
  EXPECT_EQ(page.one("//object/@data"),
            "/cut/api/v1/cutout?survey=demo&ra=0.055&dec=10.005&size=2arcmin&format=png");
  EXPECT_EQ(page.field("position"), "0.055 10.005");
  EXPECT_THAT(page.all("//article/h3/text()"), ElementsAre("Demo sky", "Wide"));
  EXPECT_THAT(page.html, AllOf(HasSubstr("Nobody 2024"), HasSubstr("Made up."),
                               HasSubstr("0.5″ per pixel"), HasSubstr("weight, mask")));
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
}

TEST(Home, SaysWhoIsSignedInOrWhereToSignIn) {
  const auto links = [](const std::string& user, bool can) {
    return Page({demo()}, {}, "https://sky.example/cut", {}, user, can).all("//header//a/@href");
  };
  const std::string account = "/cut/account", login = "/cut/login";
  EXPECT_THAT(links("eva", true), AllOf(Contains(account), Not(Contains(login))));
  EXPECT_THAT(links("", true), AllOf(Contains(login), Not(Contains(account))));
  EXPECT_THAT(links("", false), AllOf(Not(Contains(login)), Not(Contains(account))));
}

TEST(Home, ASurveyAloneShowsItsExample) {
  const Page page({demo(), wide()}, {{"survey", "wide"}});
  EXPECT_EQ(page.field("position"), "1 2");
  EXPECT_EQ(page.one("//option[@selected]/@value"), "wide");
  // Two arcminutes are 44 of its pixels.
  EXPECT_EQ(page.field("size"), "300px");
  // Its two bands make no colour.
  EXPECT_THAT(page.one("//object/@data"), HasSubstr("&bands=W1&"));
  EXPECT_THAT(page.html, HasSubstr("The picture shows W1 alone"));
}

TEST(Home, APositionShowsThatFieldAndHowToGetIt) {
  const Page page({demo()}, {{"survey", "demo"},
                             {"position", "10h00m24s +02d12m00s"},
                             {"size", "90arcsec"},
                             {"bands", "I g,r g"}});
  EXPECT_EQ(page.response.status, 200);
  const std::string query = "survey=demo&ra=150.1&dec=2.2&size=1.5arcmin&bands=i,g,r";
  EXPECT_EQ(page.one("//object/@data"), "/cut/api/v1/cutout?" + query + "&format=png");
  EXPECT_THAT(page.all("//p[@class='files']/a/@href"),
              ElementsAre("/cut/api/v1/cutout?" + query + "&format=fits",
                          "/cut/api/v1/cutout?" + query + "&planes=image,weight,mask&format=fits",
                          "/cut/api/v1/cutout?" + query + "&format=png"));
  EXPECT_THAT(
      page.all("//pre/code"),
      ElementsAre("curl -OJ 'https://sky.example/cut/api/v1/cutout?" + query + "&format=fits'",
                  HasSubstr("https://sky.example/cut/sync?ID=demo&CIRCLE=150.1+2.2+0.0125"),
                  HasSubstr("\"https://sky.example/cut/api/v1/cutout?\"")));
  EXPECT_EQ(page.field("position"), "10h00m24s +02d12m00s");
  EXPECT_EQ(page.field("size"), "90arcsec");
  EXPECT_EQ(page.field("bands"), "I g,r g");
  EXPECT_THAT(page.html, HasSubstr("10:00:24.00 +02:12:00.0"));
}

TEST(Home, ArrowsLeadToTheNextFields) {
  const Page page({demo()}, {{"position", "150.1 2.2"}, {"size", "2arcmin"}, {"bands", "g"}});
  EXPECT_EQ(page.one("//a[@class='n']/@href"),
            "/cut/?survey=demo&position=150.1+2.21666667&size=2arcmin&bands=g");
  EXPECT_EQ(page.one("//a[@class='closer']/@href"),
            "/cut/?survey=demo&position=150.1+2.2&size=1arcmin&bands=g");
  EXPECT_EQ(page.all("//div[@class='frame']/nav/a").size(), 6U);
  EXPECT_THAT(page.all("//div[@class='frame']/nav/a/@aria-label"), Each(Not(IsEmpty())));
}

TEST(Home, APictureThatFailsLeavesWords) {
  const Page page({demo()}, {});
  EXPECT_EQ(page.one("//object//a/@href"), page.one("//object/@data"));
  EXPECT_THAT(page.one("//object//strong"), HasSubstr("No picture"));
}

TEST(Home, WhatIsNotUnderstoodIsSaidBesideItsFieldAndNothingIsLost) {
  const Page page(
      {demo()}, {{"survey", "demo"}, {"position", "Andromeda"}, {"size", "2"}, {"bands", "g W1"}});
  EXPECT_EQ(page.response.status, 400);
  EXPECT_THAT(page.error("position"), HasSubstr("names of objects are not looked up"));
  EXPECT_THAT(page.error("size"), HasSubstr("has no unit"));
  EXPECT_THAT(page.error("bands"), HasSubstr("'W1' is not a band of demo; write some of g, r, i"));
  EXPECT_EQ(page.field("position"), "Andromeda");
  EXPECT_EQ(page.field("size"), "2");
  EXPECT_EQ(page.field("bands"), "g W1");
  EXPECT_EQ(page.all("//input[@aria-invalid='true']/@name").size(), 3U);
  EXPECT_EQ(page.one("//input[@name='size']/@aria-describedby"), "size-error size-hint");
  EXPECT_THAT(page.all("//object"), IsEmpty());
  EXPECT_THAT(page.response.notes.error, HasSubstr("Andromeda"));
}

TEST(Home, ASizeBeyondTheSkyIsRefused) {
  const Page page({demo()}, {{"size", "361deg"}});
  EXPECT_EQ(page.response.status, 400);
  EXPECT_THAT(page.error("size"), HasSubstr("360"));
}

TEST(Home, AnUnknownSurveyIs404AndTheRestIsKept) {
  const Page page({demo(), wide()}, {{"survey", "demmo"}, {"position", "1 2"}, {"bands", "g"}});
  EXPECT_EQ(page.response.status, 404);
  EXPECT_THAT(page.error("survey"),
              AllOf(HasSubstr("no survey is called 'demmo'"), HasSubstr("did you mean demo?")));
  EXPECT_EQ(page.field("position"), "1 2");
  EXPECT_EQ(page.field("bands"), "g");
  EXPECT_THAT(page.all("//object"), IsEmpty());
}

TEST(Home, ASurveyWithoutAnExampleWaitsForAPosition) {
  const Page visit({plain()}, {});
  EXPECT_EQ(visit.response.status, 200);
  EXPECT_THAT(visit.all("//object"), IsEmpty());
  EXPECT_EQ(visit.error("position"), "(none)");
  const Page empty({plain()}, {{"survey", "plain"}, {"position", " "}});
  EXPECT_EQ(empty.response.status, 400);
  EXPECT_THAT(empty.error("position"), HasSubstr("write right ascension and declination"));
  const Page good({plain()}, {{"position", "1 2"}, {"size", "9px"}});
  EXPECT_THAT(good.one("//object/@data"), HasSubstr("ra=1&dec=2&size=9px"));
  // Nothing tells how far half the field is.
  EXPECT_THAT(good.all("//a[@class='n']"), IsEmpty());
}

TEST(Home, WithoutSurveysItSaysSo) {
  const Page page({}, {});
  EXPECT_EQ(page.response.status, 200);
  EXPECT_THAT(page.html, HasSubstr("No survey is served here yet"));
  EXPECT_THAT(page.all("//form"), IsEmpty());
  EXPECT_EQ(Page({}, {{"survey", "demo"}}).response.status, 404);
}

TEST(Home, NothingThatIsSaidBecomesMarkup) {
  const std::string evil = "\"><script>alert('x')</script>&amp;{{title}}";
  auto survey = demo();
  survey.title = survey.release = survey.description = survey.citation = evil;
  survey.id = "a\"b<c";
  survey.bands = survey.planes = {"<i>"};
  for (const auto& parameters :
       {std::vector<http::Parameter>{},
        {{"survey", evil}, {"position", evil}, {"size", evil}, {"bands", evil}},
        {{"position", evil}, {"size", evil}, {"bands", evil}}}) {
    const Page page({survey}, parameters);
    EXPECT_THAT(page.all("//script | //i"), IsEmpty());
    EXPECT_THAT(page.html, Not(HasSubstr("<script")));
    EXPECT_EQ(page.one("//article/h3"), evil);
    EXPECT_EQ(page.field("position"), parameters.empty() ? "0.055 10.005" : evil);
  }
}

TEST(Home, EveryLinkKeepsThePrefix) {
  for (const std::string prefix : {"/cut", "/a/b", ""}) {
    const Page page({demo(), wide()}, {}, "https://sky.example:8443" + prefix);
    const auto links = page.all("//a/@href | //link/@href | //object/@data | //form/@action");
    EXPECT_GT(links.size(), 15U);
    for (const auto& link : links)
      EXPECT_THAT(link, AnyOf(StartsWith("#"), StartsWith(prefix + "/")));
  }
}

TEST(Home, AnchorsLabelsAndDescriptionsPointAtWhatIsThere) {
  const Page page({demo(), wide()}, {{"position", "?"}, {"size", "?"}, {"bands", "?"}});
  std::vector<std::string> targets = page.all("//label/@for | //@aria-labelledby");
  for (const auto& anchor : page.all("//a/@href"))
    if (anchor.starts_with('#')) targets.push_back(anchor.substr(1));
  for (const auto& list : page.all("//@aria-describedby")) {
    const auto blank = list.find(' ');
    targets.push_back(list.substr(0, blank));
    if (blank != list.npos) targets.push_back(list.substr(blank + 1));
  }
  EXPECT_GT(targets.size(), 12U);
  for (const auto& id : targets)
    EXPECT_EQ(page.all(("//*[@id='" + id + "']").c_str()).size(), 1U) << id;
}

TEST(Home, NothingButItsOwnIsLoadedOrRun) {
  const Page page({demo()}, {});
  EXPECT_THAT(page.header("Content-Security-Policy"),
              AllOf(HasSubstr("default-src 'none'"), HasSubstr("frame-ancestors 'none'"),
                    HasSubstr("form-action 'self'"), HasSubstr("base-uri 'none'"),
                    Not(HasSubstr("script"))));
  EXPECT_THAT(page.all("//script | //style | //@style | //@onload"), IsEmpty());
}

http::Response ask(const http::Handler& handler) {
  http::Response out;
  handler(std::make_shared<const http::Request>(),
          http::Reply([&](http::Response response) { out = std::move(response); },
                      std::make_shared<const std::atomic<bool>>(false)));
  return out;
}

TEST(Files, AreServedWithTypeAndTag) {
  const auto style = ask(style_handler());
  EXPECT_EQ(style.headers.joined("Content-Type"), "text/css; charset=utf-8");
  EXPECT_THAT(body(style), HasSubstr("prefers-color-scheme: dark"));
  const auto icon = ask(icon_handler());
  EXPECT_EQ(icon.headers.joined("Content-Type"), "image/svg+xml");
  EXPECT_THAT(body(icon), StartsWith("<svg"));
  EXPECT_NE(style.headers.joined("ETag"), icon.headers.joined("ETag"));
}

TEST(Surveys, AreReadFromTheirDescriptions) {
  const auto card = [](const char* id, nlohmann::json description) {
    account::SurveyAccess access;
    access.group = description.value("access_group", "");
    return service::SurveyCard{
        id, std::make_shared<const nlohmann::json>(std::move(description)), {}, access};
  };
  service::Surveys all;
  all.cards = {card("full", {{"title", "Full"},
                             {"release", "DR1"},
                             {"bands", {{{"name", "g"}, {"lambda_min", nullptr}}}},
                             {"planes", {"image", "mask"}},
                             {"pixel_scale", 0.1},
                             {"example", {{"ra", 1}, {"dec", 2}}}}),
               card("poor", {{"title", ""},
                             {"pixel_scale", nullptr},
                             {"example", {{"ra", nullptr}, {"dec", nullptr}}}}),
               card("secret", {{"title", "Secret"}, {"access_group", "staff"}}),
               {"broken", nullptr, Error{}}};
  const auto surveys = visible_surveys(all, {});
  ASSERT_EQ(surveys.size(), 2U);
  EXPECT_THAT(surveys[0].bands, ElementsAre("g"));
  EXPECT_THAT(surveys[0].planes, ElementsAre("mask"));
  EXPECT_EQ(surveys[0].example, (sky::Position{1, 2}));
  EXPECT_EQ(surveys[1].title, "poor");
  EXPECT_FALSE(surveys[1].example);
  EXPECT_FALSE(surveys[1].pixel_scale);
  account::Principal member;
  member.groups = {"staff"};
  EXPECT_EQ(visible_surveys(all, member).size(), 3U);
}

TEST(Home, SaysWhatAnAdminHasSwitched) {
  Survey demo;
  demo.id = "demo";
  demo.title = "Demo";
  service::Switched switched;
  const Page usual({demo}, {});
  EXPECT_THAT(usual.all("//p[@class='notice'] | //p[@class='off']"), IsEmpty());
  switched.maintenance = {"maintenance", "back at <noon>", 1, "unix:7"};
  switched.surveys_off["demo"] = {"survey:demo", "", 1, "unix:7"};
  const Page page({demo}, {}, "https://sky.example/cut", switched);
  EXPECT_THAT(page.one("//p[@class='notice']"), HasSubstr(": back at <noon>"));
  EXPECT_EQ(page.one("//article/p[@class='off']"), "Switched off for now.");
}

}  // namespace
}  // namespace recorte::page
