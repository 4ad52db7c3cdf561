// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/io.hpp"

#include "tests/unit/tree.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace recorte {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }
std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

class Io : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "recorte-io-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }
  fs::path directory_;
};

TEST(Fd, ClosesOnceAndMoves) {
  const int raw = ::open("/dev/null", O_RDONLY);
  {
    Fd a(raw);
    Fd b(std::move(a));
    EXPECT_FALSE(a);
    EXPECT_EQ(b.get(), raw);
    Fd c;
    c = std::move(b);
    EXPECT_EQ(c.get(), raw);
    EXPECT_TRUE(is_open(raw));
  }
  EXPECT_FALSE(is_open(raw));
  Fd d(::open("/dev/null", O_RDONLY));
  const int other = d.get();
  d.reset();
  EXPECT_FALSE(is_open(other));
  EXPECT_FALSE(d);
}

TEST_F(Io, WritesAndReadsEverything) {
  std::string text(300'000, 'x');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 31 % 257);
  for (const auto size : {0UL, 1UL, 65535UL, 65536UL, 65537UL, 300'000UL}) {
    ASSERT_TRUE(write_file(directory_ / "a", text.substr(0, size)));
    EXPECT_EQ(read_file(directory_ / "a"), text.substr(0, size));
  }
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Io, WritingReplacesAndLeavesNothingBehind) {
  ASSERT_TRUE(write_file(directory_ / "a", "old"));
  const Fd reader(::open((directory_ / "a").c_str(), O_RDONLY));
  ASSERT_TRUE(write_file(directory_ / "a", "new"));
  EXPECT_EQ(read_descriptor(reader.get()), "old");  // whoever had it open keeps what it was
  EXPECT_EQ(read_file(directory_ / "a"), "new");

  fs::create_directory(directory_ / "d");
  const auto failed = write_file(directory_ / "d", "x");
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr((directory_ / "d").string()));
  EXPECT_EQ(entries(), 2U);
  const auto missing = write_file(directory_ / "no" / "a", "x");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

TEST_F(Io, ReadingNamesTheFileAndTheReason) {
  const auto missing = read_file(directory_ / "none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().message,
              HasSubstr((directory_ / "none").string() + ": No such file"));
  const auto directory = read_file(directory_);
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().code, ErrorCode::kUnavailable);
}

TEST_F(Io, ReadingStopsAtTheLimit) {
  ASSERT_TRUE(write_file(directory_ / "a", std::string(1000, 'x')));
  EXPECT_TRUE(read_file(directory_ / "a", 1000));
  const auto large = read_file(directory_ / "a", 999);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(large.error().message, HasSubstr("999"));
  EXPECT_FALSE(read_file("/dev/zero", 1 << 20));  // has no end
}

TEST(OsError, TellsTheKindsApart) {
  const std::pair<int, ErrorCode> kinds[] = {
      {ENOENT, ErrorCode::kNotFound},  {ENOTDIR, ErrorCode::kNotFound},
      {EACCES, ErrorCode::kForbidden}, {EPERM, ErrorCode::kForbidden},
      {EIO, ErrorCode::kUnavailable},  {ENOSPC, ErrorCode::kUnavailable}};
  for (const auto& [number, code] : kinds) {
    errno = number;
    const auto error = os_error("cannot do it");
    EXPECT_EQ(error.code, code);
    EXPECT_THAT(error.message, HasSubstr("cannot do it: "));
  }
}

TEST(Memfd, ReadsBackWhatWasWrittenWherever) {
  const auto memory = make_memfd("test");
  ASSERT_TRUE(memory);
  EXPECT_EQ(::fcntl(memory->get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
  EXPECT_EQ(read_descriptor(memory->get()), "");
  ASSERT_TRUE(write_all(memory->get(), bytes("abcdef")));
  ASSERT_TRUE(pwrite_all(memory->get(), bytes("XY"), 2));
  ASSERT_TRUE(pwrite_all(memory->get(), bytes("!"), 8));
  EXPECT_EQ(read_descriptor(memory->get()), std::string("abXYef\0\0!", 9));
  EXPECT_EQ(::lseek(memory->get(), 0, SEEK_CUR), 6);  // neither pwrite nor reading moved it
}

TEST(CopyRange, AppendsAnyPart) {
  const auto from = make_memfd("from");
  const auto to = make_memfd("to");
  ASSERT_TRUE(from && to);
  std::string text(3'000'000, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 31 % 257);
  ASSERT_TRUE(write_all(from->get(), bytes(text)));
  ASSERT_TRUE(copy_range(from->get(), 3, 4, to->get()));
  ASSERT_TRUE(copy_range(from->get(), 0, 0, to->get()));
  ASSERT_TRUE(copy_range(from->get(), 5, 2'999'995, to->get()));
  EXPECT_EQ(read_descriptor(to->get()), text.substr(3, 4) + text.substr(5));
  EXPECT_FALSE(copy_range(from->get(), 2'999'999, 2, to->get()));
}

TEST(WriteAll, GoesOnWhereAPipeTakesLittle) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  Fd in(ends[0]);
  const Fd out(ends[1]);
  const std::string text(1 << 20, 'p');
  std::string got;
  std::thread reader([&] {
    std::string buffer(7777, '\0');
    for (ssize_t n = 0;
         got.size() < text.size() && (n = ::read(in.get(), buffer.data(), buffer.size())) > 0;)
      got.append(buffer, 0, static_cast<std::size_t>(n));
  });
  EXPECT_TRUE(write_all(out.get(), bytes(text)));
  reader.join();
  EXPECT_EQ(got, text);
}

TEST(WriteAll, SaysWhyItCannot) {
  const Fd full(::open("/dev/full", O_WRONLY));
  ASSERT_TRUE(full);
  const auto status = write_all(full.get(), bytes("x"));
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("No space left"));
  EXPECT_FALSE(pwrite_all(-1, bytes("x"), 0));
  EXPECT_FALSE(read_descriptor(-1));
}

TEST(ProgramDirectory, HoldsThisTest) {
  EXPECT_EQ(program_directory(), recorte::test::build_tree() / "bin");
}

TEST_F(Io, WritesAndRemovesDurably) {
  const auto file = directory_ / "kept";
  ASSERT_TRUE(write_file_durably(file, "one"));
  EXPECT_EQ(read_file(file), "one");
  EXPECT_TRUE(sync_directory(directory_));
  EXPECT_TRUE(remove_file_durably(file));
  EXPECT_FALSE(fs::exists(file));
  EXPECT_TRUE(remove_file_durably(file)) << "it is not there";
  EXPECT_TRUE(remove_file_durably(directory_ / "nowhere" / "file"));
  EXPECT_FALSE(remove_file_durably(directory_));
  EXPECT_FALSE(write_file_durably(directory_ / "nowhere" / "file", "x"));
  EXPECT_THAT(sync_directory(directory_ / "nowhere").error().message, HasSubstr("nowhere"));
}

}  // namespace
}  // namespace recorte
