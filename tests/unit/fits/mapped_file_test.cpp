// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/mapped_file.hpp"

#include "core/base/io.hpp"
#include "fixtures.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <numeric>
#include <thread>

namespace recorte::fits {
namespace {

using namespace recorte::test;

class Mapped : public testing::Test {
 protected:
  std::unique_ptr<MappedFile> map(const std::string& bytes) {
    spill(path_, bytes);
    const Fd fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    return MappedFile::map(fd.get(), std::ssize(bytes));
  }
  static std::int64_t sum(const MappedFile& file, std::size_t begin, std::size_t end) {
    const MappedFile::Glance glance(file);
    const volatile auto* bytes = file.bytes().data();
    std::int64_t out = 0;
    for (auto i = begin; i < end; ++i) out += bytes[i];
    return out;
  }
  TempDir directory_;
  fs::path path_ = directory_ / "a";
};

TEST_F(Mapped, HoldsTheFileAndZerosAfterIt) {
  const auto file = map(std::string(10'001, '\x01'));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->bytes().size(), 10'001U);
  EXPECT_EQ(sum(*file, 0, 10'001), 10'001);
  EXPECT_EQ(sum(*file, 10'001, 10'001 + MappedFile::kPadding), 0);
  EXPECT_FALSE(file->torn());
  EXPECT_FALSE(map(""));
  EXPECT_FALSE(MappedFile::map(-1, 100));
}

TEST_F(Mapped, HasZerosWhereTheFileShrank) {
  const auto file = map(std::string(50'000, '\x01'));
  ASSERT_TRUE(file);
  fs::resize_file(path_, 8192);
  EXPECT_EQ(sum(*file, 0, 50'000), 8192);
  EXPECT_TRUE(file->torn());
  spill(path_, std::string(50'000, '\x01'));
  EXPECT_EQ(sum(*file, 8192, 50'000), 0);  // for good
}

TEST_F(Mapped, IsMendedInEveryThread) {
  const auto file = map(std::string(1'000'000, '\x01'));
  fs::resize_file(path_, 4096);
  std::array<std::int64_t, 4> sums{};
  {
    std::vector<std::jthread> threads;
    for (auto& out : sums) threads.emplace_back([&] { out = sum(*file, 0, 1'000'000); });
  }
  for (const auto found : sums) EXPECT_EQ(found, 4096);
  EXPECT_TRUE(file->torn());
}

// A sanitizer's own handler, which was there before, exits.
bool died_of_it(int status) {
  return WIFSIGNALED(status) ? WTERMSIG(status) == SIGBUS : WEXITSTATUS(status) != 0;
}

TEST_F(Mapped, LeavesOtherFaultsToOthers) {
  const auto file = map(std::string(100'000, '\x01'));
  fs::resize_file(path_, 0);
  EXPECT_EXIT(
      {
        const volatile auto* bytes = file->bytes().data();
        std::exit(bytes[5000]);  // without a glance
      },
      died_of_it, "");
  EXPECT_EXIT(
      {
        const MappedFile::Glance glance(*file);
        ::raise(SIGBUS);  // from outside
        std::exit(0);
      },
      died_of_it, "");
}

}  // namespace
}  // namespace recorte::fits
