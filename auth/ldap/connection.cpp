// SPDX-License-Identifier: BSD-3-Clause
#include "auth/ldap/connection.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"

#include <ldap.h>

#include <algorithm>
#include <array>
#include <mutex>

namespace recorte::auth::ldap {
namespace {

constexpr const char* kSystemCa = "/etc/ssl/certs/ca-certificates.crt";

timeval left(std::int64_t until) {
  const auto ms = std::max<std::int64_t>(1, until - monotonic_ms());
  return {static_cast<time_t>(ms / 1000), static_cast<suseconds_t>(ms % 1000 * 1000)};
}

/// The library sets itself up at its first handle, and is then used by many threads.
void set_up_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    ::ldap* first = nullptr;
    if (::ldap_initialize(&first, "ldap://127.0.0.1") != LDAP_SUCCESS) return;
    const int client = 0;
    ::ldap_set_option(first, LDAP_OPT_X_TLS_NEWCTX, &client);
    ::ldap_unbind_ext_s(first, nullptr, nullptr);
  });
}

using Message = std::unique_ptr<LDAPMessage, int (*)(LDAPMessage*)>;

std::vector<std::string> values_of(::ldap* handle, LDAPMessage* entry, const char* attribute) {
  std::vector<std::string> out;
  const std::unique_ptr<berval*, void (*)(berval**)> values(
      ::ldap_get_values_len(handle, entry, attribute), ::ldap_value_free_len);
  for (auto* each = values.get(); each && *each; ++each)
    out.emplace_back((*each)->bv_val, (*each)->bv_len);
  return out;
}

Entry entry_of(::ldap* handle, LDAPMessage* message, const std::vector<std::string>& attributes) {
  Entry out;
  const std::unique_ptr<char, void (*)(void*)> name(::ldap_get_dn(handle, message), ::ldap_memfree);
  if (name) out.name = name.get();
  for (const auto& each : attributes)
    out.values[lower(each)] = values_of(handle, message, each.c_str());
  return out;
}

/// Of an answer to a password: that it is not the one, or that this entry may not sign in.
bool is_refusal(int code) {
  constexpr std::array kRefusals{LDAP_INVALID_CREDENTIALS,  LDAP_INAPPROPRIATE_AUTH,
                                 LDAP_UNWILLING_TO_PERFORM, LDAP_CONSTRAINT_VIOLATION,
                                 LDAP_INSUFFICIENT_ACCESS,  LDAP_NO_SUCH_OBJECT};
  return std::ranges::find(kRefusals, code) != kRefusals.end();
}

}  // namespace

std::string Entry::first(std::string_view attribute) const {
  const auto found = values.find(lower(attribute));
  return found == values.end() || found->second.empty() ? "" : found->second.front();
}

void Connection::Close::operator()(::ldap* handle) const {
  ::ldap_unbind_ext_s(handle, nullptr, nullptr);
}

Result<Connection> Connection::open(const Server& server, std::int64_t until) {
  set_up_library();
  ::ldap* handle = nullptr;
  const int made = ::ldap_initialize(&handle, server.url.c_str());
  if (made != LDAP_SUCCESS)
    return fail(ErrorCode::kUnavailable, server.url + ": " + ::ldap_err2string(made));
  Connection out(handle, server.url);
  RECORTE_TRY(out.set_up(server));
  RECORTE_TRY(out.bound(until));
  const bool start_tls = !server.plain && !server.url.starts_with("ldaps:");
  const int connected =
      start_tls ? ::ldap_start_tls_s(handle, nullptr, nullptr) : ::ldap_connect(handle);
  if (connected != LDAP_SUCCESS)
    return out.failed(start_tls ? "connecting with TLS" : "connecting", connected);
  return out;
}

/// All that /etc/ldap/ldap.conf and the environment could say otherwise is said here.
Status Connection::set_up(const Server& server) {
  const int version = LDAP_VERSION3, never = LDAP_DEREF_NEVER, client = 0;
  const int demand = LDAP_OPT_X_TLS_DEMAND, tls12 = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
  const auto ca = server.ca.empty() ? std::string(kSystemCa) : server.ca.string();
  auto* const handle = handle_.get();
  const auto set = [handle](int option, const void* value) {
    return ::ldap_set_option(handle, option, value) == LDAP_OPT_SUCCESS;
  };
  bool good = set(LDAP_OPT_PROTOCOL_VERSION, &version) && set(LDAP_OPT_DEREF, &never) &&
              set(LDAP_OPT_REFERRALS, LDAP_OPT_OFF) && set(LDAP_OPT_RESTART, LDAP_OPT_OFF);
  if (good && !server.plain)
    good = set(LDAP_OPT_X_TLS_CACERTFILE, ca.c_str()) && set(LDAP_OPT_X_TLS_CACERTDIR, nullptr) &&
           set(LDAP_OPT_X_TLS_REQUIRE_CERT, &demand) && set(LDAP_OPT_X_TLS_PROTOCOL_MIN, &tls12) &&
           set(LDAP_OPT_X_TLS_NEWCTX, &client);  // the last: it takes over the others
  if (good) return {};
  return fail(ErrorCode::kUnavailable,
              url_ + ": TLS cannot be set up with the certificates of " + ca);
}

/// What the library waits for, from now on, as long as is left.
Status Connection::bound(std::int64_t until) {
  if (until <= monotonic_ms()) return failed("waiting", LDAP_TIMEOUT);
  const auto time = left(until);
  ::ldap_set_option(handle_.get(), LDAP_OPT_NETWORK_TIMEOUT, &time);
  ::ldap_set_option(handle_.get(), LDAP_OPT_TIMEOUT, &time);
  return {};
}

tl::unexpected<Error> Connection::failed(std::string_view doing, int code) const {
  auto why = url_ + ": " + std::string(doing) + ": " + ::ldap_err2string(code);
  char* said = nullptr;
  ::ldap_get_option(handle_.get(), LDAP_OPT_DIAGNOSTIC_MESSAGE, &said);
  const std::unique_ptr<char, void (*)(void*)> held(said, ::ldap_memfree);
  // Of certificates the library knows no more than that it did not like one.
  if (code == LDAP_CONNECT_ERROR)
    why += " (perhaps its certificate is another host's, or no authority's in ca)";
  else if (said && *said)
    why += std::string(" (") + said + ")";
  return fail(ErrorCode::kUnavailable, std::move(why));
}

Result<bool> Connection::bind(const std::string& name, const std::string& password,
                              std::int64_t until) {
  if (name.empty() || password.empty()) return false;
  RECORTE_TRY(bound(until));
  std::string copy = password;
  berval secret{copy.size(), copy.data()};
  const int code = ::ldap_sasl_bind_s(handle_.get(), name.c_str(), LDAP_SASL_SIMPLE, &secret,
                                      nullptr, nullptr, nullptr);
  if (code == LDAP_SUCCESS) return true;
  if (is_refusal(code)) return false;
  return failed("signing in", code);
}

Result<Found> Connection::search(const std::string& base, const std::string& filter,
                                 const std::vector<std::string>& attributes, int most,
                                 std::int64_t until) {
  RECORTE_TRY(bound(until));
  std::vector<std::string> names = attributes;
  if (names.empty()) names.emplace_back(LDAP_NO_ATTRS);
  std::vector<char*> wanted;
  for (auto& each : names) wanted.push_back(each.data());
  wanted.push_back(nullptr);
  auto time = left(until);
  LDAPMessage* got = nullptr;
  const int code =
      ::ldap_search_ext_s(handle_.get(), base.c_str(), LDAP_SCOPE_SUBTREE, filter.c_str(),
                          wanted.data(), 0, nullptr, nullptr, &time, most, &got);
  const Message held(got, ::ldap_msgfree);
  if (code != LDAP_SUCCESS && code != LDAP_SIZELIMIT_EXCEEDED)
    return failed("searching beneath " + base, code);
  Found out;
  out.more = code == LDAP_SIZELIMIT_EXCEEDED;
  for (auto* each = got ? ::ldap_first_entry(handle_.get(), got) : nullptr; each;
       each = ::ldap_next_entry(handle_.get(), each))
    out.entries.push_back(entry_of(handle_.get(), each, attributes));
  return out;
}

}  // namespace recorte::auth::ldap
