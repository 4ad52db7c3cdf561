/// Remote files as a worker reads them. It asks for blocks, gets their descriptors, and reads
/// those: it needs no network and no cache of its own. Keeps some open. One thread.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/io.hpp"
#include "core/fits/remote_file.hpp"
#include "core/remote/wire.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <vector>

namespace recorte::remote {

class Client : public fits::RemoteFiles {
 public:
  struct Options {
    /// The end of a link (wire.hpp); asked for when it is first needed, and again where the other
    /// end is gone.
    std::function<Result<Fd>()> connect;
    std::function<bool()> cancelled = [] { return false; };
  };
  explicit Client(Options options) : options_(std::move(options)) {}

  Result<FileStamp> stamp(const std::string& uri) override;
  Result<std::unique_ptr<fits::RemoteFile>> open(const std::string& uri) override;

 private:
  class File;
  struct Held {
    std::string file;  ///< its URI and version
    std::int64_t number = 0;
    Fd bytes;
  };
  Result<Answer> ask(Question question);
  /// Null where it is not held.
  const Held* held(const std::string& file, std::int64_t number);
  void hold(const std::string& file, std::int64_t number, Fd bytes);

  Options options_;
  Fd socket_;
  std::uint64_t last_id_ = 0;
  std::list<Held> held_;  ///< the most recently used first
};

}  // namespace recorte::remote
