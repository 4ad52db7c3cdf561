// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/exposure.hpp"

#include "core/base/text.hpp"
#include "core/survey/group.hpp"
#include "core/survey/roles.hpp"

#include <algorithm>
#include <map>

namespace recorte::survey {
namespace {

Role role_of(const HduFacts& hdu, const std::vector<PlaneRule>& rules) {
  for (const auto& [role, choice] : rules) {
    const auto* number = std::get_if<int>(&choice);
    const auto* name = std::get_if<std::string>(&choice);
    if (number ? *number == hdu.number : equal_ignoring_case(*name, hdu.extname)) return {role, ""};
  }
  if (!rules.empty()) return {"", "is not among the planes"};
  if (const auto role = role_of_word(hdu.exttype)) return *role;
  return role_of_word(hdu.extname).value_or(Role{"image", ""});
}

/// The exposure a plane belongs to: of its size; of its EXTVER rather than not, nearest before it.
Exposure* owner(std::vector<Exposure>& exposures, const HduFacts& plane) {
  Exposure* best = nullptr;
  const auto rank = [&](const Exposure& exposure) {
    const auto& image = *exposure.image;
    return std::pair(image.extver == plane.extver,
                     image.number < plane.number ? image.number : -image.number);
  };
  for (auto& exposure : exposures) {
    if (exposure.image->width != plane.width || exposure.image->height != plane.height) continue;
    if (!best || rank(exposure) > rank(*best)) best = &exposure;
  }
  return best;
}

void label(std::vector<Exposure>& exposures) {
  std::map<std::string, int> by_name, by_version;
  const auto versioned = [](const HduFacts& hdu) {
    return hdu.extname + "," + std::to_string(hdu.extver);
  };
  for (const auto& exposure : exposures) {
    ++by_name[exposure.image->extname];
    ++by_version[versioned(*exposure.image)];
  }
  for (auto& exposure : exposures) {
    const auto& hdu = *exposure.image;
    const bool named = !hdu.extname.empty() && !to_int(hdu.extname);
    if (named && by_name[hdu.extname] == 1) {
      exposure.label = image_id(hdu.extname);
    } else if (named && by_version[versioned(hdu)] == 1) {
      exposure.label = image_id(hdu.extname) + "," + std::to_string(hdu.extver);
    } else {
      exposure.label = std::to_string(hdu.number);
    }
  }
}

}  // namespace

Exposures exposures_of(const FileFacts& file, const std::vector<PlaneRule>& rules) {
  Exposures out;
  std::vector<std::pair<std::string, const HduFacts*>> planes;
  for (const auto& hdu : file.hdus) {
    const auto role = role_of(hdu, rules);
    if (role.name == "image") {
      out.found.push_back({&hdu, "", {}});
    } else if (role.name.empty()) {
      out.skipped.emplace_back(&hdu, role.why_not);
    } else {
      planes.emplace_back(role.name, &hdu);
    }
  }
  label(out.found);
  for (const auto& [role, hdu] : planes) {
    auto* exposure = owner(out.found, *hdu);
    const auto is_role = [&role = role](const auto& plane) { return plane.first == role; };
    if (!exposure) {
      out.skipped.emplace_back(hdu, "is a " + role + " and no image of its size is in the file");
    } else if (std::any_of(exposure->planes.begin(), exposure->planes.end(), is_role)) {
      out.skipped.emplace_back(hdu, "is a second " + role + "; choose by planes");
    } else {
      exposure->planes.emplace_back(role, hdu);
    }
  }
  return out;
}

std::string hdu_name(const HduFacts& hdu) {
  auto out = "HDU " + std::to_string(hdu.number);
  if (!hdu.extname.empty()) out += " (" + hdu.extname + ")";
  return out;
}

}  // namespace recorte::survey
