// SPDX-License-Identifier: BSD-3-Clause
#include "core/trust/links.hpp"

#include "core/base/time.hpp"

#include <algorithm>
#include <system_error>

namespace recorte::trust {
namespace {

namespace fs = std::filesystem;

class Walk {
 public:
  explicit Walk(const LinkBounds& bounds)
      : bounds_(bounds), deadline_(monotonic_ms() + bounds.wall_ms) {}

  Links from(const fs::path& directory) {
    std::error_code error;
    const auto root = fs::canonical(directory, error);
    if (error) return {};
    covered_ = {root};
    for (std::size_t i = 0; i < covered_.size(); ++i)
      if (fs::is_directory(covered_[i], error)) below(fs::path(covered_[i]));
    out_.targets.assign(covered_.begin() + 1, covered_.end());
    return std::move(out_);
  }

 private:
  void below(const fs::path& directory) {
    std::error_code error;
    fs::recursive_directory_iterator entry(directory, fs::directory_options::skip_permission_denied,
                                           error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      if (++seen_ % 1024 == 0 && monotonic_ms() > deadline_) out_.complete = false;
      if (seen_ > bounds_.entries) out_.complete = false;
      if (!out_.complete) return;
      std::error_code unreadable;
      if (entry->is_symlink(unreadable)) add(entry->path());
    }
  }

  void add(const fs::path& link) {
    std::error_code error;
    auto target = fs::canonical(link, error);
    if (error || is_covered(target)) return;
    if (covered_.size() > bounds_.links) out_.complete = false;
    if (out_.complete) covered_.push_back(std::move(target));
  }

  bool is_covered(const fs::path& target) const {
    return std::ranges::any_of(covered_, [&](const auto& one) { return is_within(target, one); });
  }

  LinkBounds bounds_;
  std::int64_t deadline_;
  std::vector<fs::path> covered_;  ///< the directory first
  std::size_t seen_ = 0;
  Links out_;
};

}  // namespace

Links links_below(const fs::path& directory, const LinkBounds& bounds) {
  return Walk(bounds).from(directory);
}

bool is_within(const fs::path& path, const fs::path& directory) {
  const auto& whole = path.native();
  const auto& part = directory.native();
  if (!whole.starts_with(part)) return false;
  return whole.size() == part.size() || part.ends_with('/') || whole[part.size()] == '/';
}

}  // namespace recorte::trust
