/// The one thread that writes what a socket did not take at once: however many clients read
/// slowly, they cost a descriptor in an epoll set and no thread. It also ticks, for deadlines.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/io.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace recorte::http {

/// Something to be written to a socket, turn by turn.
class Sending {
 public:
  virtual ~Sending() = default;
  enum class Turn {
    kMore,     ///< used up its turn, would go on
    kBlocked,  ///< the socket takes no more for now
    kLater,    ///< has nothing to send for now: wake() will be called
    kWhole,    ///< all is sent
    kBroken,   ///< cannot be sent
  };
  /// The socket; open until ended().
  virtual int descriptor() const = 0;
  /// Writes a bounded amount, without blocking.
  virtual Turn turn() = 0;
  /// After the last turn, when nobody watches the descriptor any more.
  virtual void ended(bool whole) = 0;
};

class Sender {
 public:
  /// `tick` is called every `tick_ms`, on the thread. Throws where the kernel has no descriptors.
  Sender(std::function<void()> tick, std::int64_t tick_ms);
  ~Sender() { stop(); }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  /// [any thread] From now on turns and ended() are called on the sender's thread. After stop() the
  /// sending ends here.
  void take(std::shared_ptr<Sending> sending);
  /// [any thread] A turn for one that was taken and said kLater; nothing for one that has ended.
  void wake(std::shared_ptr<Sending> sending);
  /// Ends the thread, and every sending as broken.
  void stop();

 private:
  struct Watched {
    std::shared_ptr<Sending> sending;
    bool ready = false;   ///< waits in ready_ for its turn
    int watching = kNot;  ///< the epoll events it is registered for
  };
  static constexpr int kNot = -1;

  void run();
  void collect(int timeout_ms);
  void take_new();
  void ring();
  void make_ready(Watched& watched);
  void give_turn(Sending* key);
  void watch(Watched& watched, int events);
  void end(Sending* key, bool whole);

  const std::function<void()> tick_;
  const std::int64_t tick_ms_;
  Fd epoll_, bell_;
  std::mutex mutex_;  // of the three below
  std::vector<std::shared_ptr<Sending>> inbox_, woken_;
  bool stopped_ = false;
  // The thread's own.
  std::unordered_map<Sending*, Watched> watched_;
  std::deque<Sending*> ready_;
  std::thread thread_;
};

}  // namespace recorte::http
