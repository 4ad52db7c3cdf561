// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/head.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace recorte::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string head(Response response, HeadFacts facts = {}) { return head_text(response, facts); }

Response with(std::string name, std::string value, int status = 200) {
  Response response;
  response.status = status;
  response.headers.add(std::move(name), std::move(value));
  return response;
}

TEST(Head, HasStatusFieldsAndAnEmptyLine) {
  HeadFacts facts;
  facts.length = 5;
  facts.id = "0123456789abcdef";
  facts.traceparent = "00-aa-bb-00";
  const auto text = head(with("Content-Type", "text/plain", 404), facts);
  EXPECT_THAT(text, StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nContent-Type: text/plain\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nContent-Length: 5\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nX-Request-Id: 0123456789abcdef\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\ntraceparent: 00-aa-bb-00\r\n"));
  EXPECT_THAT(text, HasSubstr(" GMT\r\n"));
  EXPECT_THAT(text, EndsWith("\r\n\r\n"));
  EXPECT_EQ(text.find("\r\n\r\n"), text.size() - 4);
}

TEST(Head, SaysWhatBecomesOfTheConnection) {
  HeadFacts facts;
  EXPECT_THAT(head({}, facts), Not(HasSubstr("Connection")));
  facts.said_so = true;
  EXPECT_THAT(head({}, facts), HasSubstr("\r\nConnection: keep-alive\r\n"));
  facts.keep_alive = false;
  EXPECT_THAT(head({}, facts), HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Head, AChunkedBodyHasNoLength) {
  HeadFacts facts;
  facts.chunked = true;
  const auto text = head({}, facts);
  EXPECT_THAT(text, HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("Content-Length")));
}

TEST(Head, AValueBeginsNoLineOfItsOwn) {
  using namespace std::string_literals;
  const auto text = head(with("Location", "/a\r\nSet-Cookie: b=c\r\n\r\n<html>\n\0\x1b\x7f"s));
  EXPECT_THAT(text, HasSubstr("\r\nLocation: /a  Set-Cookie: b=c    <html>    \r\n"));
  EXPECT_EQ(text.find("\r\n\r\n"), text.size() - 4);
  EXPECT_EQ(std::ranges::count(text, '\n'), std::ranges::count(text, '\r'));
}

TEST(Head, ANameThatIsNoneIsLeftOut) {
  for (const auto* name : {"", "A B", "A:", "A\r\nB", "\xc3\xa9"})
    EXPECT_THAT(head(with(name, "value")), Not(HasSubstr("value"))) << name;
  EXPECT_THAT(head(with("ETag", "\"a\tb\xc3\xa9\"")), HasSubstr("\r\nETag: \"a\tb\xc3\xa9\"\r\n"));
}

TEST(Head, FieldsOfTheEdgeAreItsOwn) {
  for (const auto* name : {"content-length", "Transfer-Encoding", "CONNECTION", "Date", "Server",
                           "Keep-Alive", "Upgrade", "X-Request-Id", "Traceparent"})
    EXPECT_THAT(head(with(name, "forged")), Not(HasSubstr("forged"))) << name;
}

TEST(Head, AnUnknownStatusHasNoReason) {
  Response response;
  response.status = 299;
  EXPECT_THAT(head(std::move(response)), StartsWith("HTTP/1.1 299 \r\n"));
}

TEST(Head, SomeStatusesHaveNoBody) {
  EXPECT_TRUE(bodiless(204));
  EXPECT_TRUE(bodiless(304));
  EXPECT_TRUE(bodiless(101));
  EXPECT_FALSE(bodiless(200));
  EXPECT_FALSE(bodiless(404));
}

TEST(Head, DatesAreThoseOfHttp) {
  EXPECT_EQ(http_date(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(1'709'164'800), "Thu, 29 Feb 2024 00:00:00 GMT");
}

}  // namespace
}  // namespace recorte::http
