// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/draft.hpp"

#include "core/base/text.hpp"
#include "core/survey/bands.hpp"
#include "core/survey/draft_names.hpp"
#include "core/survey/exposure.hpp"
#include "core/survey/group.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace recorte::survey {
namespace {

/// "key = value", then a comment from a fixed column on.
std::string line(const std::string& text, const std::string& comment) {
  if (comment.empty()) return text + "\n";
  return text + std::string(text.size() < 34 ? 36 - text.size() : 2, ' ') + "# " + comment + "\n";
}

std::string toml_key(const std::string& key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return bare ? key : toml_text(key);
}

/// How many images lack something, and how to ask for it.
std::string missing(std::size_t lacking, std::size_t images, const std::string& question) {
  const auto who = lacking == images ? "No header says"
                                     : std::to_string(lacking) + " of " + std::to_string(images) +
                                           " headers do not say";
  return who + ". " + question;
}

std::size_t count_if(const std::vector<ImageRecord>& images, auto&& lacks) {
  return static_cast<std::size_t>(std::count_if(images.begin(), images.end(), lacks));
}

/// The planes that were found inside files by their names, as the admin could have said it.
std::string planes_inside(const std::vector<FileFacts>& files) {
  for (const auto& file : files)
    for (const auto& exposure : exposures_of(file, {}).found) {
      if (exposure.planes.empty()) continue;
      const auto name = [](const HduFacts& hdu) {
        return hdu.extname.empty() ? std::to_string(hdu.number) : toml_text(image_id(hdu.extname));
      };
      auto out = "# planes = { image = " + name(*exposure.image);
      for (const auto& [role, hdu] : exposure.planes) out += ", " + role + " = " + name(*hdu);
      return line(out + " }", "found by looking");
    }
  return "";
}

std::string names_part(const NameFindings& names, const std::vector<FileFacts>& files) {
  std::string out;
  if (!names.pattern.empty())
    out += line("pattern = " + toml_text(names.pattern), names.pattern_why);
  if (!names.planes.empty()) {
    std::string planes;
    for (const auto& [role, product] : names.planes)
      planes += (planes.empty() ? "" : ", ") + role + " = " + toml_text(product);
    out += line("planes = { " + planes + " }", "sibling files, by {product}");
  } else {
    out += planes_inside(files);
  }
  if (!names.question.empty()) out += "# " + names.question + "\n";
  return out;
}

std::string bands_part(const std::vector<std::string>& bands, const std::string& survey) {
  std::string out = "\n[bands]\n";
  for (const auto& band : bands) {
    const auto known = known_band(band);
    if (known) {
      out += line(toml_key(band) + " = " + toml_text(known->wavelengths),
                  "half-power limits of " + std::string(known->of) + "; are yours the same?");
    } else if (parse_wavelengths(band)) {
      out += line(toml_key(band) + " = " + toml_text(band), "From where to where?");
    } else {
      const auto question = band == survey ? "Neither headers nor names say which band this is. "
                                             "What is it called, and w"
                                           : std::string("W");
      out += line(toml_key(band) + " = \"\"",
                  question + "hich wavelengths does it hold, for example \"398..548nm\"?");
    }
  }
  return out;
}

std::string header_part(const std::vector<ImageRecord>& images) {
  const auto n = images.size();
  const auto row = [&](const std::string& key, const std::string& example, std::size_t lacking,
                       const std::string& question) {
    return lacking ? line("# " + key + " = " + toml_text(example), missing(lacking, n, question))
                   : "";
  };
  const auto out =
      row("t_min", "MJD-OBS", count_if(images, [](auto& i) { return std::isnan(i.t_min); }),
          "Which keyword has the time at which the exposure began?") +
      row("exptime", "EXPTIME", count_if(images, [](auto& i) { return std::isnan(i.exptime); }),
          "Which keyword has the exposure time in seconds?");
  return out.empty() ? "" : "\n[header]\n" + out;
}

/// Three bands for red, green and blue: i, r, g where they are there, else the three reddest known.
std::vector<std::string> colours(const std::vector<std::string>& bands) {
  std::vector<std::pair<double, std::string>> known;
  for (const auto& band : bands) {
    const auto row = known_band(band);
    const auto range = parse_wavelengths(row ? row->wavelengths : std::string_view(band));
    if (range) known.emplace_back(range->min + range->max, band);
  }
  if (known.size() < 3) return {};
  const auto has = [&](const std::string& band) {
    return std::find(bands.begin(), bands.end(), band) != bands.end();
  };
  if (has("i") && has("r") && has("g")) return {"i", "r", "g"};
  if (has("z") && has("r") && has("g")) return {"z", "r", "g"};
  std::sort(known.begin(), known.end());
  return {known[2].second, known[1].second, known[0].second};
}

std::string colour_part(const std::vector<std::string>& bands) {
  const auto rgb = colours(bands);
  if (rgb.empty()) return "";
  std::string list;
  for (const auto& band : rgb) list += (list.empty() ? "" : ", ") + toml_text(band);
  return "\n[colour.lupton]\n" + line("rgb = [" + list + "]", "red, green, blue") +
         line("# Q = 8", "How much softening?") +
         line("# stretch = 1.0", "Which brightness, in the unit of the pixels, is linear?");
}

std::string root_text(const std::filesystem::path& toml, const std::filesystem::path& root) {
  std::error_code error;
  const auto base = std::filesystem::weakly_canonical(toml, error).parent_path();
  const auto full = std::filesystem::weakly_canonical(root, error);
  const auto relative = full.lexically_relative(base).generic_string();
  // A survey below its TOML can be moved with it.
  return relative.empty() || relative.starts_with("..") ? full.string() : relative;
}

}  // namespace

std::string toml_text(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      const auto byte = static_cast<unsigned char>(c);
      out += {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string draft_survey(const std::string& name, const std::filesystem::path& toml,
                         const std::filesystem::path& root, const std::vector<FileFacts>& files) {
  const auto names = look_at_names(files);
  SurveyFile survey;
  survey.id = name;
  survey.pattern = names.pattern;
  for (const auto& [role, product] : names.planes) survey.planes.push_back({role, product});
  const auto images = group_images(files, survey).images;
  std::set<std::string> seen;
  for (const auto& image : images) seen.insert(image.band);
  const std::vector<std::string> bands(seen.begin(), seen.end());
  const auto unitless = count_if(images, [](auto& image) { return image.unit.empty(); });
  const auto without_zero =
      count_if(images, [](auto& image) { return std::isnan(image.zeropoint); });

  std::string out =
      "# Written by `recorte survey index` from what it found. It is yours now: edit it, and "
      "index\n"
      "# again. Lines that are commented out are what could not be found, each with its question.\n"
      "\n[survey]\n";
  out += line("id = " + toml_text(name), "");
  out += line("title = " + toml_text(name), "What is it called?");
  out += line("# release = \"DR1\"", "Which release is it?");
  out += line("# description = \"\"", "What is in it?");
  out += line("# citation = \"https://doi.org/10.\"", "What should its users cite?");
  out += line("access_group = \"\"", "empty: public");
  out += line("root = " + toml_text(root_text(toml, root)), "");
  out += line("# kind = \"epochs\"", "Do its images show one place again and again in time?");
  out += names_part(names, files);
  if (unitless)
    out += line("# unit = \"count\"", missing(unitless, images.size(), "What are the pixels in?"));
  if (without_zero)
    out += line("# zeropoint = 30.0",
                missing(without_zero, images.size(), "Which magnitude is 1 in that unit?"));
  return out + bands_part(bands, name) + header_part(images) + colour_part(bands);
}

std::string draft_adapted(const std::string& plugin, const std::string& release,
                          const std::filesystem::path& toml, const std::filesystem::path& root) {
  return "# Written by `recorte survey add`. It is yours now: what it does not say, the plugin " +
         plugin + " does.\n\n[survey]\n" + line("plugin = " + toml_text(plugin), "") +
         (release.empty() ? "" : line("release = " + toml_text(release), "")) +
         line("access_group = \"\"", "empty: public") +
         line("root = " + toml_text(root_text(toml, root)), "");
}

std::string draft_example(const Example& example, std::size_t bands_in_all) {
  const auto covered = example.bands.size() == bands_in_all
                           ? "covered in every band"
                           : "covered in " + join(example.bands, ", ") + " only; nowhere has more";
  return "\n[example]\n" + line("ra = " + number_text(example.position.ra), covered) +
         line("dec = " + number_text(example.position.dec), "");
}

}  // namespace recorte::survey
