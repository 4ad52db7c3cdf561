// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/basic_text.hpp"

#include <gtest/gtest.h>

namespace recorte::net {
namespace {

TEST(BasicText, HasNoColonThatEndsTheClient) {
  EXPECT_EQ(basic_text("cilogon:/client_id/12,3"), "cilogon%3A%2Fclient_id%2F12%2C3");
  EXPECT_EQ(basic_text("a b~\xC3\xA9"), "a+b~%C3%A9");
}

}  // namespace
}  // namespace recorte::net
