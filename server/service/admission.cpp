// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/admission.hpp"

#include "core/base/size.hpp"
#include "core/base/text.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace recorte::service {
namespace {

constexpr double kSecond = 1e6;
constexpr std::string_view kAsJob = "; ask for it as a job, which may be as large";

/// In single quotes, in which a shell reads nothing but their end.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// To about three digits: "9.3GiB".
std::string about(double bytes) {
  constexpr std::array<const char*, 5> kUnits{"bytes", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < kUnits.size(); ++unit) bytes /= 1024;
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%.3g%s%s", bytes, unit == 0 ? " " : "", kUnits.at(unit));
  return out.data();
}

}  // namespace

std::string seconds_text(double seconds) {
  constexpr double minute = 60;
  constexpr double hour = 3600;
  std::array<char, 32> out{};
  if (seconds < 10)
    std::snprintf(out.data(), out.size(), "%.1f s", seconds);
  else if (seconds < 3 * minute)
    std::snprintf(out.data(), out.size(), "%.0f s", seconds);
  else if (seconds < 3 * hour)
    std::snprintf(out.data(), out.size(), "%.0f min", seconds / minute);
  else
    std::snprintf(out.data(), out.size(), "%.0f h", seconds / hour);
  return out.data();
}

Status admit(const cutout::CutoutRequest& request, const schedule::Work& work, std::int64_t bytes,
             const Estimates& estimates, const SyncBounds& bounds) {
  if (!request.image.empty()) return {};
  if (bounds.bytes > 0 && bytes > bounds.bytes)
    return fail(ErrorCode::kTooLarge,
                "this cutout would have about " + about(static_cast<double>(bytes)) +
                    ", and one that is waited for may have " + size_text(bounds.bytes) +
                    " (sync.max_bytes)" + std::string(kAsJob));
  if (bounds.seconds <= 0) return {};
  const double seconds = estimates.seconds_alone(work);
  const double most = static_cast<double>(bounds.seconds) / kSecond;
  if (seconds <= most) return {};
  return fail(ErrorCode::kTooLarge, "this cutout would take about " + seconds_text(seconds) +
                                        ", and one that is waited for may take " +
                                        seconds_text(most) + " (sync.max_seconds)" +
                                        std::string(kAsJob));
}

std::string as_job(const http::Request& request, const JobRoute& route) {
  std::string form;
  for (const auto& [name, value] : request.parameters)
    if (!trim(value).empty())
      form += (form.empty() ? "" : "&") + url_encode(name) + "=" + url_encode(value);
  if (!route.more.empty()) form += (form.empty() ? "" : "&") + std::string(route.more);
  return "curl -L -d " + in_quotes(form) + " " +
         in_quotes(request.base_url + std::string(route.path));
}

}  // namespace recorte::service
