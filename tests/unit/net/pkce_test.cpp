// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/pkce.hpp"

#include <gtest/gtest.h>

namespace recorte::net {
namespace {

/// RFC 7636, appendix B.
TEST(Pkce, ChallengesAsTheStandardDoes) {
  EXPECT_EQ(code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

}  // namespace
}  // namespace recorte::net
