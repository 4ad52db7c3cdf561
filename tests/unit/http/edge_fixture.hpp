/// An edge with routes that its tests need, and what it tells of the requests.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/edge.hpp"
#include "wire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::http {

/// What the observer was told.
struct Told {
  std::string method, path, address;
  Ending ending;
};

/// A stream that gives what a test puts in.
class Tap : public std::enable_shared_from_this<Tap> {
 public:
  /// What next() reads.
  std::unique_ptr<Stream> stream();
  /// [any thread]
  void put(std::string bytes);
  void end();
  void fail(std::string why);
  int asked() const;     ///< how often more was asked for
  bool dropped() const;  ///< the stream has gone
  /// Calls the last wake, as one that comes late.
  void wake();

 private:
  class Reader;
  void change(const std::function<void()>& what);
  mutable std::mutex mutex_;
  std::deque<std::string> pieces_;
  std::function<void()> wake_;
  std::string error_;
  bool ended_ = false, dropped_ = false;
  int asked_ = 0;
};

class EdgeTest : public testing::Test {
 protected:
  EdgeTest();
  ~EdgeTest() override;

  /// Starts it with `options`.
  void start();
  std::uint16_t port() const { return edge->port(); }
  /// Waits for so many requests to be observed, and returns them.
  std::vector<Told> observed(std::size_t count);
  /// Waits for a request of /later, and returns its way back.
  std::unique_ptr<Reply> later();
  /// Nothing is left of any connection.
  bool quiet() const { return edge->connections() == 0 && edge->answering() == 0; }

  EdgeOptions options;
  std::unique_ptr<Edge> edge;
  std::shared_ptr<Tap> tap = std::make_shared<Tap>();
  /// By path, beside what the fixture answers itself.
  std::map<std::string, Edge::Handle> routes;

 private:
  void handle(const std::shared_ptr<Request>& request, const Reply& reply);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Told> told_;
  std::deque<std::unique_ptr<Reply>> waiting_;
};

/// So many bytes, each known by its place.
std::string pattern(std::size_t size);
/// Open descriptors of this process, of what begins so: "socket:".
std::size_t descriptors(std::string_view of = "");

}  // namespace recorte::http
