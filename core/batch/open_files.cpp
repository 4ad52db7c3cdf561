// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/open_files.hpp"

#include <algorithm>
#include <utility>

namespace recorte::batch {

std::shared_ptr<const Fd> OpenFiles::find(const void* key) {
  const std::lock_guard lock(mutex_);
  const auto at = std::ranges::find(kept_, key, &Kept::key);
  if (at == kept_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, at);
  return at->file;
}

void OpenFiles::add(const void* key, std::shared_ptr<const Fd> file) {
  std::list<Kept> gone;  // closed without the lock
  const std::lock_guard lock(mutex_);
  if (const auto at = std::ranges::find(kept_, key, &Kept::key); at != kept_.end())
    gone.splice(gone.end(), kept_, at);
  kept_.push_front({key, std::move(file)});
  if (kept_.size() > most_) gone.splice(gone.end(), kept_, std::prev(kept_.end()));
}

void OpenFiles::remove(const void* key) {
  std::list<Kept> gone;
  const std::lock_guard lock(mutex_);
  if (const auto at = std::ranges::find(kept_, key, &Kept::key); at != kept_.end())
    gone.splice(gone.end(), kept_, at);
}

}  // namespace recorte::batch
