/// What survey and algorithm plugins share: text, errors, the host, settings, the call, images.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../services.h"
#include "each.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recorte {

inline std::string_view view(recorte_str s) noexcept {
  return {s.data, static_cast<std::size_t>(s.size)};
}
inline recorte_str str(std::string_view s) noexcept { return {s.data(), s.size()}; }

/// What a plugin throws: a status of abi.h and a sentence that says what to do.
class Error : public std::runtime_error {
 public:
  Error(recorte_status status, const std::string& message)
      : std::runtime_error(message), code(status) {}
  recorte_status code;
};

namespace detail {

inline recorte_status fail(recorte_error* err, recorte_status code, const char* what) noexcept {
  if (err) {
    err->code = code;
    const std::size_t n = std::min(std::strlen(what), sizeof err->message - 1);
    std::memcpy(err->message, what, n);
    err->message[n] = '\0';
  }
  return code;
}

/// Runs `body`; no exception leaves.
template <class Body>
recorte_status guard(recorte_error* err, Body&& body) noexcept {
  try {
    body();
    return RECORTE_OK;
  } catch (const Error& e) {
    return fail(err, e.code, e.what());
  } catch (const std::bad_alloc&) {
    return fail(err, RECORTE_RESOURCE, "out of memory");
  } catch (const std::exception& e) {
    return fail(err, RECORTE_INTERNAL, e.what());
  } catch (...) {
    return fail(err, RECORTE_INTERNAL, "unknown exception");
  }
}

/// A copy of a struct of the host, zero where that host knows less than this plugin.
template <class T>
T known(const T& theirs) {
  T out{};
  std::memcpy(&out, &theirs, std::min<std::size_t>(theirs.struct_size, sizeof out));
  out.struct_size = sizeof out;
  return out;
}

/// Calls the host and throws what it reports.
template <class Call>
void check(Call&& call) {
  recorte_error err{};
  err.struct_size = sizeof err;
  if (const recorte_status s = call(&err); s != RECORTE_OK) throw Error(s, err.message);
}

}  // namespace detail

/// The host's services. Copyable, cheap.
class Host {
 public:
  explicit Host(const recorte_host* host) : host_(host) {}
  void log(recorte_level level, std::string_view message,
           const recorte_call* call = nullptr) const {
    host_->log(host_, call, level, str(message));
  }
  /// A service of services.h; throws RECORTE_UNSUPPORTED where this host lacks it.
  template <class T>
  const T& service(const char* id) const {
    if (const auto* found = static_cast<const T*>(host_->service(host_, id))) return *found;
    throw Error(RECORTE_UNSUPPORTED, std::string("this host has no service ") + id);
  }
  const recorte_host* raw() const { return host_; }

 private:
  const recorte_host* host_;
};

/// Settings or parameters, addressed by JSON pointer. Validated against the manifest's schema
/// before.
class Config {
 public:
  Config(Host host, const recorte_config* config) : host_(host), config_(config) {}

  std::optional<std::string> find(const char* pointer) const {
    recorte_str out{};
    if (host_.raw()->config_get(host_.raw(), config_, pointer, &out) != RECORTE_OK) return {};
    return std::string(view(out));
  }
  std::string get(const char* pointer) const {
    if (auto value = find(pointer)) return *std::move(value);
    throw Error(RECORTE_INVALID, std::string("missing setting ") + pointer);
  }
  std::string get(const char* pointer, std::string fallback) const {
    auto value = find(pointer);
    return value ? *std::move(value) : std::move(fallback);
  }
  double number(const char* pointer, double fallback) const {
    const auto value = find(pointer);
    if (!value) return fallback;
    char* end = nullptr;
    const double number = std::strtod(value->c_str(), &end);
    if (end == value->c_str() || *end != '\0')
      throw Error(RECORTE_INVALID,
                  std::string("the setting ") + pointer + " is '" + *value + "', not a number");
    return number;
  }
  /// The strings of an array: "/rgb" of {"rgb": ["i", "r", "g"]}; empty when absent.
  std::vector<std::string> list(const char* pointer) const {
    std::vector<std::string> out;
    for (std::size_t i = 0;; ++i) {
      auto value = find((std::string(pointer) + "/" + std::to_string(i)).c_str());
      if (!value) return out;
      out.push_back(*std::move(value));
    }
  }
  Host host() const { return host_; }

 private:
  Host host_;
  const recorte_config* config_;
};

class Call {
 public:
  explicit Call(const recorte_call* call) : call_(call) {}
  /// Throws RECORTE_CANCELLED when the user aborted. Call it in every outer loop.
  void checkpoint() const {
    if (call_->cancelled(call_)) throw Error(RECORTE_CANCELLED, "cancelled");
  }
  void progress(double fraction, const char* note = nullptr) const {
    call_->progress(call_, fraction, note);
  }
  const recorte_call* raw() const { return call_; }

 private:
  const recorte_call* call_;
};

/// A counted reference to pixels in host memory.
class Image {
 public:
  Image(const recorte_host* host, recorte_image* adopted) : host_(host), image_(adopted) {}
  Image(Image&& o) noexcept : host_(o.host_), image_(std::exchange(o.image_, nullptr)) {}
  Image& operator=(Image&& o) noexcept {
    std::swap(host_, o.host_);
    std::swap(image_, o.image_);
    return *this;
  }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  ~Image() {
    if (image_) host_->image_release(host_, image_);
  }
  std::int64_t width() const { return image_->width; }
  std::int64_t height() const { return image_->height; }
  std::int64_t planes() const { return image_->planes; }
  std::int32_t bitpix() const { return image_->bitpix; }

  /// Row y of a plane, in the type that bitpix() says.
  template <class T>
  std::span<T> row(std::int64_t y, std::int64_t plane = 0) {
    auto* base = static_cast<std::byte*>(image_->pixels);
    return {reinterpret_cast<T*>(base + plane * image_->plane_bytes + y * image_->row_bytes),
            static_cast<std::size_t>(image_->width)};
  }
  recorte_image* raw() const { return image_; }

 private:
  const recorte_host* host_;
  recorte_image* image_;
};

}  // namespace recorte
