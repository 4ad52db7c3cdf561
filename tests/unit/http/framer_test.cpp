// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/framer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace recorte::http {
namespace {

using testing::HasSubstr;

/// Reads requests out of pieces as a connection does: a framer for each, the rest to the next.
class Framing : public testing::Test {
 protected:
  void feed(std::string_view bytes) {
    while (!bytes.empty() && state != Framer::State::kBroken) {
      if (!framer) framer = std::make_unique<Framer>(limits, Share(used, limits.bodies));
      bytes.remove_prefix(framer->feed(bytes));
      state = framer->state();
      if (state != Framer::State::kWhole) continue;
      whole.push_back(framer->take());
      framer.reset();
    }
  }
  /// The refusal of a request; status 0 where there is none.
  Refusal refusal(std::string_view text) {
    framer.reset();
    whole.clear();
    state = Framer::State::kHead;
    feed(text);
    return state == Framer::State::kBroken ? framer->refusal() : Refusal{0, ""};
  }
  /// ... of one with these lines after its first, a Host among them.
  int status(std::string_view lines) {
    return refusal("POST / HTTP/1.1\r\nHost: a\r\n" + std::string(lines) + "\r\n").status;
  }

  Limits limits;
  std::atomic<std::size_t> used = 0;
  std::unique_ptr<Framer> framer;
  Framer::State state = Framer::State::kHead;
  std::vector<Framed> whole;
};

TEST_F(Framing, TwoRequestsAreReadWhereverTheyAreSplit) {
  const std::string text =
      "POST /first?a=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX: y\r\n\r\nhello"
      "POST /second HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;name=\"v\"\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";
  for (std::size_t a = 0; a <= text.size(); ++a)
    for (std::size_t b = a; b <= text.size(); b += 1 + (b - a) / 4) {
      whole.clear();
      feed(std::string_view(text).substr(0, a));
      feed(std::string_view(text).substr(a, b - a));
      feed(std::string_view(text).substr(b));
      ASSERT_EQ(whole.size(), 2U) << a << " " << b;
      ASSERT_FALSE(framer) << a << " " << b;
      ASSERT_EQ(whole[0].target, "/first?a=1");
      ASSERT_EQ(whole[0].body, "hello");
      ASSERT_EQ(*whole[0].headers.find("x"), "y");
      ASSERT_EQ(whole[1].target, "/second");
      ASSERT_EQ(whole[1].body, "abc0123456789");
      ASSERT_FALSE(whole[1].headers.find("Trailer"));
    }
}

TEST_F(Framing, ARequestMayComeByteByByte) {
  for (const char c : std::string("PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                  "00002\r\nhi\r\n0\r\n\r\n"))
    feed({&c, 1});
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_EQ(whole[0].method, "PUT");
  EXPECT_EQ(whole[0].body, "hi");
}

TEST_F(Framing, ABodyOfNoChunksMayComeByteByByteToo) {
  for (const std::string end : {"0\r\n\r\n", "00;x\r\nTrailer: t\r\n\r\n"}) {
    whole.clear();
    for (const char c : "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + end)
      feed({&c, 1});
    ASSERT_EQ(whole.size(), 1U) << end;
    EXPECT_EQ(whole[0].body, "");
  }
}

TEST_F(Framing, TheLastChunkMayComeWithTheHead) {
  feed("PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
  feed("\r");
  feed("\n");
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_EQ(whole[0].body, "");
}

TEST_F(Framing, FieldsAreKeptInOrderAndRepeated) {
  feed("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB:  2 \r\na: 3\r\n\r\n");
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_EQ(whole[0].headers.joined("A"), "1, 3");
  EXPECT_EQ(*whole[0].headers.find("B"), "2");
}

TEST_F(Framing, TheVersionSaysWhetherTheConnectionIsKept) {
  feed(
      "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n");
  feed("GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  ASSERT_EQ(whole.size(), 4U);
  EXPECT_TRUE(whole[0].keep_alive);
  EXPECT_FALSE(whole[1].keep_alive);
  EXPECT_FALSE(whole[2].keep_alive);
  EXPECT_TRUE(whole[3].keep_alive);
  EXPECT_EQ(whole[1].minor, 1);
  EXPECT_EQ(whole[2].minor, 0);
}

TEST_F(Framing, AnEndOnWhichReadersCouldDisagreeIsRefused) {
  EXPECT_EQ(status("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400);
  EXPECT_EQ(status("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400);
  EXPECT_EQ(status("Content-Length: 5\r\nContent-Length: 5\r\n"), 400);
  EXPECT_EQ(status("Content-Length: 5\r\nContent-Length: 6\r\n"), 400);
  for (const auto* value : {"5, 5", "+5", "-1", "0x5", "5 5", "", "5\v", "99999999999999999999"})
    EXPECT_EQ(status("Content-Length: " + std::string(value) + "\r\n"), 400) << value;
  EXPECT_EQ(status("Content-Length : 5\r\n"), 400);
  EXPECT_EQ(status("Transfer-Encoding : chunked\r\n"), 400);
  for (const auto* value : {"gzip", "gzip, chunked", "identity", "xchunked", "chunked, identity"})
    EXPECT_EQ(status("Transfer-Encoding: " + std::string(value) + "\r\n"), 501) << value;
  for (const auto* value : {"chunked, chunked", "chunked\v", "\"chunked\""})
    EXPECT_NE(status("Transfer-Encoding: " + std::string(value) + "\r\n"), 0) << value;
  EXPECT_NE(status("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 0);
  EXPECT_EQ(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").status, 400);
  // As they were meant.
  EXPECT_EQ(status("Content-Length: 0\r\n"), 0);
  EXPECT_EQ(status("Transfer-Encoding: Chunked\r\n"), 0);
}

TEST_F(Framing, ABrokenChunkIsRefused) {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const auto* chunks :
       {"g\r\nab\r\n0\r\n\r\n", "-1\r\n", "+1\r\na\r\n", "0x1\r\na\r\n\r\n", "1 \r\na\r\n",
        "\r\n0\r\n\r\n", "1\r\nab\r\n0\r\n\r\n", "1\nab\n0\n\r\n", "fffffffffffffffff\r\n",
        "1;\x01\r\na\r\n", "0\r\nbad trailer\r\n\r\n"})
    EXPECT_EQ(refusal(head + chunks).status / 100, 4) << chunks;
}

TEST_F(Framing, AMalformedHeadIsRefused) {
  for (const auto* head :
       {"GET /\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n: v\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n",
        "\x16\x03\x01\x02\x01\xfc\x03\x03\r\n\r\n"}) {
    const auto why = refusal(head);
    EXPECT_EQ(why.status, 400) << head;
    EXPECT_THAT(why.message, testing::EndsWith(".")) << head;
  }
  using namespace std::string_view_literals;
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nA: b\0c\r\n\r\n"sv).status, 400);
  EXPECT_NE(refusal("GET / HTTP/1.1\nHost: a\n\n").status, 0);
  EXPECT_NE(refusal("GET / HTTP/1.1 \r\nHost: a\r\n\r\n").status, 0);
  EXPECT_EQ(refusal("GET / HTTP/2.0\r\nHost: a\r\n\r\n").status, 505);
}

TEST_F(Framing, OneHostIsNeeded) {
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n").status, 400);
  EXPECT_THAT(refusal("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n").message, HasSubstr("has 2"));
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n").status, 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a b\r\n\r\n").status, 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n").status, 0);
  EXPECT_EQ(refusal("GET / HTTP/1.0\r\n\r\n").status, 0);
}

TEST_F(Framing, AHeadIsBounded) {
  limits.head = 300;
  for (const auto& head :
       {"GET /" + std::string(400, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(400, 'a') + "\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(400, 'a'), std::string(400, 'a')}) {
    const auto why = refusal(head);
    EXPECT_EQ(why.status, 431);
    EXPECT_THAT(why.message, HasSubstr("300 bytes (server.limits.head)"));
    // However it comes.
    framer.reset();
    state = Framer::State::kHead;
    for (const char c : head) feed({&c, 1});
    ASSERT_EQ(state, Framer::State::kBroken);
    EXPECT_EQ(framer->refusal().status, 431);
  }
  EXPECT_EQ(status("X: " + std::string(200, 'a') + "\r\n"), 0);
}

TEST_F(Framing, HowAHeadIsSplitDoesNotDecideWhetherItIsTooLarge) {
  limits.head = 60;
  for (const std::string value : {"a", "  a  "}) {
    const auto line = "GET / HTTP/1.1\r\nHost: a\r\nX: " + value;
    for (const std::size_t more : {0, 1}) {
      const auto head = line + std::string(56 + more - line.size(), 'b') + "\r\n\r\n";
      const auto status = more == 0 ? 0 : 431;
      EXPECT_EQ(refusal(head).status, status) << head;
      EXPECT_EQ(refusal(head + "GET /").status, status) << head;
      for (std::size_t at = 1; at < head.size(); ++at) {
        framer.reset();
        state = Framer::State::kHead;
        feed(std::string_view(head).substr(0, at));
        feed(std::string_view(head).substr(at));
        EXPECT_EQ(state == Framer::State::kBroken, more > 0) << at << ' ' << head;
      }
    }
  }
}

TEST_F(Framing, ABodyIsBounded) {
  limits.body = 10;
  const auto by_length = refusal("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
  EXPECT_EQ(by_length.status, 413);
  EXPECT_THAT(by_length.message, HasSubstr("10 bytes (server.limits.body)"));
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(refusal(chunked + "6\r\nabcdef\r\n5\r\nabcde\r\n0\r\n\r\n").status, 413);
  EXPECT_EQ(refusal(chunked + "6\r\nabcdef\r\n4\r\nabcd\r\n0\r\n\r\n").status, 0);
}

TEST_F(Framing, TheLineOfAChunkAndTheTrailersAreBounded) {
  limits.head = 300;
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const auto* endless : {"5;a=", "0\r\nX: ", "00000"}) {
    const auto why = refusal(chunked + endless + std::string(400, '0'));
    EXPECT_EQ(why.status, 400) << endless;
    EXPECT_THAT(why.message, HasSubstr("300 bytes")) << endless;
  }
}

TEST_F(Framing, AllBodiesTogetherAreBounded) {
  limits.bodies = 10;
  feed("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabcdef");
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_EQ(used, 6U);
  feed("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabcd");
  EXPECT_EQ(used, 10U);
  feed("ef");
  ASSERT_EQ(state, Framer::State::kBroken);
  EXPECT_EQ(framer->refusal().status, 503);
  framer.reset();
  EXPECT_EQ(used, 6U);
  whole.clear();
  EXPECT_EQ(used, 0U);
}

TEST_F(Framing, ApromiseOfABodyTakesNothing) {
  limits.body = std::size_t{1} << 40;
  feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000000\r\n\r\n");
  EXPECT_EQ(state, Framer::State::kBody);
  EXPECT_EQ(used, 0U);
  EXPECT_EQ(framer->body_size(), 0);
}

TEST_F(Framing, AnExpectationIsToldOnce) {
  feed("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_TRUE(framer->take_expectation());
  EXPECT_FALSE(framer->take_expectation());
  feed("ab");
  ASSERT_EQ(whole.size(), 1U);
}

TEST_F(Framing, NobodyIsToldToGoOnWhoDoesNotWait) {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n";
  feed(head + "Content-Length: 0\r\n\r\n");
  EXPECT_EQ(whole.size(), 1U);
  feed(head + "Content-Length: 2\r\n\r\na");
  EXPECT_FALSE(framer->take_expectation());
  feed("b");
  feed("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_FALSE(framer->take_expectation());
  EXPECT_EQ(status("Expect: the best\r\nContent-Length: 2\r\n"), 417);
}

}  // namespace
}  // namespace recorte::http
