// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/tree.hpp"

#include <cstdlib>

namespace recorte::test {

std::filesystem::path source_tree() { return RECORTE_SOURCE_DIR; }

std::filesystem::path build_tree() { return RECORTE_BINARY_DIR; }

std::filesystem::path survey_data() {
  const char* given = std::getenv("RECORTE_TEST_DATA");
  return given ? given : source_tree() / "../shared/data";
}

}  // namespace recorte::test
