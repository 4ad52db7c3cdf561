/// A short text that changes whenever the product of the same request could: for caches and tags.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/stamp.hpp"

#include <string>
#include <string_view>

namespace recorte::cutout {

/// Collects what a product depends on, in order.
class VersionText {
 public:
  void add(std::string_view part);
  void add(const FileStamp& stamp);
  /// 32 hexadecimal digits of two hashes. They tell versions apart that come about by themselves,
  /// and are no security boundary: whoever wants two that are alike can find them.
  std::string text() const;

 private:
  std::string parts_;
};

}  // namespace recorte::cutout
