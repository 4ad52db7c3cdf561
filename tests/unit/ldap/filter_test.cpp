// SPDX-License-Identifier: BSD-3-Clause
#include "auth/ldap/filter.hpp"

#include <gtest/gtest.h>

namespace recorte::auth::ldap {
namespace {

using namespace std::string_literals;

TEST(LdapFilter, WhatMeansSomethingIsEscaped) {
  EXPECT_EQ(filter_value("ann"), "ann");
  EXPECT_EQ(filter_value("*"), "\\2a");
  EXPECT_EQ(filter_value(")(uid=*"), "\\29\\28uid=\\2a");
  EXPECT_EQ(filter_value("a\\2a"), "a\\5c2a");
  EXPECT_EQ(filter_value("a\0b"s), "a\\00b");
  EXPECT_EQ(filter_value("\n\x7F"), "\\0a\\7f");
  EXPECT_EQ(filter_value("Zoë"), "Zo\\c3\\ab");
  EXPECT_EQ(filter_value("a&b|c!d=e~f<g>h"), "a&b|c!d=e~f<g>h");
}

TEST(LdapFilter, EveryByteComesBack) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  std::string back;
  const auto escaped = filter_value(all);
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    ASSERT_GE(escaped[i], ' ');
    ASSERT_EQ(std::string("*()").find(escaped[i]), std::string::npos);
    if (escaped[i] != '\\') {
      back += escaped[i];
      continue;
    }
    back += static_cast<char>(std::stoi(escaped.substr(i + 1, 2), nullptr, 16));
    i += 2;
  }
  EXPECT_EQ(back, all);
}

TEST(LdapFilter, NamesAreReplacedOnceEach) {
  EXPECT_EQ(filter_of("(uid={user})", {{"user", "ann"}}), "(uid=ann)");
  EXPECT_EQ(filter_of("(|(uid={user})(mail={user}))", {{"user", "a*"}}),
            "(|(uid=a\\2a)(mail=a\\2a))");
  EXPECT_EQ(filter_of("(&(member={dn})(x={user}))", {{"user", "{dn}"}, {"dn", "uid={user},c=x"}}),
            "(&(member=uid={user},c=x)(x={dn}))");
  EXPECT_EQ(filter_of("(a={b})({", {{"user", "ann"}}), "(a={b})({");
}

}  // namespace
}  // namespace recorte::auth::ldap
