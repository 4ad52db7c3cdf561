// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/json.hpp"

#include "core/base/time.hpp"

#include <nlohmann/json.hpp>

namespace recorte::account {
namespace {

using nlohmann::ordered_json;

ordered_json time_json(Micros time) {
  return time == 0 ? ordered_json() : ordered_json(iso_time(time));
}

}  // namespace

ordered_json user_json(const User& user) {
  return {{"name", user.name},
          {"email", user.email},
          {"service", user.service},
          {"enabled", user.enabled},
          {"groups", user.groups},
          {"told_groups", user.told_groups},
          {"told", time_json(user.told)},
          {"password", user.has_password},
          {"created", time_json(user.created)},
          {"seen", time_json(user.seen)}};
}

ordered_json token_json(const Token& token) {
  return {{"id", token.id},
          {"user", token.user},
          {"name", token.name},
          {"scopes", scope_words(token.scopes)},
          {"created", time_json(token.created)},
          {"expires", time_json(token.expires)},
          {"used", time_json(token.used)},
          {"used_from", token.used_from},
          {"revoked", time_json(token.revoked)}};
}

ordered_json event_json(const Event& event) {
  return {{"time", time_json(event.time)},  {"act", event.act},
          {"outcome", event.outcome},       {"user", event.user},
          {"service", event.service},       {"method", event.method},
          {"credential", event.credential}, {"address", event.address},
          {"request_id", event.request_id}, {"object", event.object},
          {"detail", event.detail}};
}

}  // namespace recorte::account
