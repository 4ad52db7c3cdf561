// SPDX-License-Identifier: BSD-3-Clause
#include "auth/login/device.hpp"

#include "core/base/text.hpp"

namespace recorte::auth {
namespace {

constexpr char kBetween = '|';
constexpr std::size_t kParts = 4, kMost = 10'000;
constexpr Micros kSecond = 1'000'000;
/// What a network may take off an interval.
constexpr Micros kSlack = kSecond;

tl::unexpected<Error> over() {
  return fail(ErrorCode::kForbidden, "this sign-in is over, or was never begun here; begin again");
}

}  // namespace

std::string Devices::handle(const Content& content) const {
  const auto payload = join({std::to_string(content.expires), std::to_string(content.interval_s),
                             url_encode(content.provider), url_encode(content.code)},
                            std::string(1, kBetween));
  return payload + kBetween + key_.hash_of(payload);
}

Result<Devices::Content> Devices::read(std::string_view handle, Micros now) const {
  const auto last = handle.rfind(kBetween);
  if (last == handle.npos) return over();
  const auto payload = handle.substr(0, last);
  if (!key_.verify(payload, handle.substr(last + 1))) return over();
  const auto parts = split(payload, kBetween);
  if (parts.size() != kParts) return over();
  const auto expires = to_int(parts[0]), interval = to_int(parts[1]);
  const auto provider = url_decode(parts[2]), code = url_decode(parts[3]);
  if (!expires || !interval || !provider || !code || now >= *expires) return over();
  return Content{*provider, *code, *expires, *interval};
}

bool Devices::may_ask(const std::string& handle, const Content& content, Micros now) {
  const auto hash = key_.hash_of(handle);
  const std::lock_guard lock(mutex_);
  const auto [place, fresh] = asked_.try_emplace(hash, now);
  if (!fresh && now - place->second < content.interval_s * kSecond - kSlack) return false;
  place->second = now;
  // Whoever is forgotten may ask once too early.
  if (asked_.size() > kMost)
    asked_.erase(place == asked_.begin() ? --asked_.end() : asked_.begin());
  return true;
}

}  // namespace recorte::auth
