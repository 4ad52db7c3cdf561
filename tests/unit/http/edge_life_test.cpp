// SPDX-License-Identifier: BSD-3-Clause
#include "edge_fixture.hpp"

#include <future>
#include <thread>

namespace recorte::http {
namespace {

class EdgeLife : public EdgeTest {};

TEST_F(EdgeLife, AnAddressThatIsTakenIsSaidSo) {
  start();
  auto again = options;
  again.port = port();
  const auto second = Edge::start(
      again, [](auto, auto) {}, [](const auto&, const auto&) {});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, testing::HasSubstr(std::to_string(port())));
  EXPECT_THAT(second.error().message, testing::HasSubstr("in use"));
  again.host = "no.such.host.invalid";
  EXPECT_FALSE(Edge::start(
      again, [](auto, auto) {}, [](const auto&, const auto&) {}));
}

TEST_F(EdgeLife, AClientThatClosesWhileItWaitsIsGone) {
  start();
  Wire fin(port());
  fin.get("/later");
  const auto first = later();
  EXPECT_FALSE(first->gone()->load());
  fin.finish();
  EXPECT_TRUE(eventually([&] { return first->gone()->load(); }));

  Wire rst(port());
  rst.get("/later");
  const auto second = later();
  rst.reset();
  EXPECT_TRUE(eventually([&] { return second->gone()->load(); }));
  (*second)(text_response(200, "text/plain", "to nobody"));
  const auto told = observed(1).front();
  EXPECT_FALSE(told.ending.whole);
  EXPECT_EQ(told.ending.status, 0);
}

TEST_F(EdgeLife, RequestsSentBeforeTheEndAreAnswered) {
  start();
  Wire wire(port());
  wire.get("/bytes/1");
  wire.get("/later");
  wire.get("/bytes/3");
  wire.finish();
  EXPECT_EQ(wire.answer().body, "a");
  const auto reply = later();
  ASSERT_TRUE(eventually([&] { return reply->gone()->load(); }));
  (*reply)(text_response(200, "text/plain", "two"));
  EXPECT_EQ(wire.answer().body, "two");
  EXPECT_EQ(wire.answer().body, "abc");
  EXPECT_EQ(wire.end(), Wire::End::kClosed);
  EXPECT_TRUE(eventually([&] { return quiet(); }));
}

TEST_F(EdgeLife, AbortedDownloadsLeaveNothingBehind) {
  start();
  Wire(port()).ask("/bytes/1");
  ASSERT_TRUE(eventually([&] { return quiet(); }));
  const auto before = descriptors();
  for (int i = 0; i < 60; ++i) {
    Wire wire(port(), 4096);
    wire.get("/file/5000000");
    if (i % 3) wire.read(1000);
    if (i % 2) wire.reset();
  }
  EXPECT_TRUE(eventually([&] { return quiet(); }));
  EXPECT_TRUE(eventually([&] { return descriptors() <= before; })) << descriptors();
  const auto told = observed(61);
  for (std::size_t i = 1; i < told.size(); ++i) EXPECT_FALSE(told[i].ending.whole);
}

TEST_F(EdgeLife, ALateWakeOfAStreamThatHasEndedDoesNothing) {
  start();
  {
    Wire wire(port());
    wire.get("/stream");
    ASSERT_TRUE(eventually([&] { return tap->asked() > 0; }));
    wire.reset();
  }
  ASSERT_TRUE(eventually([&] { return tap->dropped(); }));
  tap->put("late");
  tap->wake();
  Wire wire(port());
  EXPECT_EQ(wire.ask("/bytes/1").status, 200);
  observed(2);
  wire.reset();
  EXPECT_TRUE(eventually([&] { return quiet(); }));
}

TEST_F(EdgeLife, DrainFinishesWhatIsInFlightAndRefusesMore) {
  start();
  Wire idle(port()), waiting(port()), half(port());
  EXPECT_EQ(idle.ask("/bytes/1").status, 200);
  half.send("GET /bytes/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /bytes/1 HT");
  EXPECT_EQ(half.answer().status, 200);
  waiting.get("/later");
  const auto reply = later();
  // Then what came of the next request has been read too.
  ASSERT_TRUE(eventually([&] { return edge->answering() == 1; }));
  auto drained = std::async(std::launch::async, [&] { return edge->drain(30'000); });
  EXPECT_EQ(idle.end(), Wire::End::kClosed);
  half.send("TP/1.1\r\nHost: a\r\n\r\n");
  const auto refused = half.answer();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.field("Connection"), "close");
  Wire fresh(port());
  EXPECT_EQ(fresh.ask("/bytes/1").status, 503);
  (*reply)(text_response(200, "text/plain", "finished"));
  const auto answer = waiting.answer();
  EXPECT_EQ(answer.body, "finished");
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_TRUE(drained.get());
}

TEST_F(EdgeLife, DrainWaitsNoLongerThanItsGrace) {
  start();
  Wire wire(port());
  wire.get("/later");
  const auto reply = later();
  EXPECT_FALSE(edge->drain(10));
  EXPECT_TRUE(reply->gone()->load());
  EXPECT_EQ(wire.end(), Wire::End::kClosed);
}

TEST_F(EdgeLife, TheEndLeavesNothingBehind) {
  // Pistache leaves event descriptors of its own behind.
  const auto before = descriptors("socket:");
  start();
  {
    Wire idle(port()), half(port()), waiting(port()), slow(port(), 4096), stream(port());
    EXPECT_EQ(idle.ask("/bytes/1").status, 200);
    half.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhal");
    waiting.get("/later");
    slow.get("/file/20000000");
    slow.read(1);
    stream.get("/stream");
    ASSERT_TRUE(eventually([&] { return tap->asked() > 0; }));
    const auto reply = later();
    edge.reset();
    EXPECT_TRUE(reply->gone()->load());
    EXPECT_TRUE(tap->dropped());
    // All four were told of before the end, and none is after.
    for (const auto& told : observed(4))
      EXPECT_EQ(told.ending.whole, told.path == "/bytes/1") << told.path;
    (*reply)(text_response(200, "text/plain", "too late"));
    tap->put("too late");
    observed(4);
    for (auto* wire : {&idle, &half, &waiting, &slow, &stream})
      EXPECT_NE(wire->end(), Wire::End::kNone);
  }
  tap = nullptr;
  EXPECT_TRUE(eventually([&] { return descriptors("socket:") <= before; }));
}

TEST_F(EdgeLife, TheEndDropsWhatWaitsForAHandler) {
  options.limits.handlers = 1;
  std::promise<void> entered, go;
  auto gone = go.get_future();
  routes["/block"] = [&](auto, const Reply& reply) {
    entered.set_value();
    gone.wait();
    reply(text_response(200, "text/plain", "too late"));
  };
  start();
  Wire running(port()), waiting(port());
  running.get("/block");
  entered.get_future().wait();
  waiting.get("/bytes/1");
  ASSERT_TRUE(eventually([&] { return edge->answering() == 2; }));
  std::thread end([&] { edge.reset(); });
  EXPECT_NE(waiting.end(), Wire::End::kNone);
  EXPECT_NE(running.end(), Wire::End::kNone);
  go.set_value();
  end.join();
  for (const auto& told : observed(2)) EXPECT_FALSE(told.ending.whole);
}

TEST_F(EdgeLife, ItMayEndInAnyMoment) {
  for (int round = 0; round < 20; ++round) {
    start();
    std::vector<std::thread> clients;
    std::atomic<int> answered = 0;
    for (int i = 0; i < 3; ++i)
      clients.emplace_back([&, port = port()] {
        for (;;) {
          Wire wire(port);
          // What Pistache accepts in its last moment it never closes.
          wire.patience_ms = 1'000;
          if (wire.descriptor() < 0 || !wire.get("/file/300000")) return;
          wire.get("/bytes/10");
          if (wire.answer().status != 200) return;
          ++answered;
        }
      });
    EXPECT_TRUE(eventually([&] { return answered > round; }));
    edge.reset();
    for (auto& client : clients) client.join();
  }
}

}  // namespace
}  // namespace recorte::http
