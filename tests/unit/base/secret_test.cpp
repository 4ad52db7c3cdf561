// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/secret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace recorte {
namespace {

TEST(RandomBase64url, HasItsLengthAndNeverComesTwice) {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(seen.insert(random_base64url(16)).second);
  EXPECT_EQ(random_base64url(0), "");
  EXPECT_EQ(random_base64url(32).size(), 43U);
  std::string all;
  for (const auto& each : seen) all += each;
  EXPECT_EQ(
      all.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      all.npos);
}

// RFC 7693 has no keyed vector of 32 bytes; this is of Python's hashlib.blake2b(b"abc",
// key=bytes(range(32)), digest_size=32).
TEST(KeyedHash, IsBlake2b) {
  SecretKey key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(i);
  EXPECT_EQ(keyed_hash(key, "abc"),
            "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
  key[0] = 1;
  EXPECT_NE(keyed_hash(key, "abc"),
            "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
}

TEST(DeriveKey, DependsOnSecretAndPurpose) {
  const auto key = derive_key("secret", "a");
  EXPECT_EQ(key, derive_key("secret", "a"));
  EXPECT_NE(key, derive_key("secret", "b"));
  EXPECT_NE(key, derive_key("secrets", "a"));
}

TEST(Equal, IsByLengthAndBytes) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
  EXPECT_FALSE(equal_in_constant_time("abc", ""));
}

TEST(Wipe, LeavesNothing) {
  std::string secret(100, 'x');
  const char* at = secret.data();
  const auto size = secret.size();
  wipe(secret);
  EXPECT_EQ(secret, "");
  EXPECT_EQ(std::count(at, at + size, 'x'), 0);
}

}  // namespace
}  // namespace recorte
