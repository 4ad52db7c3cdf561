/// An adapter's answer, owned: a recorte_source copied out of the plugin, and back.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/given_cards.hpp"
#include "sdk/include/recorte/survey.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recorte::cutout {

inline std::string_view view(recorte_str s) { return {s.data, static_cast<std::size_t>(s.size)}; }
inline recorte_str str(std::string_view s) { return {s.data(), s.size()}; }

struct SourcePlane {
  recorte_role role = RECORTE_IMAGE;
  int hdu = -1, cube_plane = -1;
  std::string path;  ///< absolute, a file: URI resolved; or a remote URI (fits::is_remote)
  std::string extname;
};

struct Source {
  std::string id, release, band, version, unit, access_group, s_region;
  double t_min, t_max, exptime, zeropoint, depth;
  std::vector<SourcePlane> planes;
  std::vector<std::pair<std::string, std::string>> pairs;
  std::string variant = {};
  Cards cards = {};  ///< of all its planes

  const SourcePlane* plane(recorte_role role) const;
};

/// kPlugin where it, or a plane of it, is shorter than the contract has it.
Result<Source> copy(const recorte_source* source);

/// The C form of a source, borrowing from it; address-stable.
class SourceView {
 public:
  explicit SourceView(const Source& source);
  SourceView(const SourceView&) = delete;
  SourceView& operator=(const SourceView&) = delete;
  const recorte_source* get() const { return &c_; }

 private:
  std::vector<recorte_plane> planes_;
  std::vector<const recorte_plane*> pointers_;
  std::vector<recorte_pair> pairs_, cards_;
  recorte_source c_{};
};

}  // namespace recorte::cutout
