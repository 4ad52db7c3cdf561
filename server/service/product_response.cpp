// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/product_response.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>

namespace recorte::service {
namespace {

constexpr std::size_t kWarningsSaid = 8;

/// "demo_0.05500_+10.00500_gri.fits".
std::string file_name(const cutout::CutoutRequest& request, const cutout::Outcome& outcome) {
  const auto centre = sky::to_position(sky::bounding_cap(request.stencil, 0).centre);
  std::array<char, 64> place{};
  std::snprintf(place.data(), place.size(), "%.5f_%+.5f", centre.ra, centre.dec);
  const auto name = request.image.empty() ? request.survey + "_" + place.data() : request.image;
  std::string bands;
  for (const auto& band : outcome.bands) bands += (bands.size() > 40 ? "" : "_" + band);
  return safe_name(name + bands) + std::string(cutout::file_ending(request.format));
}

/// Warnings may quote paths and ids: no quotes, no controls, ASCII only.
std::string header_text(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= ' ' && c <= '~' && c != '"' && c != '\\' ? c : '\'';
  return out;
}

/// Where the product lies; the sink is kept as long as the piece.
http::Piece piece_of(const Product& product) {
  const auto& [outcome, sink] = product;
  const auto content = sink->content(outcome.offset, outcome.bytes);
  if (content.in_memory()) return http::Memory{{sink, content.memory().data()}, 0, outcome.bytes};
  return http::FileRange{{sink, &sink->file()}, outcome.offset, outcome.bytes};
}

}  // namespace

std::string safe_name(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                   std::string_view("-_.+").find(c) != std::string_view::npos
               ? c
               : '_';
  return out;
}

std::string media_type_of(cutout::Format format) {
  return cutout::is_picture(format)
             ? "image/" + std::string(cutout::kFormatNames[static_cast<std::size_t>(format)])
             : "application/fits";
}

void add_warnings(const std::vector<std::string>& warnings, http::Headers& headers) {
  for (std::size_t i = 0; i < std::min(warnings.size(), kWarningsSaid); ++i)
    headers.add("Warning", "299 recorte \"" + header_text(warnings[i]) + "\"");
}

http::Response product_response(const cutout::CutoutRequest& request, Product product) {
  const auto& outcome = product.outcome;
  const bool picture = cutout::is_picture(request.format);
  http::Response out;
  out.headers.add("Content-Type", media_type_of(request.format));
  out.headers.add("Content-Disposition", std::string(picture ? "inline" : "attachment") +
                                             "; filename=\"" + file_name(request, outcome) + "\"");
  const std::hash<std::string> hash;
  std::array<char, 40> tag{};
  std::snprintf(tag.data(), tag.size(), "W/\"%016zx%016zx\"", hash(cutout::canonical(request)),
                hash(outcome.version));
  out.headers.add("ETag", tag.data());
  out.headers.add("Cache-Control", "max-age=60");
  add_warnings(outcome.warnings, out.headers);
  out.body = std::vector<http::Piece>{piece_of(product)};
  return out;
}

Asker asker_of(const http::Request& request, const http::Reply& reply) {
  return {request.principal, request.id, reply.gone(), request.principal.admin};
}

void reply_with_cutout(Cutouts& cutouts, const cutout::CutoutRequest& request, const Asker& asker,
                       std::shared_ptr<const http::Request> http, http::Reply reply,
                       const Refuse& refuse, const JobRoute& jobs) {
  cutouts.cut(request, asker,
              [=, http = std::move(http), reply = std::move(reply)](Answer<Product> answer) {
                const auto plugins = answer.result ? answer.result->outcome.adapter + ", " +
                                                         answer.result->outcome.algorithm
                                                   : std::string();
                if (answer.for_a_job)
                  answer.result.error().message += ":\n  " + as_job(*http, jobs);
                auto response = answer.result ? product_response(request, std::move(*answer.result))
                                              : refuse(*http, answer.result.error());
                auto& notes = response.notes;
                notes.user = asker.principal.user;
                notes.survey = request.survey;
                notes.plugin = plugins;
                notes.canonical = cutout::canonical(request);
                notes.queued_us = answer.queued_us;
                notes.worked_us = answer.worked_us;
                reply(std::move(response));
              });
}

}  // namespace recorte::service
