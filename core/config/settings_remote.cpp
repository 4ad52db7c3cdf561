// SPDX-License-Identifier: BSD-3-Clause
//
// [remote] and [remote.s3]: files that lie elsewhere.
#include "core/config/address.hpp"
#include "core/config/settings_rows.hpp"

#include <algorithm>
#include <array>

namespace recorte::config {
namespace {

constexpr std::int64_t kKiB = 1LL << 10, kMiB = 1LL << 20, kTiB = 1LL << 40;

using S = Settings;
using R = RemoteSettings;
using rows::at;
using rows::number;
using rows::secret;
using rows::text;

Result<std::string> check_region(std::string_view text) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (text.size() <= 64 && std::ranges::all_of(text, good)) return std::string(text);
  return fail(ErrorCode::kUsage, "'" + std::string(text) + "' is no region, such as us-east-1");
}

const std::array kKeys{
    text("remote", "hosts", Kind::kTexts, at<&S::remote, &R::hosts>, parse_webhook_host,
         "`HOST` or `HOST:PORT`, for https, or `http://HOST:PORT`", "nothing is fetched by http",
         R"(["data.example.org", "http://10.1.0.5:8000"])",
         "The hosts that images may be fetched from: exactly these. One that is named by its "
         "address may be in a private network."),
    text("remote", "networks", Kind::kTexts, at<&S::remote, &R::networks>, parse_network,
         "addresses and networks", "the public internet alone", R"(["10.1.0.0/16"])",
         "Networks that names among `hosts` may lead to, though they are not public: this "
         "machine's, links' and private ones."),
    text("remote", "cache", Kind::kPath, at<&S::remote, &R::cache>, nullptr, "a directory",
         "`remote` in `data`", R"("/scratch/recorte-remote")",
         "Where what was fetched is kept. The server's alone."),
    number("remote", "cache_bytes", Kind::kSize, at<&S::remote, &R::cache_bytes>, kMiB, 1024 * kTiB,
           R"("100GiB")", "How much of it; what was not used longest goes."),
    number("remote", "cache_files", Kind::kInteger, at<&S::remote, &R::cache_files>, 16,
           100'000'000, "500000", "In how many files, of a block each."),
    number("remote", "block", Kind::kSize, at<&S::remote, &R::block>, 4 * kKiB, 16 * kMiB,
           R"("1MiB")", "Files are fetched in whole blocks of this size."),
    number("remote", "fresh", Kind::kDuration, at<&S::remote, &R::fresh>, 0, 36'500 * rows::kDay,
           R"("1h")",
           "How long a file is taken to be as it was before its server is asked whether it has "
           "changed."),
    number("remote", "connect", Kind::kDuration, at<&S::remote, &R::connect>, rows::kSecond / 100,
           rows::kHour, R"("5s")", "How long a connection may take to be made."),
    number("remote", "timeout", Kind::kDuration, at<&S::remote, &R::timeout>, rows::kSecond / 100,
           rows::kHour, R"("1m")",
           "How long a part of a file may take to come, with all attempts; else 503."),
    number("remote", "attempts", Kind::kInteger, at<&S::remote, &R::attempts>, 1, 20, "5",
           "How often a server that fails in a way that may pass is asked."),
    text("remote", "ca", Kind::kPath, at<&S::remote, &R::ca>, nullptr, "a file",
         "those of the system", R"("/etc/recorte/archive-ca.pem")",
         "The certificates that those of these hosts must come from."),

    text("remote.s3", "endpoint", Kind::kText, at<&S::remote, &R::s3, &R::S3::endpoint>,
         parse_webhook_host, "`HOST` or `HOST:PORT`, for https, or `http://HOST:PORT`", "",
         R"("https://s3.eu-west-1.amazonaws.com")", "The object store that `s3://` means."),
    text("remote.s3", "region", Kind::kText, at<&S::remote, &R::s3, &R::S3::region>, check_region,
         "a region", "", R"("eu-west-1")", "Its region, which requests are signed for."),
    text("remote.s3", "buckets", Kind::kTexts, at<&S::remote, &R::s3, &R::S3::buckets>, nullptr,
         "names", "nothing is fetched by s3", R"(["des-dr2", "hsc-pdr3"])",
         "The buckets that images may be fetched from: exactly these."),
    rows::choice("remote.s3", "path_style", at<&S::remote, &R::s3, &R::S3::path_style>, "true",
                 "Whether a bucket is asked for as `ENDPOINT/BUCKET/KEY`, as MinIO and Ceph have "
                 "it, rather than as `BUCKET.ENDPOINT/KEY`."),
    text("remote.s3", "key", Kind::kText, at<&S::remote, &R::s3, &R::S3::key>, nullptr,
         "an access key's id", "requests are nobody's, and not signed", R"("AKIAEXAMPLE")",
         "The access key that requests are signed with (AWS's signature, version 4)."),
    secret("remote.s3", "secret", at<&S::remote, &R::s3, &R::S3::secret>,
           R"({ file = "/etc/recorte/s3-secret" })", "The secret of this key."),
    secret("remote.s3", "token", at<&S::remote, &R::s3, &R::S3::token>,
           R"({ env = "AWS_SESSION_TOKEN" })", "The session token of a key for a while."),
};

}  // namespace

std::span<const Key> remote_keys() { return kKeys; }

}  // namespace recorte::config
