// SPDX-License-Identifier: BSD-3-Clause
#include "support.hpp"

#include "core/base/io.hpp"
#include "core/survey/index_survey.hpp"
#include "tests/unit/tree.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace recorte::worker::test {
namespace {

namespace fs = std::filesystem;

std::string fits_image() {
  std::string out;
  auto card = [&](std::string text) {
    text.resize(80, ' ');
    out += text;
  };
  auto number = [&](const char* key, double value) {
    char text[81];
    std::snprintf(text, sizeof text, "%-8s= %20.12G", key, value);
    card(text);
  };
  card("SIMPLE  =                    T");
  number("BITPIX", -32);
  number("NAXIS", 2);
  number("NAXIS1", kSide);
  number("NAXIS2", kSide);
  card("CTYPE1  = 'RA---TAN'");
  card("CTYPE2  = 'DEC--TAN'");
  number("CRVAL1", kRa);
  number("CRVAL2", kDec);
  number("CRPIX1", kSide / 2 + .5);
  number("CRPIX2", kSide / 2 + .5);
  number("CD1_1", -1e-4);
  number("CD2_2", 1e-4);
  card("FILTER  = 'g'");
  card("END");
  out.resize((out.size() + 2879) / 2880 * 2880, ' ');
  out.resize(out.size() + (kSide * kSide * 4 + 2879) / 2880 * 2880, '\0');
  return out;
}

void need(const Status& status) {
  if (!status) throw std::runtime_error(status.error().message);
}

}  // namespace

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

std::set<pid_t> children() {
  std::set<pid_t> out;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string text;
    std::getline(file, text);
    char state = 0;
    int parent = 0;
    const auto name_end = text.rfind(')');
    if (name_end == text.npos || std::sscanf(&text[name_end + 1], " %c %d", &state, &parent) != 2)
      continue;
    if (parent == ::getpid()) out.insert(std::stoi(entry.path().filename()));
  }
  return out;
}

TempDir::TempDir() {
  std::string name = (fs::temp_directory_path() / "recorte-worker-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void make_surveys(const fs::path& directory, const std::set<std::string>& survey_vices,
                  const std::set<std::string>& algorithm_vices) {
  const auto surveys = directory / "surveys.d";
  fs::create_directories(surveys);
  fs::create_directories(directory / "plugins");
  fs::create_directories(directory / "images");
  need(write_file(directory / "images" / "small_g.fits", fits_image()));
  auto report = survey::index_survey({directory / "images", "small", surveys, {}});
  if (!report || report->images != 1) throw std::runtime_error("the small survey has no index");
  const auto build = recorte::test::build_tree();
  auto link = [&](const fs::path& plugin) {
    fs::create_symlink(plugin, directory / "plugins" / plugin.filename());
  };
  for (const auto* name : {"tiles.so", "cut.so"}) link(build / "plugins" / name);
  for (const auto& name : algorithm_vices) link(build / "vices" / ("vice-" + name + ".so"));
  for (const auto& name : survey_vices) {
    link(build / "vices" / ("vice-" + name + ".so"));
    need(write_file(surveys / (name + ".toml"), "[survey]\nplugin = \"vice-" + name + "\"\n"));
  }
}

}  // namespace recorte::worker::test
