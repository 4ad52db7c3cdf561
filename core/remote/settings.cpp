// SPDX-License-Identifier: BSD-3-Clause
#include "core/remote/settings.hpp"

namespace recorte::remote {
namespace {

Result<S3> s3_of(const config::RemoteSettings::S3& said) {
  S3 out{said.endpoint, said.region, said.buckets, said.path_style, said.key, "", ""};
  if (!said.key.empty() && !said.secret.given())
    return fail(ErrorCode::kUsage,
                "[remote.s3] names a key and no secret; write secret = { file = \"PATH\" }");
  auto secret = config::read_secret(said.secret);
  if (!secret) return fail(std::move(secret).error());
  auto token = config::read_secret(said.token);
  if (!token) return fail(std::move(token).error());
  out.secret = std::move(*secret);
  out.token = std::move(*token);
  return out;
}

}  // namespace

Result<std::unique_ptr<Service>> service_of(const config::Settings& settings) {
  const auto& said = settings.remote;
  if (said.hosts.empty() && said.s3.buckets.empty()) return nullptr;
  FetchOptions options;
  options.origins = said.hosts;
  for (const auto& text : said.networks) {
    auto network = net::Network::parse(text);
    if (!network) return fail(std::move(network).error());
    options.networks.push_back(*network);
  }
  auto s3 = s3_of(said.s3);
  if (!s3) return fail(std::move(s3).error());
  options.s3 = std::move(*s3);
  options.cache = said.cache.empty() ? settings.data / "remote" : said.cache;
  options.bounds = {said.cache_bytes, said.cache_files};
  options.block = said.block;
  options.fresh = said.fresh;
  options.connect = said.connect;
  options.timeout = said.timeout;
  options.attempts = said.attempts;
  options.ca = said.ca;
  auto fetcher = Fetcher::open(std::move(options));
  if (!fetcher) return fail(std::move(fetcher).error());
  return std::make_unique<Service>(std::move(*fetcher));
}

}  // namespace recorte::remote
