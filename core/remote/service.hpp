/// Fetches for readers: each has a link of its own, and is told in advance below which beginnings
/// of URIs it may read. A thread a link.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/remote/fetcher.hpp"

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace recorte::remote {

class Service {
 public:
  /// Nothing: everything that the settings allow.
  using Beginnings = std::optional<std::vector<std::string>>;

  explicit Service(std::unique_ptr<Fetcher> fetcher) : fetcher_(std::move(fetcher)) {}
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  /// Ends what is under way.
  ~Service();

  /// The reader's end of a link, which lives until the reader closes it. [any thread]
  Result<Fd> connect(Beginnings beginnings);
  /// Serves one link, and returns when the reader has closed it.
  void serve(int socket, const Beginnings& beginnings);

 private:
  struct Link {
    Fd socket;
    std::thread thread;
    std::atomic<bool> ended = false;
  };
  Answer answer(const Question& question, const Beginnings& beginnings, net::RangeCaller& caller,
                int socket);

  const std::unique_ptr<Fetcher> fetcher_;
  std::mutex mutex_;
  std::list<Link> links_;
};

}  // namespace recorte::remote
