// SPDX-License-Identifier: BSD-3-Clause
#include "server/identity/trail.hpp"

#include <gmock/gmock.h>

namespace recorte::identity {
namespace {

using namespace testing;

http::Response response(int status, std::string user = "ann") {
  http::Response out;
  out.status = status;
  out.notes.user = std::move(user);
  return out;
}

http::Request request(std::string_view act) {
  http::Request out;
  out.act = act;
  out.address = "192.0.2.1";
  out.id = "0123456789abcdef";
  out.route = "/async/{id}";
  return out;
}

TEST(Trail, SaysWhoDidWhatToWhat) {
  auto with = request("change");
  with.captures.emplace_back("id", "j1");
  auto answer = response(303);
  answer.notes.service = "portal";
  answer.notes.method = "token";
  answer.notes.credential = "t1";
  const auto event = event_of(with, answer);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->act, "change");
  EXPECT_EQ(event->outcome, "ok");
  EXPECT_EQ(event->user, "ann");
  EXPECT_EQ(event->service, "portal");
  EXPECT_EQ(event->method, "token");
  EXPECT_EQ(event->credential, "t1");
  EXPECT_EQ(event->address, "192.0.2.1");
  EXPECT_EQ(event->request_id, "0123456789abcdef");
  EXPECT_EQ(event->object, "j1");
  EXPECT_GT(event->time, 0);
  answer.notes.object = "j2";
  EXPECT_EQ(event_of(with, answer)->object, "j2") << "what the handler says";
}

TEST(Trail, HasEveryRefusal) {
  for (const auto& [status, outcome] : {std::pair{401, "unauthenticated"}, {403, "forbidden"}}) {
    auto answer = response(status);
    answer.notes.error = "why";
    const auto event = event_of(request(""), answer);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->act, "refusal");
    EXPECT_EQ(event->outcome, outcome);
    EXPECT_EQ(event->detail, "why");
  }
}

TEST(Trail, HasWhatFailedToo) {
  EXPECT_EQ(event_of(request("submit"), response(400))->outcome, "usage");
  EXPECT_EQ(event_of(request("submit"), response(404))->outcome, "not_found");
  EXPECT_EQ(event_of(request("submit"), response(503))->outcome, "unavailable");
  EXPECT_EQ(event_of(request("submit"), response(418))->outcome, "internal");
}

TEST(Trail, HasNothingOfWhatTheRecordOfRequestsHas) {
  EXPECT_FALSE(event_of(request(""), response(200)));
  EXPECT_FALSE(event_of(request("cutout"), response(200, "anonymous")));
  EXPECT_TRUE(event_of(request("cutout"), response(200)));
  EXPECT_TRUE(event_of(request("submit"), response(303, "anonymous")));
}

}  // namespace
}  // namespace recorte::identity
