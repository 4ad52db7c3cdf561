/// Tells users that their jobs ended, and the operator what goes wrong, on a thread of its own: no
/// job and no request waits for a mail server. What a job's users are to be told is kept in its
/// directory until they are told, or it was tried often enough: at least once, over any crash.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/job/job.hpp"
#include "server/notify/options.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace recorte::notify {

class Notifier {
 public:
  /// Takes up what an earlier one left in `results_directory`. Links begin with `base_url`.
  Notifier(Options options, std::filesystem::path results_directory, std::string base_url);
  /// Leaves what is under way, for later; waits a second at most.
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  const Options& options() const;
  /// Waits for the disk where somebody is to be told, for nothing otherwise. An end that was told
  /// of, or is being, is not told of again. [any thread]
  void job_ended(const job::Job& job);
  /// To the operator, unless it is said too often. Waits for nothing; nothing is kept over a crash.
  /// [any thread]
  void alert(std::string where, std::string what);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace recorte::notify
