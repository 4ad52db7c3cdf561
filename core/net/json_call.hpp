/// One request to a JSON interface elsewhere: an OpenID provider's endpoints, another server of
/// this kind. What is sent may be secret, so it goes over TLS, or stays on this machine.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/net/delivery.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recorte::net {

using Form = std::vector<std::pair<std::string, std::string>>;

struct JsonCall {
  std::string url;
  std::string method = "GET";  ///< POST where there is a form
  std::optional<Form> form;    ///< application/x-www-form-urlencoded
  std::string user, password;  ///< HTTP Basic; "" for none
  std::string bearer;          ///< a token; "" for none
};

struct JsonAnswer {
  long status = 0;
  nlohmann::json body;  ///< null where it is no JSON
};

/// kUsage where the URL is no https URL, nor one of http on a loopback address. kUnavailable where
/// nobody answers, or too much: names the origin, and no secret. Redirects are not followed.
Result<JsonAnswer> call_json(const JsonCall& call, const Bounds& bounds);

/// Whether what is sent there stays secret: https, or a loopback address.
bool is_private_url(std::string_view url);

}  // namespace recorte::net
