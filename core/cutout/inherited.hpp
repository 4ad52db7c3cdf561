/// What a multi-extension file says once, in its primary, for all its images: filter, times,
/// exposure.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/header.hpp"

namespace recorte::cutout {

/// `header` with the cards of a primary without pixels that it lacks. Left out: what describes
/// layout or a WCS, EXTNAME, EXTVER, commentary (the INHERIT convention, FITS 4.0, appendix K).
fits::Header inherited(const fits::Header& header, const fits::Header& primary);

}  // namespace recorte::cutout
