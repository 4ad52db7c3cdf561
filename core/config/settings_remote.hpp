/// [remote] and [remote.s3]: from where files may be fetched, and how. A part of config::Settings.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/config/secret.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace recorte::config {

struct RemoteSettings {
  std::vector<std::string> hosts;     ///< parse_webhook_host; none: nothing by http
  std::vector<std::string> networks;  ///< parse_network; that are not public and may be reached
  std::filesystem::path cache;        ///< "": remote in `data`
  std::int64_t cache_bytes = 10LL << 30, cache_files = 100'000;
  std::int64_t block = 256 << 10;  ///< bytes
  Micros fresh = 60'000'000;       ///< how long a file is taken to be as it was
  Micros connect = 10'000'000, timeout = 30'000'000;
  std::int64_t attempts = 3;
  std::filesystem::path ca;  ///< "": the system's

  struct S3 {
    std::string endpoint = "https://s3.amazonaws.com";  ///< parse_webhook_host
    std::string region = "us-east-1";
    std::vector<std::string> buckets;  ///< none: nothing by s3
    bool path_style = false;
    std::string key;  ///< "": nobody's
    Secret secret, token;
  } s3;
};

}  // namespace recorte::config
