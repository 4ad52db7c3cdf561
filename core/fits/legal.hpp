/// Headers as the standard wants them: archives and broken files have cards that it forbids, and a
/// product must not inherit them. (FITS Standard 4.0, section 4.)
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/header.hpp"

namespace recorte::fits {

/// `header` with its illegal cards mended where their meaning is clear, the value kept as text
/// where it is no number ("12:30:00"), and else made COMMENT cards, so that nothing is lost. So are
/// cards without a value under names of their own ("ESO-LOG 00:00:00> …"), which astropy takes for
/// broken. Other legal cards are not touched.
Header legal(const Header& header);

}  // namespace recorte::fits
