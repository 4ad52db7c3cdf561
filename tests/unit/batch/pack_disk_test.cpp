// SPDX-License-Identifier: BSD-3-Clause
//
// A disk that fills while a pack is written: told by its name, and gone on with when there is room
// again. The disk is a file's greatest size (RLIMIT_FSIZE), so that no mount is needed.
#include "core/batch/pack.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

namespace recorte::batch {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// No file gets larger, as long as it lives.
class FullDisk {
 public:
  explicit FullDisk(std::uintmax_t size) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{size, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

class PackDisk : public testing::Test {
 protected:
  std::uintmax_t size() const {
    return std::filesystem::file_size(directory_.path() / "task-000000.part");
  }
  TemporaryDirectory directory_;
};

TEST_F(PackDisk, ThatIsFullIsNamedAndCostsNothingThatWasWhole) {
  auto w = PackWriter::open(directory_.path(), 0).value();
  ASSERT_TRUE(test::write_item(w.descriptor(), test::made(1), "one"));
  const auto before = size();
  // In the head, in the text behind it, and while the index is written.
  for (const std::uintmax_t more : {0, 20, 40}) {
    const FullDisk full(before + more);
    const auto added = w.add(test::failed(2, ErrorCode::kData, "broken"));
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(added.error().message,
                AllOf(HasSubstr(directory_.path().string()), HasSubstr("too large")));
    EXPECT_EQ(size(), before);
    const auto sealed = w.seal();
    ASSERT_FALSE(sealed);
    EXPECT_EQ(sealed.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(sealed.error().message, HasSubstr(directory_.path().string()));
    EXPECT_EQ(size(), before);
  }
  ASSERT_TRUE(w.add(test::failed(2, ErrorCode::kData, "broken")));
  ASSERT_TRUE(w.seal());
  const auto p = Pack::open(directory_.path(), 0).value();
  EXPECT_EQ(p->size(), 2U);
  EXPECT_EQ(test::product_of(*p, 0), "one");
}

TEST_F(PackDisk, ADirectoryThatIsMissingIsNamed) {
  const auto w = PackWriter::open(directory_.path() / "none", 0);
  ASSERT_FALSE(w);
  EXPECT_EQ(w.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(w.error().message, AllOf(HasSubstr("/none"), HasSubstr("No such file")));
}

TEST_F(PackDisk, ANameThatIsTakenLeavesThePartAsItWas) {
  auto w = PackWriter::open(directory_.path(), 0).value();
  ASSERT_TRUE(test::write_item(w.descriptor(), test::made(1), "one"));
  const auto pack = directory_.path() / "task-000000.pack";
  std::filesystem::create_directory(pack);
  const auto before = size();
  const auto sealed = w.seal();
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(size(), before);
  std::filesystem::remove(pack);
  EXPECT_TRUE(w.seal());
}

}  // namespace
}  // namespace recorte::batch
