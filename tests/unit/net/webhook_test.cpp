// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/webhook.hpp"

#include <gmock/gmock.h>

namespace recorte::net {
namespace {

TEST(Webhook, SignsAsRfc4231Does) {
  EXPECT_EQ(hmac_sha256(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256(std::string(131, '\xaa'),
                        "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Webhook, NobodyThereIsAway) {
  Bounds bounds;
  bounds.connect = bounds.whole = 5'000'000;
  const Post what{{"http://127.0.0.1:1/x", "http://127.0.0.1:1"}, "id", "{}", "key"};
  const auto delivery = post(what, bounds);
  EXPECT_EQ(delivery.outcome, Outcome::kAway);
  EXPECT_THAT(delivery.why, testing::HasSubstr("http://127.0.0.1:1 cannot be reached"));
}

}  // namespace
}  // namespace recorte::net
