// SPDX-License-Identifier: BSD-3-Clause
#include "auth/ldap/directory.hpp"

#include "auth/ldap/filter.hpp"
#include "auth/ldap/name.hpp"
#include "core/account/user.hpp"
#include "core/base/id.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/base/utf8.hpp"

#include <algorithm>
#include <chrono>

namespace recorte::auth::ldap {
namespace {

constexpr int kMostGroups = 1'000;
/// How long nobody is asked after nobody answered: those who come meanwhile need not wait as long.
constexpr std::int64_t kRestMs = 1'000;

/// Of bytes that are no text, as objectGUID has, their hexadecimal digits.
std::string as_text(const std::string& bytes) {
  if (is_good_utf8(bytes)) return bytes;
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

/// Gives its place back.
struct Place {
  std::counting_semaphore<256>& places;
  explicit Place(std::counting_semaphore<256>& all) : places(all) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { places.release(); }
};

}  // namespace

Directory::Directory(config::LdapSettings settings, const std::string& secret)
    : settings_(std::move(settings)), places_(settings_.connections) {
  for (const auto& url : settings_.urls)
    servers_.push_back(std::make_unique<SearchPool>(
        Server{url, settings_.plain, settings_.ca}, SearchPool::Account{settings_.bind, secret},
        static_cast<std::size_t>(settings_.connections)));
}

Directory::Judged Directory::judge(const std::string& user, const std::string& password) {
  if (const auto away = still_away()) return fail(*away);
  if (!places_.try_acquire_for(std::chrono::microseconds(settings_.timeout)))
    return fail(ErrorCode::kUnavailable, "too many passwords are being asked about");
  const Place place(places_);
  std::vector<std::string> why;
  const auto first = first_.load();
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const auto which = (first + i) % servers_.size();
    auto judged = judge_at(*servers_[which], user, password);
    if (judged || judged.error().code != ErrorCode::kUnavailable) {
      first_ = which;
      return judged;
    }
    why.push_back(judged.error().message);
  }
  const std::scoped_lock lock(mutex_);
  away_until_ms_ = monotonic_ms() + kRestMs;
  away_because_ = join(why, "; ");
  return fail(ErrorCode::kUnavailable, away_because_);
}

std::optional<Error> Directory::still_away() const {
  const std::scoped_lock lock(mutex_);
  if (monotonic_ms() >= away_until_ms_) return {};
  return Error{ErrorCode::kUnavailable, away_because_};
}

Directory::Judged Directory::judge_at(SearchPool& server, const std::string& user,
                                      const std::string& password) {
  const auto until = monotonic_ms() + settings_.timeout / 1000;
  const auto found = find_user(server, user, until);
  if (!found) return fail(found.error());
  const bool one = found->entries.size() == 1 && !found->more;
  if (found->entries.size() > 1 || found->more)
    log::write(log::Level::kWarn,
               "several entries of the directory have that name: nobody may sign in by it",
               {{"user", user}});
  // Where there is nobody the same is asked about somebody who cannot be there, so that it takes as
  // long.
  const auto name =
      one ? found->entries.front().name : "cn=" + random_hex(16) + "," + settings_.base;
  const auto right = let_in(server.server(), name, password, until);
  if (!right) return fail(right.error());
  if (!*right || !one) return std::nullopt;

  const auto& entry = found->entries.front();
  Person out;
  out.user = entry.first(settings_.user);
  out.subject = subject_of(entry);
  out.email = entry.first(settings_.email);
  if (out.user.empty() || out.subject.empty())
    return fail(ErrorCode::kInternal,
                server.server().url + ": " + entry.name + " has no attribute " +
                    (out.user.empty() ? settings_.user : settings_.subject) +
                    " that the searching account may read; see [auth.ldap] user and subject");
  auto groups = groups_of(server, entry, out.user, until);
  if (!groups) return fail(std::move(groups).error());
  out.groups = std::move(*groups);
  return out;
}

Result<bool> Directory::let_in(const Server& server, const std::string& name,
                               const std::string& password, std::int64_t until) const {
  auto second = Connection::open(server, until);
  if (!second) return fail(std::move(second).error());
  return second->bind(name, password, until);
}

Result<Found> Directory::find_user(SearchPool& server, const std::string& user,
                                   std::int64_t until) const {
  std::vector<std::string> attributes{settings_.user, settings_.email};
  if (!settings_.subject.empty()) attributes.push_back(settings_.subject);
  if (settings_.groups != "none") attributes.push_back(settings_.groups);
  const auto filter = filter_of(settings_.filter, {{"user", user}});
  return server.with<Found>(until, [&](Connection& connection) {
    return connection.search(settings_.base, filter, attributes, 2, until);
  });
}

std::string Directory::subject_of(const Entry& entry) const {
  return settings_.subject.empty() ? lower(entry.name) : as_text(entry.first(settings_.subject));
}

Result<std::vector<std::string>> Directory::groups_of(SearchPool& server, const Entry& entry,
                                                      const std::string& user,
                                                      std::int64_t until) const {
  std::vector<std::string> out;
  if (const auto told = entry.values.find(lower(settings_.groups)); told != entry.values.end())
    for (const auto& value : told->second)
      if (const auto group = told_group(value)) out.push_back(name_here(*group));
  if (!settings_.group_base.empty()) {
    const auto filter = filter_of(settings_.group_filter, {{"user", user}, {"dn", entry.name}});
    const auto found = server.with<Found>(until, [&](Connection& connection) {
      return connection.search(settings_.group_base, filter, {settings_.group}, kMostGroups, until);
    });
    if (!found) return fail(found.error());
    for (const auto& each : found->entries) out.push_back(name_here(each.first(settings_.group)));
    if (found->more)
      log::write(log::Level::kWarn, "a user is in more groups than are looked at",
                 {{"user", user}, {"groups", std::int64_t{kMostGroups}}});
  }
  // What is no name of a group here can have been granted nothing.
  std::erase_if(out, [](const std::string& name) { return !account::check_name(name); });
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// Of the name of a group's entry its first part, where that is what groups are called by and the
/// entry is where groups are; a value that is no entry's name is a group's as it stands.
std::optional<std::string> Directory::told_group(const std::string& value) const {
  const auto parts = name_parts(value);
  if (!parts || parts->empty()) return value;
  if (!settings_.group_base.empty() && !is_beneath(value, settings_.group_base)) return {};
  if (parts->front().first != lower(settings_.group)) return {};
  return parts->front().second;
}

std::string Directory::name_here(const std::string& group) const {
  constexpr std::string_view kName = "{name}";
  auto out = settings_.group_name;
  return out.replace(out.find(kName), kName.size(), group);
}

Status Directory::check() {
  for (const auto& server : servers_) {
    const auto until = monotonic_ms() + settings_.timeout / 1000;
    const auto found = find_user(*server, "recorte-" + random_hex(8), until);
    if (!found) return fail(found.error());
  }
  return {};
}

}  // namespace recorte::auth::ldap
