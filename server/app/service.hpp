/// The composition root: everything the server is made of, built in order, taken apart in reverse.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/app/options.hpp"

#include <memory>
#include <string>

namespace recorte::app {

class Service {
 public:
  /// Listens, with its workers running and its surveys described. An error is a sentence for the
  /// admin.
  static Result<std::unique_ptr<Service>> start(Options options);
  /// Ends at once what stop() has not.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// "http://127.0.0.1:8080".
  std::string url() const;
  /// Takes up what changed (reloader.hpp), behind its caller; the log says what came of it.
  void reload();
  /// Takes no new requests and finishes those in flight, within the grace of the settings. Returns
  /// whether all were finished.
  bool stop();

 private:
  struct Parts;
  explicit Service(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace recorte::app
