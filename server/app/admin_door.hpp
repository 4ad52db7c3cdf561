/// Where the operator comes in: the admin's routes behind a Unix socket of their own, with threads
/// of their own, so that they are answered however busy the service is.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/admin/admin.hpp"
#include "server/http/edge.hpp"
#include "server/http/pool.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace recorte::app {

class AdminDoor {
 public:
  /// Listens. kUnavailable names the socket and the remedy. `parts` must outlive it.
  static Result<std::unique_ptr<AdminDoor>> open(const std::filesystem::path& socket,
                                                 const admin::Parts& parts,
                                                 http::Observer observer);
  /// Ends at once; see drain().
  ~AdminDoor();
  AdminDoor(const AdminDoor&) = delete;
  AdminDoor& operator=(const AdminDoor&) = delete;

  /// As http::Edge's.
  bool drain(std::int64_t grace_ms) { return edge_->drain(grace_ms); }

 private:
  explicit AdminDoor(const admin::Parts& parts);
  http::Pool slow_;
  const http::Router router_;
  std::unique_ptr<http::Edge> edge_;  ///< the last: it uses all of the above
};

}  // namespace recorte::app
