// SPDX-License-Identifier: BSD-3-Clause
//
// Bodies of known length whose pieces are made as the client takes them.
#include "core/base/io.hpp"
#include "edge_fixture.hpp"

#include <atomic>
#include <span>

namespace recorte::http {
namespace {

constexpr std::int64_t kPiece = 100'000;

/// A pattern, by turns text and file; counts how often it is asked.
class Counted : public Source {
 public:
  explicit Counted(std::int64_t size) : bytes_(pattern(static_cast<std::size_t>(size))) {
    auto fd = make_memfd("source").value();
    EXPECT_TRUE(write_all(fd.get(), std::as_bytes(std::span(bytes_.data(), bytes_.size()))));
    file_ = std::make_shared<const Fd>(std::move(fd));
  }
  std::int64_t size() const override { return std::ssize(bytes_); }
  Result<Piece> at(std::int64_t offset) const override {
    ++asked;
    if (offset >= fails_at) return recorte::fail(ErrorCode::kData, "a pack is broken");
    if (offset >= ends_at) return text_piece("");
    const auto end = std::min((offset / kPiece + 1) * kPiece, size());
    if (offset / kPiece % 2 == 1) return FileRange{file_, offset, end - offset};
    return text_piece(
        bytes_.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(end - offset)));
  }
  mutable std::atomic<int> asked = 0;
  std::atomic<std::int64_t> fails_at = INT64_MAX, ends_at = INT64_MAX;

 private:
  std::string bytes_;
  std::shared_ptr<const Fd> file_;
};

class EdgeSource : public EdgeTest {
 protected:
  void serve(std::int64_t size) {
    source = std::make_shared<Counted>(size);
    routes["/source"] = [this](auto, const Reply& reply) {
      Response response;
      response.headers.add("ETag", "\"v1\"");
      response.body = SourceRange{source, 0, source->size()};
      reply(std::move(response));
    };
    start();
  }
  static std::string request(const std::string& method, const std::string& fields = "") {
    return method + " /source HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
  }
  std::shared_ptr<Counted> source;
};

TEST_F(EdgeSource, IsSentWholeWithItsLength) {
  serve(1'234'567);
  Wire wire(port());
  const auto answer = wire.ask("/source");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("Content-Length"), "1234567");
  EXPECT_EQ(answer.field("Transfer-Encoding"), "(none)");
  EXPECT_TRUE(answer.body == pattern(1'234'567));
  EXPECT_EQ(wire.ask("/bytes/1").body, "a") << "the connection goes on";
  EXPECT_EQ(observed(2)[0].ending.bytes, 1'234'567);
}

TEST_F(EdgeSource, AnOldClientGetsItTooAndMayStay) {
  serve(300'000);
  Wire wire(port());
  wire.send("GET /source HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(wire.answer().body == pattern(300'000));
  EXPECT_EQ(wire.ask("/bytes/1").body, "a");
}

TEST_F(EdgeSource, HeadTellsItsLengthAndAsksNothingOfIt) {
  serve(1'234'567);
  Wire wire(port());
  wire.send(request("HEAD"));
  EXPECT_EQ(wire.answer(true).field("Content-Length"), "1234567");
  EXPECT_EQ(wire.ask("/bytes/1").body, "a");
  EXPECT_EQ(source->asked, 0);
}

TEST_F(EdgeSource, RangesAreSentWithoutWhatLiesBefore) {
  serve(1'234'567);
  Wire wire(port());
  const auto all = pattern(1'234'567);
  for (const auto& [first, last] :
       {std::pair<int, int>{0, 0}, {99'999, 100'000}, {150'000, 350'000}, {1'234'566, 1'234'566}}) {
    wire.send(request("GET", "Range: bytes=" + std::to_string(first) + "-" + std::to_string(last) +
                                 "\r\nIf-Range: \"v1\"\r\n"));
    const auto answer = wire.answer();
    EXPECT_EQ(answer.status, 206);
    EXPECT_TRUE(answer.body == all.substr(static_cast<std::size_t>(first),
                                          static_cast<std::size_t>(last - first + 1)));
  }
  EXPECT_LT(source->asked, 10);
}

TEST_F(EdgeSource, IsAskedForNoMoreThanItsReaderTakes) {
  serve(64 << 20);
  Wire wire(port(), 4096);
  wire.get("/source");
  int asked = 0;
  ASSERT_TRUE(eventually([&] {
    Wire other(port());
    EXPECT_EQ(other.ask("/bytes/1").status, 200);
    return std::exchange(asked, source->asked.load()) == source->asked && asked > 0;
  }));
  EXPECT_LT(asked, 200);
  const auto answer = wire.answer();
  EXPECT_TRUE(answer.whole);
  EXPECT_TRUE(answer.body == pattern(64 << 20));
}

TEST_F(EdgeSource, OneThatFailsBreaksOff) {
  serve(1'000'000);
  source->fails_at = 500'000;
  Wire wire(port());
  EXPECT_FALSE(wire.ask("/source").whole);
  EXPECT_EQ(wire.end(), Wire::End::kReset);
  EXPECT_EQ(observed(1)[0].ending.notes.error, "a pack is broken");
}

TEST_F(EdgeSource, OneThatEndsEarlyBreaksOff) {
  serve(1'000'000);
  source->ends_at = 500'000;
  Wire wire(port());
  EXPECT_FALSE(wire.ask("/source").whole);
  EXPECT_EQ(wire.end(), Wire::End::kReset);
  EXPECT_FALSE(observed(1)[0].ending.whole);
}

}  // namespace
}  // namespace recorte::http
