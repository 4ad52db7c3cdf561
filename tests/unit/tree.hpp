// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>

// Where things are. Only tree.cpp has it compiled in: the tests themselves are the same in every
// clone.
namespace recorte::test {

/// The folder of the sources.
std::filesystem::path source_tree();

/// The folder that was built in: `bin`, `plugins` and `vices` are below it.
std::filesystem::path build_tree();

/// RECORTE_TEST_DATA, else the project's shared data; may not exist.
std::filesystem::path survey_data();

}  // namespace recorte::test
