// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/group.hpp"

#include "core/base/text.hpp"
#include "core/survey/bands.hpp"
#include "core/survey/exposure.hpp"
#include "core/survey/pattern.hpp"
#include "core/survey/siblings.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace recorte::survey {
namespace {

double either(double value, const std::optional<double>& otherwise) {
  return std::isnan(value) ? otherwise.value_or(kNone) : value;
}

const std::string& either(const std::string& value, const std::string& otherwise) {
  return value.empty() ? otherwise : value;
}

ImageRecord record_of(const FileFacts& file, const HduFacts& hdu, const SurveyFile& survey) {
  ImageRecord out;
  out.planes.push_back({"image", file.path, hdu.number, "", -1});
  out.version = either(hdu.values.version, survey.version);
  out.unit = either(hdu.values.unit, survey.unit);
  out.footprint = hdu.footprint;
  out.width = hdu.width;
  out.height = hdu.height;
  out.pixel_scale = hdu.pixel_scale;
  out.t_min = hdu.values.t_min;
  out.t_max = hdu.values.t_max;
  out.exptime = hdu.values.exptime;
  out.zeropoint = either(hdu.values.zeropoint, survey.zeropoint);
  return out;
}

/// The images of one file, with the planes found in it and the HDU of each; no band yet.
struct Found {
  std::vector<ImageRecord> images;
  std::vector<const HduFacts*> hdus;
};

Found images_of(const FileFacts& file, const SurveyFile& survey, bool by_product,
                std::vector<Skipped>& skipped) {
  Found out;
  const auto exposures = exposures_of(file, by_product ? std::vector<PlaneRule>{} : survey.planes);
  for (const auto& [hdu, reason] : exposures.skipped)
    skipped.push_back({file.path, hdu_name(*hdu) + " " + reason});
  for (const auto& exposure : exposures.found) {
    const auto& hdu = *exposure.image;
    if (!hdu.no_sky.empty()) {
      skipped.push_back({file.path, hdu_name(hdu) + ": " + hdu.no_sky});
      continue;
    }
    if (survey.kind == SurveyFile::Kind::kEpochs && std::isnan(hdu.values.t_min)) {
      skipped.push_back({file.path, hdu_name(hdu) + " has no time, which kind = \"epochs\" needs; "
                                                    "name its keyword by [header] t_min"});
      continue;
    }
    auto image = record_of(file, hdu, survey);
    for (const auto& [role, plane] : exposure.planes)
      image.planes.push_back({role, file.path, plane->number, "", -1});
    image.id = image_id(file.path);
    if (exposures.found.size() > 1) image.id += "[" + exposure.label + "]";
    out.images.push_back(std::move(image));
    out.hdus.push_back(&hdu);
  }
  return out;
}

/// Adds the planes that lie in a sibling file: the HDU of the same name, else the one in the same
/// place.
void add_sibling(ImageRecord& image, const HduFacts& hdu, const FileFacts& image_file,
                 const FileFacts& sibling, const std::string& role, std::vector<Skipped>& skipped) {
  const HduFacts* match = nullptr;
  const auto place = static_cast<std::size_t>(&hdu - image_file.hdus.data());
  for (const auto& other : sibling.hdus)
    if (!hdu.extname.empty() && equal_ignoring_case(other.extname, hdu.extname) &&
        (!match || other.extver == hdu.extver))
      match = &other;
  if (!match && place < sibling.hdus.size()) match = &sibling.hdus[place];
  if (!match) {
    skipped.push_back({sibling.path, "has no HDU for " + hdu_name(hdu) + " of " + image_file.path});
  } else if (match->width != hdu.width || match->height != hdu.height) {
    skipped.push_back(
        {sibling.path, hdu_name(*match) + " is not of the size of its image, " + image_file.path});
  } else {
    image.planes.push_back({role, sibling.path, match->number, "", -1});
  }
}

std::string in_quotes(const std::string& text) { return "'" + text + "'"; }

class Grouper {
 public:
  Grouper(const std::vector<FileFacts>& files, const SurveyFile& survey) : survey_(survey) {
    if (!survey.pattern.empty()) pattern_ = *Pattern::parse(survey.pattern);
    by_product_ = pattern_ && pattern_->has("product") && !survey.planes.empty();
    if (!pattern_ && survey.planes.empty()) siblings_ = evident_siblings(files);
    for (const auto& file : files) sort_in(file);
  }

  Grouping finish() {
    for (const auto& [file, match] : images_) add_images(*file, match);
    for (const auto& [family, planes] : planes_)
      for (const auto& plane : planes)
        if (!plane.used) skip(*plane.file, "is a " + plane.role + " whose image is not here");
    make_unique(out_.images);
    std::stable_sort(out_.skipped.begin(), out_.skipped.end(),
                     [](const Skipped& a, const Skipped& b) { return a.path < b.path; });
    return std::move(out_);
  }

 private:
  struct Plane {
    const FileFacts* file;
    std::string role;
    bool used = false;
  };

  void skip(const FileFacts& file, std::string reason) {
    out_.skipped.push_back({file.path, std::move(reason)});
  }

  void sort_in(const FileFacts& file) {
    if (!file.problem.empty()) return skip(file, file.problem);
    PatternMatch match;
    if (pattern_) {
      auto found = pattern_->match(file.path);
      if (!found) return skip(file, "does not match the pattern " + pattern_->text());
      match = std::move(*found);
    }
    if (const auto sibling = siblings_.find(file.path); sibling != siblings_.end()) {
      const auto& [of, role, product, image_product] = sibling->second;
      if (role.name.empty()) return skip(file, std::string(role.why_not));
      return skip(file, "looks like the " + std::string(role.name) + " of " + of +
                            "; say so by a pattern with {product} and by planes");
    }
    if (!by_product_) return images_.emplace_back(&file, std::move(match)), void();
    const auto product = match.field("product");
    for (const auto& rule : survey_.planes) {
      const auto* choice = std::get_if<std::string>(&rule.choice);
      if (!choice || *choice != product) continue;
      if (rule.role == "image") {
        images_.emplace_back(&file, std::move(match));
      } else {
        planes_[match.family].push_back({&file, rule.role});
      }
      return;
    }
    skip(file, "its product " + in_quotes(product) + " is not among the planes");
  }

  void add_images(const FileFacts& file, const PatternMatch& match) {
    auto found = images_of(file, survey_, by_product_, out_.skipped);
    if (by_product_)
      for (auto& plane : planes_[match.family]) plane.used = true;
    for (std::size_t i = 0; i < found.images.size(); ++i) {
      auto& image = found.images[i];
      const auto& hdu = *found.hdus[i];
      std::string said;
      image.variant = match.field("variant");
      image.band = choose_band(survey_, match.field("band"), hdu.values.band, file.path, said);
      if (image.band.empty()) {
        skip(file, said.empty()
                       ? "no band is named by its header or its name; name it by {band} in "
                         "the pattern, or list '" +
                             survey_.id + "' among [bands]"
                       : "its band " + in_quotes(said) + " is not among [bands]");
        continue;
      }
      if (by_product_)
        for (const auto& plane : planes_[match.family])
          add_sibling(image, hdu, file, *plane.file, plane.role, out_.skipped);
      out_.images.push_back(std::move(image));
    }
  }

  const SurveyFile& survey_;
  std::optional<Pattern> pattern_;
  bool by_product_ = false;
  std::map<std::string, Sibling> siblings_;
  std::vector<std::pair<const FileFacts*, PatternMatch>> images_;
  std::map<std::string, std::vector<Plane>> planes_;  ///< by family
  Grouping out_;
};

}  // namespace

std::string choose_band(const SurveyFile& survey, const std::string& from_pattern,
                        const std::string& filter, std::string_view path, std::string& said) {
  said.clear();
  const auto listed = [&](const std::string& name) {
    if (name.empty()) return std::string();
    if (said.empty()) said = name;
    return survey.listed_band(name).value_or("");
  };
  if (!from_pattern.empty()) return listed(from_pattern);
  if (const auto alias = survey.band_aliases.find(filter); alias != survey.band_aliases.end())
    return alias->second;
  for (const auto& name : {band_of_filter(filter), band_of_path(path)})
    if (auto band = listed(name.value_or("")); !band.empty()) return band;
  return said.empty() ? survey.listed_band(survey.id).value_or("") : "";
}

std::string image_id(std::string_view path) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  constexpr std::string_view awkward = " \"#%&'<>?[\\]^`{|}";
  const auto slash = path.rfind('/');
  const auto name = slash == path.npos ? path : path.substr(slash + 1);
  std::string out;
  for (const char c :
       path.substr(0, path.size() - name.size() + without_fits_suffix(name).size())) {
    if (c > ' ' && c < 127 && awkward.find(c) == awkward.npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', hex[byte >> 4], hex[byte & 15]};
    }
  }
  return out;
}

void make_unique(std::vector<ImageRecord>& images) {
  std::unordered_map<std::string, int> count;
  for (const auto& image : images) ++count[image.id];
  for (auto& image : images) {
    if (count[image.id] == 1) continue;
    const auto& path = image.planes.front().path;
    const auto label = image.id.substr(image_id(path).size());
    // The ending makes the difference: m13.fits beside m13.fits.gz.
    image.id = image_id(path + ".fits") + label;
    for (int number = 2; count[image.id]++ > 0; ++number)
      image.id = image_id(path + ".fits") + label + "~" + std::to_string(number);
  }
}

Grouping group_images(const std::vector<FileFacts>& files, const SurveyFile& survey) {
  return Grouper(files, survey).finish();
}

Grouping group_file(const FileFacts& file, const SurveyFile& survey, const std::string& band) {
  Grouping out;
  if (!file.problem.empty()) {
    out.skipped.push_back({file.path, file.problem});
    return out;
  }
  out.images = images_of(file, survey, false, out.skipped).images;
  for (auto& image : out.images) image.band = band;
  return out;
}

}  // namespace recorte::survey
