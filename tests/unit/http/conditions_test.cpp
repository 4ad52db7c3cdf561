// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/response.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace recorte::http {
namespace {

using testing::HasSubstr;
using Pieces = std::vector<Piece>;

/// Says what is in a body, file ranges as {offset+size}.
std::string shown(const Body& body) {
  if (std::holds_alternative<std::unique_ptr<Stream>>(body)) return "a stream";
  if (const auto* range = std::get_if<SourceRange>(&body))
    return "<" + std::to_string(range->offset) + "+" + std::to_string(range->size) + ">";
  std::string out;
  for (const auto& piece : std::get<Pieces>(body)) {
    if (const auto* text = std::get_if<Text>(&piece)) {
      out += text->bytes->substr(static_cast<std::size_t>(text->offset),
                                 static_cast<std::size_t>(text->size));
    } else {
      const auto& range = std::get<FileRange>(piece);
      out += "{" + std::to_string(range.offset) + "+" + std::to_string(range.size) + "}";
    }
  }
  return out;
}

std::string field(const Response& response, std::string_view name) {
  return response.headers.joined(name).value_or("(none)");
}

Request get(std::initializer_list<std::pair<std::string, std::string>> headers,
            std::string method = "GET") {
  Request request;
  request.method = std::move(method);
  for (const auto& [name, value] : headers) request.headers.add(name, value);
  return request;
}

/// Ten bytes, "0123456789", with a strong tag and a date.
Response digits() {
  auto response = text_response(200, "text/plain", "0123456789");
  response.headers.add("ETag", "\"v1\"");
  response.headers.add("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT");
  response.headers.add("Content-Disposition", "attachment");
  response.headers.add("Cache-Control", "max-age=60");
  return response;
}

Response answer(const Request& request, Response response = digits()) {
  apply_conditions(request, response);
  return response;
}

TEST(Conditions, AnAnswerWithoutConditionsIsWholeAndSaysThatRangesWork) {
  const auto response = answer(get({}));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(shown(response.body), "0123456789");
  EXPECT_EQ(field(response, "Accept-Ranges"), "bytes");
  EXPECT_EQ(field(response, "Content-Range"), "(none)");
}

TEST(Conditions, AKnownTagIsNotSentAgain) {
  const auto response = answer(get({{"if-none-match", "\"v1\""}}));
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(shown(response.body), "");
  EXPECT_EQ(field(response, "ETag"), "\"v1\"");
  EXPECT_EQ(field(response, "Cache-Control"), "max-age=60");
  EXPECT_EQ(field(response, "Last-Modified"), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(field(response, "Content-Type"), "(none)");
  EXPECT_EQ(field(response, "Content-Disposition"), "(none)");
}

TEST(Conditions, A304KeepsItsContentLocation) {
  auto response = digits();
  response.headers.add("Content-Location", "/there");
  EXPECT_EQ(field(answer(get({{"If-None-Match", "*"}}), std::move(response)), "Content-Location"),
            "/there");
}

TEST(Conditions, AWeakTagMatches) {
  EXPECT_EQ(answer(get({{"If-None-Match", "W/\"v1\""}})).status, 304);
  auto weak = digits();
  weak.headers.set("ETag", "W/\"v1\"");
  EXPECT_EQ(answer(get({{"If-None-Match", "\"v1\""}}), std::move(weak)).status, 304);
}

TEST(Conditions, OneTagOfAListMatches) {
  EXPECT_EQ(answer(get({{"If-None-Match", "\"a\", W/\"b,c\" ,\"v1\""}})).status, 304);
  EXPECT_EQ(answer(get({{"If-None-Match", "\"a\""}, {"If-None-Match", "\"v1\""}})).status, 304);
  EXPECT_EQ(answer(get({{"If-None-Match", "\"a\", \"b\""}})).status, 200);
}

TEST(Conditions, ATagIsComparedWhole) {
  for (const auto* tags : {"\"v\"", "\"v11\"", "v1", "\"V1\"", "\"", "\"v1", "", "\"a,\"v1\""})
    EXPECT_EQ(answer(get({{"If-None-Match", tags}})).status, 200) << tags;
}

TEST(Conditions, AStarMatchesWhateverIsThere) {
  EXPECT_EQ(answer(get({{"If-None-Match", " * "}})).status, 304);
  EXPECT_EQ(answer(get({{"If-None-Match", "*"}}), text_response(200, "text/plain", "x")).status,
            304);
}

TEST(Conditions, AnAnswerWithoutATagMatchesNoTag) {
  const auto response =
      answer(get({{"If-None-Match", "\"\""}}), text_response(200, "text/plain", "x"));
  EXPECT_EQ(response.status, 200);
}

TEST(Conditions, AKnownTagGoesBeforeARange) {
  EXPECT_EQ(answer(get({{"If-None-Match", "\"v1\""}, {"Range", "bytes=0-1"}})).status, 304);
  EXPECT_EQ(answer(get({{"If-None-Match", "\"v0\""}, {"Range", "bytes=0-1"}})).status, 206);
}

struct Range {
  const char *asked, *body, *range;
};

TEST(Conditions, ARangeIsCutOut) {
  for (const auto& [asked, body, range] :
       {Range{"bytes=0-0", "0", "bytes 0-0/10"}, Range{"bytes=2-4", "234", "bytes 2-4/10"},
        Range{"bytes=7-", "789", "bytes 7-9/10"}, Range{"bytes=-2", "89", "bytes 8-9/10"},
        Range{"bytes=-99", "0123456789", "bytes 0-9/10"}, Range{"bytes=8-99", "89", "bytes 8-9/10"},
        Range{"bytes=9-9", "9", "bytes 9-9/10"}, Range{"bytes=0-", "0123456789", "bytes 0-9/10"},
        Range{"BYTES=1-1", "1", "bytes 1-1/10"}, Range{"bytes= 1-1 ", "1", "bytes 1-1/10"},
        Range{"bytes=9-99999999999999999999999", "9", "bytes 9-9/10"},
        Range{"bytes=9-9223372036854775807", "9", "bytes 9-9/10"},
        Range{"bytes=-99999999999999999999999", "0123456789", "bytes 0-9/10"}}) {
    const auto response = answer(get({{"Range", asked}}));
    EXPECT_EQ(response.status, 206) << asked;
    EXPECT_EQ(shown(response.body), body) << asked;
    EXPECT_EQ(field(response, "Content-Range"), range) << asked;
    EXPECT_EQ(field(response, "ETag"), "\"v1\"");
    EXPECT_EQ(field(response, "Content-Type"), "text/plain");
    EXPECT_EQ(field(response, "Accept-Ranges"), "bytes");
  }
}

TEST(Conditions, ARangeOutsideIsRefusedWithTheLength) {
  for (const auto* asked :
       {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999-"}) {
    auto whole = digits();
    whole.notes.survey = "des_dr2";
    const auto response = answer(get({{"Range", asked}}), std::move(whole));
    EXPECT_EQ(response.status, 416) << asked;
    EXPECT_EQ(field(response, "Content-Range"), "bytes */10") << asked;
    EXPECT_EQ(field(response, "Cache-Control"), "(none)");
    EXPECT_EQ(field(response, "ETag"), "(none)");
    EXPECT_EQ(field(response, "Content-Disposition"), "(none)");
    EXPECT_THAT(shown(response.body), HasSubstr(asked));
    EXPECT_EQ(response.notes.survey, "des_dr2");
  }
}

TEST(Conditions, AMalformedRangeDoesNotCount) {
  for (const auto* asked :
       {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=4-2", "bytes=1", "bytes=1-2x",
        "bytes=--1", "bytes=1--2", "bytes=+1-2", "bytes=1 - 2", "bytes =1-2", "octets=1-2",
        "bytes=0x1-2", "1-2", "=1-2", "bytes:1-2"}) {
    const auto response = answer(get({{"Range", asked}}));
    EXPECT_EQ(response.status, 200) << asked;
    EXPECT_EQ(shown(response.body), "0123456789") << asked;
  }
}

TEST(Conditions, SeveralRangesGetTheWhole) {
  for (const auto* asked : {"bytes=0-1,4-5", "bytes=0-1, -1", "bytes=-1,0-1", "bytes=0-,5-"})
    EXPECT_EQ(answer(get({{"Range", asked}})).status, 200) << asked;
  EXPECT_EQ(answer(get({{"Range", "bytes=0-1"}, {"Range", "bytes=4-5"}})).status, 200);
}

TEST(Conditions, AnEmptyAnswerHasNoRange) {
  const auto empty = [] { return text_response(200, "text/plain", ""); };
  EXPECT_EQ(answer(get({{"Range", "bytes=-5"}}), empty()).status, 200);
  const auto response = answer(get({{"Range", "bytes=0-"}}), empty());
  EXPECT_EQ(response.status, 416);
  EXPECT_EQ(field(response, "Content-Range"), "bytes */0");
}

TEST(Conditions, ARangeOfAnotherVersionGetsTheWhole) {
  const auto with = [](const char* if_range) {
    return answer(get({{"Range", "bytes=0-1"}, {"If-Range", if_range}})).status;
  };
  EXPECT_EQ(with("\"v1\""), 206);
  EXPECT_EQ(with("\"v2\""), 200);
  EXPECT_EQ(with("W/\"v1\""), 200);
  EXPECT_EQ(with("Sun, 06 Nov 1994 08:49:37 GMT"), 206);
  EXPECT_EQ(with("Sun, 06 Nov 1994 08:49:38 GMT"), 200);
  EXPECT_EQ(with(""), 200);
  EXPECT_EQ(with("*"), 200);
}

TEST(Conditions, AWeakTagIsNoGroundForARange) {
  auto weak = digits();
  weak.headers.set("ETag", "W/\"v1\"");
  EXPECT_EQ(answer(get({{"Range", "bytes=0-1"}, {"If-Range", "W/\"v1\""}}), std::move(weak)).status,
            200);
  EXPECT_EQ(answer(get({{"Range", "bytes=0-1"}, {"If-Range", "\"v1\""}}),
                   text_response(200, "text/plain", "0123"))
                .status,
            200);
}

TEST(Conditions, AnOutdatedVersionIsNeverRefused) {
  EXPECT_EQ(answer(get({{"Range", "bytes=99-"}, {"If-Range", "\"v2\""}})).status, 200);
}

TEST(Conditions, HeadIgnoresARangeAndKnowsTags) {
  const auto response = answer(get({{"Range", "bytes=0-1"}}, "HEAD"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(shown(response.body), "0123456789");
  EXPECT_EQ(field(response, "Accept-Ranges"), "bytes");
  EXPECT_EQ(answer(get({{"If-None-Match", "\"v1\""}}, "HEAD")).status, 304);
}

TEST(Conditions, OtherMethodsAndStatusesAreLeftAlone) {
  const auto post = answer(get({{"Range", "bytes=0-1"}, {"If-None-Match", "\"v1\""}}, "POST"));
  EXPECT_EQ(post.status, 200);
  EXPECT_EQ(field(post, "Accept-Ranges"), "(none)");
  auto missing = digits();
  missing.status = 404;
  const auto response =
      answer(get({{"Range", "bytes=0-1"}, {"If-None-Match", "*"}}), std::move(missing));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(shown(response.body), "0123456789");
}

struct Endless : Stream {
  Result<State> next(Piece&, const std::function<void()>&) override { return State::kLater; }
};

TEST(Conditions, AStreamHasNoRangeButMayHaveATag) {
  const auto stream = [] {
    Response response;
    response.headers.add("ETag", "\"v1\"");
    response.body = std::make_unique<Endless>();
    return response;
  };
  const auto whole = answer(get({{"Range", "bytes=0-1"}}), stream());
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(shown(whole.body), "a stream");
  EXPECT_EQ(field(whole, "Accept-Ranges"), "(none)");
  const auto known = answer(get({{"If-None-Match", "\"v1\""}}), stream());
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(shown(known.body), "");
}

struct Empty : Source {
  std::int64_t size() const override { return 1000; }
  Result<Piece> at(std::int64_t) const override { return text_piece(""); }
};

TEST(Conditions, ASourceHasRangesAndTagsLikeAnyKnownBody) {
  const auto source = [] {
    Response response;
    response.headers.add("ETag", "\"v1\"");
    response.body = SourceRange{std::make_shared<Empty>(), 100, 900};
    return response;
  };
  const auto whole = answer(get({}), source());
  EXPECT_EQ(shown(whole.body), "<100+900>");
  EXPECT_EQ(field(whole, "Accept-Ranges"), "bytes");
  const auto part = answer(get({{"Range", "bytes=10-19"}, {"If-Range", "\"v1\""}}), source());
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(shown(part.body), "<110+10>");
  EXPECT_EQ(field(part, "Content-Range"), "bytes 10-19/900");
  EXPECT_EQ(shown(answer(get({{"Range", "bytes=-5"}}), source()).body), "<995+5>");
  EXPECT_EQ(answer(get({{"Range", "bytes=0-1"}, {"If-Range", "\"v0\""}}), source()).status, 200);
  EXPECT_EQ(answer(get({{"Range", "bytes=900-"}}), source()).status, 416);
  EXPECT_EQ(answer(get({{"If-None-Match", "\"v1\""}}), source()).status, 304);
}

/// "abcd", six bytes of a file from its hundredth, nothing, "efgh": fourteen bytes.
Response mixed() {
  Response response;
  const auto file = std::make_shared<const Fd>(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  response.body = Pieces{text_piece("abcd"), FileRange{file, 100, 6}, text_piece(""),
                         Text{std::make_shared<const std::string>("--efgh--"), 2, 4}};
  return response;
}

TEST(Conditions, PiecesAreCutToTheRange) {
  for (const auto& [asked, body, range] : {Range{"bytes=0-13", "abcd{100+6}efgh", "bytes 0-13/14"},
                                           Range{"bytes=2-11", "cd{100+6}ef", "bytes 2-11/14"},
                                           Range{"bytes=5-6", "{101+2}", "bytes 5-6/14"},
                                           Range{"bytes=3-4", "d{100+1}", "bytes 3-4/14"},
                                           Range{"bytes=4-9", "{100+6}", "bytes 4-9/14"},
                                           Range{"bytes=-5", "{105+1}efgh", "bytes 9-13/14"},
                                           Range{"bytes=11-12", "fg", "bytes 11-12/14"}}) {
    const auto response = answer(get({{"Range", asked}}), mixed());
    EXPECT_EQ(response.status, 206) << asked;
    EXPECT_EQ(shown(response.body), body) << asked;
    EXPECT_EQ(field(response, "Content-Range"), range) << asked;
  }
}

TEST(Conditions, AFileLargerThanAnyIntIsCutRight) {
  Response response;
  const std::int64_t size = std::int64_t{1} << 62;
  response.body = Pieces{FileRange{std::make_shared<const Fd>(), 0, size}};
  response = answer(get({{"Range", "bytes=4611686018427387903-"}}), std::move(response));
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(shown(response.body), "{4611686018427387903+1}");
}

TEST(Conditions, ARangeOfEveryFirstAndLastIsThatPartOfTheWhole) {
  const std::string whole = "0123456789";
  for (std::size_t first = 0; first < whole.size(); ++first)
    for (auto last = first; last < whole.size(); ++last) {
      Response response;
      response.body = Pieces{text_piece("012"), text_piece("3"), text_piece("456789")};
      const auto asked = "bytes=" + std::to_string(first) + "-" + std::to_string(last);
      EXPECT_EQ(shown(answer(get({{"Range", asked}}), std::move(response)).body),
                whole.substr(first, last - first + 1));
    }
}

TEST(Conditions, NoHeaderOfAClientBreaksAnAnswer) {
  std::mt19937 random(5);
  const std::string alphabet = "bytes=-,0123456789\"W/v1* \xFF";
  for (int i = 0; i < 20'000; ++i) {
    const auto noise = [&](std::string text) {
      for (auto n = random() % 12; n > 0; --n) text += alphabet[random() % alphabet.size()];
      return text;
    };
    const auto response = answer(get({{"Range", noise("bytes=")},
                                      {"If-Range", noise(random() % 2 == 0 ? "\"v1\"" : "")},
                                      {"If-None-Match", noise("")}}),
                                 mixed());
    ASSERT_TRUE(response.status == 200 || response.status == 206 || response.status == 304 ||
                response.status == 416)
        << response.status;
    ASSERT_EQ(response.status == 206 || response.status == 416,
              response.headers.find("Content-Range") != nullptr);
  }
}

TEST(Response, TextHasItsTypeAndBytes) {
  const auto response = text_response(404, "text/plain; charset=utf-8", "no such thing");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(field(response, "content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(shown(response.body), "no such thing");
  EXPECT_TRUE(std::get<Pieces>(text_response(200, "text/plain", "").body).empty());
}

TEST(Response, SeeOtherPointsToItsLocation) {
  const auto response = see_other("https://example.org/jobs/1");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(field(response, "Location"), "https://example.org/jobs/1");
  EXPECT_EQ(shown(response.body), "");
}

TEST(Headers, NamesAreComparedWithoutCase) {
  Headers headers;
  headers.add("Accept", "a");
  headers.add("ACCEPT", "b");
  headers.add("Accept-Language", "en");
  ASSERT_NE(headers.find("accept"), nullptr);
  EXPECT_EQ(*headers.find("accept"), "a");
  EXPECT_EQ(headers.joined("aCCept"), "a, b");
  EXPECT_EQ(headers.find("Host"), nullptr);
  EXPECT_EQ(headers.joined("Host"), std::nullopt);
}

TEST(Headers, SetReplacesEveryFieldOfThatName) {
  Headers headers;
  headers.add("Vary", "a");
  headers.add("ETag", "\"x\"");
  headers.add("vary", "b");
  headers.set("VARY", "c");
  EXPECT_EQ(headers.joined("Vary"), "c");
  EXPECT_EQ(headers.joined("ETag"), "\"x\"");
  EXPECT_EQ(std::distance(headers.begin(), headers.end()), 2);
}

TEST(Headers, AnEmptyValueIsAValue) {
  Headers headers;
  headers.add("Accept", "");
  headers.add("Accept", "b");
  EXPECT_EQ(headers.joined("Accept"), ", b");
}

}  // namespace
}  // namespace recorte::http
