/// Runs a script that asks astropy, and reads what it prints (astropy_blocks.py has the format).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/unit/tree.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

namespace recorte::sky::test {

struct Reference {
  std::string name, cards;
  double scale_x, scale_y;        ///< degrees a pixel, or 0
  double bound;                   ///< degrees
  std::vector<double> xy, radec;  ///< interleaved
};

inline bool have_astropy() {
  return std::system("/usr/bin/python3 -c 'import astropy' 2>/dev/null") == 0;
}

inline std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  std::vector<char> buffer(1 << 20);
  while (const auto got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    out.append(buffer.data(), got);
  pclose(pipe);
  return out;
}

/// `script` is a file of tests/unit/sky.
inline std::vector<Reference> references(const std::string& script, const std::string& argument) {
  const auto path = recorte::test::source_tree() / "tests/unit/sky" / script;
  std::istringstream in(
      output_of("/usr/bin/python3 -B '" + path.string() + "' '" + argument + "'"));
  std::vector<Reference> out;
  for (std::string line; std::getline(in, line);) {
    Reference r;
    std::string word;
    std::size_t cards = 0, points = 0;
    std::istringstream(line) >> word >> r.name >> r.scale_x >> r.scale_y >> r.bound >> cards >>
        points;
    for (std::size_t i = 0; i < cards; ++i) {
      std::getline(in, line);
      line.resize(80, ' ');
      r.cards += line;
    }
    std::vector<double> values(4 * points);
    in.read(reinterpret_cast<char*>(values.data()),
            static_cast<std::streamsize>(values.size() * sizeof(double)));
    for (std::size_t i = 0; i < values.size(); i += 4) {
      r.xy.insert(r.xy.end(), {values[i], values[i + 1]});
      r.radec.insert(r.radec.end(), {values[i + 2], values[i + 3]});
    }
    out.push_back(std::move(r));
  }
  return out;
}

}  // namespace recorte::sky::test
