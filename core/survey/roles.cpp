// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/roles.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <array>

namespace recorte::survey {
namespace {

constexpr std::string_view kSigma =
    "holds standard deviations; weight, variance and mask are served";
constexpr std::string_view kMaps = "is a map of depth or exposures, which is not served";
constexpr std::string_view kModels = "is a model or a residual, which is not served";

struct Word {
  std::string_view word, role, why_not;
};

// ooi, ood, oow and their like are the DECam Community Pipeline's; sciimg, mskimg ZTF's.
constexpr std::array kWords{
    Word{"image", "image", ""},   Word{"img", "image", ""},         Word{"sci", "image", ""},
    Word{"science", "image", ""}, Word{"sciimg", "image", ""},      Word{"ooi", "image", ""},
    Word{"osi", "image", ""},     Word{"opi", "image", ""},         Word{"drz", "image", ""},
    Word{"mask", "mask", ""},     Word{"msk", "mask", ""},          Word{"mskimg", "mask", ""},
    Word{"dq", "mask", ""},       Word{"flag", "mask", ""},         Word{"flags", "mask", ""},
    Word{"maskbits", "mask", ""}, Word{"ood", "mask", ""},          Word{"osd", "mask", ""},
    Word{"opd", "mask", ""},      Word{"weight", "weight", ""},     Word{"wht", "weight", ""},
    Word{"wgt", "weight", ""},    Word{"wt", "weight", ""},         Word{"ivar", "weight", ""},
    Word{"invvar", "weight", ""}, Word{"coverage", "weight", ""},   Word{"expmap", "weight", ""},
    Word{"oow", "weight", ""},    Word{"osw", "weight", ""},        Word{"opw", "weight", ""},
    Word{"var", "variance", ""},  Word{"variance", "variance", ""}, Word{"err", "", kSigma},
    Word{"error", "", kSigma},    Word{"rms", "", kSigma},          Word{"sigma", "", kSigma},
    Word{"std", "", kSigma},      Word{"unc", "", kSigma},          Word{"uncimg", "", kSigma},
    Word{"samp", "", kMaps},      Word{"time", "", kMaps},          Word{"nexp", "", kMaps},
    Word{"depth", "", kMaps},     Word{"galdepth", "", kMaps},      Word{"psfdepth", "", kMaps},
    Word{"psfsize", "", kMaps},   Word{"chi2", "", kModels},        Word{"model", "", kModels},
    Word{"resid", "", kModels},   Word{"blobmodel", "", kModels},
};

}  // namespace

std::optional<Role> role_of_word(std::string_view word) {
  const auto low = lower(word);
  const auto found = std::find_if(kWords.begin(), kWords.end(),
                                  [&](const Word& known) { return known.word == low; });
  if (found == kWords.end()) return {};
  return Role{found->role, found->why_not};
}

}  // namespace recorte::survey
