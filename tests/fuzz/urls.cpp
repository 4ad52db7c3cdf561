// SPDX-License-Identifier: BSD-3-Clause
//
// URLs and addresses of machines, and what a web server says of a part of a file: only what is
// listed is asked, a URL leads where it said, and no more bytes come than came.
#include "core/net/network.hpp"
#include "core/net/range_answer.hpp"
#include "core/net/url.hpp"
#include "core/remote/hosts.hpp"
#include "fuzz.hpp"

namespace recorte::fuzz {

namespace {

void check_listed(const Result<remote::Place>& place) {
  if (!place) return;
  const auto target = net::parse_target(place->url);
  require(target && (target->origin == "https://a.org" || target->origin == "https://b.s3.org"),
          "only what is listed is asked: " + place->url);
}

remote::S3 bucket() {
  remote::S3 out;
  out.endpoint = "https://s3.org";
  out.region = "r";
  out.buckets = {"b"};
  return out;
}

}  // namespace

void attempt(std::string_view input) {
  const std::string text(input);
  static const remote::Hosts hosts({"https://a.org"}, {}, bucket());
  check_listed(hosts.place(text));
  check_listed(hosts.redirected({"https://a.org/x", false}, text));
  if (const auto target = net::parse_target(text)) {
    const auto again = net::parse_target(target->url);
    require(again && again->origin == target->origin, "a URL leads where it said: " + target->url);
    (void)net::resolve_target(target->url, text);
  }
  (void)net::resolve_target("https://a.org/b/c", text);
  (void)remote::is_below(text, {"https://a.org/data/", "s3://b/dr1"});
  net::RangeHead head;
  for (const auto line : pieces(text, "\n")) head.add(line);
  const auto answer = net::judge({"https://a.org/x", 2, 5, "", false, false}, head, "abcd", "");
  require(answer.bytes.size() <= 4, "no more bytes than came");
  if (const auto network = net::Network::parse(text); network)
    if (const auto address = net::parse_address(text))
      require(network->contains(*address), "an address is in itself: " + text);
}

}  // namespace recorte::fuzz
