// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/signature.hpp"

// The headers of 1.4 do not say that they are C.
extern "C" {
#include <oauth2/mem.h>
#include <oauth2/oauth2.h>
}

#include <mutex>
#include <utility>

namespace recorte::auth::oidc {
namespace {

/// No verdict is kept (expiry): liboauth2 keeps them for all keys together, so that what one key
/// has signed would pass for signed by any other. Claims are checked elsewhere.
constexpr const char* kOptions = "expiry=0&verify.exp=skip&verify.iat=skip&verify.iss=skip";

void keep_quiet(oauth2_log_sink_t*, const char*, unsigned long, const char*, oauth2_log_level_t,
                const char*) {}

/// Set up once, and never shut down, as that would end libcurl for everybody else. Its messages
/// quote tokens, and go nowhere.
oauth2_log_t* library() {
  static auto* const log =
      oauth2_init(OAUTH2_LOG_ERROR, oauth2_log_sink_create(OAUTH2_LOG_ERROR, &keep_quiet, nullptr));
  return log;
}

/// One caller at a time: it shares a cache, a log and counters among all of its objects.
std::mutex& one_at_a_time() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

struct VerificationKey::Impl {
  oauth2_cfg_token_verify_t* verify = nullptr;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    const std::lock_guard lock(one_at_a_time());
    if (verify != nullptr) oauth2_cfg_token_verify_free(library(), verify);
  }
};

Result<VerificationKey> VerificationKey::of(const std::string& jwk) {
  const auto impl = std::make_shared<Impl>();
  const std::lock_guard lock(one_at_a_time());
  char* wrong =
      oauth2_cfg_token_verify_add_options(library(), &impl->verify, "jwk", jwk.c_str(), kOptions);
  if (wrong != nullptr) {
    oauth2_mem_free(wrong);
    return fail(ErrorCode::kData, "this is no public key that liboauth2 can read");
  }
  return VerificationKey(impl);
}

bool VerificationKey::signed_this(const std::string& token) const {
  if (token.find('\0') != token.npos) return false;  // it would read less than there is
  const std::lock_guard lock(one_at_a_time());
  json_t* claims = nullptr;
  const bool good = oauth2_token_verify(library(), nullptr, impl_->verify, token.c_str(), &claims);
  if (claims != nullptr) json_decref(claims);
  return good;
}

}  // namespace recorte::auth::oidc
