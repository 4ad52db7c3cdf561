/// What the tests of core/fits share: temporary directories, the real files, small files made here,
/// and astropy as the judge.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/unit/tree.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace recorte::test {

namespace fs = std::filesystem;

/// A directory that goes with its owner.
class TempDir {
 public:
  TempDir() {
    std::string name = (fs::temp_directory_path() / "recorte-fits-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
  }
  ~TempDir() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  fs::path operator/(const std::string& name) const { return path_ / name; }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

inline fs::path surveys() { return survey_data() / "surveys"; }

/// Every file under surveys(), in order.
inline std::vector<fs::path> survey_files() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(surveys()))
    if (entry.is_regular_file()) out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

inline bool have_astropy() {
  static const bool have = std::system("/usr/bin/python3 -c 'import astropy' 2>/dev/null") == 0;
  return have;
}

inline int run_python(const fs::path& script, const std::string& arguments) {
  return std::system(("/usr/bin/python3 '" + script.string() + "' " + arguments).c_str());
}

inline std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void spill(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string card(std::string text) {
  text.resize(80, ' ');
  return text;
}

/// Cards, END and padding.
inline std::string header_block(const std::vector<std::string>& cards) {
  std::string out;
  for (const auto& text : cards) out += card(text);
  out += card("END");
  out.resize((out.size() + 2879) / 2880 * 2880, ' ');
  return out;
}

inline std::string padded(std::string data) {
  data.resize((data.size() + 2879) / 2880 * 2880, '\0');
  return data;
}

}  // namespace recorte::test

#define RECORTE_NEED_SURVEYS()                                      \
  if (!std::filesystem::exists(recorte::test::surveys()))           \
  GTEST_SKIP() << "no real data under " << recorte::test::surveys() \
               << ": set RECORTE_TEST_DATA to the folder that holds surveys/"
#define RECORTE_NEED_ASTROPY()        \
  if (!recorte::test::have_astropy()) \
  GTEST_SKIP() << "/usr/bin/python3 has no astropy: install python3-astropy"
