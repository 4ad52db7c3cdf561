/// One connection to one server of a directory. Every call is bounded; a connection on which a call
/// failed is good for nothing but to be closed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ldap;

namespace recorte::auth::ldap {

struct Server {
  std::string url;  ///< "ldap://host:389", "ldaps://host:636"
  bool plain = false;
  std::filesystem::path ca;  ///< "": the system's
};

struct Entry {
  std::string name;  ///< "uid=ann,ou=people,dc=example,dc=org"
  /// Attributes, in lower case, and their values, which may be any bytes.
  std::map<std::string, std::vector<std::string>> values;

  /// The first; "" where there is none.
  std::string first(std::string_view attribute) const;
};

struct Found {
  std::vector<Entry> entries;
  bool more = false;  ///< than asked for
};

/// One thread at a time. Errors are kUnavailable, and name the server and what it said: for logs.
class Connection {
 public:
  /// `until`, here and below: monotonic_ms() at which it is given up.
  static Result<Connection> open(const Server& server, std::int64_t until);

  /// Whether that is the entry's password, which must not be empty: servers take such a one for a
  /// wish to be nobody.
  Result<bool> bind(const std::string& name, const std::string& password, std::int64_t until);
  /// Beneath `base`; the attributes that are named, and no others.
  Result<Found> search(const std::string& base, const std::string& filter,
                       const std::vector<std::string>& attributes, int most, std::int64_t until);

 private:
  struct Close {
    void operator()(::ldap* handle) const;
  };
  Connection(::ldap* handle, std::string url) : handle_(handle), url_(std::move(url)) {}
  Status set_up(const Server& server);
  Status bound(std::int64_t until);
  tl::unexpected<Error> failed(std::string_view doing, int code) const;

  std::unique_ptr<::ldap, Close> handle_;
  std::string url_;
};

}  // namespace recorte::auth::ldap
