// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/survey/progress.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

namespace recorte::command {
namespace {

constexpr int kBarWidth = 40;

}  // namespace

bool has_terminal() { return ::isatty(STDERR_FILENO) != 0; }

void show_progress(const char* what, std::size_t done, std::size_t total) {
  static std::string shown;
  if (total == 0 || !has_terminal()) return;
  const auto per_mille = 1000 * done / total;
  auto now = what + std::to_string(per_mille);
  if (now == shown) return;
  shown = std::move(now);
  const auto full = static_cast<int>(per_mille * kBarWidth / 1000);
  std::fprintf(stderr, "\r%-8s [%.*s%*s] %zu of %zu%s", what, full,
               "########################################", kBarWidth - full, "", done, total,
               done == total ? "\n" : "");
}

}  // namespace recorte::command
