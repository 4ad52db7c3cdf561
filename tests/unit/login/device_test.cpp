// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "tests/unit/login/fake_provider.hpp"

#include <gmock/gmock.h>

namespace recorte::auth {
namespace {

using testing::HasSubstr;
using State = DevicePoll::State;

constexpr Micros kSecond = 1'000'000;

class DeviceFlow : public testing::Test {
 protected:
  DeviceFlow() { idp.refusal = {400, {{"error", "authorization_pending"}}}; }
  std::vector<Provider> providers() {
    std::vector<Provider> out;
    out.push_back(bare.provider());
    out.push_back(idp.provider());
    return out;
  }
  /// As a terminal does it, at the pace that it was told.
  Result<DevicePoll> poll(const std::string& handle) {
    now += 5 * kSecond;
    return login.poll_device(handle);
  }

  Micros now = 1'800'000'000 * kSecond;
  const account::Keys keys = account::Keys::of(std::string(32, 'k')).value();
  FakeProvider bare = [this] {
    FakeProvider out{"bare", now};
    out.endpoints.device = "";
    return out;
  }();
  FakeProvider idp{"idp", now};
  SpentInMemory spent;
  Login login{providers(), spent, keys, [this] { return now; }};
};

TEST_F(DeviceFlow, IsWithTheFirstProviderThatHasIt) {
  const auto device = login.begin_device("").value();
  EXPECT_EQ(device.user_code, "ABCD-EFGH");
  EXPECT_EQ(device.verification_uri, "https://idp.example/device");
  EXPECT_EQ(device.interval_s, 5);
  EXPECT_EQ(device.expires_s, 600);
  EXPECT_EQ(field_of(idp.last("/device"), "scope"), "openid email profile");
  const auto none = login.begin_device("bare");
  EXPECT_EQ(none.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(none.error().message, HasSubstr("--with-token"));
}

TEST_F(DeviceFlow, IsPendingUntilItIsDone) {
  const auto handle = login.begin_device("idp")->handle;
  EXPECT_EQ(poll(handle)->state, State::kPending);
  idp.refusal = {400, {{"error", "slow_down"}}};
  EXPECT_EQ(poll(handle)->state, State::kSlowDown);
  idp.refusal = {};
  idp.say("");
  const auto done = poll(handle);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->state, State::kDone);
  EXPECT_EQ(done->identity.name, "eva@example");
  EXPECT_EQ(field_of(idp.last("/token"), "device_code"), "d|1");
}

TEST_F(DeviceFlow, WhoAsksTooOftenCostsTheProviderNothing) {
  const auto handle = login.begin_device("idp")->handle;
  EXPECT_EQ(poll(handle)->state, State::kPending);
  const auto asked = idp.calls.size();
  now += kSecond;
  EXPECT_EQ(login.poll_device(handle)->state, State::kSlowDown);
  EXPECT_EQ(idp.calls.size(), asked);
}

TEST_F(DeviceFlow, RefusesWhatTheProviderRefuses) {
  for (const auto* error : {"access_denied", "expired_token"}) {
    const auto handle = login.begin_device("idp")->handle;
    idp.refusal = {400, {{"error", error}}};
    const auto done = poll(handle);
    EXPECT_EQ(done.error().code, ErrorCode::kForbidden);
    EXPECT_THAT(done.error().message, HasSubstr(error));
  }
}

TEST_F(DeviceFlow, RefusesForgedAndOldHandles) {
  const auto handle = login.begin_device("idp")->handle;
  for (const auto& forged : {std::string(), std::string("x"), handle + "0", "1" + handle})
    EXPECT_EQ(poll(forged).error().code, ErrorCode::kForbidden) << forged;
  now += 600 * kSecond;
  EXPECT_THAT(poll(handle).error().message, HasSubstr("over"));
}

TEST_F(DeviceFlow, ASignInsIdTokenIsChecked) {
  const auto handle = login.begin_device("idp")->handle;
  idp.refusal = {};
  idp.say("");
  idp.claims["aud"] = "another";
  EXPECT_THAT(poll(handle).error().message, HasSubstr("(aud)"));
}

}  // namespace
}  // namespace recorte::auth
