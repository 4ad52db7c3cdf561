// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/host.hpp"

#include "core/base/log.hpp"
#include "core/base/time.hpp"
#include "core/base/version.hpp"
#include "core/plugin/config.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace recorte::plugin {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kLongestLogLine = 4096;

/// What lies behind a recorte_image: its count, and where its bytes came from.
struct HostImage : recorte_image {
  std::atomic<std::uint32_t> count = 1;
  std::shared_ptr<Budget> budget;  ///< none: made outside a call
  std::uint64_t bytes = 0;
  void* block = nullptr;
};

/// Bytes of the pixels; 0 where no such image can exist.
std::uint64_t image_bytes(int bitpix, std::int64_t width, std::int64_t height,
                          std::int64_t planes) {
  switch (bitpix) {
    case RECORTE_U8:
    case RECORTE_I16:
    case RECORTE_I32:
    case RECORTE_I64:
    case RECORTE_F32:
    case RECORTE_F64: break;
    default: return 0;
  }
  std::int64_t bytes = std::abs(bitpix) / 8;
  for (const auto side : {width, height, planes})
    if (side < 1 || __builtin_mul_overflow(bytes, side, &bytes)) return 0;
  return bytes > INT64_MAX - std::int64_t{kAlignment} ? 0 : static_cast<std::uint64_t>(bytes);
}

recorte_image* make_image(std::shared_ptr<Budget> budget, int bitpix, std::int64_t width,
                          std::int64_t height, std::int64_t planes, Pixels pixels) {
  const auto bytes = image_bytes(bitpix, width, height, planes);
  if (bytes == 0 || (budget && !budget->take(bytes))) return nullptr;
  auto* image = new (std::nothrow) HostImage;
  void* block = pixels == Pixels::kZero
                    ? std::calloc(bytes + kAlignment, 1)  // large blocks come zeroed and untouched
                    : std::malloc(bytes + kAlignment);
  if (image == nullptr || block == nullptr) {
    if (budget) budget->give_back(bytes);
    std::free(block);
    delete image;
    return nullptr;
  }
  image->struct_size = sizeof(recorte_image);
  image->bitpix = bitpix;
  image->width = width;
  image->height = height;
  image->planes = planes;
  image->row_bytes = width * (std::abs(bitpix) / 8);
  image->plane_bytes = image->row_bytes * height;
  void* aligned = block;
  std::size_t space = bytes + kAlignment;
  image->pixels = std::align(kAlignment, bytes, aligned, space);
  image->budget = std::move(budget);
  image->bytes = bytes;
  image->block = block;
  return image;
}

void retain_image(const recorte_host*, recorte_image* image) {
  if (image != nullptr) ++static_cast<HostImage*>(image)->count;
}

void release_image(const recorte_host*, recorte_image* raw) {
  auto* image = static_cast<HostImage*>(raw);
  if (image == nullptr || --image->count != 0) return;
  if (image->budget) image->budget->give_back(image->bytes);
  std::free(image->block);
  delete image;
}

Call* call_of(const recorte_call* call) {
  return call == nullptr ? nullptr : static_cast<Call*>(call->ctx);
}

recorte_image* new_plugin_image(const recorte_host*, const recorte_call* call, int32_t bitpix,
                                int64_t width, int64_t height, int64_t planes) {
  auto* owner = call_of(call);
  return make_image(owner == nullptr ? nullptr : owner->budget(), bitpix, width, height, planes,
                    Pixels::kZero);
}

void write_log(const recorte_host*, const recorte_call* call, recorte_level level,
               recorte_str message) {
  try {
    std::string line;
    if (message.data != nullptr)
      line.assign(message.data, std::min<std::uint64_t>(message.size, kLongestLogLine));
    std::ranges::replace_if(
        line, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    const auto known =
        static_cast<log::Level>(std::clamp<recorte_level>(level, RECORTE_TRACE, RECORTE_ERROR));
    if (call != nullptr && call->request_id != nullptr && *call->request_id != '\0')
      log::write(known, line, {{"request_id", call->request_id}});
    else
      log::write(known, line);
  } catch (...) {  // a line lost is better than an exception in a plugin
  }
}

recorte_status get_config(const recorte_host*, const recorte_config* config, const char* pointer,
                          recorte_str* out) {
  try {
    const auto* text = config == nullptr ? nullptr : config->find(pointer);
    if (text == nullptr) return RECORTE_NOT_FOUND;
    *out = {text->data(), text->size()};
    return RECORTE_OK;
  } catch (...) {
    return RECORTE_INTERNAL;
  }
}

/// The longest beginning of `text` of at most `limit` bytes that cuts no UTF-8 character.
std::size_t whole_characters(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text.size();
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return limit;
}

}  // namespace

Host::Host() {
  table_.struct_size = sizeof table_;
  table_.abi_major = RECORTE_ABI_MAJOR;
  table_.abi_minor = RECORTE_ABI_MINOR;
  table_.name = "Recorte";
  table_.version = recorte::version().data();  // a literal, so terminated
  table_.ctx = this;
  table_.log = write_log;
  table_.config_get = get_config;
  table_.image_new = new_plugin_image;
  table_.image_retain = retain_image;
  table_.image_release = release_image;
  table_.service = find_service;
}

const void* Host::find_service(const recorte_host* host, const char* id) {
  const auto& services = static_cast<const Host*>(host->ctx)->services_;
  if (id == nullptr) return nullptr;
  const auto found = services.find(std::string_view(id));
  return found == services.end() ? nullptr : found->second;
}

bool Budget::take(std::uint64_t bytes) {
  auto held = held_.load();
  do {
    if (bytes > limit_ || held > limit_ - bytes) return false;
  } while (!held_.compare_exchange_weak(held, held + bytes));
  return true;
}

Call::Call(Options options)
    : options_(std::move(options)),
      budget_(std::make_shared<Budget>(options_.memory_budget)),
      ends_ms_(options_.deadline_unix_ms == 0
                   ? 0
                   : monotonic_ms() + options_.deadline_unix_ms - now_micros() / 1000) {
  raw_.struct_size = sizeof raw_;
  raw_.request_id = options_.request_id.c_str();
  raw_.memory_budget = options_.memory_budget;
  raw_.deadline_ms = options_.deadline_unix_ms;
  raw_.ctx = this;
  raw_.cancelled = [](const recorte_call* call) -> int32_t {
    try {
      return call_of(call)->cancelled() ? 1 : 0;
    } catch (...) {
      return 1;
    }
  };
  raw_.progress = [](const recorte_call* call, double fraction, const char* note) {
    try {
      call_of(call)->progress(fraction, note == nullptr ? "" : note);
    } catch (...) {  // progress is news, not work
    }
  };
}

bool Call::cancelled() const {
  if (options_.cancelled != nullptr && options_.cancelled->load()) return true;
  if (ends_ms_ != 0 && monotonic_ms() >= ends_ms_) return true;
  return options_.poll_cancelled && options_.poll_cancelled();
}

void Call::progress(double fraction, std::string_view note) {
  if (!options_.progress || !(fraction >= 0 && fraction <= 1)) return;
  auto last = fraction_.load();
  do {
    if (fraction < last) return;
  } while (!fraction_.compare_exchange_weak(last, fraction));
  options_.progress(fraction, note);
}

ImageRef::~ImageRef() { release_image(nullptr, image_); }

Result<ImageRef> new_image(Call& call, int bitpix, std::int64_t width, std::int64_t height,
                           std::int64_t planes, Pixels pixels) {
  const auto size = std::to_string(width) + " x " + std::to_string(height) + " x " +
                    std::to_string(planes) + " pixels of BITPIX " + std::to_string(bitpix);
  const auto bytes = image_bytes(bitpix, width, height, planes);
  if (bytes == 0) return fail(ErrorCode::kUsage, "there is no image of " + size);
  if (auto* image = make_image(call.budget(), bitpix, width, height, planes, pixels))
    return ImageRef(image);
  return fail(ErrorCode::kTooLarge, "an image of " + size + " takes " + std::to_string(bytes) +
                                        " bytes; the task holds " + std::to_string(call.held()) +
                                        " of at most " + std::to_string(call.budget()->limit()) +
                                        ": ask for a smaller region or fewer bands");
}

ImageRef share(recorte_image* image) {
  retain_image(nullptr, image);
  return ImageRef(image);
}

recorte_error make_error() {
  recorte_error error{};
  error.struct_size = sizeof error;
  return error;
}

Error error_of(std::string_view who, recorte_status status, const recorte_error& error) {
  std::string message(who);
  const std::string_view said(error.message, ::strnlen(error.message, sizeof error.message));
  if (status < RECORTE_OK || status > RECORTE_INTERNAL)
    message += " returned the unknown status " + std::to_string(status);
  else if (said.empty())
    message += " failed with status " + std::to_string(status) + " and did not say why";
  if (!said.empty()) message += ": " + std::string(said);
  return {error_from_plugin_status(status), std::move(message)};
}

namespace {
/// A process has one task at a time, whatever threads a plugin starts.
std::atomic<bool> host_failed = false;
}  // namespace

bool take_host_failure() { return host_failed.exchange(false); }

recorte_status report(const Error& error, recorte_error* out) {
  if (error.code != ErrorCode::kPlugin) host_failed = true;
  const recorte_status status = error_row(error.code).plugin_status;
  if (out != nullptr) {
    out->code = status;
    const auto size = whole_characters(error.message, sizeof out->message - 1);
    std::memcpy(out->message, error.message.data(), size);
    out->message[size] = '\0';
  }
  return status;
}

}  // namespace recorte::plugin
