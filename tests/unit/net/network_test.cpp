// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace recorte::net {
namespace {

using testing::HasSubstr;

TEST(Network, TellsTheInternetFromWhatIsNot) {
  for (const char* text : {"8.8.8.8", "193.232.1.2", "172.32.0.1", "100.128.0.1", "2a00:1450::1",
                           "2606:4700::1111", "::ffff:8.8.8.8"})
    EXPECT_TRUE(is_public(parse_address(text).value())) << text;
  for (const char* text : {"127.0.0.1",
                           "127.9.9.9",
                           "0.0.0.0",
                           "10.1.2.3",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.1.1",
                           "169.254.169.254",
                           "100.64.0.1",
                           "224.0.0.1",
                           "255.255.255.255",
                           "198.18.0.1",
                           "::1",
                           "::",
                           "fe80::1",
                           "fd00::1",
                           "fc00::1",
                           "ff02::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "64:ff9b::7f00:1",
                           "2002:7f00:1::",
                           "2001::1",
                           "2001:db8::1"})
    EXPECT_FALSE(is_public(parse_address(text).value())) << text;
}

TEST(Network, ContainsByBits) {
  const auto network = *Network::parse("10.1.128.0/17");
  EXPECT_TRUE(network.contains(*parse_address("10.1.128.0")));
  EXPECT_TRUE(network.contains(*parse_address("10.1.255.255")));
  EXPECT_FALSE(network.contains(*parse_address("10.1.127.255")));
  EXPECT_FALSE(network.contains(*parse_address("::1")));
  EXPECT_TRUE(Network::parse("::1")->contains(*parse_address("[::1]")));
  EXPECT_FALSE(Network::parse("::1")->contains(*parse_address("::2")));
}

TEST(Network, NamesAreNoAddresses) {
  for (const char* text : {"localhost", "", "127.1", "0x7f.0.0.1", "[::1", "1.2.3.4.5"})
    EXPECT_FALSE(parse_address(text)) << text;
  for (const char* text : {"10.0.0.0/33", "10.0.0.0/-1", "fd00::/129", "example.org", "10.0.0.0/"})
    EXPECT_THAT(Network::parse(text).error().message, HasSubstr("no address or network")) << text;
}

}  // namespace
}  // namespace recorte::net
