/// An account, and the port behind which accounts are kept (core/db has it in SQL).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/grant.hpp"
#include "core/account/identity.hpp"
#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::account {

struct User {
  std::string name;
  std::string email;
  bool service = false;             ///< a program, which may act for users where it was granted
  bool enabled = true;              ///< else every credential of theirs is refused
  std::vector<std::string> groups;  ///< that an admin put them into
  /// That the source of their last sign-in said, and when; they count as long as [auth] says.
  std::vector<std::string> told_groups;
  Micros told = 0;
  Micros created = 0, seen = 0;
  bool has_password = false;

  /// All that count at `now`, sorted; those of the source for `keep` after it was told (0: ever).
  std::vector<std::string> groups_at(Micros now, Micros keep) const;
};

/// Whether a source's group may be one here: 1 to 256 bytes, and none that stands for a survey.
inline constexpr std::size_t kLongestTold = 256;
bool may_be_told(std::string_view group);

/// 1 to 64 of letters, digits, and ".", "_", "-", "@", "+", not "anonymous" nor a "-" or "." first:
/// what may be a user's or a group's name. kUsage says what is wrong.
Status check_name(std::string_view name);

/// What an admin may put a user into: a name, or a source's group (may_be_told) of printable
/// characters without blanks and commas, so that a grant can name it.
Status check_group(std::string_view group);

/// Every call asks the database, and blocks as long as that takes. [any thread]
class Accounts {
 public:
  virtual ~Accounts() = default;

  /// The account of an identity, as it is after its groups and e-mail were noted; made where there
  /// is none yet. kForbidden where the account is disabled, or another source's account has that
  /// name: nobody becomes somebody else by choosing a name elsewhere (link() joins the two).
  virtual Result<User> sign_in(const Identity& identity) = 0;
  virtual Result<User> find(const std::string& name) = 0;  ///< kNotFound
  virtual Result<std::vector<User>> list() = 0;            ///< by name
  /// kUsage where the name is taken, or none.
  virtual Status add(const User& user) = 0;
  /// The change is made in a transaction; what it returns as an error undoes it.
  virtual Result<User> change(const std::string& name, const std::function<Status(User&)>& how) = 0;
  /// With tokens, sessions, identities and grants of its own; jobs and the audit trail stay.
  virtual Status remove(const std::string& name) = 0;
  /// Has an identity of another source be this account's.
  virtual Status link(const std::string& name, const std::string& source,
                      const std::string& subject) = 0;

  /// The argon2id string; "" where there is none, or no such user.
  virtual Result<std::string> password_hash(const std::string& name) = 0;
  virtual Status set_password_hash(const std::string& name, const std::string& hash) = 0;
  /// The same password hashed anew, where `old` is still what is kept; else nothing changes.
  virtual Status renew_password_hash(const std::string& name, const std::string& old,
                                     const std::string& hash) = 0;

  /// Of the database, besides those of [auth] grants.
  virtual Result<std::vector<Grant>> grants() = 0;
  virtual Status add(const Grant& grant) = 0;
  virtual Status remove(const Grant& grant) = 0;
};

}  // namespace recorte::account
