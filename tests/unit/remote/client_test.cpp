// SPDX-License-Identifier: BSD-3-Clause
#include "core/remote/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <span>
#include <thread>

namespace recorte::remote {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kBlock = 100;

/// Answers each question by a function, on a thread of its own.
class Other {
 public:
  explicit Other(std::function<Answer(const Question&)> answer) {
    auto ends = make_link().value();
    theirs_ = std::move(ends.second);
    thread_ = std::thread([this, ours = std::move(ends.first), answer = std::move(answer)] {
      while (const auto question = receive_question(ours.get())) {
        if (question->uri.empty()) {
          ++stops;
          continue;
        }
        asked.push_back(question->blocks);
        auto out = answer(*question);
        out.id = question->id;
        if (!send(ours.get(), out)) return;
      }
    });
  }
  ~Other() { thread_.join(); }

  Client::Options options() {
    return {[this] { return Result<Fd>(std::move(theirs_)); }, [] { return false; }};
  }

  std::vector<std::vector<std::int64_t>> asked;
  std::atomic<int> stops = 0;

 private:
  Fd theirs_;
  std::thread thread_;
};

/// Byte i of the file is i, a checksum behind each block.
Answer blocks(const Question& question, std::int64_t size = 1'000) {
  Answer out;
  out.version = "7 \"a\"";
  out.size = size;
  out.block = kBlock;
  for (const auto number : question.blocks) {
    auto file = make_memfd("block").value();
    std::string bytes;
    for (auto i = number * kBlock; i < (number + 1) * kBlock; ++i) bytes += static_cast<char>(i);
    bytes += "crc ";
    EXPECT_TRUE(write_all(file.get(), std::as_bytes(std::span(bytes))));
    out.files.push_back(std::move(file));
  }
  return out;
}

TEST(RemoteClient, ReadsAcrossBlocksAndAsksForEachOnce) {
  Other other([](const Question& question) { return blocks(question); });
  {
    Client client(other.options());
    const auto file = client.open("https://data.example.org/a").value();
    EXPECT_EQ(file->size(), 1'000);
    std::array<char, 250> bytes{};
    ASSERT_TRUE(file->read(90, bytes.data(), 250));
    for (std::size_t i = 0; i < bytes.size(); ++i)
      ASSERT_EQ(bytes[i], static_cast<char>(90 + i)) << i;
    const std::array<fits::Extent, 3> extents{{{350, 100}, {950, 50}, {100, 50}}};
    file->expect(extents);
    ASSERT_TRUE(file->read(380, bytes.data(), 120));
    ASSERT_TRUE(file->read(950, bytes.data(), 50));
  }
  EXPECT_THAT(other.asked, ElementsAre(ElementsAre(), ElementsAre(0, 1, 2, 3), ElementsAre(4, 9)));
}

TEST(RemoteClient, LargeReadsComeInSeveralQuestions) {
  Other other([](const Question& question) { return blocks(question, 20'000); });
  {
    Client client(other.options());
    const auto file = client.open("https://data.example.org/a").value();
    std::string bytes(20'000, '\0');
    ASSERT_TRUE(file->read(0, bytes.data(), 20'000));
    for (std::size_t i = 0; i < bytes.size(); ++i) ASSERT_EQ(bytes[i], static_cast<char>(i)) << i;
  }
  EXPECT_EQ(other.asked.size(), 5U);
}

TEST(RemoteClient, WhatIsExpectedComesTogetherHoweverMuchItIs) {
  Other other([](const Question& question) { return blocks(question, 40'000); });
  {
    Client client(other.options());
    const auto file = client.open("https://data.example.org/a").value();
    std::vector<fits::Extent> rows;
    for (std::int64_t row = 0; row < 200; ++row) rows.push_back({row * 200 + 20, 30});
    file->expect(rows);
    std::array<char, 30> bytes{};
    for (const auto& row : rows) {
      ASSERT_TRUE(file->read(row.offset, bytes.data(), row.size));
      EXPECT_EQ(bytes[0], static_cast<char>(row.offset));
    }
  }
  EXPECT_EQ(other.asked.size(), 5U);  // one to open it, and 200 blocks by 64
}

TEST(RemoteClient, StampsTellStatesApart) {
  std::atomic<int> state = 0;
  Other other([&](const Question& question) {
    auto out = blocks(question);
    out.version = "1000 \"" + std::to_string(state / 2) + '"';
    ++state;
    return out;
  });
  Client client(other.options());
  const auto first = client.stamp("https://data.example.org/a").value();
  EXPECT_EQ(client.stamp("https://data.example.org/a").value(), first);
  EXPECT_NE(client.stamp("https://data.example.org/a").value(), first);
}

TEST(RemoteClient, ErrorsComeThrough) {
  Other other([](const Question&) {
    Answer out;
    out.status = fail(ErrorCode::kNotFound, "there is none");
    return out;
  });
  Client client(other.options());
  const auto file = client.open("https://data.example.org/a");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(file.error().message, "there is none");
}

TEST(RemoteClient, WhoIsGoneIsSaid) {
  Client client({[] {
                   auto ends = make_link().value();
                   return Result<Fd>(std::move(ends.second));
                 },
                 [] { return false; }});
  const auto file = client.open("https://data.example.org/a?key=secret");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(file.error().message,
              AllOf(HasSubstr("cannot open https://data.example.org/a: "), HasSubstr("try again")));
}

TEST(RemoteClient, CancellationIsObeyedAndTheNextAnswerIsTheRightOne) {
  std::atomic<bool> cancelled = false, goes_on = false;
  Other other([&](const Question& question) {
    auto out = blocks(question);
    if (question.uri.ends_with("slow")) {
      cancelled = true;
      goes_on.wait(false);
      out.size = 1;
    }
    return out;
  });
  {
    auto options = other.options();
    options.cancelled = [&] { return cancelled.load(); };
    Client client(std::move(options));
    EXPECT_EQ(client.open("https://data.example.org/slow").error().code, ErrorCode::kCancelled);
    cancelled = false;
    goes_on = true;
    goes_on.notify_all();
    EXPECT_EQ(client.open("https://data.example.org/a").value()->size(), 1'000);
  }
  EXPECT_EQ(other.stops, 1);
}

}  // namespace
}  // namespace recorte::remote
