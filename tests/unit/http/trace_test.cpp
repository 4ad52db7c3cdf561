// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/trace.hpp"

#include <gtest/gtest.h>

namespace recorte::http {
namespace {

constexpr std::string_view kTrace = "0123456789abcdef0123456789abcdef";
constexpr std::string_view kParent = "fedcba9876543210";
const std::string kNew = "00-0123456789abcdef0123456789abcdef-fedcba9876543210-00";

std::string continued(const std::string& incoming) {
  Headers headers;
  headers.add("TraceParent", incoming);
  return continue_trace(headers, kTrace, kParent);
}

TEST(Trace, ATraceIsContinuedWithANewParent) {
  EXPECT_EQ(continued("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-fedcba9876543210-01");
}

TEST(Trace, WithoutOneItBegins) { EXPECT_EQ(continue_trace({}, kTrace, kParent), kNew); }

TEST(Trace, ALaterVersionMayGoOn) {
  EXPECT_EQ(continued("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-more"),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-fedcba9876543210-00");
}

TEST(Trace, WhatIsMalformedIsPassedOver) {
  for (const auto* incoming : {
           "",
           "x",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
           "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
           "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00more",
           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
       })
    EXPECT_EQ(continued(incoming), kNew) << incoming;
}

TEST(Trace, TwoOfThemCountAsNone) {
  Headers headers;
  headers.add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  headers.add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  EXPECT_EQ(continue_trace(headers, kTrace, kParent), kNew);
}

}  // namespace
}  // namespace recorte::http
