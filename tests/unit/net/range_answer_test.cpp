// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/range_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace recorte::net {
namespace {

using Said = RangeAnswer::Outcome;
using testing::HasSubstr;

const RangeAsk kTen{"https://data.example.org/a", 10, 19, "", false, false};
const RangeAsk kOfState{"https://data.example.org/a", 10, 19, "\"a\"", false, false};
const std::string kBytes = "0123456789";

RangeHead head(long status, std::initializer_list<const char*> lines) {
  RangeHead out;
  out.add("HTTP/1.1 206 Partial Content\r\n");
  for (const char* line : lines) out.add(line);
  out.status = status;
  return out;
}

RangeHead good() { return head(206, {"Content-Range: bytes 10-19/100\r\n", "ETag: \"a\"\r\n"}); }

TEST(RangeAnswer, WhatIsRightIsTaken) {
  const auto answer = judge(kOfState, good(), kBytes, "");
  EXPECT_EQ(answer.outcome, Said::kBytes);
  EXPECT_EQ(answer.bytes, kBytes);
  EXPECT_EQ(answer.size, 100);
  EXPECT_EQ(answer.validator, "\"a\"");
  // The end of the file is nearer than what was asked for.
  const auto end = head(206, {"content-range: Bytes 10-14/15", "last-modified: Thu, 1 Jan 2026"});
  EXPECT_EQ(judge(kTen, end, "01234", "").outcome, Said::kBytes);
  EXPECT_EQ(judge(kTen, end, "01234", "").validator, "Thu, 1 Jan 2026");
  // The whole of a small file.
  const RangeAsk first{"", 0, 19, "", false, false};
  EXPECT_EQ(judge(first, head(200, {"ETag: \"a\"", "Content-Length: 10"}), kBytes, "").size, 10);
}

TEST(RangeAnswer, OtherBytesAreRefused) {
  for (const char* range :
       {"bytes 11-20/100", "bytes 10-18/100", "bytes 10-20/100", "bytes 10-19/*", "bytes 10-19/19",
        "items 10-19/100", "bytes 10-19", "10-19/100", "", "bytes -10-19/100", "bytes 19-10/100"}) {
    const auto line = std::string("Content-Range: ") + range;
    const auto answer = judge(kTen, head(206, {line.c_str(), "ETag: \"a\""}), kBytes, "");
    EXPECT_EQ(answer.outcome, Said::kRefused) << range;
    EXPECT_THAT(answer.why, HasSubstr("other bytes")) << range;
  }
  EXPECT_EQ(judge(kTen, good(), "012345678", "").outcome, Said::kLater);
  EXPECT_EQ(judge(kTen, good(), "01234567890", "").outcome, Said::kLater);
  EXPECT_EQ(judge(kTen, good(), kBytes, "it broke").outcome, Said::kLater);
}

TEST(RangeAnswer, WithoutAStateNothingIsTaken) {
  EXPECT_EQ(judge(kTen, head(206, {"Content-Range: bytes 10-19/100"}), kBytes, "").outcome,
            Said::kRefused);
  EXPECT_EQ(
      judge(kTen, head(206, {"Content-Range: bytes 10-19/100", "ETag: \"a\x01\""}), kBytes, "")
          .outcome,
      Said::kRefused);
}

TEST(RangeAnswer, AnotherStateIsNoticed) {
  auto other = good();
  other.etag = "\"b\"";
  EXPECT_EQ(judge(kOfState, other, kBytes, "").outcome, Said::kChanged);
  EXPECT_EQ(judge(kOfState, head(412, {}), "", "").outcome, Said::kChanged);
  EXPECT_EQ(judge(kOfState, head(416, {}), "", "").outcome, Said::kChanged);
  auto unless = kOfState;
  unless.unless = true;
  EXPECT_EQ(judge(unless, other, kBytes, "").outcome, Said::kBytes);
  EXPECT_EQ(judge(unless, head(304, {}), "", "").outcome, Said::kUnchanged);
  EXPECT_EQ(judge(kOfState, head(304, {}), "", "").outcome, Said::kRefused);
}

TEST(RangeAnswer, PackedBytesAreRefused) {
  for (const char* coding : {"gzip", "br", "identity, gzip"}) {
    auto packed = good();
    packed.content_encoding = coding;
    EXPECT_EQ(judge(kTen, packed, kBytes, "").outcome, Said::kRefused) << coding;
  }
}

TEST(RangeAnswer, StatusesMeanWhatTheyMean) {
  const auto of = [](long status) { return judge(kTen, head(status, {}), "", "").outcome; };
  for (const long status : {408, 429, 500, 502, 503, 504})
    EXPECT_EQ(of(status), Said::kLater) << status;
  for (const long status : {204, 301, 400, 401, 403, 501})
    EXPECT_EQ(of(status), Said::kRefused) << status;
  EXPECT_EQ(of(404), Said::kMissing);
  EXPECT_EQ(of(410), Said::kMissing);
  EXPECT_EQ(judge(kTen, head(302, {"Location: /b"}), "", "").location, "/b");
  EXPECT_EQ(judge(kTen, {}, "", "no connection").outcome, Said::kLater);
  // A whole file where a part was asked for.
  EXPECT_EQ(judge(kTen, head(200, {"ETag: \"a\"", "Content-Length: 10"}), kBytes, "").outcome,
            Said::kRefused);
}

TEST(RangeAnswer, TheLastOfSeveralHeadsCounts) {
  auto two = good();
  two.add("HTTP/1.1 206 Partial Content");
  EXPECT_EQ(two.etag, "");
}

}  // namespace
}  // namespace recorte::net
