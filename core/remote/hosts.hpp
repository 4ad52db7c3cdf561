/// Where files may be fetched from: the hosts, buckets and networks that the admin lists, and
/// nothing else, whatever a survey, a plugin or a server says. Pure but for the reading of URLs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/net/network.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recorte::remote {

struct S3 {
  std::string endpoint;  ///< an origin
  std::string region;
  std::vector<std::string> buckets;
  bool path_style = false;         ///< endpoint/bucket/key, rather than bucket.endpoint/key
  std::string key, secret, token;  ///< "": whoever asks is nobody
};

struct Place {
  std::string url;
  bool signs = false;
};

class Hosts {
 public:
  /// `origins` as config::parse_webhook_host() gives them; `networks`, besides the public ones.
  Hosts(std::vector<std::string> origins, std::vector<net::Network> networks, S3 s3);

  /// Of a file's http, https or s3 URI. kUnavailable names the host or bucket and the remedy;
  /// kData where it is no URI of a file. Neither shows a query or a password.
  Result<Place> place(std::string_view uri) const;
  /// Where a server sends whoever asked for `from`. The same errors.
  Result<Place> redirected(const Place& from, std::string_view location) const;
  bool may_reach(const net::Address& address) const;

 private:
  Result<Place> web_place(std::string_view url) const;
  Result<Place> s3_place(std::string_view uri) const;

  std::vector<std::string> origins_;
  std::vector<net::Network> networks_;
  S3 s3_;
};

/// Whether a URI lies below one of the beginnings ("https://host/data/", "s3://bucket/dr1"), which
/// end where a directory does. Both are read as they will be asked for: no dots lead out.
bool is_below(std::string_view uri, const std::vector<std::string>& beginnings);

}  // namespace recorte::remote
