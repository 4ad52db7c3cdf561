// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace recorte::http {

bool operator==(const Parameter& a, const Parameter& b) {
  return a.name == b.name && a.value == b.value;
}
void PrintTo(const Parameter& p, std::ostream* out) { *out << p.name << "=" << p.value; }

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The request of a target, or what is wrong with it as its path.
Request target(std::string_view text, std::string method = "GET") {
  Request request;
  request.method = std::move(method);
  const auto taken = take_target(text, request);
  EXPECT_TRUE(taken) << text << ": " << taken.error().message;
  return request;
}

Error target_error(std::string_view text, std::string method = "GET") {
  Request request;
  request.method = std::move(method);
  const auto taken = take_target(text, request);
  EXPECT_FALSE(taken) << text << " became " << request.path;
  return taken ? Error{} : taken.error();
}

TEST(Target, IsSplitIntoPathAndQuery) {
  const auto request = target("/api/v1/cutout?POS=CIRCLE%2010&a=b?c");
  EXPECT_EQ(request.path, "/api/v1/cutout");
  EXPECT_EQ(request.query, "POS=CIRCLE%2010&a=b?c");
  EXPECT_EQ(target("/").path, "/");
  EXPECT_EQ(target("/").query, "");
  EXPECT_EQ(target("/?").query, "");
  EXPECT_EQ(target("/?x").path, "/");
}

TEST(Target, ItsPathIsDecoded) {
  EXPECT_EQ(target("/a%20b%c3%A9").path, "/a b\xC3\xA9");
  EXPECT_EQ(target("/%2561").path, "/%61");
  EXPECT_EQ(target("/a%2Fb").path, "/a/b");
  EXPECT_EQ(target("/a%3Fb").path, "/a?b");
}

TEST(Target, APlusInAPathIsAPlus) { EXPECT_EQ(target("/a+b%2Bc").path, "/a+b+c"); }

TEST(Target, SlashesAreKept) { EXPECT_EQ(target("//a///b/").path, "//a///b/"); }

TEST(Target, ABrokenEscapeIsNamed) {
  for (const auto* text : {"/a%", "/a%2", "/%zz", "/%2g", "/%+1", "/%-1", "/% 1"}) {
    const auto error = target_error(text);
    EXPECT_EQ(error.code, ErrorCode::kUsage) << text;
    EXPECT_THAT(error.message, HasSubstr(text));
  }
}

TEST(Target, ControlCharactersAreRefused) {
  for (const auto* text : {"/a%00", "/a%0Ab", "/%0d", "/%1f", "/%7F", "/a\nb", "/a\tb", "/a\x7F",
                           "/a?b\rc", "/a b", "/a?b c"})
    EXPECT_EQ(target_error(text).code, ErrorCode::kUsage) << text;
  using namespace std::string_literals;
  EXPECT_EQ(target_error("/a\0b"s).code, ErrorCode::kUsage);
}

TEST(Target, AFragmentIsRefused) {
  EXPECT_EQ(target_error("/a#b").code, ErrorCode::kUsage);
  EXPECT_EQ(target_error("/a?b#c").code, ErrorCode::kUsage);
}

TEST(Target, DotSegmentsAreRefusedHoweverWritten) {
  for (const auto* text : {"/..", "/../etc/passwd", "/a/../b", "/a/..", "/a/.", "/./a", "/%2e%2e/b",
                           "/a/%2E./b", "/a%2f..%2fb", "/.", "http://h/../a"})
    EXPECT_EQ(target_error(text).code, ErrorCode::kUsage) << text;
  EXPECT_EQ(target("/.well-known/a..b/...").path, "/.well-known/a..b/...");
  EXPECT_EQ(target("/a?../b").query, "../b");
}

TEST(Target, WhatIsNoPathIsRefused) {
  for (const auto* text : {"", "a", "*", "example.org:443", "?a", "ftp://h/a", "://h/a",
                           "http:///a", "http://", "http://?a", "http://user:word@h/a", "http:/h"})
    EXPECT_EQ(target_error(text).code, ErrorCode::kUsage) << text;
}

TEST(Target, AMessageShowsOnlyPrintableCharacters) {
  const auto error = target_error("/" + std::string(100, '\xFF') + "%0A");
  EXPECT_LT(error.message.size(), 200U);
  for (const char c : error.message) EXPECT_TRUE(c >= ' ' && c <= '~') << error.message;
}

TEST(Target, AnAbsoluteFormGivesItsHost) {
  Request request;
  request.headers.add("Host", "other.example");
  ASSERT_TRUE(take_target("HTTP://cutouts.example.org:8080/a%20b?c=d", request));
  EXPECT_EQ(request.path, "/a b");
  EXPECT_EQ(request.query, "c=d");
  EXPECT_EQ(request.headers.joined("host"), "cutouts.example.org:8080");
  EXPECT_EQ(target("https://h").path, "/");
  EXPECT_EQ(target("http://h?a").path, "/");
  EXPECT_EQ(target("http://h?a=/").query, "a=/");
}

TEST(Target, AStarIsForOptionsAlone) {
  EXPECT_EQ(target("*", "OPTIONS").path, "*");
  EXPECT_EQ(target("*", "OPTIONS").query, "");
  EXPECT_EQ(target("/a", "OPTIONS").path, "/a");
  EXPECT_EQ(target_error("*", "HEAD").code, ErrorCode::kUsage);
}

struct Sent {
  std::string query, type, body;
};

Request request_of(Sent sent) {
  Request request;
  request.query = std::move(sent.query);
  request.body = std::move(sent.body);
  if (!sent.type.empty()) request.headers.add("content-type", std::move(sent.type));
  return request;
}

std::vector<Parameter> taken(Sent sent, std::size_t limit = 100) {
  auto request = request_of(std::move(sent));
  const auto status = take_parameters(limit, request);
  EXPECT_TRUE(status) << status.error().message;
  return request.parameters;
}

Error refused(Sent sent, std::size_t limit = 100) {
  auto request = request_of(std::move(sent));
  const auto status = take_parameters(limit, request);
  EXPECT_FALSE(status);
  return status ? Error{} : status.error();
}

TEST(Parameters, OfAQueryAreDecodedInOrder) {
  EXPECT_THAT(taken({"POS=CIRCLE+10%2B1+2&BAND=g&BAND=r&pos=x", "", ""}),
              ElementsAre(Parameter{"POS", "CIRCLE 10+1 2"}, Parameter{"BAND", "g"},
                          Parameter{"BAND", "r"}, Parameter{"pos", "x"}));
}

TEST(Parameters, NamesAreDecodedToo) {
  EXPECT_THAT(taken({"a%3Db+c=d", "", ""}), ElementsAre(Parameter{"a=b c", "d"}));
}

TEST(Parameters, WithoutAValueOrNameAreKept) {
  EXPECT_THAT(taken({"a&b=&=c&=&d==e", "", ""}),
              ElementsAre(Parameter{"a", ""}, Parameter{"b", ""}, Parameter{"", "c"},
                          Parameter{"", ""}, Parameter{"d", "=e"}));
}

TEST(Parameters, NothingBetweenSeparatorsIsNothing) {
  EXPECT_THAT(taken({"&&a=1&&&b=2&", "", ""}),
              ElementsAre(Parameter{"a", "1"}, Parameter{"b", "2"}));
  EXPECT_THAT(taken({"", "", ""}), IsEmpty());
  EXPECT_THAT(taken({"&", "", ""}), IsEmpty());
}

TEST(Parameters, ASemicolonSeparatesNothing) {
  EXPECT_THAT(taken({"a=1;b=2", "", ""}), ElementsAre(Parameter{"a", "1;b=2"}));
}

TEST(Parameters, AreFoundWithoutCaseAndTheFirstCounts) {
  const auto request = [] {
    auto request = request_of({"pos=1&POS=2", "", ""});
    EXPECT_TRUE(take_parameters(10, request));
    return request;
  }();
  ASSERT_NE(request.parameter("Pos"), nullptr);
  EXPECT_EQ(*request.parameter("Pos"), "1");
  EXPECT_EQ(request.parameter("POS2"), nullptr);
}

TEST(Parameters, ABrokenEscapeIsNamed) {
  for (const auto* query : {"a=%", "a=%4", "a=%4x", "%=1", "a=1&b=%%41"}) {
    const auto error = refused({query, "", ""});
    EXPECT_EQ(error.code, ErrorCode::kUsage);
    EXPECT_THAT(error.message, HasSubstr("%"));
  }
  EXPECT_THAT(refused({"", "application/x-www-form-urlencoded", "x=1&POS=%zz"}).message,
              HasSubstr("'POS=%zz'"));
}

TEST(Parameters, BytesThatAreNoUtf8PassThrough) {
  EXPECT_THAT(taken({"a=%FF%C3&b=%00%0A", "", ""}),
              ElementsAre(Parameter{"a", "\xFF\xC3"}, Parameter{"b", std::string("\0\n", 2)}));
}

TEST(Parameters, OfTheQueryComeBeforeThoseOfTheBody) {
  EXPECT_THAT(taken({"a=q", "application/x-www-form-urlencoded", "b=1+2&a=b%21"}),
              ElementsAre(Parameter{"a", "q"}, Parameter{"b", "1 2"}, Parameter{"a", "b!"}));
}

TEST(Parameters, TheContentTypeIsComparedWithoutCaseOrParameters) {
  for (const auto* type :
       {"APPLICATION/X-www-Form-UrlEncoded", "application/x-www-form-urlencoded; charset=UTF-8",
        " application/x-www-form-urlencoded ;charset=utf-8"})
    EXPECT_THAT(taken({"", type, "a=1"}), ElementsAre(Parameter{"a", "1"})) << type;
}

TEST(Parameters, OtherBodiesHaveNone) {
  for (const auto* type : {"", "application/json", "text/plain", "multipart/mixed; boundary=b",
                           "application/x-www-form-urlencoded2"})
    EXPECT_THAT(taken({"q=1", type, "a=1"}), ElementsAre(Parameter{"q", "1"})) << type;
}

TEST(Parameters, PastTheLimitAreRefused) {
  EXPECT_EQ(taken({"a&b&c", "", ""}, 3).size(), 3U);
  const auto error = refused({"a&b&c&d", "", ""}, 3);
  EXPECT_EQ(error.code, ErrorCode::kTooLarge);
  EXPECT_THAT(error.message, HasSubstr("3"));
  EXPECT_EQ(refused({"a&b", "application/x-www-form-urlencoded", "c&d"}, 3).code,
            ErrorCode::kTooLarge);
  EXPECT_EQ(refused({"a", "", ""}, 0).code, ErrorCode::kTooLarge);
}

constexpr const char* kForm = "multipart/form-data; boundary=XyZ";

/// A part with that Content-Disposition, after its boundary.
std::string part(const std::string& disposition, const std::string& content,
                 const std::string& more = "") {
  return "--XyZ\r\nContent-Disposition: " + disposition + "\r\n" + more + "\r\n" + content + "\r\n";
}

TEST(Multipart, PartsAreParameters) {
  EXPECT_THAT(taken({"q=0", kForm,
                     part("form-data; name=\"POS\"", "CIRCLE 10+1%20 2") +
                         part("form-data; name=\"BAND\"", "g") +
                         part("form-data; name=\"BAND\"", "") + "--XyZ--\r\n"}),
              ElementsAre(Parameter{"q", "0"}, Parameter{"POS", "CIRCLE 10+1%20 2"},
                          Parameter{"BAND", "g"}, Parameter{"BAND", ""}));
}

TEST(Multipart, AFileIsItsContent) {
  const std::string bytes("\0\xFF\r\n", 4);
  EXPECT_THAT(taken({"", kForm,
                     part("form-data; name=\"UPLOAD\"; filename=\"a;b.csv\"", "1,2",
                          "Content-Type: text/csv\r\n") +
                         part("form-data; filename=\"x\"; name=raw", bytes,
                              "Content-Transfer-Encoding: BINARY\r\n") +
                         "--XyZ--"}),
              ElementsAre(Parameter{"UPLOAD", "1,2"}, Parameter{"raw", bytes}));
}

TEST(Multipart, NamesAreUnescapedInOneGo) {
  std::string escaped, name;
  for (int i = 0; i < 200'000; ++i) escaped += "%22%0D%0a%22%", name += "\"\r%0a\"%";
  EXPECT_THAT(taken({"", kForm, part("form-data; name=\"" + escaped + "\"", "1") + "--XyZ--"}),
              ElementsAre(Parameter{name, "1"}));
}

TEST(Multipart, OnlyAWholeBoundaryAtTheBeginOfALineEndsAPart) {
  const std::string near = "x\r\n--Xy\r\n-XyZ\r\nz --XyZ\n--XyZ\r\n\r\n";
  EXPECT_THAT(taken({"", kForm, part("form-data; name=a", near) + "--XyZ--"}),
              ElementsAre(Parameter{"a", near}));
  const auto error = refused({"", kForm, part("form-data; name=a", "x\r\n--XyZ y") + "--XyZ--"});
  EXPECT_THAT(error.message, HasSubstr("follows a boundary"));
}

TEST(Multipart, WhatStandsBeforeAndAfterIsIgnored) {
  const auto parts = part("form-data; name=\"a\"", "1") + "--XyZ--";
  for (const std::string before : {"", "\r\n", "a preamble\r\n", "--Xy\r\n\r\n"})
    for (const std::string after : {"", "\r\n", "\r\nan epilogue\r\n--XyZ\r\n", " \r\n"})
      EXPECT_THAT(taken({"", kForm, before + parts + after}), ElementsAre(Parameter{"a", "1"}))
          << before << after;
}

TEST(Multipart, NoPartsAreNoParameters) {
  EXPECT_THAT(taken({"", kForm, "--XyZ--\r\n"}), IsEmpty());
}

TEST(Multipart, BlanksMayFollowABoundary) {
  EXPECT_THAT(
      taken({"", kForm, "--XyZ \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--XyZ--"}),
      ElementsAre(Parameter{"a", "1"}));
}

TEST(Multipart, APartMayEndWithItsHeaders) {
  EXPECT_THAT(taken({"", kForm,
                     "--XyZ\r\nContent-Disposition: form-data; name=a\r\n\r\n--XyZ\r\n"
                     "Content-Disposition: form-data; name=b\r\n\r\n1\r\n--XyZ--"}),
              ElementsAre(Parameter{"a", ""}, Parameter{"b", "1"}));
}

TEST(Multipart, TheBoundaryIsReadInEveryForm) {
  for (const auto* type :
       {"multipart/form-data; boundary=XyZ", "Multipart/Form-Data;BOUNDARY=\"XyZ\"",
        "multipart/form-data; charset=utf-8; boundary=XyZ", "multipart/form-data ; boundary = XyZ ",
        "multipart/form-data; x=\"a;boundary=no\"; boundary=\"X\\yZ\""})
    EXPECT_THAT(taken({"", type, part("form-data; name=a", "1") + "--XyZ--"}),
                ElementsAre(Parameter{"a", "1"}))
        << type;
  const std::string odd = "'()+_,-./:=? x";
  EXPECT_THAT(taken({"", "multipart/form-data; boundary=\"" + odd + "\"",
                     "--" + odd + "\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--" +
                         odd + "--"}),
              ElementsAre(Parameter{"a", "1"}));
  EXPECT_THAT(taken({"", "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk==",
                     "------WebKitFormBoundary7MA4YWxk==\r\ncontent-disposition:form-data;"
                     "name=\"a\"\r\n\r\n1\r\n------WebKitFormBoundary7MA4YWxk==--\r\n"}),
              ElementsAre(Parameter{"a", "1"}));
}

TEST(Multipart, AMissingBoundaryIsNamed) {
  for (const std::string type :
       {"multipart/form-data", "multipart/form-data;", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"", "multipart/form-data; boundary=\"a",
        "multipart/form-data; boundary=a\"b", "multipart/form-data; boundary=a[b]"}) {
    const auto error = refused({"", type, "--XyZ--"});
    EXPECT_EQ(error.code, ErrorCode::kUsage) << type;
    EXPECT_THAT(error.message, HasSubstr("boundary")) << type;
  }
  const auto with = [](const std::string& boundary) {
    return Sent{"", "multipart/form-data; boundary=\"" + boundary + "\"", "--" + boundary + "--"};
  };
  EXPECT_THAT(taken(with(std::string(70, 'b'))), IsEmpty());
  for (const auto& boundary : {std::string(71, 'b'), std::string("b "), std::string("b[")})
    EXPECT_THAT(refused(with(boundary)).message, HasSubstr("70 characters")) << boundary;
}

TEST(Multipart, NamesAreUnquotedAndUnescaped) {
  const auto named = [](const std::string& disposition) {
    const auto parameters = taken({"", kForm, part(disposition, "1") + "--XyZ--"});
    return parameters.size() == 1 ? parameters[0].name : "?";
  };
  EXPECT_EQ(named("form-data; name=plain"), "plain");
  EXPECT_EQ(named("FORM-DATA; NAME=\"a b\""), "a b");
  EXPECT_EQ(named("form-data; name=\"a\\\"b\\\\c\""), "a\"b\\c");
  EXPECT_EQ(named("form-data; name=\"a%22b%0D%0Ac%25\""), "a\"b\r\nc%25");
  EXPECT_EQ(named("form-data; filename=\"name=no; name=no\"; name=\"yes\""), "yes");
  EXPECT_EQ(named("form-data; filename=\"a\\\"; name=no\"; name=yes"), "yes");
  EXPECT_EQ(named("form-data; name=\"\""), "");
  EXPECT_EQ(named("form-data; name=\"\xC3\xA9\xFF\""), "\xC3\xA9\xFF");
}

TEST(Multipart, APartWithoutANameIsRefused) {
  for (const auto* disposition : {"form-data", "form-data; filename=a", "attachment; name=a",
                                  "form-data; name=\"a", "form-data; name=a\"b", ""}) {
    const auto error = refused({"", kForm, part(disposition, "1") + "--XyZ--"});
    EXPECT_EQ(error.code, ErrorCode::kUsage);
    EXPECT_THAT(error.message, HasSubstr("name")) << disposition;
  }
  EXPECT_THAT(refused({"", kForm, "--XyZ\r\n\r\n1\r\n--XyZ--"}).message, HasSubstr("name"));
}

TEST(Multipart, AnEncodedPartIsRefused) {
  for (const auto* encoding : {"7bit", "8Bit", "binary"})
    EXPECT_EQ(taken({"", kForm,
                     part("form-data; name=a", "1",
                          "Content-Transfer-Encoding: " + std::string(encoding) + "\r\n") +
                         "--XyZ--"})
                  .size(),
              1U);
  for (const auto* encoding : {"base64", "quoted-printable", ""})
    EXPECT_THAT(refused({"", kForm,
                         part("form-data; name=a", "1",
                              "content-transfer-encoding: " + std::string(encoding) + "\r\n") +
                             "--XyZ--"})
                    .message,
                HasSubstr("'" + std::string(encoding) + "'"));
}

TEST(Multipart, ABodyCutShortIsRefusedWhereverItIsCut) {
  const auto whole = part("form-data; name=\"a\"", "1") +
                     part("form-data; name=\"b\"; filename=\"c\"", "2\r\n3") + "--XyZ--";
  ASSERT_EQ(taken({"", kForm, whole}).size(), 2U);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(refused({"", kForm, whole.substr(0, size)}).code, ErrorCode::kUsage) << size;
}

TEST(Multipart, WhatIsMalformedIsRefused) {
  for (const std::string body :
       {"", "x", "--other--", "--XyZjunk\r\n\r\n--XyZ--", "--XyZ\nContent-Disposition: form-data",
        "--XyZ\r\nno header\r\n\r\n1\r\n--XyZ--",
        "--XyZ\r\nContent-Disposition: form-data; name=a\r\n--XyZ--\r\n\r\n--XyZ--"})
    EXPECT_EQ(refused({"", kForm, body}).code, ErrorCode::kUsage) << body;
}

TEST(Multipart, PartsPastTheLimitAreRefused) {
  std::string body;
  for (int i = 0; i < 4; ++i) body += part("form-data; name=a", "1");
  EXPECT_EQ(taken({"", kForm, body + "--XyZ--"}, 4).size(), 4U);
  EXPECT_EQ(refused({"", kForm, body + "--XyZ--"}, 3).code, ErrorCode::kTooLarge);
  EXPECT_EQ(refused({"q", kForm, body + "--XyZ--"}, 4).code, ErrorCode::kTooLarge);
}

TEST(Parameters, NoInputDoesMoreThanFail) {
  std::mt19937 random(11);
  const std::string whole = part("form-data; name=\"a\"; filename=\"b\\\"c\"", "1") +
                            part("form-data; name=\"b\"", "2", "Content-Type: a/b\r\n") +
                            "--XyZ--\r\n";
  for (int i = 0; i < 20'000; ++i) {
    const auto spoiled = [&](std::string text) {
      for (auto n = random() % 4; n > 0 && !text.empty(); --n) {
        const auto at = random() % text.size();
        if (random() % 3 == 0) {
          text.erase(at, random() % 9);
        } else {
          text[at] = "\r\n-\"\\%;=\0\xFF&+/.X"[random() % 15];
        }
      }
      return text;
    };
    auto request = request_of({spoiled("a=%41&b=%42+&c"), spoiled(kForm), spoiled(whole)});
    const auto status = take_parameters(5, request);
    ASSERT_LE(request.parameters.size(), 5U);
    ASSERT_TRUE(status || !status.error().message.empty());
    Request located;
    if (take_target(spoiled("http://a.example/b%20c/d?e=f"), located)) {
      ASSERT_TRUE(located.path.starts_with('/'));
      ASSERT_EQ(located.path.find('\0'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace recorte::http
