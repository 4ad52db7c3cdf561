// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/parameters.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "tests/unit/random.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

namespace recorte::cutout {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Given = std::vector<std::pair<std::string, std::string>>;

Result<CutoutRequest> made(const Given& given) {
  RequestDraft draft;
  for (const auto& [name, value] : given) RECORTE_TRY(draft.set(name, value));
  return draft.finish();
}

const Given kStamp{{"survey", "demo"}, {"ra", "150.1"}, {"dec", "2.2"}, {"size", "1arcmin"}};

Given with(Given given, const std::string& name, const std::string& value) {
  given.emplace_back(name, value);
  return given;
}

TEST(Parameters, MakeARequest) {
  const auto r = made({{"format", "PNG"},
                       {"DEC", "+02:12:00"},
                       {"ra", "10:00:24"},
                       {"Size", "2arcmin,64px"},
                       {"survey", " demo "},
                       {"bands", "g, r"},
                       {"bands", "i,g"},
                       {"rgb", "i,r,g"},
                       {"edges", "trim"},
                       {"epochs", "latest"},
                       {"time", "58000/2019-01-01"},
                       {"wavelength", "4e-7 5.5e-7"},
                       {"param", "Q=8"},
                       {"param", "name=a=b & c"},
                       {"release", "dr2"},
                       {"image", "t/1_g"},
                       {"algorithm", "lupton"}});
  ASSERT_TRUE(r) << r.error().message;
  const auto& box = std::get<sky::Box>(r->stencil);
  EXPECT_NEAR(box.centre.ra, 150.1, 1e-12);
  EXPECT_NEAR(box.centre.dec, 2.2, 1e-12);
  EXPECT_EQ(box.width, (Extent{2. / 60, Extent::Unit::kDegree}));
  EXPECT_EQ(box.height, (Extent{64, Extent::Unit::kPixel}));
  EXPECT_EQ(r->survey, "demo");
  EXPECT_EQ(r->release, "dr2");
  EXPECT_EQ(r->image, "t/1_g");
  EXPECT_EQ(r->algorithm, "lupton");
  EXPECT_EQ(r->format, Format::kPng);
  EXPECT_THAT(r->bands, ElementsAre("g", "r", "i"));
  EXPECT_THAT(r->rgb, ElementsAre("i", "r", "g"));
  EXPECT_EQ(r->edges, Edges::kTrim);
  EXPECT_EQ(r->epochs, Epochs::kLatest);
  EXPECT_EQ(r->t_min, 58000);
  EXPECT_EQ(r->t_max, 58484);
  EXPECT_EQ(r->lambda_min, 4e-7);
  EXPECT_EQ(r->lambda_max, 5.5e-7);
  EXPECT_EQ(r->params, (std::map<std::string, std::string>{{"Q", "8"}, {"name", "a=b & c"}}));
}

TEST(Parameters, PlanesComeInTheirOwnOrder) {
  const auto r = made(with(kStamp, "planes", "mask,image,mask"));
  ASSERT_TRUE(r);
  EXPECT_THAT(r->planes, ElementsAre(Plane::kImage, Plane::kMask));
}

TEST(Parameters, DefaultsAreLeftOut) {
  const auto r = made(kStamp);
  ASSERT_TRUE(r);
  EXPECT_EQ(canonical(*r), "survey=demo&ra=150.1&dec=2.2&size=0.016666666666666666deg&format=fits");
  EXPECT_EQ(made({{"survey", "demo"}, {"circle", "150.1 2.2 0.01"}}).transform(canonical),
            "survey=demo&circle=150.1+2.2+0.01&format=fits");
}

/// As VOTable clients write them (DALI 1.1): open ends, exponents, a scalar for a point.
TEST(Parameters, IntervalsHaveOpenEnds) {
  struct {
    const char* text;
    double from, to;
    const char* canonical;
  } const cases[] = {
      {"-Inf 58000", -INFINITY, 58000, "-inf 58000"},
      {"58000 +Inf", 58000, INFINITY, "58000 inf"},
      {"58000 Inf", 58000, INFINITY, "58000 inf"},
      {"-inf +INF", -INFINITY, INFINITY, ""},
      {"-Infinity 58000", -INFINITY, 58000, "-inf 58000"},
      {" 1.5e-2\t+2.5E-2 ", 0.015, 0.025, "0.015 0.025"},
      {"-1 5e-7", -1, 5e-7, "-1 5e-07"},
      {"58000.5", 58000.5, 58000.5, "58000.5 58000.5"},
      {"5/7", 5, 7, "5 7"},
  };
  for (const auto& c : cases) {
    const auto time = made(with(kStamp, "time", c.text));
    ASSERT_TRUE(time) << c.text << ": " << time.error().message;
    EXPECT_EQ(std::pair(time->t_min, time->t_max), std::pair(c.from, c.to)) << c.text;
    EXPECT_EQ(find_parameter("time")->get(*time), c.canonical);
    const auto wavelength = made(with(kStamp, "wavelength", c.text));
    ASSERT_TRUE(wavelength) << c.text;
    EXPECT_EQ(std::pair(wavelength->lambda_min, wavelength->lambda_max), std::pair(c.from, c.to));
    EXPECT_EQ(find_parameter("wavelength")->get(*wavelength), c.canonical);
    EXPECT_EQ(parse_canonical(canonical(*wavelength)), *wavelength);
  }
}

TEST(Parameters, RegionsTakeEveryFormOfANumber) {
  const auto circle = made({{"survey", "a"}, {"circle", "1.501e2 +2.2E0 1.5e-2"}});
  ASSERT_TRUE(circle);
  EXPECT_EQ(circle->stencil, *sky::make_circle(150.1, 2.2, 0.015));
  const auto range = made({{"survey", "a"}, {"range", "-Inf +Inf -2.5e0 +Infinity"}});
  ASSERT_TRUE(range) << range.error().message;
  EXPECT_EQ(range->stencil, *sky::make_range(0, 360, -2.5, 90));
  const auto polygon =
      made({{"survey", "a"}, {"polygon", "1.502E+2 2.2 150.1 22e-1 .15015e3 2.3"}});
  ASSERT_TRUE(polygon);
  EXPECT_EQ(polygon->stencil, *sky::make_polygon({{150.2, 2.2}, {150.1, 2.2}, {150.15, 2.3}}));
}

TEST(Parameters, AnImageWithoutARegionIsTheWholeImage) {
  const auto r = made({{"survey", "a"}, {"image", "x"}});
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_TRUE(wants_whole_image(*r));
  EXPECT_EQ(r->stencil, (sky::Stencil{sky::Range{0, 360, -90, 90}}));
  EXPECT_EQ(canonical(*r), "survey=a&image=x&range=0+360+-90+90&format=fits");
  EXPECT_EQ(parse_canonical(canonical(*r)), *r);
  EXPECT_FALSE(wants_whole_image(*made(with(kStamp, "image", "x"))));
  EXPECT_FALSE(wants_whole_image(*made({{"survey", "a"}, {"range", "0 360 -90 90"}})));
  EXPECT_FALSE(
      wants_whole_image(*made({{"survey", "a"}, {"image", "x"}, {"range", "0 360 -90 89"}})));
}

TEST(Parameters, EveryExampleIsAccepted) {
  for (const auto& row : parameters()) {
    const std::string name(row.name);
    const bool region = name == "circle" || name == "polygon" || name == "range";
    auto given = region ? Given{{"survey", "demo"}} : kStamp;
    if (name == "annotate" || name == "caption") given = with(given, "format", "png");
    if (name == "quality") given = with(given, "format", "jpeg");
    std::erase_if(given, [&](const auto& pair) { return pair.first == name; });
    const auto r = made(with(given, name, std::string(row.example)));
    ASSERT_TRUE(r) << name << ": " << r.error().message;
    EXPECT_EQ(parse_canonical(canonical(*r)), *r) << name;
  }
}

TEST(Parameters, AreFoundByNameInAnyCase) {
  for (const auto& row : parameters()) {
    EXPECT_EQ(find_parameter(upper(row.name)), &row);
    EXPECT_FALSE(row.help.empty());
    EXPECT_EQ(lower(row.name), row.name);
  }
  EXPECT_EQ(find_parameter(""), nullptr);
  EXPECT_EQ(find_parameter("filter"), nullptr);
}

struct Refusal {
  Given given;
  ErrorCode code;
  const char* sentence;
};

TEST(Parameters, EveryRefusalNamesTheValue) {
  const auto usage = ErrorCode::kUsage;
  const auto twice = ErrorCode::kMultiValued;
  const Refusal cases[] = {
      {with(kStamp, "sise", "1arcmin"), usage, "unknown parameter 'sise'; did you mean size?"},
      {with(kStamp, "wavelengths", "x"), usage,
       "unknown parameter 'wavelengths'; did you mean wavelength?"},
      {with(kStamp, "centre", "x"), usage, "unknown parameter 'centre'; use one of survey"},
      {with(kStamp, "ra", "1"), twice, "ra is given twice"},
      {with(kStamp, "RA", "1"), twice, "ra is given twice"},
      {with(with(kStamp, "format", "png"), "format", "png"), twice, "format is given twice"},
      {with(with(kStamp, "param", "Q=8"), "param", "Q=9"), twice, "the parameter Q is given twice"},
      {{{"survey", "a"}, {"circle", "1 2 3"}, {"range", "1 2 3 4"}}, twice, "one region"},
      {{{"ra", "1"}, {"dec", "2"}, {"size", "1deg"}}, usage, "survey is missing"},
      {{{"survey", "a"}}, usage, "the ra is missing"},
      {{{"survey", "a"}, {"ra", "1"}, {"size", "1deg"}}, usage, "the dec is missing"},
      {{{"survey", "a"}, {"ra", "1"}, {"dec", "1"}}, usage, "the size is missing"},
      {with(kStamp, "circle", "1 2 3"), usage, "give either"},
      {{{"survey", "a"}, {"dec", "1"}, {"circle", "1 2 3"}}, usage, "give either"},
      {{{"survey", ""}}, usage, "'' is not a survey id"},
      {{{"survey", "a b"}}, usage, "'a b' is not a survey id"},
      {{{"survey", "a&b"}}, usage, "'a&b' is not a survey id"},
      {{{"survey", "a\xC3\xA9"}}, usage, "is not a survey id"},
      {{{"survey", std::string(513, 'a')}}, usage, "1 to 512"},
      {{{"release", "a\tb"}}, usage, "is not a release"},
      {{{"image", "\"x\""}}, usage, "is not a image id"},
      {{{"algorithm", "a\\b"}}, usage, "is not a algorithm"},
      {{{"ra", "361"}}, usage, "right ascension 361"},
      {{{"ra", "nan"}}, usage, "nan"},
      {{{"dec", "-91"}}, usage, "declination -91"},
      {{{"size", "60"}}, usage, "has no unit"},
      {{{"size", ""}}, usage, "is not a size"},
      {{{"size", "1px,"}}, usage, "is not a size"},
      {{{"size", "1px,2px,3px"}}, usage, "width, height"},
      {{{"size", "-1px"}}, usage, "above zero"},
      {{{"survey", "a"}, {"ra", "1"}, {"dec", "1"}, {"size", "361deg"}}, usage, "361deg"},
      {{{"circle", "1 2"}}, usage, "'1 2' has 2 numbers"},
      {{{"circle", "1 2 x"}}, usage, "'x'"},
      {{{"circle", "1 2 0"}}, usage, "radius 0"},
      {{{"circle", "1 2 nan"}}, usage, "radius nan"},
      {{{"polygon", "1 2 3 4"}}, usage, "at least three"},
      {{{"polygon", "1 2 3 4 5"}}, usage, "5 numbers"},
      {{{"polygon", "1 2 3 4 5 91"}}, usage, "declination 91"},
      {{{"range", "1 2 4 3"}}, usage, "lower declination 4"},
      {{{"range", "1 2 3"}}, usage, "3 numbers"},
      {{{"bands", ""}}, usage, "empty list"},
      {{{"bands", "g,,r"}}, usage, "'' is not a band"},
      {{{"bands", "g h,r"}}, usage, "'g h' is not a band"},
      {{{"planes", ""}}, usage, "planes is empty"},
      {{{"planes", "image,flags"}},
       usage,
       "unknown plane 'flags'; use image, weight, variance, mask"},
      {with(with(kStamp, "planes", "mask"), "format", "png"), usage, "leave planes out"},
      {{{"format", "gif"}}, usage, "unknown format 'gif'; use fits, png, jpeg"},
      {{{"format", ""}}, usage, "unknown format ''"},
      {{{"rgb", "i"}}, usage, "'i' names 1 bands"},
      {{{"pixscale", "3px"}}, usage, "'3px' is no pixel scale"},
      {{{"pixscale", "0arcsec"}}, usage, "'0arcsec'"},
      {{{"north", "down"}}, usage, "north=up"},
      {{{"width", "0"}}, usage, "1 to 65536"},
      {{{"height", "1.5"}}, usage, "'1.5' is no height"},
      {{{"blank_outside", "yes"}}, usage, "use false, true"},
      {{{"polarization", "i"}}, usage, "'i' is no polarization state"},
      {{{"quality", "0"}}, usage, "1 to 100"},
      {{{"annotate", "legend"}}, usage, "unknown mark 'legend'"},
      {{{"rgb", "i,,g"}}, usage, "'' is not a band"},
      {with(with(kStamp, "bands", "g,r"), "rgb", "i,r,g"), usage, "rgb names the band i"},
      {{{"edges", "cut"}}, usage, "unknown rule for edges 'cut'; use pad, trim"},
      {{{"epochs", ""}}, usage, "unknown choice of epochs ''; use best, latest, all"},
      {{{"epochs", "first"}}, usage, "'first'"},
      {{{"time", ""}}, usage, "'' is not a time interval"},
      {{{"time", "1 2 3"}}, usage, "not a time interval"},
      {{{"time", "2 1"}}, usage, "ends before it begins"},
      {{{"time", "nan 1"}}, usage, "'nan' is not a time"},
      {{{"time", "yesterday"}}, usage, "'yesterday' is not a time"},
      {{{"time", "inf inf"}}, usage, "holds no time"},
      {{{"time", "-inf -inf"}}, usage, "holds no time"},
      {{{"wavelength", ""}}, usage, "'' is not a wavelength interval"},
      {{{"wavelength", "1 2 3"}}, usage, "not a wavelength interval"},
      {{{"wavelength", "2e-7 1e-7"}}, usage, "'2e-7 1e-7' ends before it begins"},
      {{{"wavelength", "nan 1"}}, usage, "'nan' is not a wavelength"},
      {{{"wavelength", "1 NaN"}}, usage, "'NaN' is not a wavelength"},
      {{{"wavelength", "green"}}, usage, "'green' is not a wavelength; write metres"},
      {{{"wavelength", "+Inf"}}, usage, "holds no wavelength"},
      {{{"wavelength", "-Inf -Inf"}}, usage, "holds no wavelength"},
      {with(with(kStamp, "wavelength", "1"), "wavelength", "2"), twice,
       "wavelength is given twice"},
      {{{"survey", "a"}, {"image", "x"}, {"ra", "1"}}, usage, "the dec is missing"},
      {{{"param", "Q"}}, usage, "'Q' is not a parameter; write NAME=VALUE"},
      {{{"param", "=8"}}, usage, "'' is not a parameter name"},
  };
  for (const auto& c : cases) {
    const auto r = made(c.given);
    ASSERT_FALSE(r) << c.sentence;
    EXPECT_EQ(r.error().code, c.code) << c.sentence;
    EXPECT_THAT(r.error().message, HasSubstr(c.sentence));
    EXPECT_THAT(r.error().message, testing::Not(HasSubstr("\n")));
  }
}

TEST(Canonical, WhatIsNoneIsRefused) {
  for (const auto* text :
       {"", "survey", "survey=demo", "survey=demo&ra=1&dec=2&size=1px&",
        "survey=%zz&ra=1&dec=2&size=1px", "=demo", "survey=demo&ra=1&dec=2&size=1px&size=1px",
        "survey=demo&ra=1&dec=2&size=1px&x=y", "survey=demo&ra=1&dec=2&size=1px&param=%",
        "survey=demo&&ra=1&dec=2&size=1px"})
    EXPECT_FALSE(parse_canonical(text)) << text;
}

/// Requests with everything in them that a user may write.
class RandomRequests {
 public:
  explicit RandomRequests(unsigned seed) : random_(recorte::test::seed(seed)) {}

  Given next() {
    Given out{{"survey", name()}};
    if (chance(2)) {
      out.emplace_back("ra", number_text(real(0, 360)));
      out.emplace_back("dec", number_text(real(-90, 90)));
      out.emplace_back("size", extent() + (chance(3) ? "," + extent() : ""));
    } else if (chance(3)) {
      out.emplace_back("circle", numbers({real(0, 360), real(-90, 90), real(1e-6, 180)}));
    } else if (chance(2)) {
      out.emplace_back("polygon", polygon());
    } else {
      out.emplace_back("range", numbers({real(0, 360), real(0, 360), real(-90, 0), real(0, 90)}));
    }
    for (const auto* key : {"release", "image", "algorithm"})
      if (chance(3)) out.emplace_back(key, name());
    const auto bands = list(6);
    if (chance(2))
      out.emplace_back("bands", join(bands, ","));
    else if (chance(2))
      out.emplace_back("rgb", join(list(3), ","));
    if (chance(3))
      out.emplace_back("planes", one({"mask", "image,mask", "variance,weight", "image"}));
    else if (chance(2))  // a picture shows the image alone
      out.emplace_back("format", one({"fits", "png"}));
    if (chance(2)) out.emplace_back("edges", one({"pad", "trim"}));
    if (chance(2)) out.emplace_back("epochs", one({"best", "latest", "all"}));
    if (chance(3))
      out.emplace_back("time", one({number_text(real(50000, 60000)), "-inf 58000", "58000.25 inf",
                                    "-inf inf", "2014-02-03T04:05:06.7 2020-01-01"}));
    if (chance(3))
      out.emplace_back("wavelength", one({number_text(real(0, 1e-6)), "-inf 5e-7", "5e-7 inf",
                                          "-inf inf", "-1 1", "4e-7 5.5e-7"}));
    std::set<std::string> keys;
    for (int i = size(4); i > 0; --i) keys.insert(name());
    for (const auto& key : keys)
      if (key.find('=') == key.npos) out.emplace_back("param", key + "=" + text());
    std::shuffle(out.begin(), out.end(), random_);
    return out;
  }

 private:
  bool chance(int of) { return size(of) == 0; }
  int size(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  double real(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }
  std::string one(const std::vector<std::string>& of) {
    return of[static_cast<std::size_t>(size(int(of.size())))];
  }
  std::string extent() {
    return number_text(std::exp(real(-8, 5))) + one({"deg", "arcmin", "arcsec", "px", "px"});
  }
  /// Every character that a name may have but the comma, which parts lists.
  std::string name() {
    std::string out;
    for (int i = 1 + size(12); i > 0; --i) {
      char c = ' ';
      while (c <= ' ' || c == '&' || c == '"' || c == '\\' || c == ',')
        c = static_cast<char>(33 + size(94));
      out += c;
    }
    return out;
  }
  std::vector<std::string> list(int count) {
    std::vector<std::string> out;
    for (int i = 0; i < count; ++i) out.push_back(name());
    return out;
  }
  /// Any bytes, UTF-8 or not.
  std::string text() {
    std::string out;
    for (int i = size(20); i > 0; --i) out += static_cast<char>(size(256));
    return out;
  }
  std::string numbers(const std::vector<double>& of) {
    std::string out;
    for (const double v : of) out += (out.empty() ? "" : " ") + number_text(v);
    return out;
  }
  /// A ring of vertices around a centre, either way round.
  std::string polygon() {
    const double ra = real(20, 340);
    const double dec = real(-60, 60);
    const double turn = chance(2) ? 1 : -1;
    const int corners = 3 + size(8);
    std::vector<double> out;
    for (int i = 0; i < corners; ++i) {
      const double a = turn * 2 * M_PI * i / corners;
      out.push_back(ra + real(1, 8) * std::cos(a));
      out.push_back(dec + real(1, 8) * std::sin(a));
    }
    return numbers(out);
  }
  std::mt19937 random_;
};

TEST(Canonical, ReadsBackToTheSameRequest) {
  RandomRequests requests(20260101);
  int good = 0;
  for (int i = 0; i < 5000; ++i) {
    const auto given = requests.next();
    const auto r = made(given);
    if (!r) continue;
    ++good;
    const auto text = canonical(*r);
    EXPECT_TRUE(std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c < 0x7F; }))
        << text;
    const auto back = parse_canonical(text);
    ASSERT_TRUE(back) << text << "\n" << back.error().message;
    EXPECT_EQ(*back, *r) << text;
    EXPECT_EQ(canonical(*back), text);  // one request, one text
  }
  EXPECT_GT(good, 4900);
}

TEST(Canonical, DoesNotDependOnTheOrderGiven) {
  RandomRequests requests(7);
  std::mt19937 random(8);
  for (int i = 0; i < 300; ++i) {
    auto given = requests.next();
    const auto a = made(given);
    std::shuffle(given.begin(), given.end(), random);
    const auto b = made(given);
    ASSERT_EQ(a.has_value(), b.has_value());
    if (a) {
      EXPECT_EQ(canonical(*a), canonical(*b));
    }
  }
}

TEST(Canonical, AClockwisePolygonStaysMarked) {
  const auto r = made({{"survey", "demo"}, {"polygon", "150.15 2.3 150.1 2.2 150.2 2.2"}});
  ASSERT_TRUE(r);
  EXPECT_TRUE(std::get<sky::Polygon>(r->stencil).reversed);
  EXPECT_EQ(parse_canonical(canonical(*r)), *r);
}

TEST(Parameters, ReferencePageIsCurrent) {
  const auto path = recorte::test::source_tree() / "docs/reference/parameters.md";
  const auto page = read_file(path);
  const auto current = parameters_markdown();
  if (page == current) return;
  const auto fresh = testing::TempDir() + "parameters.md";
  ASSERT_TRUE(write_file(fresh, current));
  FAIL() << path << " is not what the table says: cp " << fresh << " " << path;
}

}  // namespace
}  // namespace recorte::cutout
