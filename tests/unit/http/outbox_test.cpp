// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/outbox.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

namespace recorte::http {
namespace {

constexpr std::int64_t kPlenty = std::int64_t{1} << 40;

std::shared_ptr<const Fd> file_of(const std::string& bytes) {
  auto file = make_memfd("outbox").value();
  EXPECT_TRUE(write_all(file.get(), std::as_bytes(std::span(bytes))));
  return std::make_shared<const Fd>(std::move(file));
}

/// An outbox and both ends of a connection that takes little.
class Writing : public testing::Test {
 protected:
  Writing() {
    std::signal(SIGPIPE, SIG_IGN);
    int pair[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    near = Fd(pair[0]);
    far = Fd(pair[1]);
    const int small = 4096;
    ::setsockopt(near.get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
  }
  std::string received() {
    std::string out;
    char buffer[4096];
    for (;;) {
      const auto n = ::read(far.get(), buffer, sizeof buffer);
      if (n <= 0) return out;
      out.append(buffer, static_cast<std::size_t>(n));
    }
  }
  /// Writes and reads in turns until all is through.
  std::string all() {
    std::string out;
    for (;;) {
      auto budget = kPlenty;
      const auto outcome = box.write(near.get(), budget);
      out += received();
      if (outcome == Outbox::Outcome::kAll) return out;
      if (outcome != Outbox::Outcome::kBlocked) {
        ADD_FAILURE() << "the socket broke";
        return out;
      }
    }
  }

  Fd near, far;
  Outbox box;
};

TEST_F(Writing, MemoryAndFilesLeaveInOrder) {
  std::string large(300'000, 'x');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>('a' + i % 23);
  const auto shared = std::make_shared<const std::string>(large);
  box.add_frame("head ");
  box.add_body(FileRange{file_of("0123456789"), 2, 5});
  box.add_frame(" middle ");
  box.add_body(Text{shared, 10, 200'000});
  box.add_body(FileRange{file_of(large), 1, 250'000});
  for (int i = 0; i < 40; ++i) box.add_body(text_piece("piece "));
  std::string pieces;
  for (int i = 0; i < 40; ++i) pieces += "piece ";
  EXPECT_EQ(all(),
            "head 23456 middle " + large.substr(10, 200'000) + large.substr(1, 250'000) + pieces);
  EXPECT_TRUE(box.empty());
  EXPECT_EQ(box.body_sent(), 5 + 200'000 + 250'000 + 40 * 6);
  EXPECT_EQ(box.sent(), box.body_sent() + 5 + 8);
}

TEST_F(Writing, NothingIsNothing) {
  box.add_frame("");
  box.add_body(text_piece(""));
  box.add_body(FileRange{file_of("abc"), 1, 0});
  EXPECT_TRUE(box.empty());
  std::int64_t budget = 1;
  EXPECT_EQ(box.write(near.get(), budget), Outbox::Outcome::kAll);
}

TEST_F(Writing, ABudgetIsKeptTo) {
  box.add_body(text_piece("0123456789"));
  box.add_body(FileRange{file_of("abcdef"), 0, 6});
  std::int64_t budget = 4;
  EXPECT_EQ(box.write(near.get(), budget), Outbox::Outcome::kBudget);
  EXPECT_EQ(budget, 0);
  EXPECT_EQ(received(), "0123");
  budget = 8;
  EXPECT_EQ(box.write(near.get(), budget), Outbox::Outcome::kBudget);
  EXPECT_EQ(received(), "456789ab");
  budget = 4;
  EXPECT_EQ(box.write(near.get(), budget), Outbox::Outcome::kAll);
  EXPECT_EQ(received(), "cdef");
}

TEST_F(Writing, ASocketThatTakesNoMoreBlocks) {
  const std::string large(1 << 20, 'x');
  box.add_body(FileRange{file_of(large), 0, 1 << 20});
  auto budget = kPlenty;
  EXPECT_EQ(box.write(near.get(), budget), Outbox::Outcome::kBlocked);
  EXPECT_EQ(box.sent(), kPlenty - budget);
  EXPECT_LT(box.sent(), 1 << 20);
  auto through = received();
  through += all();
  EXPECT_EQ(through, large);
}

TEST_F(Writing, AFileThatIsShorterThanSaidIsTold) {
  box.add_body(FileRange{file_of("abc"), 1, 10});
  auto budget = kPlenty;
  EXPECT_EQ(box.write(near.get(), budget), Outbox::Outcome::kShort);
  EXPECT_EQ(received(), "bc");
  EXPECT_EQ(box.body_sent(), 2);
}

TEST_F(Writing, AFileThatCannotBeReadBreaks) {
  box.add_body(FileRange{std::make_shared<const Fd>(), 0, 10});
  auto budget = kPlenty;
  EXPECT_EQ(box.write(near.get(), budget), Outbox::Outcome::kBroken);
}

TEST_F(Writing, ASocketWhoseOtherEndIsGoneBreaks) {
  far.reset();
  auto budget = kPlenty;
  box.add_body(FileRange{file_of("abc"), 0, 3});
  EXPECT_EQ(box.write(near.get(), budget), Outbox::Outcome::kBroken);
  Outbox memory;
  memory.add_frame("abc");
  EXPECT_EQ(memory.write(near.get(), budget), Outbox::Outcome::kBroken);
  EXPECT_EQ(memory.sent(), 0);
}

}  // namespace
}  // namespace recorte::http
