/// A FITS header as WCSLIB reads it. WCSLIB's scanners and its switch for messages are global: what
/// parses cards or units, or sets a wcsprm up, holds `wcslib_mutex()` meanwhile.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <wcslib/wcs.h>
#include <wcslib/wcshdr.h>

#include <algorithm>
#include <mutex>
#include <string>

namespace recorte::sky {

inline std::mutex& wcslib_mutex() {
  static std::mutex mutex;
  return mutex;
}

/// The coordinate descriptions of a header; the primary one has no letter.
struct Descriptions {
  Descriptions() = default;
  ~Descriptions() { wcsvfree(&count, &first); }
  Descriptions(const Descriptions&) = delete;
  Descriptions& operator=(const Descriptions&) = delete;

  /// From the text of cards_for_wcslib(), once; gives WCSLIB's status.
  int read(std::string& text) {
    int rejected = 0;
    return wcspih(text.data(), static_cast<int>(text.size() / 80), WCSHDR_all, 0, &rejected, &count,
                  &first);
  }
  wcsprm* primary() {
    const auto found =
        std::find_if(first, first + count, [](const wcsprm& w) { return w.alt[0] == ' '; });
    return found == first + count ? nullptr : found;
  }

  int count = 0;
  wcsprm* first = nullptr;
};

}  // namespace recorte::sky
