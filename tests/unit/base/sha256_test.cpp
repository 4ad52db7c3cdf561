// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/sha256.hpp"

#include "core/base/io.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace recorte {
namespace {

/// FIPS 180-4, and its examples.
TEST(Sha256, IsThatOfTheStandard) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, OfAFileIsThatOfItsBytes) {
  const auto file =
      std::filesystem::path(testing::TempDir()) / ("sha256_" + std::to_string(::getpid()));
  const std::string bytes(200'001, 'a');  // more than one piece
  ASSERT_TRUE(write_file(file, bytes));
  EXPECT_EQ(*sha256_of(file), sha256(bytes));
  std::filesystem::remove(file);
  EXPECT_EQ(sha256_of(file).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace recorte
