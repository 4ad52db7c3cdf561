// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/channel.hpp"

#include "core/base/time.hpp"
#include "support.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <thread>

namespace recorte::worker {
namespace {

struct Pair {
  Fd a, b;
  Pair() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw std::bad_alloc();
    a = Fd(ends[0]);
    b = Fd(ends[1]);
  }
};

void put(int socket, std::string_view bytes) {
  ASSERT_EQ(::send(socket, bytes.data(), bytes.size(), 0), std::ssize(bytes));
}

std::string framed(const std::string& text) {
  const auto length = static_cast<std::uint32_t>(text.size());
  std::string out(4, '\0');
  std::memcpy(out.data(), &length, 4);
  return out + text;
}

std::string sample(std::size_t size) {
  std::mt19937 random(static_cast<unsigned>(size));
  std::string out(size, '\0');
  for (auto& c : out) c = static_cast<char>(random());
  return out;
}

TEST(Channel, MessagesOfEverySizeArrive) {
  const Pair pair;
  for (const std::size_t size : {0UL, 1UL, 3UL, 4096UL, 1UL << 20, (8UL << 20) + 5}) {
    const auto text = sample(size);
    std::thread sender([&] { EXPECT_TRUE(send(pair.a.get(), text)); });
    const auto message = receive(pair.b.get());
    sender.join();
    ASSERT_TRUE(message);
    EXPECT_EQ(message->text, text);
    EXPECT_FALSE(message->descriptor);
  }
}

TEST(Channel, MessagesStayApart) {
  const Pair pair;
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(send(pair.a.get(), std::to_string(i)));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(receive(pair.b.get())->text, std::to_string(i));
}

/// A stream may break anywhere: at every byte of the length and of the text.
TEST(Channel, EverySplitIsMended) {
  const Pair pair;
  const auto bytes = framed("eleven char");
  for (std::size_t first = 1; first < bytes.size(); ++first)
    for (std::size_t second = first; second < bytes.size(); second += 3) {
      put(pair.a.get(), bytes.substr(0, first));
      std::thread rest([&] {
        put(pair.a.get(), bytes.substr(first, second - first));
        put(pair.a.get(), bytes.substr(second));
      });
      const auto message = receive(pair.b.get(), monotonic_ms() + 5000);
      rest.join();
      ASSERT_TRUE(message);
      EXPECT_EQ(message->text, "eleven char");
    }
}

TEST(Channel, AnEndBetweenOrWithinMessagesIsTheOthersEnd) {
  const auto bytes = framed("text");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Pair pair;
    put(pair.a.get(), bytes.substr(0, size));
    pair.a.reset();
    const auto message = receive(pair.b.get());
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().code, ErrorCode::kUnavailable);
    EXPECT_FALSE(send(pair.b.get(), "x"));  // and no SIGPIPE
  }
}

TEST(Channel, WaitsNoLongerThanTheDeadline) {
  for (const std::size_t arrived : {0U, 2U, 4U, 6U}) {
    const Pair pair;
    put(pair.a.get(), framed("text").substr(0, arrived));
    const auto begin = monotonic_ms();
    const auto message = receive(pair.b.get(), begin + 40);
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().code, ErrorCode::kTimeout);
    EXPECT_GE(monotonic_ms(), begin + 40);
  }
}

TEST(Channel, WhatIsThereIsReceivedPastTheDeadline) {
  const Pair pair;
  ASSERT_TRUE(send(pair.a.get(), "text"));
  EXPECT_TRUE(receive(pair.b.get(), 1));
  EXPECT_FALSE(wait_readable(pair.b.get(), 1));
}

TEST(Channel, SendingEndsAtTheDeadlineWhereNobodyReads) {
  const Pair pair;
  const auto begin = monotonic_ms();
  const auto status = send(pair.a.get(), sample(16 << 20), -1, begin + 60);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kTimeout);
  EXPECT_GE(monotonic_ms(), begin + 60);
}

TEST(Channel, SendingWithADeadlineWaitsForAReader) {
  const Pair pair;
  const auto text = sample(16 << 20);
  std::thread sender([&] { EXPECT_TRUE(send(pair.a.get(), text, -1, monotonic_ms() + 20'000)); });
  const auto message = receive(pair.b.get());
  sender.join();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->text, text);
}

TEST(Channel, ADescriptorTravelsWithItsMessage) {
  const Pair pair;
  const auto before = test::open_descriptors();
  for (const std::size_t size : {0UL, 10UL, 3UL << 20}) {
    const auto memory = make_memfd("test");
    ASSERT_TRUE(memory);
    ASSERT_EQ(::write(memory->get(), "sink", 4), 4);
    std::thread sender([&] {
      EXPECT_TRUE(send(pair.a.get(), sample(size), memory->get()));
      EXPECT_TRUE(send(pair.a.get(), "next"));
    });
    auto message = receive(pair.b.get());
    const auto next = receive(pair.b.get());
    sender.join();
    ASSERT_TRUE(message && next);
    ASSERT_TRUE(message->descriptor);
    EXPECT_NE(message->descriptor.get(), memory->get());
    EXPECT_EQ(read_descriptor(message->descriptor.get()), "sink");
    EXPECT_EQ(::fcntl(message->descriptor.get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    EXPECT_FALSE(next->descriptor);
  }
  EXPECT_EQ(test::open_descriptors(), before);
}

/// Descriptors that nobody asked for are closed: several at once, and one with every byte.
TEST(Channel, NoDescriptorLeaks) {
  const Pair pair;
  const Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const auto before = test::open_descriptors();
  const auto send_with = [&](const char* data, std::size_t size, std::size_t descriptors) {
    alignas(cmsghdr) char control[CMSG_SPACE(4 * sizeof(int))] = {};
    iovec part{const_cast<char*>(data), size};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = CMSG_SPACE(descriptors * sizeof(int));
    auto* c = CMSG_FIRSTHDR(&header);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(descriptors * sizeof(int));
    for (std::size_t i = 0; i < descriptors; ++i) {
      const int fd = null.get();
      std::memcpy(CMSG_DATA(c) + i * sizeof(int), &fd, sizeof fd);
    }
    ASSERT_EQ(::sendmsg(pair.a.get(), &header, 0), static_cast<ssize_t>(size));
  };
  const auto bytes = framed("text");
  for (const std::size_t many : {2U, 3U, 4U}) {
    send_with(bytes.data(), bytes.size(), many);
    EXPECT_EQ(receive(pair.b.get())->text, "text");
  }
  for (const char& byte : bytes) send_with(&byte, 1, 1);
  EXPECT_EQ(receive(pair.b.get())->text, "text");
  EXPECT_EQ(test::open_descriptors(), before);
}

TEST(Channel, TooLargeIsRefusedAtEitherEnd) {
  const Pair pair;
  const auto status = send(pair.a.get(), std::string(kMaxMessage + 1UL, ' '));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kTooLarge);
  EXPECT_FALSE(wait_readable(pair.b.get(), 1));  // nothing went out

  put(pair.a.get(), "\xFF\xFF\xFF\xFF");
  const auto message = receive(pair.b.get());
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().code, ErrorCode::kPlugin);
}

}  // namespace
}  // namespace recorte::worker
