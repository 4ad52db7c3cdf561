/// The host side of the ABI: the recorte_host table that plugins see, the images they hold, and the
/// calls they run in.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "sdk/include/recorte/services.h"

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace recorte::plugin {

/// The table, for the life of the process. Images are 64-byte aligned, zero-filled, their rows
/// without gaps, and counted against the memory budget of the call that they were made in; one made
/// with no call has no budget.
class Host {
 public:
  Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  const recorte_host* table() const { return &table_; }
  /// Before any plugin is loaded. `service` has static life.
  void offer(std::string id, const void* service) { services_[std::move(id)] = service; }

 private:
  static const void* find_service(const recorte_host* host, const char* id);
  recorte_host table_{};
  std::map<std::string, const void*, std::less<>> services_;
};

/// Bytes of images, of one call. Images share it, so that one which outlives its call does no harm.
class Budget {
 public:
  explicit Budget(std::uint64_t bytes) : limit_(bytes) {}
  std::uint64_t limit() const { return limit_; }
  std::uint64_t held() const { return held_.load(); }
  /// Takes `bytes`; false when there is not so much left.
  bool take(std::uint64_t bytes);
  void give_back(std::uint64_t bytes) { held_ -= bytes; }

 private:
  std::uint64_t limit_;
  std::atomic<std::uint64_t> held_ = 0;
};

/// One call into a plugin: its identity, budget, deadline and cancellation.
class Call {
 public:
  struct Options {
    std::string request_id = {};
    std::uint64_t memory_budget = 1ULL << 30;      ///< bytes of images held at once
    std::int64_t deadline_unix_ms = 0;             ///< 0: none
    const std::atomic<bool>* cancelled = nullptr;  ///< set by another thread
    std::function<bool()> poll_cancelled = {};     ///< asked too, where set
    std::function<void(double, std::string_view)> progress = {};
  };
  explicit Call(Options options);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  const recorte_call* raw() const { return &raw_; }
  /// The user aborted, or the deadline passed.
  bool cancelled() const;
  /// Passes a fraction on that is in [0, 1] and above the last one.
  void progress(double fraction, std::string_view note);
  /// Bytes of images made in this call and still held.
  std::uint64_t held() const { return budget_->held(); }
  const std::shared_ptr<Budget>& budget() const { return budget_; }

 private:
  Options options_;
  recorte_call raw_{};
  std::shared_ptr<Budget> budget_;
  std::int64_t ends_ms_;  ///< on the clock of monotonic_ms(), which nobody sets; 0: never
  std::atomic<double> fraction_ = 0;
};

/// A counted reference to an image of the host.
class ImageRef {
 public:
  ImageRef() = default;
  explicit ImageRef(recorte_image* adopted) : image_(adopted) {}
  ImageRef(ImageRef&& other) noexcept : image_(std::exchange(other.image_, nullptr)) {}
  ImageRef& operator=(ImageRef&& other) noexcept {
    std::swap(image_, other.image_);
    return *this;
  }
  ~ImageRef();
  recorte_image* get() const { return image_; }
  recorte_image* release() { return std::exchange(image_, nullptr); }
  recorte_image* operator->() const { return image_; }
  recorte_image& operator*() const { return *image_; }
  explicit operator bool() const { return image_ != nullptr; }

 private:
  recorte_image* image_ = nullptr;
};

/// What a new image holds: zeros, as plugins expect, or anything, for whoever fills all of it.
enum class Pixels { kZero, kAny };

/// A new image in a call. kTooLarge past its budget, naming the bytes asked for and the budget;
/// kUsage for a BITPIX that FITS does not have or a side below 1.
Result<ImageRef> new_image(Call& call, int bitpix, std::int64_t width, std::int64_t height,
                           std::int64_t planes, Pixels pixels = Pixels::kZero);
/// Adds a count.
ImageRef share(recorte_image* image);

/// An ABI error block, ready to be passed.
recorte_error make_error();
/// The Error of a status that a plugin returned: `who` begins the sentence.
Error error_of(std::string_view who, recorte_status status, const recorte_error& error);
/// Whether a function of the host has failed since this was last asked, for a reason that is not
/// the plugin's, which then can do nothing but say so.
bool take_host_failure();
/// Fills an ABI error block from ours, and returns the status.
recorte_status report(const Error& error, recorte_error* out);

/// Calls a function of a plugin's table, `call(recorte_error*)`, and turns what it returns, or
/// throws against the rules, into a Status. `who` begins the sentence.
template <class Function>
Status call_plugin(std::string_view who, Function&& call) {
  auto error = make_error();
  try {
    const recorte_status status = call(&error);
    if (status == RECORTE_OK) return {};
    return fail(error_of(who, status, error));
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kPlugin, std::string(who) + " ran out of memory");
  } catch (const std::exception& e) {
    return fail(ErrorCode::kPlugin,
                std::string(who) + " threw through the C interface: " + e.what());
  } catch (...) {
    return fail(ErrorCode::kPlugin, std::string(who) + " threw through the C interface");
  }
}

/// The reverse: serves a function of the host that a plugin called. `serve()` returns a Status;
/// what it throws does not cross into the plugin.
template <class Function>
recorte_status serve_plugin(recorte_error* error, Function&& serve) {
  try {
    const Status done = serve();
    return done ? static_cast<recorte_status>(RECORTE_OK) : report(done.error(), error);
  } catch (const std::bad_alloc&) {
    return report({ErrorCode::kTooLarge, "the worker has no more memory; ask for less"}, error);
  } catch (const std::exception& e) {
    return report({ErrorCode::kInternal, std::string("a bug in Recorte: ") + e.what()}, error);
  }
}

}  // namespace recorte::plugin
