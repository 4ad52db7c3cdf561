// SPDX-License-Identifier: BSD-3-Clause
#include "edge_fixture.hpp"

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace recorte::http {
namespace {

using testing::HasSubstr;

class EdgeLimits : public EdgeTest {};

/// Whether every thread but this one has begun, and waits for something.
bool others_wait() {
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    if (thread.path().filename() == std::to_string(::gettid())) continue;
    std::string line;
    std::getline(std::ifstream(thread.path() / "stat"), line);
    const auto name_ends = line.rfind(')');  // then a blank, and the state
    if (name_ends == line.npos || line.substr(name_ends).find(" S") != 1) return false;
  }
  return true;
}

TEST_F(EdgeLimits, ASlowHeadIsRefused) {
  options.limits.header_ms = 100;
  start();
  Wire wire(port());
  wire.send("GET /bytes/1 HTTP/1.1\r\nHos");
  const auto answer = wire.answer();
  EXPECT_EQ(answer.status, 408);
  EXPECT_THAT(answer.body, HasSubstr("100 ms (server.limits.header_timeout)"));
  EXPECT_EQ(wire.end(), Wire::End::kClosed);
  EXPECT_EQ(observed(1)[0].ending.status, 408);
}

TEST_F(EdgeLimits, ASlowBodyIsRefused) {
  options.limits.body_ms = 100;
  start();
  Wire wire(port());
  wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
  const auto answer = wire.answer();
  EXPECT_EQ(answer.status, 408);
  EXPECT_THAT(answer.body, HasSubstr("1024 bytes a second (server.limits.slowest)"));
  const auto told = observed(1).front();
  EXPECT_EQ(told.path, "/echo");
  EXPECT_EQ(told.method, "POST");
}

TEST_F(EdgeLimits, AnIdleConnectionIsClosed) {
  options.limits.idle_ms = 100;
  start();
  Wire fresh(port()), used(port());
  EXPECT_EQ(used.ask("/bytes/1").status, 200);
  EXPECT_EQ(fresh.end(), Wire::End::kClosed);
  EXPECT_EQ(used.end(), Wire::End::kClosed);
  EXPECT_EQ(fresh.bytes, "");
  EXPECT_TRUE(eventually([&] { return quiet(); }));
}

TEST_F(EdgeLimits, AnIdleConnectionIsNotOneThatWaitsForItsAnswer) {
  options.limits.idle_ms = options.limits.header_ms = options.limits.body_ms = 1;
  options.limits.write_ms = 1;
  start();
  Wire wire(port());
  wire.get("/later");
  const auto reply = later();
  Wire idle(port());  // goes, so the other has been looked at too
  EXPECT_EQ(idle.end(), Wire::End::kClosed);
  (*reply)(text_response(200, "text/plain", "late"));
  EXPECT_EQ(wire.answer().body, "late");
}

TEST_F(EdgeLimits, AReaderThatTakesNothingIsDropped) {
  options.limits.write_ms = 300;
  start();
  Wire wire(port(), 4096);
  wire.get("/file/20000000");
  const auto told = observed(1).front();
  EXPECT_FALSE(told.ending.whole);
  EXPECT_EQ(told.ending.status, 200);
  EXPECT_LT(told.ending.bytes, 20'000'000);
  EXPECT_FALSE(wire.answer().whole);
  EXPECT_TRUE(eventually([&] { return quiet(); }));
}

TEST_F(EdgeLimits, OneThatSaysItSendsNoMoreIsDroppedToo) {
  options.limits.write_ms = 300;
  start();
  Wire wire(port(), 4096);
  wire.get("/file/20000000");
  wire.finish();
  EXPECT_FALSE(observed(1)[0].ending.whole);
  EXPECT_TRUE(eventually([&] { return quiet(); }));
}

TEST_F(EdgeLimits, AReaderIsNotToBlameForAStreamThatWaits) {
  options.limits.write_ms = 1;
  options.limits.idle_ms = 600;
  start();
  Wire wire(port());
  wire.get("/stream");
  ASSERT_TRUE(eventually([&] { return tap->asked() > 0; }));
  tap->put("begin");
  ASSERT_TRUE(wire.read(1));
  Wire idle(port());  // while it lives, the other is looked at more than once
  EXPECT_EQ(idle.end(), Wire::End::kClosed);
  tap->end();
  EXPECT_TRUE(wire.answer().whole);
}

TEST_F(EdgeLimits, ALargeHeadIsRefused) {
  options.limits.head = 500;
  start();
  Wire wire(port());
  wire.get("/" + std::string(1000, 'a'));
  EXPECT_EQ(wire.answer().status, 431);
  EXPECT_EQ(wire.end(), Wire::End::kClosed);
}

TEST_F(EdgeLimits, ALargeBodyIsRefusedThoughTheClientSendsOn) {
  options.limits.body = 1000;
  start();
  Wire wire(port());
  wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
  wire.send(std::string(3'000'000, 'x'));
  const auto answer = wire.answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_THAT(answer.body, HasSubstr("1000 bytes"));
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_EQ(wire.end(), Wire::End::kClosed);
}

TEST_F(EdgeLimits, WhatAllBodiesHoldIsGivenBack) {
  options.limits.bodies = 1000;
  std::mutex mutex;
  std::vector<Reply> held;
  routes["/hold"] = [&](auto, const Reply& reply) {
    const std::lock_guard lock(mutex);
    held.push_back(reply);
  };
  start();
  const auto upload = [](Wire& wire, const char* path, std::size_t size) {
    wire.send("POST " + std::string(path) + " HTTP/1.1\r\nHost: a\r\nContent-Length: " +
              std::to_string(size) + "\r\n\r\n" + std::string(size, 'x'));
  };
  Wire first(port());
  upload(first, "/hold", 800);
  ASSERT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return held.size() == 1;
  }));
  Wire second(port());
  upload(second, "/echo", 300);
  EXPECT_EQ(second.answer().status, 503);
  {
    // One that goes in the middle gives back too.
    Wire broken(port());
    broken.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 200\r\n\r\n" +
                std::string(199, 'x'));
  }
  {
    const std::lock_guard lock(mutex);
    held.front()(text_response(200, "text/plain", "done"));
    held.clear();
  }
  EXPECT_EQ(first.answer().body, "done");
  ASSERT_TRUE(eventually([&] { return edge->connections() == 1 && edge->answering() == 0; }));
  for (int i = 0; i < 10; ++i) {
    upload(first, "/echo", 1000);
    EXPECT_EQ(first.answer().body.size(), 1000U);
  }
  second.reset();
}

TEST_F(EdgeLimits, AClientThatPipelinesTooMuchIsClosed) {
  start();
  Wire wire(port());
  wire.get("/later");
  const auto reply = later();
  const std::string requests(1 << 20, 'G');
  wire.send(requests);
  EXPECT_NE(wire.end(), Wire::End::kNone);
  EXPECT_TRUE(eventually([&] { return reply->gone()->load(); }));
}

TEST_F(EdgeLimits, AFullQueueIsSaidSo) {
  options.limits.handlers = 1;
  options.limits.waiting = 1;
  std::atomic<bool> go = false;
  std::atomic<int> entered = 0;
  routes["/block"] = [&](auto, const Reply& reply) {
    ++entered;
    go.wait(false);
    reply(text_response(200, "text/plain", "ok"));
  };
  start();
  Wire running(port()), waiting(port()), refused(port());
  running.get("/block");
  ASSERT_TRUE(eventually([&] { return entered == 1; }));
  waiting.get("/block");
  ASSERT_TRUE(eventually([&] { return edge->answering() == 2; }));
  const auto answer = refused.ask("/bytes/1");
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.field("Retry-After"), "(none)");
  EXPECT_EQ(refused.end(), Wire::End::kClosed);
  go = true;
  go.notify_all();
  EXPECT_EQ(running.answer().status, 200);
  EXPECT_EQ(waiting.answer().status, 200);
  EXPECT_EQ(edge->refused(), 1U);
}

TEST_F(EdgeLimits, AnAddressHasSoManyConnections) {
  options.limits.connections_per_address = 2;
  options.proxies.trusted.clear();
  start();
  Wire one(port());
  auto two = std::make_unique<Wire>(port());
  EXPECT_EQ(one.ask("/bytes/1").status, 200);
  EXPECT_EQ(two->ask("/bytes/1").status, 200);
  Wire three(port());
  EXPECT_EQ(three.ask("/bytes/1").status, 0);
  EXPECT_EQ(edge->connections(), 2U);
  EXPECT_GE(edge->refused(), 1U);
  two.reset();
  ASSERT_TRUE(eventually([&] { return edge->connections() == 1; }));
  Wire four(port());
  EXPECT_EQ(four.ask("/bytes/1").status, 200);
}

TEST_F(EdgeLimits, AHalfClosedConnectionCounts) {
  options.limits.connections_per_address = 1;
  options.proxies.trusted.clear();
  start();
  Wire one(port());
  one.get("/later");
  const auto reply = later();
  one.finish();
  ASSERT_TRUE(eventually([&] { return reply->gone()->load(); }));
  Wire two(port());
  EXPECT_EQ(two.ask("/bytes/1").status, 0);
  (*reply)(text_response(200, "text/plain", "still read"));
  EXPECT_EQ(one.answer().body, "still read");
  EXPECT_EQ(one.end(), Wire::End::kClosed);
  ASSERT_TRUE(eventually([&] { return quiet(); }));
  Wire three(port());
  EXPECT_EQ(three.ask("/bytes/1").status, 200);
}

TEST_F(EdgeLimits, ThereAreSoManyConnections) {
  options.limits.connections = 2;
  start();
  Wire one(port()), two(port());
  EXPECT_EQ(one.ask("/bytes/1").status, 200);
  EXPECT_EQ(two.ask("/bytes/1").status, 200);
  Wire three(port());
  EXPECT_EQ(three.ask("/bytes/1").status, 0);
  EXPECT_EQ(one.ask("/bytes/1").status, 200);
}

TEST_F(EdgeLimits, AnAddressHasSoManyRequests) {
  options.limits.requests_per_second = 0.001;
  options.limits.burst = 2;
  options.proxies.trusted.clear();
  start();
  Wire wire(port());
  wire.ask("/bytes/1");
  wire.ask("/bytes/1");
  const auto answer = wire.ask("/bytes/1");
  EXPECT_EQ(answer.status, 429);
  EXPECT_NE(answer.field("Retry-After"), "(none)");
  EXPECT_THAT(answer.body, HasSubstr("127.0.0.1"));
  // What such a client says of others does not count.
  Wire liar(port());
  liar.send("GET /bytes/1 HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n");
  EXPECT_EQ(liar.answer().status, 429);
}

TEST_F(EdgeLimits, BehindATrustedProxyTheClientIsCounted) {
  options.limits.requests_per_second = 0.001;
  options.limits.burst = 1;
  start();
  const auto ask = [&](const std::string& address) {
    Wire wire(port());
    wire.send("GET /bytes/1 HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + address + "\r\n\r\n");
    return wire.answer().status;
  };
  EXPECT_EQ(ask("192.0.2.1"), 200);
  EXPECT_EQ(ask("192.0.2.1"), 429);
  EXPECT_EQ(ask("192.0.2.2"), 200);
  Wire proxy(port());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(proxy.ask("/bytes/1").status, 200);
  const auto ended = observed(8);
  EXPECT_EQ(std::ranges::count(ended, "192.0.2.1", &Told::address), 2);
}

TEST_F(EdgeLimits, DescriptorsMayRunOut) {
  start();
  // While a thread begins, the sanitizer of types needs a descriptor to look at its memory.
  ASSERT_TRUE(eventually(others_wait));
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  auto few = before;
  few.rlim_cur = descriptors() + 20;
  ::setrlimit(RLIMIT_NOFILE, &few);
  std::vector<Fd> taken;
  for (;;) {
    Fd one(::fcntl(0, F_DUPFD_CLOEXEC, 0));
    if (!one) break;
    taken.push_back(std::move(one));
  }
  taken.pop_back();
  Wire wire(port());  // takes the last; the edge has none for its end
  wire.get("/bytes/7");
  EXPECT_EQ(edge->connections(), 0U);
  taken.clear();
  EXPECT_EQ(wire.answer().body, pattern(7));
  ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace recorte::http
