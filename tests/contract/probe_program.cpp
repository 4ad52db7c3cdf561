// SPDX-License-Identifier: BSD-3-Clause
//
// The part of recorte-worker that probe() needs, for tests: `probe_program probe-child FILE FD`.
#include "core/plugin/probe.hpp"

#include <cstdlib>
#include <string_view>

int main(int count, char** words) {
  if (count != 4 || std::string_view(words[1]) != "probe-child") return 2;
  return recorte::plugin::probe_child(words[2], std::atoi(words[3]));
}
