/// The fake host: settings, log lines, images that are counted, calls with a budget that can be
/// cancelled.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "settings.hpp"

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <new>

namespace recorte::testkit {

/// One call into a plugin.
class Call {
 public:
  struct Options {
    std::uint64_t memory_budget = 1U << 30;  ///< bytes of images held at once
    std::int64_t deadline_ms = 0;            ///< Unix time; 0: none
    /// How often cancelled() says no before it says yes; -1: always no.
    std::int64_t cancelled_after = -1;
  };
  Call() : Call(Options{}) {}
  explicit Call(const Options& options) : left_(options.cancelled_after) {
    raw_.struct_size = sizeof raw_;
    raw_.request_id = "test";
    raw_.memory_budget = options.memory_budget;
    raw_.deadline_ms = options.deadline_ms;
    raw_.ctx = this;
    raw_.cancelled = [](const recorte_call* call) -> std::int32_t {
      auto& self = of(call);
      ++self.asked_;
      if (self.left_ > 0) --self.left_;
      return self.cancelled_ || self.left_ == 0;
    };
    raw_.progress = [](const recorte_call* call, double fraction, const char*) {
      of(call).fraction_ = fraction;
    };
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// From any thread.
  void cancel() { cancelled_ = true; }
  /// How often the plugin asked whether it is cancelled.
  std::int64_t asked() const { return asked_; }
  /// The fraction that it reported last.
  double progress() const { return fraction_; }
  /// Bytes of images that were made in this call and not released.
  std::uint64_t held() const { return *held_; }
  const recorte_call* raw() const { return &raw_; }

 private:
  friend class Host;
  static Call& of(const recorte_call* call) { return *static_cast<Call*>(call->ctx); }
  recorte_call raw_{};
  std::atomic<bool> cancelled_ = false;
  std::atomic<std::int64_t> left_, asked_ = 0;
  std::atomic<double> fraction_ = 0;
  std::shared_ptr<std::atomic<std::uint64_t>> held_ =
      std::make_shared<std::atomic<std::uint64_t>>(0);
};

class Host {
 public:
  struct LogLine {
    recorte_level level;
    std::string message;
  };

  Host() {
    table_.struct_size = sizeof table_;
    table_.abi_major = RECORTE_ABI_MAJOR;
    table_.abi_minor = RECORTE_ABI_MINOR;
    table_.name = "Recorte's testing kit";
    table_.version = "1";
    table_.ctx = this;
    table_.log = [](const recorte_host* host, const recorte_call*, recorte_level level,
                    recorte_str message) {
      auto& self = of(host);
      const std::lock_guard lock(self.mutex_);
      self.log_.push_back({level, std::string(view(message))});
    };
    table_.config_get = [](const recorte_host*, const recorte_config* config, const char* pointer,
                           recorte_str* out) -> recorte_status {
      const auto* text = Settings::of(config).find(pointer);
      if (!text) return RECORTE_NOT_FOUND;
      *out = str(*text);
      return RECORTE_OK;
    };
    table_.image_new = new_image;
    table_.image_retain = [](const recorte_host*, recorte_image* image) {
      ++static_cast<Counted*>(image)->count;
    };
    table_.image_release = release;
    table_.service = [](const recorte_host* host, const char* id) -> const void* {
      const auto& services = of(host).services_;
      const auto found = services.find(id);
      return found == services.end() ? nullptr : found->second;
    };
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// A service of yours instead of the kit's, before a plugin is loaded.
  void offer(const std::string& id, const void* service) { services_[id] = service; }
  /// What plugins logged, so far.
  std::vector<LogLine> log() const {
    const std::lock_guard lock(mutex_);
    return log_;
  }
  /// Images that nobody released yet.
  std::int64_t images() const { return images_; }
  const recorte_host* table() const { return &table_; }

 private:
  struct Counted : recorte_image {
    std::atomic<std::int64_t> count = 1;
    std::shared_ptr<std::atomic<std::uint64_t>> budget;
    std::uint64_t bytes = 0;
  };
  static Host& of(const recorte_host* host) { return *static_cast<Host*>(host->ctx); }

  static recorte_image* new_image(const recorte_host* host, const recorte_call* call,
                                  std::int32_t bitpix, std::int64_t width, std::int64_t height,
                                  std::int64_t planes) {
    constexpr std::int64_t kMost = std::int64_t{1} << 40;
    const bool known = bitpix == RECORTE_U8 || bitpix == RECORTE_I16 || bitpix == RECORTE_I32 ||
                       bitpix == RECORTE_I64 || bitpix == RECORTE_F32 || bitpix == RECORTE_F64;
    if (!known || width < 1 || height < 1 || planes < 1 || width > kMost / height ||
        width * height > kMost / planes)
      return nullptr;
    const std::int64_t row = width * (std::abs(bitpix) / 8);
    const auto bytes = static_cast<std::uint64_t>(row * height * planes);
    if (call) {
      auto& owner = Call::of(call);
      if (*owner.held_ + bytes > call->memory_budget) return nullptr;
      *owner.held_ += bytes;
    }
    auto* image = new Counted;
    image->struct_size = sizeof(recorte_image);
    image->bitpix = bitpix;
    image->width = width;
    image->height = height;
    image->planes = planes;
    image->row_bytes = row;
    image->plane_bytes = row * height;
    image->pixels = ::operator new (bytes, std::align_val_t{64});
    std::memset(image->pixels, 0, bytes);
    image->bytes = bytes;
    if (call) image->budget = Call::of(call).held_;
    ++of(host).images_;
    return image;
  }
  static void release(const recorte_host* host, recorte_image* raw) {
    auto* image = static_cast<Counted*>(raw);
    if (!image || --image->count != 0) return;
    if (image->budget) *image->budget -= image->bytes;
    ::operator delete (image->pixels, std::align_val_t{64});
    delete image;
    --of(host).images_;
  }

  recorte_host table_{};
  std::map<std::string, const void*> services_;
  mutable std::mutex mutex_;
  std::vector<LogLine> log_;
  std::atomic<std::int64_t> images_ = 0;
};

}  // namespace recorte::testkit
