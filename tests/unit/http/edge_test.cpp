// SPDX-License-Identifier: BSD-3-Clause
#include "edge_fixture.hpp"

#include <random>
#include <stdexcept>
#include <thread>

namespace recorte::http {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(EdgeTest, PipelinedRequestsAreAnsweredInOrder) {
  start();
  Wire wire(port());
  std::string text;
  for (int i = 1; i <= 50; ++i)
    text += "GET /bytes/" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n" +
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n" + std::to_string(100 + i);
  wire.send(text);
  for (std::size_t i = 1; i <= 50; ++i) {
    EXPECT_EQ(wire.answer().body, pattern(i));
    EXPECT_EQ(wire.answer().body, std::to_string(100 + i));
  }
}

TEST_F(EdgeTest, ADeferredAnswerKeepsItsPlace) {
  start();
  Wire wire(port());
  wire.get("/later");
  wire.get("/bytes/3");
  const auto reply = later();
  std::thread([&] { (*reply)(text_response(200, "text/plain", "first")); }).join();
  EXPECT_EQ(wire.answer().body, "first");
  EXPECT_EQ(wire.answer().body, pattern(3));
}

TEST_F(EdgeTest, AConnectionIsKeptUnlessSomebodySaysClose) {
  routes["/close"] = [](auto, const Reply& reply) {
    auto response = text_response(200, "text/plain", "bye");
    response.close = true;
    reply(std::move(response));
  };
  start();
  {
    Wire wire(port());
    EXPECT_EQ(wire.ask("/bytes/1").field("Connection"), "(none)");
    EXPECT_EQ(wire.ask("/close").field("Connection"), "close");
    EXPECT_EQ(wire.end(), Wire::End::kClosed);
  }
  Wire wire(port());
  wire.send("GET /bytes/5 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto answer = wire.answer();
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_EQ(answer.body, pattern(5));
  EXPECT_EQ(wire.end(), Wire::End::kClosed);
}

TEST_F(EdgeTest, AnOldClientIsToldThatItsConnectionIsKept) {
  start();
  Wire wire(port());
  wire.send("GET /bytes/1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(wire.answer().field("Connection"), "keep-alive");
  wire.send("GET /bytes/1 HTTP/1.0\r\n\r\n");
  const auto answer = wire.answer();
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_EQ(answer.body, "a");
  EXPECT_EQ(wire.end(), Wire::End::kClosed);
}

TEST_F(EdgeTest, EmptyLinesBeforeARequestAreForgiven) {
  start();
  Wire wire(port());
  wire.send("\r\n\r\nGET /bytes/1 HTTP/1.1\r\nHost: a\r\n\r\n\r\n");
  EXPECT_EQ(wire.answer().body, "a");
  EXPECT_EQ(wire.ask("/bytes/2").body, "ab");
}

TEST_F(EdgeTest, AHeadHasTheLengthAndNoBody) {
  start();
  Wire wire(port());
  for (const auto* path : {"/bytes/100", "/file/100"}) {
    wire.send("HEAD " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto head = wire.answer(true);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.field("Content-Length"), "100");
  }
  tap->put("never sent");
  wire.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(wire.answer(true).status, 200);
  EXPECT_EQ(wire.ask("/bytes/4").body, pattern(4));
  EXPECT_EQ(tap->asked(), 0);
  for (const auto& told : observed(4))
    EXPECT_EQ(told.ending.bytes, told.path == "/bytes/4" ? 4 : 0);
}

TEST_F(EdgeTest, SomeAnswersHaveNoBody) {
  const auto with_body = [](int status) {
    return [status](auto, const Reply& reply) {
      reply(text_response(status, "text/plain", "must not be sent"));
    };
  };
  routes["/204"] = with_body(204);
  routes["/304"] = with_body(304);
  start();
  Wire wire(port());
  for (const auto* path : {"/204", "/304"}) {
    const auto answer = wire.ask(path);
    EXPECT_EQ("/" + std::to_string(answer.status), path);
    EXPECT_EQ(answer.field("Content-Length"), "(none)");
    EXPECT_EQ(answer.field("Transfer-Encoding"), "(none)");
  }
  EXPECT_EQ(wire.ask("/bytes/2").body, "ab");
}

TEST_F(EdgeTest, AConditionIsMet) {
  routes["/tagged"] = [](auto, const Reply& reply) {
    auto response = text_response(200, "text/plain", "0123456789");
    response.headers.add("ETag", "\"a\"");
    reply(std::move(response));
  };
  start();
  Wire wire(port());
  wire.send("GET /tagged HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"a\"\r\n\r\n");
  EXPECT_EQ(wire.answer().status, 304);
  wire.send("GET /tagged HTTP/1.1\r\nHost: a\r\nRange: bytes=2-4\r\n\r\n");
  const auto part = wire.answer();
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
}

TEST_F(EdgeTest, AClientThatWaitsIsToldToGoOn) {
  start();
  Wire wire(port());
  wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(wire.answer().head, "HTTP/1.1 100 Continue\r\n\r\n");
  wire.send("hello");
  EXPECT_EQ(wire.answer().body, "hello");
}

TEST_F(EdgeTest, AnUploadMayComeInChunks) {
  start();
  Wire wire(port());
  wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const auto sent = pattern(100'000);
  for (std::size_t at = 0; at < sent.size(); at += 1000)
    wire.send("3e8;x=y\r\n" + sent.substr(at, 1000) + "\r\n");
  wire.send("0\r\nTrailer: t\r\n\r\nGET /bytes/1 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(wire.answer().body, sent);
  EXPECT_EQ(wire.answer().body, "a");
}

TEST_F(EdgeTest, EveryAnswerIsNamedAndTraced) {
  start();
  Wire wire(port());
  const auto one = wire.ask("/bytes/1");
  wire.send(
      "GET /bytes/1 HTTP/1.1\r\nHost: a\r\n"
      "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n\r\n");
  const auto two = wire.answer();
  EXPECT_EQ(one.field("X-Request-Id").size(), 16U);
  EXPECT_NE(one.field("X-Request-Id"), two.field("X-Request-Id"));
  EXPECT_EQ(two.field("traceparent"),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-" + two.field("X-Request-Id") + "-01");
}

TEST_F(EdgeTest, TheObserverIsToldOfEveryRequestOnce) {
  start();
  Wire wire(port());
  wire.ask("/bytes/1000");
  wire.ask("/nowhere");
  wire.ask("/file/500000");
  wire.send("nonsense\r\n\r\n");
  wire.answer();
  const auto told = observed(4);
  EXPECT_EQ(told[0].path, "/bytes/1000");
  EXPECT_EQ(told[0].ending.route, "/bytes");
  EXPECT_EQ(told[0].ending.status, 200);
  EXPECT_EQ(told[0].ending.bytes, 1000);
  EXPECT_TRUE(told[0].ending.whole);
  EXPECT_EQ(told[1].ending.status, 404);
  EXPECT_EQ(told[2].ending.bytes, 500'000);
  EXPECT_EQ(told[3].ending.status, 400);
  EXPECT_THAT(told[3].ending.notes.error, HasSubstr("no HTTP request"));
  EXPECT_TRUE(eventually([&] { return edge->answering() == 0; }));
}

TEST_F(EdgeTest, AReplyThatIsLostIsAnError) {
  start();
  Wire wire(port());
  EXPECT_EQ(wire.ask("/lost").status, 500);
  EXPECT_EQ(wire.ask("/bytes/1").status, 200);
}

TEST_F(EdgeTest, AHandlerThatThrowsIsAnError) {
  routes["/throws"] = [](auto, const Reply&) { throw std::runtime_error("a bug"); };
  start();
  Wire wire(port());
  EXPECT_EQ(wire.ask("/throws").status, 500);
  wire.reset();
  EXPECT_EQ(Wire(port()).ask("/bytes/1").status, 200);
}

TEST_F(EdgeTest, AStreamIsSentAsItComes) {
  start();
  Wire wire(port());
  wire.get("/stream");
  ASSERT_TRUE(eventually([&] { return tap->asked() > 0; }));
  tap->put("one ");
  ASSERT_TRUE(wire.read(1) && eventually([&] { return tap->asked() > 2; }));
  tap->put("");
  tap->put("two");
  tap->end();
  const auto answer = wire.answer();
  EXPECT_EQ(answer.field("Transfer-Encoding"), "chunked");
  EXPECT_EQ(answer.body, "one two");
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(wire.ask("/bytes/1").body, "a");
  EXPECT_EQ(observed(2)[0].ending.bytes, 7);
}

TEST_F(EdgeTest, AStreamToAnOldClientEndsWithTheConnection) {
  start();
  Wire wire(port());
  wire.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return tap->asked() > 0; }));
  tap->put("all");
  tap->end();
  const auto answer = wire.answer();
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_THAT(answer.head, Not(HasSubstr("chunked")));
  EXPECT_EQ(answer.body, "all");
  EXPECT_TRUE(answer.whole);
}

/// By the version of the client: one has a last chunk to miss, the other only the reset.
class EdgeVersions : public EdgeTest, public testing::WithParamInterface<const char*> {};

TEST_P(EdgeVersions, AStreamThatFailsIsSeenToFail) {
  start();
  Wire wire(port());
  wire.send("GET /stream HTTP/" + std::string(GetParam()) + "\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return tap->asked() > 0; }));
  tap->put("half");
  ASSERT_TRUE(eventually([&] { return tap->asked() > 2; }));
  tap->fail("the disk burns");
  const auto answer = wire.answer();
  EXPECT_FALSE(answer.whole);
  EXPECT_EQ(answer.body, "half");
  EXPECT_EQ(wire.end(), Wire::End::kReset);
  const auto told = observed(1).front();
  EXPECT_FALSE(told.ending.whole);
  EXPECT_EQ(told.ending.notes.error, "the disk burns");
  EXPECT_EQ(told.ending.bytes, 4);
}

INSTANTIATE_TEST_SUITE_P(Http, EdgeVersions, testing::Values("1.0", "1.1"));

TEST_F(EdgeTest, AStreamIsAskedForNoMoreThanItsReaderTakes) {
  start();
  Wire wire(port(), 4096);
  wire.get("/stream");
  const std::string piece = pattern(1 << 20);
  for (int i = 0; i < 64; ++i) tap->put(piece);
  tap->end();
  // Another's requests are answered, and the stream is not asked on.
  int asked = 0;
  ASSERT_TRUE(eventually([&] {
    Wire other(port());
    EXPECT_EQ(other.ask("/bytes/1").status, 200);
    return std::exchange(asked, tap->asked()) == tap->asked() && asked > 0;
  }));
  EXPECT_LT(asked, 40);
  const auto answer = wire.answer();
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.body.size(), 64U << 20);
}

TEST_F(EdgeTest, ASlowReaderOfAFileHoldsUpNobody) {
  start();
  Wire slow(port(), 4096);
  slow.get("/file/20000000");
  slow.read(1);
  for (int i = 0; i < 20; ++i) {
    Wire other(port());
    EXPECT_EQ(other.ask("/file/100000").body, pattern(100'000));
  }
  EXPECT_TRUE(eventually([&] { return edge->answering() == 1; })) << "the slow one is still there";
  const auto answer = slow.answer();
  EXPECT_TRUE(answer.whole);
  EXPECT_TRUE(answer.body == pattern(20'000'000));
}

TEST_F(EdgeTest, AFileThatIsShorterThanSaidBreaksOff) {
  routes["/short"] = [](auto, const Reply& reply) {
    Response response;
    response.body = std::vector<Piece>{
        FileRange{std::make_shared<const Fd>(make_memfd("short").value()), 0, 10}};
    reply(std::move(response));
  };
  start();
  Wire wire(port());
  EXPECT_FALSE(wire.ask("/short").whole);
  EXPECT_NE(wire.end(), Wire::End::kNone);
  const auto told = observed(1).front();
  EXPECT_FALSE(told.ending.whole);
  EXPECT_THAT(told.ending.notes.error, HasSubstr("shorter"));
}

TEST_F(EdgeTest, SurvivesAnythingSentToIt) {
  options.limits.requests_per_second = 0;
  start();
  const std::vector<std::string> seeds{
      "GET /bytes/100 HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
      "chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n",
      "GET /bytes/1?a=%41&b=c HTTP/1.0\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n\r\n"};
  const std::vector<std::string> spice{"\r\n",
                                       "\n",
                                       std::string(1, '\0'),
                                       "%",
                                       ": ",
                                       "Content-Length: 5\r\n",
                                       "Transfer-Encoding: chunked\r\n",
                                       "ffffffffffffffff\r\n",
                                       " HTTP/2.0",
                                       "GET ",
                                       "-1"};
  std::mt19937 random(20261125);
  const auto below = [&](std::size_t bound) { return random() % bound; };
  for (int round = 0; round < 3000; ++round) {
    auto text = seeds[below(seeds.size())] + seeds[below(seeds.size())];
    for (auto times = 1 + below(5); times > 0; --times) {
      const auto at = below(text.size());
      switch (below(4)) {
        case 0: text.insert(at, spice[below(spice.size())]); break;
        case 1: text.erase(at, 1 + below(20)); break;
        case 2: text[at] = static_cast<char>(below(256)); break;
        default: text.insert(at, text.substr(at, 1 + below(40))); break;
      }
      if (text.empty()) text = "x";
    }
    Wire wire(port());
    const auto cut = below(text.size());
    wire.send(std::string_view(text).substr(0, cut));
    wire.send(std::string_view(text).substr(cut));
    wire.finish();
    if (round % 2) {
      ASSERT_NE(wire.end(), Wire::End::kNone) << round << " " << text;
      ASSERT_TRUE(wire.bytes.empty() || wire.bytes.starts_with("HTTP/1.1 ")) << wire.bytes;
    }
  }
  Wire wire(port());
  EXPECT_EQ(wire.ask("/bytes/100").body, pattern(100));
  wire.reset();
  EXPECT_TRUE(eventually([&] { return quiet(); }));
}

}  // namespace
}  // namespace recorte::http
