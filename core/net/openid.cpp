// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/openid.hpp"

#include "core/net/json_call.hpp"
#include "core/net/url.hpp"

#include <algorithm>

namespace recorte::net {
namespace {

using nlohmann::json;

/// "https://cilogon.org:8443" → "cilogon.org:8443".
std::string host_of(const std::string& origin) { return origin.substr(origin.find("://") + 3); }

/// Reads the members of a document, and says of the first that is wrong what is.
class Reader {
 public:
  Reader(const std::string& issuer, const std::vector<std::string>& hosts, const json& document)
      : issuer_(issuer), hosts_(hosts), document_(document) {}

  Result<OpenidProvider> read() {
    const auto target = parse_target(issuer_);
    if (!target) return fail(target.error());
    origin_ = target->origin;
    if (!document_.is_object()) return wrong("it is no JSON object");
    const auto said = document_.find("issuer");
    if (said == document_.end()) return wrong("it names no issuer");
    if (*said != issuer_)
      return wrong("its issuer is " + said->dump(-1, ' ', false, json::error_handler_t::replace) +
                   "; where that is who is meant, write [auth.oidc.*] issuer exactly so, to the "
                   "slash at its end");
    OpenidProvider out;
    out.issuer = issuer_;
    struct Member {
      const char* name;
      std::string OpenidProvider::*url;
      bool needed;
    };
    for (const auto& [name, url, needed] : {
             Member{"jwks_uri", &OpenidProvider::keys, true},
             Member{"authorization_endpoint", &OpenidProvider::authorization, true},
             Member{"token_endpoint", &OpenidProvider::token, true},
             Member{"device_authorization_endpoint", &OpenidProvider::device, false},
             Member{"introspection_endpoint", &OpenidProvider::introspection, false},
             Member{"userinfo_endpoint", &OpenidProvider::userinfo, false},
             Member{"end_session_endpoint", &OpenidProvider::end_session, false},
         }) {
      auto read = endpoint(name, needed);
      if (!read) return fail(read.error());
      out.*url = std::move(*read);
    }
    out.basic = takes_basic();
    const auto names = document_.find("authorization_response_iss_parameter_supported");
    out.names_issuer = names != document_.end() && *names == true;
    return out;
  }

 private:
  tl::unexpected<Error> wrong(const std::string& what) const {
    return fail(ErrorCode::kData, discovery_url(issuer_) + " is no use: " + what);
  }

  Result<std::string> endpoint(const std::string& name, bool needed) const {
    const auto member = document_.find(name);
    if (member == document_.end() || member->is_null()) {
      if (needed) return wrong("it names no " + name);
      return std::string();
    }
    if (!member->is_string()) return wrong(name + " is no text");
    const auto target = parse_target(member->get_ref<const std::string&>());
    if (!target) return wrong(name + ": " + target.error().message);
    const auto& origin = target->origin;
    // Plain http is for an issuer of this machine, and leads nowhere else.
    if (!origin.starts_with("https://") &&
        !(origin_.starts_with("http://") && is_private_url(target->url)))
      return wrong(name + " is at " + origin + ", which is not https");
    if (origin != origin_ && std::ranges::find(hosts_, host_of(origin)) == hosts_.end())
      return wrong(name + " is at " + origin + ", another host than the issuer's; name it in " +
                   "[auth.oidc.*] hosts where that is right");
    return target->url;
  }

  /// By default, as RFC 8414 has it; of two that are listed, too.
  bool takes_basic() const {
    const auto methods = document_.find("token_endpoint_auth_methods_supported");
    if (methods == document_.end() || !methods->is_array()) return true;
    const auto lists = [&](const char* name) {
      return std::find(methods->begin(), methods->end(), name) != methods->end();
    };
    return lists("client_secret_basic") || !lists("client_secret_post");
  }

  const std::string& issuer_;
  const std::vector<std::string>& hosts_;
  const json& document_;
  std::string origin_;
};

}  // namespace

std::string discovery_url(std::string_view issuer) {
  std::string out(issuer);
  if (out.ends_with('/')) out.pop_back();
  return out + "/.well-known/openid-configuration";
}

Result<OpenidProvider> read_discovery(const std::string& issuer,
                                      const std::vector<std::string>& hosts, const json& document) {
  return Reader(issuer, hosts, document).read();
}

Result<OpenidProvider> discover(const std::string& issuer, const std::vector<std::string>& hosts,
                                const Bounds& bounds) {
  JsonCall call;
  call.url = discovery_url(issuer);
  const auto answer = call_json(call, bounds);
  if (!answer) return fail(answer.error());
  if (answer->status != 200)
    return fail(ErrorCode::kUnavailable,
                call.url + " answers " + std::to_string(answer->status) + ", not 200");
  return read_discovery(issuer, hosts, answer->body);
}

}  // namespace recorte::net
