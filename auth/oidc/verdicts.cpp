// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/verdicts.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace recorte::auth::oidc {

std::string hash_of(std::string_view token) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned size = 0;
  if (EVP_Digest(token.data(), token.size(), raw.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("no SHA-256 can be made");
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += {kHex[raw[i] >> 4], kHex[raw[i] & 15]};
  return out;
}

Result<account::Identity> Verdicts::ask(const std::string& hash, Micros now, const Judge& judge) {
  std::unique_lock lock(mutex_);
  if (const auto place = places_.find(hash); place != places_.end()) {
    if (now < place->second->verdict.until) return place->second->verdict.identity;
    kept_.erase(place->second);
    places_.erase(place);
  }
  if (const auto other = flights_.find(hash); other != flights_.end()) {
    const auto flight = other->second;
    ++waiting_;
    landed_.wait(lock, [&] { return flight->landed; });
    --waiting_;
    return flight->identity;
  }
  const auto flight = std::make_shared<Flight>();
  flights_.emplace(hash, flight);
  lock.unlock();
  Verdict verdict{fail(ErrorCode::kInternal, "the token could not be judged"), 0};
  std::exception_ptr thrown;
  try {
    verdict = judge();
  } catch (...) {
    thrown = std::current_exception();
  }
  lock.lock();
  flight->identity = verdict.identity;
  flight->landed = true;
  flights_.erase(hash);
  if (now < verdict.until) keep(hash, verdict);
  landed_.notify_all();
  if (thrown) std::rethrow_exception(thrown);
  return std::move(verdict.identity);
}

std::optional<Result<account::Identity>> Verdicts::known(const std::string& hash,
                                                         Micros now) const {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(hash);
  if (place == places_.end() || now >= place->second->verdict.until) return {};
  return place->second->verdict.identity;
}

void Verdicts::keep(const std::string& hash, const Verdict& verdict) {
  kept_.push_front({hash, verdict});
  places_[hash] = kept_.begin();
  if (kept_.size() <= most_) return;
  places_.erase(kept_.back().hash);
  kept_.pop_back();
}

std::size_t Verdicts::size() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

std::size_t Verdicts::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

}  // namespace recorte::auth::oidc
