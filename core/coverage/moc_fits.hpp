/// A MOC as a FITS file (IVOA MOC 2.0, section 4.2): a binary table of one column of UNIQ numbers,
/// which readers of MOC 1.1 understand too.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/moc.hpp"

#include <string>

namespace recorte::coverage {

/// The bytes of the whole file. `name` is of the survey.
std::string moc_fits(const sky::Moc& moc, const std::string& name);

}  // namespace recorte::coverage
