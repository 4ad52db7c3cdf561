// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/unix_socket.hpp"
#include "edge_fixture.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace recorte::http {
namespace {

namespace fs = std::filesystem;

class LocalEdge : public EdgeTest {
 protected:
  LocalEdge() {
    std::string made = (fs::temp_directory_path() / "socketXXXXXX").string();
    directory = ::mkdtemp(made.data());
    options.unix_socket = directory / "admin.sock";
  }
  ~LocalEdge() override {
    edge.reset();
    fs::remove_all(directory);
  }
  Result<std::unique_ptr<Edge>> another() const {
    return Edge::start(
        options, [](auto, auto) {}, [](const auto&, const auto&) {});
  }
  fs::path directory;
};

TEST_F(LocalEdge, AnswersWhoseUserItIs) {
  start();
  EXPECT_EQ(port(), 0);
  Wire wire(options.unix_socket);
  ASSERT_TRUE(wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"));
  EXPECT_EQ(wire.answer().body, "hello");
  EXPECT_EQ(wire.ask("/bytes/3").body, "abc");
  EXPECT_EQ(wire.ask("/file/3000000").body, pattern(3'000'000));
  EXPECT_EQ(observed(3).front().address, "unix:" + std::to_string(::getuid()));
}

TEST_F(LocalEdge, NobodyElseMayOpenIt) {
  start();
  struct stat file {};
  ASSERT_EQ(::lstat(options.unix_socket.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 07777, S_IRUSR | S_IWUSR);
  EXPECT_EQ(file.st_uid, ::getuid());
}

TEST_F(LocalEdge, ALivingOneIsLeftAlone) {
  start();
  const auto second = another();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(second.error().message, testing::HasSubstr("another server answers there"));
  EXPECT_EQ(Wire(options.unix_socket).ask("/bytes/1").body, "a");
}

TEST_F(LocalEdge, OneOfADeadServerIsReplaced) {
  {
    const auto dead = make_unix_socket().value();
    ASSERT_TRUE(bind_unix(dead, unix_name(options.unix_socket).value()));
  }
  ASSERT_TRUE(fs::exists(options.unix_socket));
  start();
  EXPECT_EQ(Wire(options.unix_socket).ask("/bytes/1").body, "a");
}

TEST_F(LocalEdge, WhatIsNoSocketIsLeftAlone) {
  std::ofstream(options.unix_socket) << "mine";
  const auto edge = another();
  ASSERT_FALSE(edge);
  EXPECT_THAT(edge.error().message, testing::HasSubstr("something else is there"));
  EXPECT_EQ(fs::file_size(options.unix_socket), 4U);
}

TEST_F(LocalEdge, ItGoesAtTheEndAndItsConnectionsToo) {
  const auto before = descriptors();
  start();
  Wire idle(options.unix_socket), waits(options.unix_socket);
  ASSERT_EQ(idle.ask("/bytes/1").body, "a");
  waits.get("/later");
  auto reply = later();
  edge.reset();
  reply.reset();  // has what the edge was made of
  EXPECT_NE(idle.end(), Wire::End::kNone);
  EXPECT_NE(waits.end(), Wire::End::kNone);
  EXPECT_FALSE(fs::exists(options.unix_socket));
  EXPECT_LE(descriptors(), before + 2);  // the wires' own
}

TEST_F(LocalEdge, AtTheEndAnothersIsLeftThere) {
  start();
  fs::remove(options.unix_socket);
  std::ofstream(options.unix_socket) << "theirs";
  edge.reset();
  EXPECT_TRUE(fs::exists(options.unix_socket));
}

TEST_F(LocalEdge, AClientThatGoesIsGone) {
  start();
  auto wire = std::make_unique<Wire>(options.unix_socket);
  wire->get("/later");
  const auto reply = later();
  EXPECT_FALSE(reply->gone()->load());
  wire.reset();
  EXPECT_TRUE(eventually([&] { return reply->gone()->load(); }));
  (*reply)(text_response(200, "text/plain", "to nobody"));
  EXPECT_TRUE(eventually([&] { return quiet(); }));
}

TEST_F(LocalEdge, DrainingAnswersWhatHasBegun) {
  start();
  Wire wire(options.unix_socket);
  wire.get("/later");
  const auto reply = later();
  EXPECT_FALSE(edge->drain(1));
  (*reply)(text_response(200, "text/plain", "too late"));
}

TEST_F(LocalEdge, ALongPathIsGoneThroughItsDirectory) {
  options.unix_socket = directory / std::string(120, 'd') / "admin.sock";
  fs::create_directory(options.unix_socket.parent_path());
  start();
  EXPECT_EQ(Wire(options.unix_socket).ask("/bytes/2").body, "ab");

  options.unix_socket = directory / std::string(120, 'n');
  const auto longer = another();
  ASSERT_FALSE(longer);
  EXPECT_THAT(longer.error().message, testing::HasSubstr("may have"));
}

}  // namespace
}  // namespace recorte::http
