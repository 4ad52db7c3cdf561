/// A page of memory that a supervisor shares with its worker: cancellation one way, progress and
/// the plugin at work the other, readable even after the worker has died.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace recorte::worker {

class ControlPage {
 public:
  /// A new one, in a memfd that a child can inherit.
  static Result<ControlPage> make();
  /// The one behind a descriptor.
  static Result<ControlPage> map(Fd descriptor);
  ControlPage(ControlPage&& other) noexcept;
  ControlPage& operator=(ControlPage&& other) noexcept;
  ~ControlPage();

  int descriptor() const { return fd_.get(); }
  void set_cancelled(bool value) const { page_->cancelled.store(value); }
  bool cancelled() const { return page_->cancelled.load(); }
  void set_progress(double fraction) { page_->progress.store(fraction); }
  double progress() const { return page_->progress.load(); }
  /// Items of the task that are done with.
  void set_finished(std::uint64_t items) { page_->finished.store(items); }
  std::uint64_t finished() const { return page_->finished.load(); }
  /// What runs now, in words: "plugin 'lupton' in run()"; "" for nothing of a plugin's.
  void set_stage(std::string_view text);
  std::string stage() const;

 private:
  struct Page {
    std::atomic<bool> cancelled;
    std::atomic<double> progress;
    std::atomic<std::uint64_t> finished;
    std::atomic<std::uint32_t> stage_size;
    std::array<char, 256> stage;
  };
  ControlPage(Fd fd, Page* page) : fd_(std::move(fd)), page_(page) {}
  Fd fd_;
  Page* page_ = nullptr;
};

}  // namespace recorte::worker
