// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/probe_protocol.hpp"

#include <gtest/gtest.h>

namespace recorte::plugin {
namespace {

TEST(ProbeProtocol, OrdersComeBack) {
  auto line = write_order({"abc", 1 << 20, 6});
  ASSERT_EQ(line.back(), '\n');
  line.pop_back();
  const auto order = read_order(line);
  ASSERT_TRUE(order);
  EXPECT_EQ(order->nonce, "abc");
  EXPECT_EQ(order->memory, 1U << 20);
  EXPECT_EQ(order->cpu_seconds, 6);
  for (const auto* bad : {"", "abc", "abc 1", "abc x 1", "abc 1 -1", "abc 1 1 1"})
    EXPECT_FALSE(read_order(bad)) << bad;
}

TEST(ProbeProtocol, VerdictsComeBack) {
  EXPECT_EQ(read_verdict(write_verdict("abc", ""), "abc"), "");
  EXPECT_EQ(read_verdict(write_verdict("abc", "it is\nbad"), "abc"), "it is bad");
}

TEST(ProbeProtocol, AnythingElseIsNoVerdict) {
  for (const auto* bad :
       {"", "\n", "abc", "abc good", "abd good\n", "good\n", " abc good\n", "abc good\nabc good\n",
        "x\nabc good\n", "abc good\n ", "abc bad \n", "abc  good\n", "abc ok\n"})
    EXPECT_FALSE(read_verdict(bad, "abc")) << bad;
}

}  // namespace
}  // namespace recorte::plugin
