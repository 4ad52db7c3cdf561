/// A product as an HTTP answer: its type, its name, its tag, its warnings.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/request.hpp"
#include "server/http/handler.hpp"
#include "server/service/cutouts.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::service {

/// How a face says an error.
using Refuse = std::function<http::Response(const http::Request&, const Error&)>;

/// Cuts, and sends the product, or the error as the face says it; with what is for a job the
/// command that makes one of it, through the face's `jobs`. The response's notes say for whom, what
/// and how long.
void reply_with_cutout(Cutouts& cutouts, const cutout::CutoutRequest& request, const Asker& asker,
                       std::shared_ptr<const http::Request> http, http::Reply reply,
                       const Refuse& refuse, const JobRoute& jobs);

/// Content-Type, Content-Disposition, ETag (weak: the same request of the same files has the same
/// tag, though DATE differs), Cache-Control and warnings.
http::Response product_response(const cutout::CutoutRequest& request, Product product);

/// "application/fits", "image/png", "image/jpeg".
std::string media_type_of(cutout::Format format);
/// Whatever is sure to be safe in a file's name and between quotes; "_" for the rest.
std::string safe_name(std::string_view text);
/// The first few, as Warning fields.
void add_warnings(const std::vector<std::string>& warnings, http::Headers& headers);

/// The asker of an HTTP request: anonymous until identity exists.
Asker asker_of(const http::Request& request, const http::Reply& reply);

}  // namespace recorte::service
