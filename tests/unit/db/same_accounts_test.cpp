// SPDX-License-Identifier: BSD-3-Clause
//
// The two databases against each other: accounts, grants, tokens, sessions, switches, the history
// of runs and the audit trail.
#include "core/db/accounts.hpp"
#include "core/db/admin.hpp"
#include "core/db/audit_log.hpp"
#include "core/db/history.hpp"
#include "core/db/switches.hpp"
#include "core/db/tokens.hpp"
#include "core/db/user_sessions.hpp"
#include "tests/unit/db/same.hpp"

#include <string>
#include <vector>

namespace recorte::db {
namespace {

using account::Grant;
using test::Step;

constexpr Micros kSecond = 1'000'000, kMinute = 60 * kSecond;

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += text + ",";
  return out;
}
/// Times are the database's own.
std::string text_of(const account::User& u) {
  return words(u.name, u.email, u.service, u.enabled, joined(u.groups), joined(u.told_groups),
               u.told > 0, u.created > 0, u.seen > 0, u.has_password);
}
std::string text_of(const Grant& grant) { return account::grant_text(grant); }
std::string text_of(const account::Token& t) {
  return words(t.id, t.user, t.name, joined(account::scope_words(t.scopes)), t.created, t.expires,
               t.used, t.used_from, t.revoked > 0);
}
std::string text_of(const std::optional<account::Tokens::Found>& found) {
  return found ? text_of(found->token) + text_of(found->user) : "none";
}
std::string text_of(const account::Session& s) {
  return words(s.id, s.user, s.method, s.agent, s.address, s.created, s.seen, s.expires);
}
std::string text_of(const std::optional<account::Session>& session) {
  return session ? text_of(*session) : "none";
}
std::string text_of(const std::string& text) { return text; }
std::string text_of(bool value) { return value ? "true" : "false"; }
std::string text_of(std::int64_t value) { return std::to_string(value); }
std::string text_of(const schedule::Switch& s) { return words(s.name, s.value, s.changed, s.by); }
std::string text_of(const schedule::ServerState& s) { return words(s.name, s.seen > 0, s.state); }
std::string text_of(const schedule::Run& run) {
  const auto& [low, middle, high] = run.predicted_s;
  return words(run.work.kind, static_cast<int>(run.work.lane), run.work.products, run.work.pixels,
               run.id, run.ended, run.hands, run.work_s, run.took_s, run.waited_s, run.bytes, low,
               middle, high, run.predicted_bytes);
}
std::string text_of(const account::Event& e) {
  return words(e.time, e.act, e.outcome, e.user, e.service, e.method, e.credential, e.address,
               e.request_id, e.object, e.detail);
}

template <class T>
std::string said(const Result<T>& result) {
  return db::said(result, [](const auto& value) { return text_of(value); });
}
using db::said;

enum Kind {
  kAddUser,
  kChangeUser,
  kRemoveUser,
  kSignIn,
  kLink,
  kPassword,
  kGrant,
  kUngrant,
  kAddToken,
  kRevoke,
  kTouchToken,
  kAddSession,
  kTouchSession,
  kEndSession,
  kSpend,
  kSwitch,
  kBeat,
  kRun,
  kForget,
  kEvent,
  kSearch,
  kWait,
};
const std::vector<std::string> kNames{
    "add user",      "change user", "remove user", "sign in", "link",        "password",
    "grant",         "ungrant",     "add token",   "revoke",  "touch token", "add session",
    "touch session", "end session", "spend",       "switch",  "beat",        "run",
    "forget",        "event",       "search",      "wait"};

/// One database, and what is done to it.
class Side {
 public:
  explicit Side(const Database& database)
      : accounts_(database), tokens_(database), sessions_(database), switches_(database) {
    const auto migrated = migrate_database(database);
    EXPECT_TRUE(migrated) << migrated.error().message;
    history_ = History::open(database).value();
    audit_ = AuditLog::open({.database = database}).value();
  }

  /// All that was answered.
  std::string take(const Step& step) {
    const auto name = name_of(step.a);
    const auto id = "id" + std::to_string(step.b % 6);
    switch (step.kind) {
      case kAddUser: return said(accounts_.add(user_of(step)));
      case kChangeUser:
        return said(accounts_.change(name, [&](account::User& user) -> Status {
          if (step.c % 5 == 0) return fail(ErrorCode::kUsage, "not this one");
          user = user_of(step);
          user.name = "another";
          return {};
        }));
      case kRemoveUser: return said(accounts_.remove(name));
      case kSignIn: return said(accounts_.sign_in(identity_of(step)));
      case kLink:
        return said(
            accounts_.link(name, source_of(step.b), "subject" + std::to_string(step.c % 4)));
      case kPassword:
        return step.c % 2 == 0 ? said(accounts_.set_password_hash(name, odd_text(0) + "h" + id))
                               : said(accounts_.renew_password_hash(name, "h" + id, "hid1")) +
                                     said(accounts_.password_hash(name));
      case kGrant: return said(accounts_.add(grant_of(step)));
      case kUngrant: return said(accounts_.remove(grant_of(step)));
      case kAddToken: return said(tokens_.add(token_of(step, id), "hash" + id));
      case kRevoke: return said(tokens_.revoke(id, step.c % 2 == 0 ? "" : name));
      case kTouchToken: return said(tokens_.touch(id, now_, odd_text(step.c)));
      case kAddSession:
        return said(sessions_.add({id, name, "oidc", odd_text(step.c), odd_text(step.c >> 8U), now_,
                                   now_, now_ + step.c % 9 * kMinute},
                                  "hash" + id, now_ - step.a % 9 * kMinute));
      case kTouchSession: return said(sessions_.touch(id, now_ - step.c % 3, odd_text(step.c)));
      case kEndSession: return said(sessions_.end(step.c % 5 == 0 ? odd_text(step.b) : id, name));
      case kSpend: return said(sessions_.spend(id, now_ + step.c % 3 * kMinute, now_));
      case kSwitch:
        return step.c % 3 == 0
                   ? said(switches_.clear(id))
                   : said(switches_.set({id, odd_text(step.a), now_, odd_text(step.c)}));
      case kBeat:
        return said(step.c % 3 == 0 ? switches_.leave(id) : switches_.beat({id, 0, R"({"a": 1})"}));
      case kRun: return said(history_->add(run_of(step, id)));
      case kForget: return said(history_->forget(now_ - step.a % 9 * kMinute));
      case kEvent: return add_event(step);
      case kSearch: return said(audit_->search(filter_of(step)));
      default: now_ += step.a % 3 == 0 ? kMinute : kSecond; return "";
    }
  }
  /// All that there is.
  std::string everything() {
    std::string out = said(accounts_.list()) + said(accounts_.grants()) + said(tokens_.list("")) +
                      said(switches_.all()) + said(switches_.servers()) +
                      said(history_->latest(3)) + said(history_->latest(1000)) +
                      said(audit_->search({}));
    for (std::uint32_t i = 0; i < 6; ++i) {
      const auto hash = "hashid" + std::to_string(i);
      out += said(accounts_.find(name_of(i))) + said(accounts_.password_hash(name_of(i))) +
             said(sessions_.list(name_of(i))) + said(tokens_.list(name_of(i))) +
             said(tokens_.find(hash)) + said(sessions_.find(hash));
    }
    return out;
  }

 private:
  static std::string name_of(std::uint32_t n) {
    static const std::vector<std::string> names{"ann", "Ann", "bob", "a-b", "ab", "a_b\xff"};
    return names[n % names.size()];
  }
  static std::string group_of(std::uint32_t n) {
    static const std::vector<std::string> groups{"des", "DES2", "d-e", "Zeta", "alpha", "a,b"};
    return groups[n % groups.size()];
  }
  static std::string source_of(std::uint32_t n) {
    return n % 7 == 0 ? "" : n % 2 == 0 ? "ldap" : "https://id.example.org/é";
  }
  static account::User user_of(const Step& step) {
    account::User out;
    out.name = name_of(step.a);
    out.email = odd_text(step.b);
    out.service = step.c % 2 == 0;
    out.enabled = step.c % 7 != 0;
    out.groups = {group_of(step.b), group_of(step.b >> 8U), group_of(step.c)};
    if (step.c % 3 == 0) out.groups = {"des", "Zeta", "alpha"};
    return out;
  }
  static account::Identity identity_of(const Step& step) {
    account::Identity out;
    out.source = step.c % 4 == 0 ? std::string(account::kOwnSource) : source_of(step.b);
    out.name = name_of(step.a);
    out.subject = step.c % 4 == 0 ? out.name : "subject" + std::to_string(step.c % 4);
    out.email = step.c % 2 == 0 ? odd_text(step.b) : "";
    if (step.c % 3 != 0)
      out.groups = {group_of(step.b), group_of(step.b >> 8U), group_of(step.b >> 16U),
                    odd_text(step.c >> 8U)};
    return out;
  }
  static Grant grant_of(const Step& step) {
    const auto a = std::vector<std::string>{"anyone", "user ann", "group Des", "service bob",
                                            "user Ann"}[step.a % 5];
    const auto b = std::vector<std::string>{"read on survey des_y6", "read on survey a",
                                            "read on survey B"}[step.b % 3];
    return account::parse_grant(a + " may " + b).value();
  }
  account::Token token_of(const Step& step, const std::string& id) const {
    account::Token out;
    out.id = id;
    out.user = name_of(step.a);
    out.name = odd_text(step.c);
    out.scopes = account::parse_scopes({step.c % 2 == 0 ? "read" : "submit", "survey:x"}).value();
    out.created = now_ - step.c % 2;
    out.expires = step.c % 3 == 0 ? 0 : now_ + kMinute;
    return out;
  }
  schedule::Run run_of(const Step& step, const std::string& id) const {
    schedule::Run out;
    out.work = {odd_text(step.a),
                step.c % 2 == 0 ? schedule::RunLane::kSync : schedule::RunLane::kBatch, step.c % 9,
                1e12 / (1 + step.c % 97)};
    out.id = id;
    out.ended = now_;
    out.work_s = 0.1 * (step.b % 1000);
    out.took_s = 1e-6 * (step.c % 1000);
    out.bytes = std::int64_t{step.a} << 20U;
    return out;
  }
  std::string add_event(const Step& step) {
    account::Event out;
    out.time = ++now_;  // of two events of one time, it is random which is first
    out.act = step.a % 2 == 0 ? "login" : "refusal";
    out.user = odd_text(step.b);
    out.object = odd_text(step.c);
    out.detail = odd_text(step.a >> 8U);
    audit_->add(out);
    return said(audit_->flush());
  }
  account::Audit::Filter filter_of(const Step& step) const {
    account::Audit::Filter out;
    if (step.a % 2 == 0) out.user = odd_text(step.b);
    if (step.a % 3 == 0) out.object = odd_text(step.c);
    if (step.b % 2 == 0) out.act = "login";
    if (step.b % 3 == 0) out.from = now_ - kMinute;
    if (step.c % 3 == 0) out.to = now_;
    out.most = step.c % 5;
    return out;
  }

  Micros now_ = 1'700'000'000 * kSecond;
  Accounts accounts_;
  Tokens tokens_;
  UserSessions sessions_;
  Switches switches_;
  std::unique_ptr<schedule::History> history_;
  std::unique_ptr<AuditLog> audit_;
};

TEST(BothDatabases, AnswerTheSameOfAccounts) { try_on_both<Side>(3, 100, kNames); }

}  // namespace
}  // namespace recorte::db
